"""Why a file was refused, in the page's language (``rag/data/ui_refusals.yaml``)."""

from __future__ import annotations

import re
from functools import cache

from rag.language.lexicon import read_yaml
from rag.types import Rejection
from rag.ui.texts import DATA, UiLanguage

_Rules = tuple[tuple[re.Pattern[str], str], ...]


def refusal_text(rejection: Rejection, language: UiLanguage) -> tuple[str, str]:
    """Reason and hint; in English where there is no German for them."""
    if language == "en":
        return rejection.reason, rejection.hint
    return _german("reasons", rejection.reason), _german("hints", rejection.hint)


@cache
def _rules(kind: str) -> _Rules:
    listed = read_yaml(DATA / "ui_refusals.yaml")[kind]
    return tuple((re.compile(rule["match"], re.DOTALL), rule["de"]) for rule in listed)


def _german(kind: str, english: str) -> str:
    for pattern, german in _rules(kind):
        if found := pattern.search(english):
            return german.format(*found.groups(default=""))
    return english
