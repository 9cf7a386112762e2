"""What a question asks for: the kind of answer, its unit or noun, years, quotations.

Patterns and word lists are data (``rag/data/questions.json``), German and English. Other languages
are read with both and yield ``what`` unless one of them fits.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rag.types import AnswerKind, Language

_YEAR = re.compile(r"(?<![\d.,])(1[0-9]{3}|20[0-9]{2})(?![\d]|[.,]\d)")
_QUOTED = re.compile(r"[„“\"»«‚‘]([^„“”\"»«‚‘’]{2,120})[“”\"«»’‘]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[\w’'-]+", re.UNICODE)
_DIGIT = re.compile(r"\d")
_FIRST_TWO = re.compile(r"([\w’'-]+)\s+([\w’'-]+)")
_COORDINATION = re.compile(r"\b(?:und|and)\s*,?\s*$", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"when\b(?!\s+(?:did|does|do|is|are|was|were|will|has|have|had|can)\b)", re.I
)
_COUNTED = re.compile(r"(?:\w+\s+)?how\s+many\b", re.IGNORECASE)
_PLURALS = frozenset({"people", "men", "women", "children", "police", "sheep", "fish", "feet"})
_SHORTEST_FIRST_PART = 3
"""Characters before a head in a compound: "Tatort" is a place, "Fort" is not an "-ort"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question asks for.

    ``kinds`` holds the kind of every part ("Wer gewann und wann?"), ``kind`` the first.
    ``focus`` is the noun asked about ("Kilometer" in "Wie viele Kilometer", "Platz" in "Auf welchem
    Platz"), ``units`` the lower-case words that would mark a fitting answer ("euro", "jährig").
    ``alternatives`` holds both choices of "A oder B?". ``names`` are capitalised words after the
    first; in German these include common nouns.
    """

    kind: AnswerKind
    kinds: tuple[AnswerKind, ...]
    focus: str | None = None
    units: frozenset[str] = frozenset()
    years: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Grammar:
    interrogative: re.Pattern[str]
    openers: tuple[re.Pattern[str], ...]
    whether: re.Pattern[str]
    phrases: tuple[tuple[re.Pattern[str], AnswerKind], ...]
    head_after: re.Pattern[str]
    articles: frozenset[str]
    stops: frozenset[str]
    heads: dict[str, AnswerKind]
    suffix_heads: tuple[tuple[str, AnswerKind], ...]
    units: dict[str, tuple[str, ...]]
    verb_first: re.Pattern[str]
    verb_ending: re.Pattern[str]
    after_verb: frozenset[str]
    terse: re.Pattern[str]
    either: re.Pattern[str]
    or_not: frozenset[str]
    capitalises_nouns: bool


@lru_cache(maxsize=4)
def _grammar(language: str) -> _Grammar:
    raw: dict[str, Any] = json.loads(
        (files("rag") / "data" / "questions.json").read_text(encoding="utf-8")
    )[language]

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    suffixes = [(end, kind) for kind, ends in raw["suffix_heads"].items() for end in ends]
    return _Grammar(
        interrogative=compiled(
            rf"(?<![\w-])(?:(?:{raw['prepositions']})\s+)?(?P<wh>{raw['interrogatives']})(?![\w-])"
        ),
        openers=tuple(compiled(pattern) for pattern in raw["openers"]),
        whether=compiled(raw["whether"]),
        phrases=tuple((compiled(pattern), kind) for pattern, kind in raw["phrases"]),
        head_after=compiled(raw["head_after"]),
        articles=frozenset(raw["articles"]),
        stops=frozenset(raw["stops"]),
        heads={word: kind for kind, words in raw["heads"].items() for word in words},
        suffix_heads=tuple(sorted(suffixes, key=lambda item: -len(item[0]))),
        units={word: tuple(units) for word, units in raw["units"].items()},
        verb_first=compiled(rf"{raw['verb_first']}\b"),
        verb_ending=compiled(raw["verb_ending"]),
        after_verb=frozenset(raw["after_verb"]),
        terse=compiled(raw["terse"]),
        either=compiled(raw["either"]),
        or_not=frozenset(raw["or_not"]),
        capitalises_nouns=language == "de",
    )


def answer_kind(question: str, language: Language) -> AnswerKind:
    """The kind of answer ``question`` asks for; ``what`` when it does not say."""
    return read_question(question, language).kind


@lru_cache(maxsize=4096)
def read_question(question: str, language: Language) -> Asked:
    """Everything ``question`` says about the answer it wants."""
    grammar = _grammar("en" if language == "en" else "de")
    text = " ".join(question.split()).strip(" ?!.…")
    core, is_whether = _without_opener(text, grammar)
    is_closed = is_whether or _is_verb_first(core, grammar)
    alternatives = _alternatives(core, grammar) if is_closed else ()
    kinds = _kinds(core, is_closed, bool(alternatives), grammar)
    focus = _focus(core, grammar)
    return Asked(
        kind=kinds[0],
        kinds=kinds,
        focus=focus,
        units=_units(core, focus, kinds[0], grammar),
        years=tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text))),
        numbers=tuple(dict.fromkeys(_NUMBER.findall(text))),
        quoted=tuple(match.strip() for match in _QUOTED.findall(text)),
        names=_capitalised(text),
        alternatives=alternatives,
    )


def _without_opener(text: str, grammar: _Grammar) -> tuple[str, bool]:
    """The question proper of "Weißt du, wann …" and whether it asks for yes or no ("…, ob …")."""
    for opener in grammar.openers:
        match = opener.search(text)
        if match and match.end() < len(text):
            core = text[match.end() :]
            return core, bool(grammar.whether.search(core))
    return text, False


def _kinds(
    core: str, is_closed: bool, has_alternatives: bool, grammar: _Grammar
) -> tuple[AnswerKind, ...]:
    if is_closed:
        if not has_alternatives:
            return ("yes_no",)
        return ("number",) if _DIGIT.search(core) else ("outcome",)
    found = _interrogatives(core, grammar)
    if not found:
        return (_terse_kind(core, grammar),)
    main = _main(core, found)
    # "…, der …" is a relative clause: only a coordinated interrogative is a second question.
    coordinated = [at for at in found if at > main and _COORDINATION.search(core[:at])]
    return tuple(dict.fromkeys(_kind_at(core[at:], grammar) for at in (main, *coordinated)))


def _interrogatives(core: str, grammar: _Grammar) -> list[int]:
    """Where interrogatives begin; a capitalised one inside a sentence is part of a name."""
    return [
        match.start()
        for match in grammar.interrogative.finditer(core)
        if match.start() == 0 or match["wh"][0].islower()
    ]


def _main(core: str, found: list[int]) -> int:
    """The interrogative that asks; one after a comma may open a relative clause."""
    after_comma = [at for at in found if core[:at].rstrip().endswith(",")]
    if found[0] == 0 and after_comma and _SUBORDINATE.match(core):
        return after_comma[0]
    outside = [at for at in found if at not in after_comma]
    return (outside or found)[0]


def _kind_at(text: str, grammar: _Grammar) -> AnswerKind:
    head = _head(text, grammar)
    for pattern, kind in grammar.phrases:
        if pattern.search(text):
            return kind
    return _head_kind(head, grammar) or "what"


def _head(text: str, grammar: _Grammar) -> str | None:
    """The noun after "welche", "wie viele", "wie heißt der", "what", in lower case."""
    start = grammar.head_after.match(text)
    if not start:
        return None
    words = _WORD.findall(text[start.end() :])
    if grammar.capitalises_nouns:
        # "Wie viel kostete die Brücke?": behind a verb the noun is not what is counted.
        few = words[:4]
        behind_verb = next((i for i, w in enumerate(few) if i and w in grammar.articles), 4)
        nouns = (word.lower() for word in few[:behind_verb] if word[:1].isupper())
        return next(nouns, None)
    listed = [word.lower() for word in words]
    if _COUNTED.match(text):
        return _english_counted(listed[:8], grammar)
    return _english_head(listed[:3], grammar)


def _english_counted(words: list[str], grammar: _Grammar) -> str | None:
    """The plural behind "how many": "how many live albums has …", "how many people in …"."""
    stop = next((i for i, word in enumerate(words) if word in grammar.stops), len(words))
    plurals = [word for word in words[:stop] if word.endswith("s") or word in _PLURALS]
    return plurals[-1] if plurals else _english_head(words[:3], grammar)


def _english_head(words: list[str], grammar: _Grammar) -> str | None:
    """The last known noun before a verb or preposition; the first word where none is known."""
    stop = next((i for i, word in enumerate(words) if word in grammar.stops), len(words))
    nouns = words[:stop]
    known = [word for word in nouns if _head_kind(word, grammar)]
    return known[-1] if known else (nouns[0] if nouns else None)


def _head_kind(head: str | None, grammar: _Grammar) -> AnswerKind | None:
    if head is None:
        return None
    if head in grammar.heads:
        return grammar.heads[head]
    return next(
        (
            kind
            for end, kind in grammar.suffix_heads
            if head.endswith(end) and len(head) - len(end) >= _SHORTEST_FIRST_PART
        ),
        None,
    )


def _terse_kind(core: str, grammar: _Grammar) -> AnswerKind:
    """The kind its first noun names: "Zahl der Verletzten", "Ort der Konferenz", "death toll"."""
    for word in _WORD.findall(core)[:4]:
        kind = _head_kind(word.lower(), grammar)
        if kind and word.lower() not in grammar.articles:
            return kind
        if (
            grammar.capitalises_nouns
            and word[:1].isupper()
            and word.lower() not in grammar.articles
        ):
            break
    return "what"


def _is_verb_first(core: str, grammar: _Grammar) -> bool:
    """Whether it begins with its verb, as a question for yes or no does."""
    match = _FIRST_TWO.match(core)
    if not match or grammar.interrogative.match(core):
        return False
    first, second = match[1].lower(), match[2].lower()
    if grammar.verb_first.fullmatch(first):
        return True
    if _head_kind(first, grammar):
        return False
    return bool(grammar.verb_ending.search(first)) and second in grammar.after_verb


def _alternatives(core: str, grammar: _Grammar) -> tuple[str, ...]:
    match = grammar.either.search(core)
    if not match or match["right"].split()[0].lower() in grammar.or_not:
        return ()
    return (match["left"], match["right"])


def _focus(core: str, grammar: _Grammar) -> str | None:
    found = _interrogatives(core, grammar)
    if not found:
        match = grammar.terse.match(core)
        return match["head"].lower() if match else None
    return _head(core[_main(core, found) :], grammar)


def _units(core: str, focus: str | None, kind: AnswerKind, grammar: _Grammar) -> frozenset[str]:
    if kind not in ("number", "duration"):
        return frozenset()
    words = {word.lower() for word in _WORD.findall(core)}
    words &= {focus or ""} if _COUNTED.match(core) else words  # "how many homes in the area"
    units = {unit for word in words for unit in grammar.units.get(word, ())}
    if focus:
        units.add(focus)
        units.update(
            unit
            for word, found in grammar.units.items()
            if len(word) > 4 and focus.endswith(word)
            for unit in found
        )
    return frozenset(units)


def _capitalised(text: str) -> tuple[str, ...]:
    words = [match for match in _WORD.finditer(text) if match.start() > 0]
    return tuple(dict.fromkeys(match.group() for match in words if match.group()[:1].isupper()))
