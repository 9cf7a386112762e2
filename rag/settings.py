"""Frozen, typed settings: flags over environment (``RAG_…``) over ``rag.toml`` over defaults.

Nested settings are written ``RAG_EMBEDDING__MODEL`` in the environment and
``[embedding] model = …`` in ``rag.toml``. Nothing here reads an article or opens a store.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rag.errors import UsageError

DEFAULT_MODEL = "intfloat/multilingual-e5-small"
SCHEMA_VERSION = 1
"""Raised when stored tables or the meaning of stored values change."""


_DAY = 86_400.0  # no wait is longer: what clocks count in has an end


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def plain_address(url: str | None) -> str | None:
    """An address without anything secret in it; raises ``ValueError``."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an http or https address is needed")
    if parts.username or parts.password or parts.query:
        raise ValueError("keys belong in the environment, not in the address")
    return url.rstrip("/")


class EmbeddingSettings(_Section):
    """Which model turns text into vectors."""

    model: str = Field(DEFAULT_MODEL, description="A sentence-transformers name or folder.")
    models_dir: Path | None = Field(
        None, description="Where prepared weights lie; the user's data folder by default."
    )
    query_prompt: str | None = Field(None, description="Put before a question; the model's own.")
    passage_prompt: str | None = Field(None, description="Put before a passage; the model's own.")
    precision: Literal["auto", "int8", "bf16", "fp32"] = Field(
        "auto",
        description="auto: products in 8 bits, or bf16, where the CPU computes in it; else fp32.",
    )
    url: str | None = Field(
        None, description="An OpenAI-compatible endpoint that embeds: http://host:port/v1"
    )
    key_env: str = Field("RAG_EMBEDDING_KEY", description="The variable with the endpoint's key.")
    dimension: int | None = Field(None, ge=1, description="At an endpoint; it is asked else.")
    batch: int = Field(32, ge=1, le=2048, description="Texts of one request to an endpoint.")
    concurrency: int = Field(4, ge=1, le=64, description="Requests to it at once.")
    reply_seconds: float = Field(60.0, gt=0, le=_DAY, description="For one request to it.")
    deadline_seconds: float = Field(
        120.0, gt=0, le=_DAY, description="For one batch, retries included."
    )

    @field_validator("url")
    @classmethod
    def _without_secrets(cls, url: str | None) -> str | None:
        return plain_address(url)


class ChunkSettings(_Section):
    """How articles are cut. Lengths count characters."""

    target_chars: int = Field(700, ge=100, le=8000, description="A chunk is closed past this.")
    max_chars: int = Field(1400, ge=200, le=16000, description="Only a single sentence is longer.")


class StoreSettings(_Section):
    """Where the index is kept."""

    path: Path = Field(Path(".rag"), description="The folder that holds the index.")
    url: str | None = Field(None, description="A Chroma server, http://host:port; else a folder.")
    catalogue: str | None = Field(
        None, description="A PostgreSQL database, postgresql://user@host/name; else a file."
    )

    @field_validator("url", "catalogue")
    @classmethod
    def _without_secrets(cls, url: str | None, info: ValidationInfo) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        schemes = ("http", "https") if info.field_name == "url" else ("postgresql", "postgres")
        if parts.scheme not in schemes:
            raise ValueError(f"an address that begins with {schemes[0]}:// is needed")
        if parts.password or "password" in parts.query:
            raise ValueError("passwords belong in the environment, not in the address")
        return url


class IngestSettings(_Section):
    """What is read. Sizes in bytes, times in seconds."""

    max_file_bytes: int = Field(10_000_000, ge=1, description="Larger text files are refused.")
    max_pdf_pages: int = Field(300, ge=1, description="Later pages of a PDF are left out.")
    parser_seconds: float = Field(20.0, gt=0, le=_DAY, description="For one HTML or PDF file.")
    parser_memory_bytes: int = Field(2_000_000_000, ge=100_000_000)
    near_duplicate: float = Field(
        0.8, gt=0, le=1, description="Jaccard from which texts are copies."
    )


class RetrieveSettings(_Section):
    """How passages are found."""

    top_k: int = Field(12, ge=1, le=200, description="Passages an answer is made from.")
    candidates: int = Field(80, ge=1, le=2000, description="Candidates of each retriever.")
    per_outlet: int = Field(4, ge=1, description="Passages of one outlet among the first top_k.")
    per_origin: int = Field(3, ge=1, description="Articles that copy one another among them.")


class AnswerSettings(_Section):
    """How answers are written."""

    max_sentences: int = Field(3, ge=1, le=20, description="Sentences of the short answer.")
    min_confidence: float | None = Field(
        None, ge=0, le=1, description="Refuse below; the calibrated threshold by default."
    )
    mode: Literal["auto", "extractive", "llm"] = Field(
        "auto", description="auto: a language model writes where one is configured."
    )
    unsupported: Literal["drop", "show"] = Field(
        "drop", description="What happens to a written sentence that its quotes do not support."
    )
    fallback: bool = Field(
        True, description="Give the extractive answer when the language model fails."
    )


class LLMSettings(_Section):
    """Which language model writes, if any; its key comes from the environment alone."""

    url: str | None = Field(None, description="An OpenAI-compatible endpoint: http://host:port/v1")
    model: str | None = Field(None, description="The model's name at the endpoint.")
    gguf: Path | None = Field(None, description="A GGUF file to run in this process instead.")
    key_env: str = Field("RAG_LLM_KEY", description="The variable that holds the endpoint's key.")
    context_tokens: int | None = Field(
        None, ge=512, description="The model's context; what the endpoint says by default."
    )
    max_tokens: int = Field(400, ge=16, le=8192, description="Tokens an answer may have.")
    temperature: float = Field(0.0, ge=0, le=2)
    deadline_seconds: float | None = Field(
        None,
        gt=0,
        le=_DAY,
        description="For all calls of a question; 45, or 180 for a model on this host.",
    )
    connect_seconds: float = Field(3.0, gt=0, le=_DAY)
    first_token_seconds: float | None = Field(
        None, gt=0, le=_DAY, description="20, or 120 for a model on this host."
    )
    gap_seconds: float = Field(10.0, gt=0, le=_DAY, description="Between two tokens.")
    max_calls: int = Field(
        3, ge=1, le=3, description="Calls a question may cost, retries included."
    )
    parallel: int = Field(
        4,
        ge=1,
        le=16,
        description="Sections of a briefing written at once; a GGUF file writes one.",
    )
    threads: int | None = Field(None, ge=1, description="For a GGUF file; the usable cores.")
    judge: bool = Field(False, description="Ask the model, too, whether quotes support a sentence.")
    cache: bool = Field(True, description="Keep complete answers of the model on disk.")
    cache_dir: Path | None = Field(None, description="The user's cache folder by default.")
    prompts_dir: Path | None = Field(None, description="A folder whose prompts replace the own.")

    @property
    def is_configured(self) -> bool:
        """Whether there is a model to write with."""
        return self.url is not None or self.gguf is not None

    @field_validator("url")
    @classmethod
    def _without_secrets(cls, url: str | None) -> str | None:
        return plain_address(url)


class _Environment(EnvSettingsSource):
    """The environment, where RAG_STORE is short for RAG_STORE__PATH."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        variables = dict(super()._load_env_vars())
        if "rag_store" in variables:
            variables["rag_store__path"] = variables.pop("rag_store")
        return variables


class _File(TomlConfigSettingsSource):
    """``rag.toml``, also as Windows' editor writes it: with a mark of its encoding."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        try:
            return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))
        except RecursionError as error:
            raise ValueError("rag.toml is nested too deeply") from error


class Settings(BaseSettings):
    """All settings; immutable once loaded."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="RAG_", env_nested_delimiter="__"
    )

    store: StoreSettings = StoreSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    chunk: ChunkSettings = ChunkSettings()
    ingest: IngestSettings = IngestSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    answer: AnswerSettings = AnswerSettings()
    llm: LLMSettings = LLMSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then environment, then ``rag.toml``; no ``.env`` file is ever read."""
        return (
            init_settings,
            _Environment(settings_cls),
            _File(settings_cls, Path("rag.toml")),
        )


def load_settings(**flags: Any) -> Settings:
    """The settings in force; ``flags`` override everything. Raises ``UsageError``."""
    try:
        return Settings(**flags)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "rag.toml"
        # An address may carry a key; it is not repeated.
        is_address = where in ("llm.url", "store.url", "store.catalogue", "embedding.url")
        given = "" if is_address else f" (given: {first.get('input')!r})"
        raise UsageError(
            f"Setting {where!r} is wrong: {first['msg']}{given}.",
            "Correct it in the flag, the RAG_… variable or rag.toml; `rag doctor` shows all.",
        ) from error
    except ValueError as error:
        raise UsageError(
            f"The settings cannot be read: {error}.", "Correct rag.toml or RAG_…."
        ) from error


def origins(settings: Settings) -> dict[str, tuple[object, str]]:
    """Each setting's value and where it comes from: a flag, the environment, rag.toml, default."""
    environment = _Environment(Settings)()
    toml = _File(Settings, Path("rag.toml"))()
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    found: dict[str, tuple[object, str]] = {}
    for section, values in settings.model_dump(mode="json").items():
        usual = defaults[section].model_dump(mode="json")
        for name, value in values.items():
            if _given(environment, section, name) == str(value):
                origin = "environment"
            elif _given(toml, section, name) == str(value):
                origin = "rag.toml"
            else:
                origin = "default" if value == usual[name] else "flag"
            found[f"{section}.{name}"] = (value, origin)
    return found


def _given(source: dict[str, Any], section: str, name: str) -> str | None:
    values = source.get(section)
    return str(values[name]) if isinstance(values, dict) and name in values else None
