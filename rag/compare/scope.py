"""Whether two figures count different things: the whole, a part, another place or time."""

from __future__ import annotations

import re

from rag.compare.answers import Answer
from rag.compare.counted import clause_of
from rag.compare.fates import tells_fate
from rag.compare.figures import Figure
from rag.compare.frame import Frame, is_bare_name, mentions
from rag.compare.lexicon import patterns, word_set
from rag.compare.parts import part_by_kind
from rag.compare.persons import is_person_noun, noun_ends_in
from rag.compare.phrases import phrases
from rag.language.dates import dates
from rag.language.folding import fold
from rag.types import Language

_OPENING_CHARS = 120
_NARROWING_CHARS = 25
_SUMMED = re.compile(
    r"(?:\b(?:in\s+der\s+summe|unterm\s+strich|alles\s+in\s+allem|(?:zusammen|gemeinsam)(?!\s+mit\b))"
    r"\s+(?:\S+\s+){0,2}|^\W*zusammen\s+(?!mit\b)(?:[^\s,;.]+\s+){0,10})$",
    re.IGNORECASE,
)
"""„Zusammen kamen sie auf 1,9 Millionen“; „stießen zusammen“ stands at the end of its clause."""
_SHARE = re.compile(
    r"\b\w*anteil\w*\b|\bteilbetrag\w*\b|\banteilig\w*\b|\bshare of the\b", re.IGNORECASE
)
_NEXT_DOOR = re.compile(
    r"\b(?:[Nn]achbar(?:ort|dorf|gemeinde|stadt|kreis|landkreis|land)\w*|(?:entfernten|benachbarten|"
    r"angrenzenden|nahen|nahegelegenen|nahe\s+gelegenen)(?:\s+(?:Ort|Dorf|Gemeinde|Stadt|Kreis))?)\s+"
    r"(?P<name>[A-ZÄÖÜ][\w-]+)"
)
_AMONG = re.compile(
    r"\b(?:[Uu]nter|[Bb]ei)\s+(?:den\s+)?(?:[a-zäöüß]+n\s+)?(?P<noun>[A-ZÄÖÜ]\w+n)\b"
    r"(?P<age>\s+(?:bis|unter|über|ab|von|zwischen)\s+\d+)?"
)


_DAY = r"(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|sonnabends?"
_SEVERAL_DAYS = re.compile(
    rf"\b(?:von|vom|zwischen)\s+(?:{_DAY})\s+(?:bis|und)\s+(?:zum\s+)?(?:{_DAY})\b"
    r"|\b(?:an|in)\s+(?:den|allen|beiden|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|\d+)\s+"
    r"(?:[a-zäöüß]+\s+)?tagen\b|\b(?:ganzen|gesamten)\s+(?:wochenendes?|woche)\b",
    re.IGNORECASE,
)
"""„Von Donnerstag bis Sonntag“ counts more than the Sunday that is asked about."""
_ONE_DAY = re.compile(rf"\b(?:am|vom)\s+(?:{_DAY})\b", re.IGNORECASE)


def other_scope(first: Answer, second: Answer, frame: Frame) -> str | None:
    """What tells that two figures count different things; ``None`` where nothing does."""
    if first.content.kind not in ("number", "duration"):
        return None
    for finder in (_wide_scope, _narrow_scope):
        found = [finder(answer, frame) for answer in (first, second)]
        if bool(found[0]) != bool(found[1]):
            return f"„{found[0] or found[1]}“"
    if kind := part_by_kind(first, second, frame) or part_by_kind(second, first, frame):
        return kind
    for finder in (_elsewhere, _next_door):
        if elsewhere := finder(first, frame) or finder(second, frame):
            return f"„{elsewhere}“"
    if other_month := _other_month(first, frame) or _other_month(second, frame):
        return f"„{other_month}“"
    months = [_months(answer) for answer in (first, second)]
    if months[0] and months[1] and not months[0].keys() & months[1].keys():
        return " / ".join(next(iter(told.values())) for told in months)
    years = [_years(answer) for answer in (first, second)]
    if years[0] and years[1] and not years[0] & years[1]:
        return f"{min(years[0])} / {min(years[1])}"
    return None


def _next_door(answer: Answer, frame: Frame) -> str | None:
    """„Im zehn Kilometer entfernten Hasselbruch“: not where the question asks about."""
    for match in _NEXT_DOOR.finditer(answer.quote):
        if is_bare_name(match["name"]) and not mentions(fold(match["name"]), frame.names):
            return match.group()
    return None


def _wide_scope(answer: Answer, frame: Frame) -> str | None:
    if summed := _SUMMED.search(answer.quote[: answer.content.value.start_char]):
        return summed.group().strip()
    if _ONE_DAY.search(frame.question.text) and (days := _SEVERAL_DAYS.search(answer.quote)):
        return days.group()
    for pattern in patterns("wide_scope"):
        match = pattern.search(answer.quote)
        if match and not pattern.search(frame.question.text):
            return match.group()
    return None


def _narrow_scope(answer: Answer, frame: Frame) -> str | None:
    """A word such as "davon" shortly before the figure: it counts a part."""
    value = answer.content.value
    share = _SHARE.search(answer.quote)
    if share and not _SHARE.search(frame.question.text):
        return share.group()
    if group := _of_group(answer, frame):
        return group
    if isinstance(value, Figure) and tells_fate(
        answer.quote, value.quantity, frame, answer.article.language
    ):
        return None  # "4.700 Opfer, darunter 600 Tote": the part is what was asked for
    start = value.start_char
    near = answer.quote[max(0, start - _NARROWING_CHARS) : start]
    for pattern in patterns("narrow_scope"):
        match = pattern.search(near)
        if match and not pattern.search(frame.question.text):
            return match.group()
    return None


def _of_group(answer: Answer, frame: Frame) -> str | None:
    """„Unter den Menschen bis 25 Jahre“, „bei Frauen“: some only of whom the question is on."""
    figure = answer.content.value
    start, stop = 0, len(answer.quote)
    if isinstance(figure, Figure):  # „…, berichtete der Beirat nach einer Abfrage bei Familien“
        start, stop = clause_of(answer.quote, figure.quantity)
    for match in _AMONG.finditer(answer.quote, start, stop):
        noun = fold(match["noun"])
        is_people = is_person_noun(match["noun"], "de") or noun_ends_in(
            match["noun"], "people_endings", "de"
        )
        if is_people and (match["age"] or not mentions(noun, frame.topic)):
            return match.group().strip()
    return None


def _elsewhere(answer: Answer, frame: Frame) -> str | None:
    """„Kreis Torfhagen“ in the report when the question asks for "Kreis Heidwinkel"."""
    asked = _named_units(frame.question.text, frame.language)
    if not asked:
        return None
    article = answer.article
    opening = f"{article.title or ''}. {article.text[:_OPENING_CHARS]}"
    told = _named_units(opening, article.language) | _named_units(answer.before, article.language)
    for noun, name in sorted(asked):
        others = {other for kind, other in told if kind == noun}
        if others and name not in others:
            return f"{noun.capitalize()} {sorted(others)[0].capitalize()}"
    return None


def _named_units(text: str, language: Language) -> frozenset[tuple[str, str]]:
    """Pairs such as ("kreis", "heidwinkel")."""
    wide = word_set("wide_places", "en" if language == "en" else "de")
    return frozenset(
        (phrase.heads[-1], fold(phrase.names[-1]))
        for phrase in phrases(text, language)
        if phrase.heads and phrase.names and phrase.heads[-1] in wide
    )


def _other_month(answer: Answer, frame: Frame) -> str | None:
    """„Von Januar bis August“ where the question asks for July."""
    asked = {
        mention.month for mention in dates(frame.question.text, frame.language) if mention.month
    }
    if not asked:
        return None
    told = [
        mention
        for mention in dates(answer.quote, answer.article.language)
        if mention.month and mention.precision == "month"
    ]
    if not told or asked & {mention.month for mention in told}:
        return None
    return answer.quote[told[0].start_char : told[-1].end_char]


def _months(answer: Answer) -> dict[int, str]:
    """The months the sentence counts in, with its words: August is not January to June."""
    return {
        mention.month: answer.quote[mention.start_char : mention.end_char]
        for mention in dates(answer.quote, answer.article.language)
        if mention.month and mention.precision == "month"
    }


def _years(answer: Answer) -> frozenset[int]:
    """Years the sentence dates its figure by."""
    found = dates(answer.quote, answer.article.language, answer.article.published_at)
    return frozenset(
        mention.year for mention in found if mention.year and mention.precision == "year"
    )
