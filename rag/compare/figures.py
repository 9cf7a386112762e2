"""How many, how much, how long: the quantities a sentence offers as the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rag.compare.attributes import attribute_shares
from rag.compare.counted import (
    clause_of,
    counted_alike,
    is_counted_people,
    tells_stock,
    watches_not,
)
from rag.compare.fates import fate_share
from rag.compare.frame import Frame, mentions, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.persons import noun_ends_in
from rag.language.folding import fold
from rag.language.lexicon import lexicon
from rag.language.quantities import Quantity, quantities
from rag.language.terms import terms
from rag.types import Language

_AGE_ASKED = re.compile(r"\b(?:wie alt|how old|alter|age)\b", re.IGNORECASE)
_MONEY_ASKED = re.compile(
    r"\b(?:how much|wie ?viel|wie teuer|wie hoch)\b(?=.*\b(?:pay|paid|cost\w*|spen[dt]\w*|price|"
    r"worth|kost\w*|zahl\w*|bezahl\w*|preis|geld|gekostet|umsatz|gewinn|schaden|erlös|spende\w*|beute)\b)"
    r"|\bwas kostet\w*\b",
    re.IGNORECASE,
)
_WEIGHT_ASKED = re.compile(r"\b(?:wog|wogen|wiegt|wiegen|gewicht|weighs?|weighed)\b", re.IGNORECASE)
_BIG_ROUND = re.compile(r"\b(?:mill|mio|mrd|billion)|tausend|thousand", re.IGNORECASE)
_OTHER_SENSE = 0.2
_VAGUE = 0.4
_PART = 0.45
_STOCK = 0.5
_NONE_OF = re.compile(r"\b(?:kein|jed)\w*\s+(?:der|von|of)\s+(?:the\s+)?$", re.IGNORECASE)
_OF_THEM = re.compile(r"\s*(?:\w+\s+)?(?:davon|von\s+ihnen|of\s+them|of\s+whom)\b", re.IGNORECASE)
_ALONE = re.compile(r"\b(?:allein|alone)\s+(?:in|im|am|bei|on|at)\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:seit|vor|since|for\s+the\s+first\s+time\s+in)\s+$", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?:in|binnen|within|innerhalb\s+von)\s+(?:den\s+letzten\s+)?$", re.IGNORECASE
)
_ORDINAL = re.compile(
    r"\b(?:(?:erst|zweit|dritt|viert|fünft|sechst|siebt|acht|neunt|zehnt)e[nrsm]?|(?:\w+)?mal|"
    r"second|third|fourth|fifth|times?)\b",
    re.IGNORECASE,
)
"""„der dritte Überfall in zehn Jahren“ counts what came before."""
_AGO = re.compile(r"\s*(?:zurück|her|zuvor|ago|earlier)\b", re.IGNORECASE)
_SINCE_ASKED = re.compile(r"\b(?:seit|schon|bereits|since|been)\b", re.IGNORECASE)
_AND_MEN = re.compile(r"\s*(?:und|sowie|and)\s+\w+", re.IGNORECASE)
_AROUND_THING = re.compile(
    r"\b(?:nach|vor|seit|after|before|since)\s+(?:de[rmn]|the|einer?m?)\s+(?:[a-zäöüß]+\s+){0,2}\w+",
    re.IGNORECASE,
)
_BARE_AGE = re.compile(r"\b(?:mit|at)\s+$", re.IGNORECASE)
_AGE_OF = re.compile(
    r"\b(?:age[ds]?|ages of|alter von|alter ab)\s+(?:of\s+|über\s+|over\s+|between\s+)?$", re.I
)
_STANDING_FOR = frozenset({"others", "ones", "them", "weitere", "andere"})
"""Words that stand for whatever was counted before: "five others had their leases ended"."""
_SIZES = frozenset({"m²", "m", "l", "B"})
_OLDEST = 110
_YEAR = re.compile(r"(?:19|20)\d\d")
_VAGUE_SPREAD = 3.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity with how well it fits what is counted or measured, 0..1."""

    quantity: Quantity
    fit: float

    @property
    def start_char(self) -> int:
        """Where it starts in the sentence."""
        return self.quantity.start_char

    @property
    def end_char(self) -> int:
        """Where it ends in the sentence."""
        return self.quantity.end_char


def figures(sentence: str, frame: Frame, language: Language) -> tuple[Figure, ...]:
    """The quantities of a sentence that can answer the question, best first."""
    asked = asked_dimensions(frame)
    found = []
    for quantity in quantities(sentence, language):
        fit = _fit(quantity, asked, frame, language)
        if fit > 0 and not _is_given(quantity, frame):
            near = _clause_overlap(sentence, quantity, frame, language)
            fit *= fate_share(sentence, quantity, frame, language)
            fit *= _PART if _dates_back(sentence, quantity, frame) else 1.0
            fit *= _PART if _is_part(sentence, quantity, frame) else 1.0
            fit *= _PART if _follows_thing(sentence, frame) else 1.0
            fit *= (
                _STOCK if tells_stock(sentence[slice(*clause_of(sentence, quantity))], frame) else 1
            )
            fit *= _OTHER_SENSE if _is_age(sentence, quantity, asked) else 1.0
            fit *= _VAGUE if is_vague(quantity) or _looks_like_year(quantity) else 1.0
            if fit > 0:
                found.append(Figure(quantity=quantity, fit=min(1.0, fit * (0.75 + 0.4 * near))))
    shares = attribute_shares([each.quantity for each in found], sentence, frame, language)
    found = [replace(each, fit=each.fit * share) for each, share in zip(found, shares, strict=True)]
    found.sort(key=lambda figure: (-figure.fit, figure.start_char))
    return tuple(found)


def _is_age(sentence: str, quantity: Quantity, asked: frozenset[str]) -> bool:
    """„durfte mit 78 nicht mehr spenden“, "above the age of twenty"."""
    if "age" in asked or quantity.unit is not None or quantity.value > _OLDEST:
        return False
    before = sentence[: quantity.start_char]
    is_bare = not quantity.counted and bool(_BARE_AGE.search(before))
    return is_bare or bool(_AGE_OF.search(before))


def _is_part(sentence: str, quantity: Quantity, frame: Frame) -> bool:
    """„3.100 davon“, „keiner der drei“, „allein in drei Monaten“: some of those asked about."""
    if _OF_THEM.match(sentence, quantity.end_char):
        return True
    if _NONE_OF.search(sentence[: quantity.start_char]):
        return True
    if _ALONE.search(sentence[clause_of(sentence, quantity)[0] : quantity.start_char]):
        return True
    counted, focus = (quantity.counted or "").lower(), frame.asked.focus or ""
    is_female = counted.endswith("innen") and not _AND_MEN.match(sentence, quantity.end_char)
    return is_female and not focus.endswith(("innen", "frauen"))


def _dates_back(sentence: str, quantity: Quantity, frame: Frame) -> bool:
    """„erstmals seit mehr als vier Jahren“: how long ago, not how long it took."""
    if frame.kind != "duration" or _SINCE_ASKED.search(frame.question.text):
        return False
    before = sentence[: quantity.start_char]
    return bool(
        _SINCE.search(before)
        or _AGO.match(sentence, quantity.end_char)
        or (_WITHIN.search(before) and _ORDINAL.search(sentence))
    )


def _follows_thing(sentence: str, frame: Frame) -> bool:
    """„Nach der Parade sprachen sie zwei Stunden“ tells not how long the parade was."""
    things = frame.names - frame.places - frame.proper
    if frame.kind != "duration" or not things:
        return False
    rest = _AROUND_THING.sub(" ", sentence)
    return _names_any(things, sentence) and not _names_any(things, rest)


def _names_any(things: frozenset[str], text: str) -> bool:
    return any(mentions(thing, word_bag(text)) for thing in things)


def _looks_like_year(quantity: Quantity) -> bool:
    """„schon 2022 Raketen geliefert“: German prints counts of that size with a point."""
    return quantity.unit is None and bool(_YEAR.fullmatch(quantity.text.split(" ")[0]))


def is_vague(quantity: Quantity) -> bool:
    """„Tausende“: no figure that another could contradict."""
    return quantity.hedge == "range" and quantity.high >= _VAGUE_SPREAD * max(quantity.low, 1.0)


@cache
def _dimensions() -> dict[str, str]:
    units: dict[str, dict[str, float]] = lexicon("units")["units"]
    return {word: dimension for dimension, words in units.items() for word in words}


@lru_cache(maxsize=512)
def asked_dimensions(frame: Frame) -> frozenset[str]:
    """The base units a fitting answer has; empty when things are counted."""
    if frame.kind == "duration":
        return frozenset({"min"})
    if _AGE_ASKED.search(frame.question.text):
        return frozenset({"age"})
    if _MONEY_ASKED.search(frame.question.text) or _asks_money(frame):
        return frozenset(lexicon("units")["currencies"])
    known = _dimensions()
    focus = frame.asked.focus
    if focus and focus in known:
        return frozenset({known[focus]})
    if _WEIGHT_ASKED.search(frame.question.text):
        return frozenset({"kg"})
    found = {known[unit] for unit in frame.asked.units if unit in known}
    return frozenset(found)


def _asks_money(frame: Frame) -> bool:
    """„Wie viel Lösegeld“: a sum, though no verb of paying says so."""
    focus = frame.asked.focus or ""
    if frame.language == "en" and focus in word_set("money_endings", "en"):
        return True
    return bool(frame.focus) and noun_ends_in(focus, "money_endings", "de")


def _fit(quantity: Quantity, asked: frozenset[str], frame: Frame, language: Language) -> float:
    if quantity.ordinal:
        return 0.0
    if asked:
        if quantity.unit in asked or _is_pounds_of_money(quantity, asked):
            return 0.9
        return 0.5 if _is_bare_sum(quantity, asked) else 0.0
    if quantity.unit in _SIZES and _size_asked().search(frame.question.text):
        return 0.75
    if quantity.unit not in (None, "times"):
        return 0.3 if quantity.unit == "%" else 0.0
    return _count_fit(quantity, frame, language)


@cache
def _size_asked() -> re.Pattern[str]:
    return re.compile("|".join(rules()["sizes_asked"]), re.IGNORECASE)


def _is_pounds_of_money(quantity: Quantity, asked: frozenset[str]) -> bool:
    """The unit of "fined ten pounds" is read as a weight."""
    return "£" in asked and quantity.unit == "kg" and quantity.text.lower().endswith("pounds")


def _is_bare_sum(quantity: Quantity, asked: frozenset[str]) -> bool:
    """„Fünf Millionen legen sie auf den Tisch“: money whose currency goes without saying."""
    is_money = bool(asked & frozenset(lexicon("units")["currencies"]))
    return is_money and quantity.unit is None and bool(_BIG_ROUND.search(quantity.text))


def _count_fit(quantity: Quantity, frame: Frame, language: Language) -> float:
    """How likely the counted noun is what the question counts."""
    counted = fold(quantity.counted) if quantity.counted else None
    if frame.focus is None:
        return 0.5
    if counted is None or counted in _STANDING_FOR:
        return 0.55
    if mentions(frame.focus, frozenset({counted})) or mentions(counted, frozenset({frame.focus})):
        return 1.0
    if set(terms(quantity.counted or "", language)) & set(
        terms(frame.asked.focus or "", frame.language)
    ):
        return 0.9
    if counted_alike(counted) & counted_alike(frame.focus):
        return 0.9
    if mentions(stem_of(counted), frame.topic):
        return 0.8
    people = (
        is_counted_people(quantity.counted or "", language),
        is_counted_people(frame.asked.focus or "", frame.language),
    )
    if all(people):
        return 0.0 if watches_not(counted, frame) else 0.75
    return 0.35 if any(people) else 0.45


def _is_given(quantity: Quantity, frame: Frame) -> bool:
    """The question itself names this number."""
    return any(number in quantity.text.split() for number in frame.asked.numbers)


def _clause_overlap(sentence: str, quantity: Quantity, frame: Frame, language: Language) -> float:
    """Share of the question's words in the clause around the number, at most 1 for two words."""
    start, stop = clause_of(sentence, quantity)
    said = set(terms(sentence[start:stop], language))
    asked = set(terms(frame.question.text, frame.language)) - set(
        terms(" ".join((frame.asked.focus or "", *frame.places)), frame.language)
    )
    return min(1.0, len(said & asked) / 2)
