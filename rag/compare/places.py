"""Whether the places of two answers can both be right: by name, by kind, by what holds what."""

from __future__ import annotations

import re

from rag.compare.across import across_languages
from rag.compare.answers import Answer
from rag.compare.contents import Content
from rag.compare.frame import Frame, mentions, same_word, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.place_kinds import is_alike, may_hold, parts_apart
from rag.compare.same import concepts_of
from rag.compare.verdict import Verdict
from rag.compare.where import Site

_SPOTS_APART = 0.8
_SURE_SPOT = 0.6
_HOLDS = 0.75
_COMPASS_APART = 0.7
_ROAD = re.compile(
    r"\b(?:(?P<kind>A|B|L|K|S|Autobahn|Bundesstraße|Landesstraße|Landstraße|Kreisstraße|"
    r"Staatsstraße|Gleis|Linie|Halle|Tor|Terminal|Ausfahrt)[ -]?(?P<number>\d{1,4}))\b"
)
_ROADS = {"Autobahn": "A", "Bundesstraße": "B", "Landesstraße": "L", "Landstraße": "L",
          "Kreisstraße": "K", "Staatsstraße": "S"}  # fmt: skip
_COMPASS = re.compile(
    r"\b(?:im\s+|am\s+)?(?:äußersten\s+)?(?P<side>nord|süd|ost|öst|west)"
    r"(?:west|ost|öst)?(?:lich\w*|en\b|rand\w*|seite\w*|ufer\w*|hang\w*|wand\w*|tor\w*|kurve\w*|tribüne\w*|"
    r"flügel\w*|küste\w*|strand\w*|spitze\w*|ende\w*|bahnhof\w*|friedhof\w*|stadt\w*)",
    re.IGNORECASE,
)
_OPPOSITE = {("nord", "süd"), ("ost", "west")}


def align_sites(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """How the places of two answers relate."""
    one, other = _all_sites(first.content), _all_sites(second.content)
    if not one or not other:
        return Verdict("unknown", 0.0, "no place")
    words, other_words = _words(one), _words(other)
    if first.article.language != second.article.language:
        return across_languages(words, other_words)
    if _roads_apart(first.quote, second.quote):
        return Verdict("different", _SPOTS_APART, "two roads or lines by their numbers")
    if _opposite_sides(one, other):
        return Verdict("different", _COMPASS_APART, "opposite points of the compass")
    found = _by_kind(one, other) or _by_town(one, other)
    if found:
        return found
    crossing = _mentioned_in(words, second) or _mentioned_in(other_words, first)
    return Verdict("different", 0.5 if crossing else 1.0, "the places differ")


def _words(sites: tuple[Site, ...]) -> frozenset[str]:
    return frozenset(word for site in sites for word in site.words)


def _by_kind(one: tuple[Site, ...], other: tuple[Site, ...]) -> Verdict | None:
    """What the words for two places, and their kinds, tell of them."""
    words, other_words = _words(one), _words(other)
    if _named_apart(one[0], other[0]):
        return None
    if _crosswise(words, other_words):
        if spots_apart(one, other):
            return Verdict("different", _SPOTS_APART, "two spots of one town")
        if _only_begins(words, other_words):
            return Verdict("compatible", 0.7, "one may lie at the other")
        return Verdict("same", 1.0, "a place is named by both")
    if concepts_of(words) & concepts_of(other_words) or is_alike(words, other_words):
        return Verdict("same", _SPOTS_APART, "two words for one kind of place")
    if may_hold(words, other_words):
        return Verdict("compatible", _HOLDS, "a place of this kind holds the other")
    return None


def _only_begins(first: frozenset[str], second: frozenset[str]) -> bool:
    """„im Inselhotel“, „auf der Insel“: no more than the beginning of a compound is shared."""
    return not any(
        same_word(word, others) or any(other.endswith(stem_of(word)) for other in others)
        for words, others in ((first, second), (second, first))
        for word in words
    )


def _by_town(one: tuple[Site, ...], other: tuple[Site, ...]) -> Verdict | None:
    """What towns, countries and wide places tell: any of them may hold a spot."""
    if _may_hold(one, other) or _may_hold(other, one):
        if spots_apart(one, other):
            return Verdict("different", _SPOTS_APART, "two spots of one town")
        return Verdict("compatible", 0.7, "the town may hold the spot")
    if country := _countries(_words(one), _words(other)):
        return country
    if all(site.is_wide for site in one) or all(site.is_wide for site in other):
        return Verdict("compatible", 0.7, "a wide place may hold the exact one")
    return None


def _named_apart(first: Site, second: Site) -> bool:
    """„im Theater Marwitz“, „im Theater Grafenbrück“: two of one kind with names of their own."""
    return (
        bool(first.names and second.names)
        and not _crosswise(first.names, second.names)
        and _crosswise(first.words - first.names, second.words - second.names)
    )


def spots_apart(first: tuple[Site, ...], second: tuple[Site, ...]) -> bool:
    """„in einer Garage in Rottenbek“, „am Bahnhof von Rottenbek“: only the town is shared.

    Or only what places both: „auf einer Sandbank vor der Insel“, „in der Hafeneinfahrt der Insel“.
    """
    leads, spots = _spots(first, leading=True), _spots(first, leading=False)
    other_leads, other_spots = _spots(second, leading=True), _spots(second, leading=False)
    if not leads or not other_leads:
        return False
    if _crosswise(leads, other_spots) or _crosswise(other_leads, spots):
        return parts_apart(_left(leads, other_spots), _left(other_leads, spots))
    return not is_alike(leads, other_leads) and not may_hold(leads, other_leads)


def _left(words: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    return frozenset(
        word
        for word in words
        if not mentions(word, others) and not any(mentions(o, frozenset({word})) for o in others)
    )


def _spots(sites: tuple[Site, ...], *, leading: bool) -> frozenset[str]:
    """The words of a side's sure spots; of those that another does not only place, if leading."""
    sure = [site for site in sites if site.is_spot and not site.is_wide and site.fit >= _SURE_SPOT]
    if leading:
        sure = [site for site in sure if not site.is_anchor] or sure
    return frozenset(word for site in sure for word in site.words - site.names)


def _roads_apart(first: str, second: str) -> bool:
    """„auf der Bundesstraße 5“, „auf der B 191“; a crossing of two is on both."""
    told = [
        {(_ROADS.get(match["kind"], match["kind"]), match["number"]) for match in found}
        for found in (_ROAD.finditer(first), _ROAD.finditer(second))
    ]
    kinds = [{kind for kind, _ in roads} for roads in told]
    return bool(kinds[0] & kinds[1]) and not told[0] & told[1]


def _opposite_sides(first: tuple[Site, ...], second: tuple[Site, ...]) -> bool:
    """„am Nordufer“, „im Süden des Sees“."""
    told = [
        {_side(match["side"]) for site in sites for match in _COMPASS.finditer(site.text)}
        for sites in (first, second)
    ]
    if any(len(sides) != 1 for sides in told):
        return False
    one, other = told[0].pop(), told[1].pop()
    return (one, other) in _OPPOSITE or (other, one) in _OPPOSITE


def _side(word: str) -> str:
    lower = word.lower()
    return "ost" if lower == "öst" else lower


def _may_hold(towns: tuple[Site, ...], spots: tuple[Site, ...]) -> bool:
    """„in Altenschwarta“ against „im Speicherviertel“: a town and some spot without a name."""
    return (
        bool(towns[0].names)
        and not towns[0].is_spot
        and not any(site.names or site.words & word_set("compass", "de") for site in spots)
        and not _has_article(towns[0])
        and all(site.is_spot or _has_article(site) for site in spots)
    )


def _has_article(site: Site) -> bool:
    return len(site.text.split()) > 2


def _crosswise(first: frozenset[str], second: frozenset[str]) -> bool:
    return any(
        mentions(word, others)
        for words, others in ((first, second), (second, first))
        for word in words
    )


def _countries(first: frozenset[str], second: frozenset[str]) -> Verdict | None:
    """A country against a town: its own capital agrees, another's does not, others are unknown."""
    capitals: dict[str, str] = rules()["capitals"]
    countries = frozenset(capitals.values())
    for words, others in ((first, second), (second, first)):
        named = countries & words
        if not named or countries & others:
            continue
        homes = {capitals[word] for word in others if word in capitals}
        if not homes or homes & named:
            return Verdict("compatible", 0.7, "a country may hold the town")
        return Verdict("different", 0.9, "a town of another country")
    return None


def _all_sites(content: Content) -> tuple[Site, ...]:
    return tuple(site for site in (content.value, *content.others) if isinstance(site, Site))


def _mentioned_in(words: frozenset[str], answer: Answer) -> bool:
    bag = word_bag(answer.article.text)
    return any(mentions(word, bag) for word in words if len(word) > 3)
