"""Fourth step: what explains a difference away, an update or another scope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from rag.compare.answers import Answer
from rag.compare.fates import tells_fate
from rag.compare.figures import Figure
from rag.compare.frame import Frame, is_bare_name, mentions
from rag.compare.lexicon import rules, word_set
from rag.compare.parts import part_by_kind
from rag.compare.persons import is_person_noun, noun_ends_in
from rag.compare.phrases import phrases
from rag.compare.setting import land_of, other_occasion
from rag.compare.where import Site
from rag.language.dates import dates
from rag.language.folding import fold
from rag.types import Article, Language

Explanation = Literal["conflict", "update", "scope", "reported"]
_UPDATE_KINDS = frozenset({"number", "duration", "date", "outcome", "cause", "negation", "who"})
_DAYS_WITHOUT_MARKER = 5
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


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The status of a difference with what speaks for it."""

    status: Explanation
    reason: str


def reconcile(first: Answer, second: Answer, frame: Frame) -> Reconciled:
    """Why two different answers may both be right; ``conflict`` when nothing explains it."""
    earlier, later = _in_order(first, second)
    reason = (
        _scope(first, second, frame)
        or _other_country(first, second)
        or other_occasion(
            (first.article, first.quote, first.start_char),
            (second.article, second.quote, second.start_char),
            frame,
        )
    )
    if reason:
        return Reconciled("scope", reason)
    reason = _update(earlier, later, frame)
    if reason:
        return Reconciled("update", reason)
    return Reconciled("conflict", "nothing explains the difference")


def _in_order(first: Answer, second: Answer) -> tuple[Answer, Answer]:
    days = [published(answer.article) or date.max for answer in (first, second)]
    return (first, second) if days[0] <= days[1] else (second, first)


def published(article: Article) -> date | None:
    """The day of publication."""
    try:
        return date.fromisoformat((article.published_at or "")[:10])
    except ValueError:
        return None


def days_between(first: Article, second: Article) -> int | None:
    """Days between two publications, ``None`` where one is not known."""
    one, other = published(first), published(second)
    return abs((one - other).days) if one and other else None


def _update(earlier: Answer, later: Answer, frame: Frame) -> str | None:
    if earlier.content.kind not in _UPDATE_KINDS:
        return None
    gap = days_between(earlier.article, later.article)
    if not gap:
        return None
    asked = frame.question.text
    marker = _marker("later", later.quote, asked) or _marker("earlier", earlier.quote, asked)
    if marker:
        return f"{gap} days later, marked by {marker!r}"
    if gap >= _DAYS_WITHOUT_MARKER and earlier.content.kind in ("number", "date"):
        return f"{gap} days later"
    return None


@cache
def _patterns(name: str, key: str | None = None) -> tuple[re.Pattern[str], ...]:
    listed = rules()[name][key] if key else rules()[name]
    # „Stand: Montag“ is a noun; a verb is written small.
    return tuple(
        re.compile(rf"\b{re.escape(entry)}\b", 0 if entry[0].isupper() else re.IGNORECASE)
        for entry in listed
    )


def _marker(when: str, text: str, asked: str = "") -> str | None:
    """A word of an update that is not the question's: „die neue Schule“ is only its name."""
    for pattern in _patterns("update_markers", when):
        if (match := pattern.search(text)) and not pattern.search(asked):
            return match.group()
    return None


def plain_status(
    first: tuple[Article, str, str], second: tuple[Article, str, str], kind: str
) -> tuple[Explanation, str]:
    """The status of a difference between two sentences, each given with the one before it."""
    one, other = first, second
    if (published(one[0]) or date.max) > (published(other[0]) or date.max):
        one, other = other, one
    for name in ("wide_scope", "narrow_scope"):
        found = [_first(_patterns(name), text) for _, text, _ in (one, other)]
        if bool(found[0]) != bool(found[1]):
            return "scope", f"„{found[0] or found[1]}“"
    gap = days_between(one[0], other[0])
    marker = _marker("later", other[1]) or _marker("earlier", one[1])
    if gap and kind in _UPDATE_KINDS and marker:
        return "update", ""
    return "conflict", ""


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    for pattern in patterns:
        if match := pattern.search(text):
            return match.group()
    return None


def _other_country(first: Answer, second: Answer) -> str | None:
    """Two countries, told by reports of which one is not dated: two occasions."""
    one, other = first.content.value, second.content.value
    if isinstance(one, Site) and isinstance(other, Site):
        lands = [land_of(answer.value) for answer in (first, second)]
        is_dated = published(first.article) and published(second.article)
        if lands[0] and lands[1] and lands[0] != lands[1] and not is_dated:
            return f"{first.value} / {second.value}"
    return None


def _scope(first: Answer, second: Answer, frame: Frame) -> str | None:
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
    for pattern in _patterns("wide_scope"):
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
    for pattern in _patterns("narrow_scope"):
        match = pattern.search(near)
        if match and not pattern.search(frame.question.text):
            return match.group()
    return None


def _of_group(answer: Answer, frame: Frame) -> str | None:
    """„Unter den Menschen bis 25 Jahre“, „bei Frauen“: some only of whom the question is on."""
    for match in _AMONG.finditer(answer.quote):
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
