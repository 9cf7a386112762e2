"""Amounts that no number names: „tagelang“, „von 18 bis 23 Uhr“, „ein Ehepaar“, „kein einziges“."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import pairwise

from rag.compare.counted import amount_rules, counted_alike, is_counted_people
from rag.compare.figures import Figure, asked_dimensions
from rag.compare.frame import Frame, mentions
from rag.language.dates import DateMention, dates
from rag.language.folding import fold
from rag.language.lexicon import lexicon
from rag.language.quantities import quantities
from rag.language.quantity_values import Quantity, kind_of

_DAY = 1440
_YEAR = 525960
_VAGUE_FIT, _SPAN_FIT, _END_FIT = 0.5, 0.75, 0.6
_COUNT_FIT, _NONE_FIT = 0.75, 0.7
UNTIL = "until"
"""The ``dimension`` of a length that is only told by its end, counted from the publication."""
_TO_COME = re.compile(
    r"\b(?:bleib\w*|wird|werden|soll\w*|läuft|laufen|gilt|gelten|dauert|will|muss|müssen|noch)\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*(?:uhr\s*)?(?:bis|–|-)\s+(?:zum\s+|zur\s+)?$", re.IGNORECASE)
_RANGE = re.compile(r"\d\s*(?:bis|–|-|und)\s*\d|\bbis\b", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:[Kk]ein(?:e[rnms]?)?|[Nn]icht\s+eine?[rnms]?)\s+(?:einzig\w+\s+)?(?:[a-zäöüß]+e[nrs]?\s+)?"
    r"(?P<noun>[A-ZÄÖÜ]\w+)"
)
_ONE = re.compile(
    r"\b(?:(?:[Nn]ur|[Ll]ediglich|[Bb]loß|[Gg]enau|[Gg]erade\s+(?:ein)?mal)\s+eine?[rnms]?|"
    r"[Ee]ine?[rnms]?\s+einzige[rnms]?)\s+(?:[a-zäöüß]+e[nrs]?\s+)?(?P<noun>[A-ZÄÖÜ]\w+)"
)
_SHARE_OF = re.compile(
    r"\s+(?:der|von|aller|unter\s+den)\s+(?:insgesamt\s+|rund\s+)?(?=\d|[a-zäöü])"
)
_DIGITS = re.compile(r"\b(?P<count>\w+)stellig\w*", re.IGNORECASE)
_AGED = re.compile(
    r"\b(?:mit|at)\s+(?P<bare>\d{1,3})(?=\s*[.,;]|\s+[a-zäöü]|$)|"
    r"\b[Vv]or\s+(?P<ago>(?:\w+\s+){1,2})(?P<unit>Jahren|Jahrhunderten|Jahrtausenden)\b|"
    r"\b(?P<side>vor|nach|an)\s+(?:seinem|ihrem)\s+(?P<nth>\d{1,3})\.\s+Geburtstag"
)
_UNIT_YEARS = {"Jahren": 1, "Jahrhunderten": 100, "Jahrtausenden": 1000}


def implied_figures(sentence: str, frame: Frame, published_at: str | None) -> tuple[Figure, ...]:
    """What a German sentence says of an amount without a number for it, best first."""
    if frame.kind == "duration":
        found = [*_spans(sentence, published_at), *_vague_lengths(sentence)]
        if _TO_COME.search(frame.question.text):
            found += _ends(sentence, published_at)
        return tuple(found)
    asked = asked_dimensions(frame)
    if "age" in asked:
        return tuple(_ages(sentence))
    currencies = asked & frozenset(lexicon("units")["currencies"])
    if currencies:
        return tuple(_by_digits(sentence, "€" if "€" in currencies else min(currencies)))
    return () if asked else (*_counts(sentence, frame), *_parts_of(sentence, frame))


def _figure(
    match: re.Match[str] | tuple[str, int, int],
    low: float,
    high: float,
    fit: float,
    *,
    unit: str | None = "min",
    counted: str | None = None,
    dimension: str | None = None,
) -> Figure:
    text, start, end = (
        match if isinstance(match, tuple) else (match.group(), match.start(), match.end())
    )
    quantity = Quantity(
        start_char=start,
        end_char=end,
        text=text,
        value=low if low == high else (low + high) / 2,
        low=low,
        high=high,
        kind=kind_of(unit),
        unit=unit,
        hedge="exact" if low == high else "range",
        counted=counted,
        dimension=dimension,
    )
    return Figure(quantity=quantity, fit=fit)


@cache
def _lengths() -> tuple[tuple[re.Pattern[str], float, float], ...]:
    listed = amount_rules()["vague_lengths"]
    minutes: dict[str, float] = lexicon("units")["units"]["min"]
    units = {
        "minuten": 1, "stunden": 60, "tagen?": _DAY, "wochen": 7 * _DAY,
        "monaten?": minutes["monat"], "jahren?": _YEAR, "jahrzehnten?": 10 * _YEAR,
    }  # fmt: skip
    counted = [
        (re.compile(rf"\b(?:{words})\s+{unit}\b", re.IGNORECASE), low * size, high * size)
        for words, low, high in listed["quantifiers"]
        for unit, size in units.items()
    ]
    phrased = [
        (re.compile(pattern, re.IGNORECASE), float(low), float(high))
        for pattern, low, high in listed["phrases"]
    ]
    return (*counted, *phrased)


def _vague_lengths(sentence: str) -> list[Figure]:
    return [
        _figure(match, low, high, _VAGUE_FIT)
        for pattern, low, high in _lengths()
        if (match := pattern.search(sentence))
    ]


def _spans(sentence: str, published_at: str | None) -> list[Figure]:
    """„von 18 bis 23 Uhr“, „von 1985 bis 2020“, „von März bis November“."""
    found = dates(sentence, "de", published_at)
    out = [span for mention in found if (span := _span_in(mention))]
    for first, second in pairwise(found):
        between = sentence[first.end_char : second.start_char]
        if _JOINT.match(between + " ") and (span := _span_between(sentence, first, second)):
            out.append(span)
    return out


def _span_in(mention: DateMention) -> Figure | None:
    """One expression for both ends."""
    if not _RANGE.search(mention.text):
        return None
    where = (mention.text, mention.start_char, mention.end_char)
    if mention.precision == "time" and mention.clock and mention.clock[1] > mention.clock[0]:
        minutes = mention.clock[1] - mention.clock[0]
        return _figure(where, minutes - 20, minutes + 20, _SPAN_FIT)
    if not (mention.start and mention.end):
        return None
    first, last = date.fromisoformat(mention.start), date.fromisoformat(mention.end)
    if mention.precision == "year" and last.year > first.year:
        years = last.year - first.year
        return _figure(where, (years - 1) * _YEAR, (years + 1) * _YEAR, _SPAN_FIT)
    if mention.precision == "day" and last > first:
        days = (last - first).days
        return _figure(where, (days - 1) * _DAY, (days + 2) * _DAY, _SPAN_FIT)
    return None


def _span_between(sentence: str, first: DateMention, second: DateMention) -> Figure | None:
    where = (
        sentence[first.start_char : second.end_char],
        first.start_char,
        second.end_char,
    )
    if first.precision == second.precision == "time" and first.clock and second.clock:
        minutes = (second.clock[1] - first.clock[0]) % _DAY
        return _figure(where, max(1, minutes - 20), minutes + 20, _SPAN_FIT)
    if not (first.start and first.end and second.start and second.end):
        return None
    if first.precision == "weekday" == second.precision:
        days = ((second.weekday or 0) - (first.weekday or 0)) % 7
        return _figure(where, days * _DAY, (days + 1) * _DAY, _SPAN_FIT) if days else None
    shortest = (date.fromisoformat(second.start) - date.fromisoformat(first.end)).days
    longest = (date.fromisoformat(second.end) - date.fromisoformat(first.start)).days + 1
    return _figure(where, shortest * _DAY, longest * _DAY, _SPAN_FIT) if shortest >= 0 else None


def _ends(sentence: str, published_at: str | None) -> list[Figure]:
    """„bis Ende August“: how long from the publication on."""
    day = (published_at or "")[:10]
    if not day:
        return []
    today = date.fromisoformat(day)
    return [
        _figure(
            (sentence[mention.start_char : mention.end_char], mention.start_char, mention.end_char),
            max(1, (date.fromisoformat(mention.start) - today).days) * _DAY,
            ((date.fromisoformat(mention.end) - today).days + 1) * _DAY,
            _END_FIT,
            dimension=UNTIL,
        )
        for mention in dates(sentence, "de", published_at)
        if mention.bound == "until" and mention.start and mention.end and mention.end > day
    ]


@cache
def _implied() -> tuple[tuple[re.Pattern[str], float, float, str], ...]:
    return tuple(
        (re.compile(pattern, re.IGNORECASE), float(low), float(high), counted)
        for pattern, low, high, counted in amount_rules()["implied_counts"]
    )


def _counts(sentence: str, frame: Frame) -> list[Figure]:
    """„kein einziges Haus“, „nur ein Ferkel“, „ein Ehepaar“."""
    focus = frame.focus or ""
    found = [
        _figure(match, value, value, fit, unit=None, counted=match["noun"])
        for pattern, value, fit in ((_NONE, 0.0, _NONE_FIT), (_ONE, 1.0, _COUNT_FIT))
        for match in pattern.finditer(sentence)
        if _is_counted(match["noun"], frame)
    ]
    is_people = is_counted_people(frame.asked.focus or "", "de")
    for pattern, low, high, counted in _implied():
        fits = (
            counted == "any"
            or (counted == "people" and is_people)
            or (counted == "goals" and focus in ("tore", "treffer"))
            or counted == focus
        )
        if fits and (match := pattern.search(sentence)):
            found.append(_figure(match, low, high, _COUNT_FIT, unit=None, counted=focus or None))
    return found


def _is_counted(noun: str, frame: Frame) -> bool:
    """Whether the noun is what the question counts, or one of such."""
    if frame.focus is None:
        return False
    word = fold(noun)
    if counted_alike(word) & counted_alike(frame.focus):
        return True
    return mentions(word, frozenset({frame.focus})) or mentions(frame.focus, frozenset({word}))


def _parts_of(sentence: str, frame: Frame) -> list[Figure]:
    """„jede dritte der 900 Stellen“: 300."""
    found = quantities(sentence, "de")
    out = []
    for share, whole in pairwise(found):
        between = sentence[share.end_char : whole.start_char]
        if share.unit == "%" and whole.unit is None and _SHARE_OF.match(f"{between}0"):
            value = round(share.value * whole.value / 100)
            where = (
                sentence[share.start_char : whole.end_char],
                share.start_char,
                whole.end_char,
            )
            out.append(
                _figure(where, value * 0.97, value * 1.03, 0.9, unit=None, counted=whole.counted)
            )
    return out


def _by_digits(sentence: str, unit: str) -> list[Figure]:
    """„ein sechsstelliger Betrag“."""
    digits: dict[str, int] = amount_rules()["digits"]
    return [
        _figure(match, 10.0 ** (count - 1), 10.0**count - 1, 0.7, unit=unit)
        for match in _DIGITS.finditer(sentence)
        if (count := digits.get(match["count"].lower()))
    ]


def _ages(sentence: str) -> list[Figure]:
    """„starb mit 84“, „kurz vor seinem 80. Geburtstag“, „vor fünf Jahrtausenden“."""
    out = []
    for match in _AGED.finditer(sentence):
        if match["bare"]:
            age = float(match["bare"])
        elif match["nth"]:
            age = float(match["nth"]) - (match["side"] == "vor")
        else:
            told = quantities(f"{match['ago']}Jahre alt", "de")
            if not told or told[0].unit != "age":
                continue
            years = _UNIT_YEARS[match["unit"]]
            out.append(_figure(match, told[0].low * years, told[0].high * years, 0.7, unit="age"))
            continue
        out.append(_figure(match, age, age, 0.75, unit="age"))
    return out
