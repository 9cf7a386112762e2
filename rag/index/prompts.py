"""What is put before a text so that the model knows a question from a passage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from rag.index.model_folder import PASSAGE_PROMPT, QUERY_PROMPT
from rag.settings import DEFAULT_MODEL, EmbeddingSettings

_PASSAGE_NAMES = ("passage", "document", "corpus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """The two prompts; empty where a model needs none."""

    query: str
    passage: str


DEFAULT_PROMPTS = Prompts(query=QUERY_PROMPT, passage=PASSAGE_PROMPT)


def choose_prompts(settings: EmbeddingSettings, folder: Path | None) -> Prompts:
    """The settings' prompts over the ones the model's folder states over none."""
    if settings.model == DEFAULT_MODEL or folder is None:
        own = DEFAULT_PROMPTS
    else:
        own = _stated_prompts(folder)
    return Prompts(
        query=own.query if settings.query_prompt is None else settings.query_prompt,
        passage=own.passage if settings.passage_prompt is None else settings.passage_prompt,
    )


def _stated_prompts(folder: Path) -> Prompts:
    path = folder / "config_sentence_transformers.json"
    try:
        stated = json.loads(path.read_text(encoding="utf-8")).get("prompts") or {}
    except (OSError, ValueError):
        stated = {}
    passage = next((stated[name] for name in _PASSAGE_NAMES if stated.get(name)), "")
    return Prompts(query=stated.get("query") or "", passage=passage)
