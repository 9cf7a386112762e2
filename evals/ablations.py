"""The same suite with one thing changed at a time: does each part of the design earn its place?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from evals.evaluate import about, run_suite, runner_of
from evals.parts import PARTS, part
from evals.results import RunResult, SuiteResult, SystemResult
from evals.workplace import Workplace
from rag.errors import UsageError
from rag.settings import Settings


class Variant(BaseModel):
    """What differs from the settings in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    settings: dict[str, dict[str, Any]] = Field(default_factory=dict)
    part: str | None = None

    @field_validator("part")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is not None and name not in PARTS:
            raise ValueError(f"there is no part {name!r}, only {', '.join(PARTS)}")
        return name


class _Variants(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    variants: tuple[Variant, ...] = Field(min_length=1)


def run_variants(names: Sequence[str], place: Workplace, file: Path | None) -> RunResult:
    """Each suite with a system for every variant; the first is what the others are held against."""
    variants = load_variants(file)
    suites, seconds = [], {}
    for name in names:
        suite, took = _run_suite(name, variants, place)
        suites.append(suite)
        seconds[name] = took
        if any(not system.is_complete for system in suite.systems):
            break
    return RunResult(suites=tuple(suites), about=about(place, seconds))


def load_variants(file: Path | None) -> tuple[Variant, ...]:
    """The variants of a YAML file; ours by default. Raises ``UsageError``."""
    source = file or Path(str(files("evals") / "data" / "ablations.yaml"))
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
        return _Variants.model_validate(content).variants
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        raise UsageError(f"{source}: {where}: {first['msg']}.", "Correct the file.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{source} cannot be read: {error}.", "Give a YAML file.") from error


def apply(settings: Settings, variant: Variant) -> Settings:
    """The settings with a variant's overrides. Raises ``UsageError`` for what is no setting."""
    changed: dict[str, Any] = {}
    for section, values in variant.settings.items():
        present = getattr(settings, section, None)
        if not isinstance(present, BaseModel):
            raise UsageError(
                f"Variant {variant.name!r}: there is no section {section!r}.",
                "See `rag doctor` for all settings.",
            )
        try:
            changed[section] = type(present).model_validate({**present.model_dump(), **values})
        except ValidationError as error:
            raise UsageError(
                f"Variant {variant.name!r}: {error.errors()[0]['msg']} in {section!r}.",
                "See `rag doctor` for all settings.",
            ) from error
    return settings.model_copy(update=changed)


def _run_suite(
    name: str, variants: Sequence[Variant], place: Workplace
) -> tuple[SuiteResult, float]:
    started = time.perf_counter()
    systems: list[SystemResult] = []
    suite = SuiteResult(name=name)
    for variant in variants:
        own = replace(
            place,
            settings=apply(place.settings, variant),
            out=place.out / "variants" / variant.name.replace(" ", "-"),
            with_peers=False,
        )
        with part(variant.part):
            suite = run_suite(name, runner_of(name), own)
        if not suite.is_available:
            break
        systems.append(replace(suite.systems[0], name=variant.name))
        if not systems[-1].is_complete:
            break
    return replace(suite, systems=tuple(systems)), round(time.perf_counter() - started, 1)
