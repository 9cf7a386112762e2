"""A follow-up question → one that stands alone: by the model where there is one, else by rules.

The rules carry over what the question before was about. They add words rather than guess which
name a pronoun means: retrieval needs the topic, and a reader sees what was added.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from rag.answer.rewrite_topic import topic_words
from rag.language.questions import read_question
from rag.language.terms import terms, tokens
from rag.llm.failures import LLMFailure
from rag.llm.policy import Allowance, Model
from rag.llm.prompts import load_prompt
from rag.types import Language, Turn

_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MOST_TURNS = 6
_LONGEST_REWRITE = 300
_REWRITE_TOKENS = 80
_FEW_TERMS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """The question to answer, whether it differs from what was typed, and who rewrote it."""

    text: str
    changed: bool
    how: Literal["as_typed", "rules", "model"]


def standalone_question(
    question: str,
    history: Sequence[Turn],
    language: Language,
    *,
    model: Model | None = None,
    allowance: Allowance | None = None,
    prompts_dir: Path | None = None,
) -> Rewritten:
    """``question`` as it can be understood without the conversation.

    A question that leans on nothing is left as it is, whatever was asked before.
    """
    text = " ".join(question.split())
    earlier = _standing(history[-_MOST_TURNS:], language)
    if not earlier or not is_follow_up(text, language):
        return Rewritten(text=text, changed=False, how="as_typed")
    if model is not None:
        by_model = _by_model(text, earlier, language, model, allowance, prompts_dir)
        if by_model is not None:
            return Rewritten(text=by_model, changed=by_model != text, how="model")
    by_rules = _by_rules(text, earlier[-1], language)
    return Rewritten(text=by_rules, changed=by_rules != text, how="rules")


def is_follow_up(question: str, language: Language) -> bool:
    """Whether a question leans on what was asked before it."""
    data = _data(language)
    if re.match(data["openers"], question, re.I) or re.match(data["about"], question, re.I):
        return True
    plain = question
    for pattern in data["dummies"]:
        plain = re.sub(pattern, " ", plain)
    if any(token.text.lower() in data["anaphora"] for token in tokens(plain)):
        return True
    # "Wie viele starben?", "Warum?": no noun and no name of its own.
    has_topic = bool(topic_words(question, language))
    return not has_topic and len(set(terms(question, language))) <= _FEW_TERMS


def _standing(history: Sequence[Turn], language: Language) -> list[Turn]:
    """The earlier turns, each question made to stand alone by the ones before it."""
    standing: list[Turn] = []
    for turn in history:
        text = " ".join(turn.question.split())
        if standing and is_follow_up(text, language):
            text = _by_rules(text, standing[-1], language)
        standing.append(Turn(question=text, answer=turn.answer))
    return standing


def _by_rules(question: str, before: Turn, language: Language) -> str:
    data = _data(language)
    about = re.match(data["about"], question, re.I)
    core = question[about.end() :] if about else re.sub(data["openers"], "", question, count=1,
                                                        flags=re.I)  # fmt: skip
    if about or not _has_verb_or_question_word(core, language):
        exchanged = _exchanged(core, before.question, language)
        if exchanged or not about:
            return exchanged or f"{core.rstrip(' ?.!')} ({before.question.rstrip(' ?.!')})?"
        core = question
    core = core[:1].upper() + core[1:]
    if len(tokens(core)) == 1:
        asked = _asked_of(core, before.question, language)
        if asked:
            return asked
    carried = _carried(core, before, language)
    if not carried:
        return core
    return f"{core.rstrip(' ?.!')} ({', '.join(carried)})?"


def _carried(question: str, before: Turn, language: Language) -> list[str]:
    """What the question before was about and this one does not say itself."""
    data = _data(language)
    own = set(terms(question, language))
    years, places = _YEAR.findall(question), _places(question, language)
    skipped = set(_places(before.question, language)) if places else set()
    carried = []
    # "Wie viele davon?": what was counted before is what this question is about.
    counts_on = not topic_words(question, language) or bool(
        re.search(data["of_them"], question, re.I)
    )
    topic = topic_words(before.question, language, before.answer, with_focus=counts_on)
    for word in topic:
        if set(terms(word, language)) & own or word in skipped:
            continue
        if years and _YEAR.fullmatch(word):
            continue
        carried.append(word)
    return carried


def _asked_of(interrogative: str, before: str, language: Language) -> str | None:
    """The question before with another question word: "Wo?" after "Hat Vogt Ahrens getroffen?"."""
    word = interrogative.rstrip(" ?.!")
    data = _data(language)
    if word.lower() not in data["interrogatives"]:
        return None
    first, _, rest = before.partition(" ")
    if read_question(before, language).kind == "yes_no":
        return f"{word} {before[:1].lower()}{before[1:]}"
    if first.lower() in data["interrogatives"] and _is_verb(rest, language):
        return f"{word} {rest}"
    return None


def _is_verb(rest: str, language: Language) -> bool:
    """Whether a verb follows the question word: small in German, an auxiliary in English."""
    first = rest.split(" ")[0]
    if language == "en":
        return first.lower() in {
            "did",
            "does",
            "do",
            "is",
            "are",
            "was",
            "were",
            "has",
            "have",
            "had",
        }
    return first.islower() and first not in {"viele", "viel", "lange", "oft", "alt", "hoch", "weit"}


def _exchanged(fragment: str, before: str, language: Language) -> str | None:
    """The question before with a part of it exchanged: "Und 2025?", "Und in Bergen?"."""
    bare = fragment.strip(" ?.!")
    text, left = before, bare
    year = _YEAR.search(bare)
    if year and _YEAR.search(before):
        text = _YEAR.sub(year[0], text, count=1)
        left = left.replace(year[0], " ")
    places = "|".join(_data(language)["places"])
    phrase = rf"\b(?:{places})\s+(?:(?:der|den|dem|the)\s+)?[A-ZÄÖÜ][\w-]+(?:\s+[A-ZÄÖÜ][\w-]+)*"
    new, old = re.search(phrase, left), re.search(phrase, text)
    if new and old:
        text = text.replace(old[0], new[0], 1)
        left = left.replace(new[0], " ")
    if text == before:
        return None
    rest = " ".join(left.split())
    return f"{text.rstrip(' ?.!')} ({rest})?" if rest else text


def _places(question: str, language: Language) -> list[str]:
    places = "|".join(_data(language)["places"])
    return re.findall(rf"\b(?:{places})\s+(?:(?:der|den|dem|the)\s+)?([A-ZÄÖÜ][\w-]+)", question)


def _has_verb_or_question_word(text: str, language: Language) -> bool:
    """Whether it is a question of its own rather than a part of one."""
    first = next(iter(tokens(text)), None)
    if first is None:
        return False
    # The question word may stand behind a preposition: "In welcher Region war das?".
    asks = re.compile(_data(language)["asks"], re.I)
    if any(asks.fullmatch(token.text) for token in tokens(text)):
        return True
    return read_question(text, language).kind == "yes_no"


def _by_model(
    question: str,
    earlier: Sequence[Turn],
    language: Language,
    model: Model,
    allowance: Allowance | None,
    prompts_dir: Path | None,
) -> str | None:
    """The model's wording, unless it brings in what nobody said."""
    asked = "\n".join(f"- {turn.question}" for turn in earlier)
    messages = load_prompt("rewrite", language, prompts_dir).render(
        history=asked, question=question
    )
    try:
        done = model.complete(
            lambda budget: messages, allowance or model.allowance(), max_tokens=_REWRITE_TOKENS
        )
    except LLMFailure:
        return None
    said = done.text
    text = " ".join(said.strip().strip('"„“”*`').split())
    known = {term for turn in earlier for term in terms(f"{turn.question} {turn.answer}", language)}
    known |= set(terms(question, language))
    words = set(terms(text, language))
    is_question = text.endswith("?") and len(text) <= _LONGEST_REWRITE and "\n" not in said.strip()
    if not is_question or not words or not words <= known:
        model.forget(done)
        return None
    return text


@lru_cache(maxsize=2)
def _all_data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(
        (files("rag") / "data" / "follow_ups.json").read_text(encoding="utf-8")
    )
    return data


def _data(language: Language) -> dict[str, Any]:
    found: dict[str, Any] = _all_data()["en" if language == "en" else "de"]
    return found
