"""Case files → checked cases. Every error names the file and the case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from evals.schema import BriefingCase, Case, Cluster
from rag.errors import UsageError

CASES_DIR = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSet:
    """The questions and briefing topics of one or more files."""

    questions: tuple[Case, ...]
    briefings: tuple[BriefingCase, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Changes whenever a case does."""
        return fingerprint_of((*self.questions, *self.briefings))


def fingerprint_of(cases: Iterable[BaseModel]) -> str:
    """Twelve hex digits of everything the cases say."""
    content = json.dumps([case.model_dump(mode="json") for case in cases], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def load_cases(paths: Sequence[Path]) -> CaseSet:
    """The cases of YAML files or folders of them. Raises ``UsageError``, naming file and case."""
    questions: list[Case] = []
    briefings: list[BriefingCase] = []
    seen: dict[str, Path] = {}
    for path in _yaml_files(paths):
        for case in _cases_of(path):
            if case.case_id in seen:
                raise _wrong(path, case.case_id, f"the id is taken, see {seen[case.case_id]}")
            seen[case.case_id] = path
            if isinstance(case, Case):
                questions.append(case)
            else:
                briefings.append(case)
    return CaseSet(questions=tuple(questions), briefings=tuple(briefings))


def load_clusters(path: Path) -> tuple[Cluster, ...]:
    """The clusters of a JSONL file. Raises ``UsageError``, naming file and cluster."""
    clusters = []
    for number, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            cluster = Cluster.model_validate_json(line)
        except ValidationError as error:
            raise _wrong(path, f"line {number}", _first(error)) from error
        texts = {article.article_id: article.text for article in cluster.articles}
        _check_quotes(path, cluster.cluster, _cluster_quotes(cluster), texts)
        clusters.append(cluster)
    if not clusters:
        raise UsageError(f"{path} holds no cluster.", "Give a file with a cluster on each line.")
    return tuple(clusters)


def check_against(cases: CaseSet, texts: Mapping[str, str], where: Path | str) -> None:
    """Raises ``UsageError`` where a case names an unknown article or a quote that is not in it."""
    every: list[Case | BriefingCase] = [*cases.questions, *cases.briefings]
    for case in every:
        wanted: list[tuple[Sequence[str], str]] = [
            ((e.article_id,), e.quote) for e in case.evidence
        ]
        wanted += [(side.article_ids, side.quote) for d in case.disagreements for side in d.sides]
        _check_quotes(where, case.case_id, wanted, texts)


def _yaml_files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
        elif path.exists():
            files.append(path)
        else:
            raise UsageError(f"There is no case file {str(path)!r}.", "See `rag eval new --help`.")
    if not files:
        raise UsageError(
            f"There is no case file in {', '.join(map(str, paths))}.", "Cases are .yaml files."
        )
    return files


def _cases_of(path: Path) -> Iterator[Case | BriefingCase]:
    try:
        content = yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        raise _wrong(path, None, f"it is no YAML: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list):
        raise _wrong(path, None, "it needs `suite:` and a list under `cases:`")
    if unknown := set(content) - {"suite", "cases"}:
        raise _wrong(path, None, f"unknown key {sorted(unknown)[0]!r}")
    for number, row in enumerate(content["cases"], 1):
        yield _case(path, number, row)


def _case(path: Path, number: int, row: Any) -> Case | BriefingCase:
    if not isinstance(row, dict):
        raise _wrong(path, f"no. {number}", "a case is a mapping")
    name = str(row.get("case_id") or f"no. {number}")
    model: type[Case] | type[BriefingCase] = BriefingCase if "topic" in row else Case
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise _wrong(path, name, _first(error)) from error


def _cluster_quotes(cluster: Cluster) -> Iterator[tuple[tuple[str, ...], str]]:
    for quote in cluster.expect.quotes:
        yield (quote.article_id,), quote.quote
    for side in cluster.expect.sides:
        yield side.article_ids, side.quote


def _check_quotes(
    path: Path | str,
    case_id: str,
    quotes: Iterable[tuple[Sequence[str], str]],
    texts: Mapping[str, str],
) -> None:
    """Every article named exists, and one of those named with a quote holds it."""
    for article_ids, quote in quotes:
        for article_id in article_ids:
            if article_id not in texts:
                raise _wrong(path, case_id, f"there is no article {article_id!r}")
        if not any(quote in texts[article_id] for article_id in article_ids):
            named = " or ".join(repr(article_id) for article_id in article_ids)
            raise _wrong(path, case_id, f"{quote!r} does not stand in article {named}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Give a UTF-8 file.") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _wrong(path: Path | str, case_id: str | None, problem: str) -> UsageError:
    case = f", case {case_id}" if case_id else ""
    return UsageError(f"{path}{case}: {problem}.", "Correct the case file.")
