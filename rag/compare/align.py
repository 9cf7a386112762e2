"""Third step: whether two articles' typed answers agree, differ, or cannot be compared."""

from __future__ import annotations

from collections.abc import Callable

from rag.compare.amounts import align_figures, align_moments
from rag.compare.answers import Answer
from rag.compare.contents import Content
from rag.compare.frame import Frame, mentions, same_word, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.same import concepts_of, knows_name, same_agent
from rag.compare.sides import align_said, align_stances, compare_sides
from rag.compare.stance import Stance
from rag.compare.verdict import Verdict
from rag.compare.where import Site
from rag.compare.who import Agent
from rag.compare.why import CONSEQUENCE_FIT, Cause, fields, is_general
from rag.language.terms import terms

_SPOTS_APART = 0.8
_SURE_SPOT = 0.6
_NAMED_OUTRIGHT = 0.5


def align(first: Answer, second: Answer, frame: Frame) -> Verdict:
    """How two answers from different articles relate."""
    if first.quote == second.quote:
        return Verdict("same", 1.0, "equal wording")
    comparer = _COMPARERS.get(first.content.kind)
    if comparer is None or first.content.kind != second.content.kind:
        return Verdict("unknown", 0.0, "nothing typed to compare")
    return comparer(first, second, frame)


def _sites(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = _all_sites(first.content), _all_sites(second.content)
    if not one or not other:
        return Verdict("unknown", 0.0, "no place")
    words = frozenset(word for site in one for word in site.words)
    other_words = frozenset(word for site in other for word in site.words)
    if first.article.language != second.article.language:
        return across_languages(words, other_words)
    if _crosswise(words, other_words) and not _named_apart(one[0], other[0]):
        if spots_apart(one, other):
            return Verdict("different", _SPOTS_APART, "two spots of one town")
        return Verdict("same", 1.0, "a place is named by both")
    if concepts_of(words) & concepts_of(other_words) and not _named_apart(one[0], other[0]):
        return Verdict("same", _SPOTS_APART, "two words for one kind of place")
    if _may_hold(one, other) or _may_hold(other, one):
        if spots_apart(one, other):
            return Verdict("different", _SPOTS_APART, "two spots of one town")
        return Verdict("compatible", 0.7, "the town may hold the spot")
    if country := _countries(words, other_words):
        return country
    if all(site.is_wide for site in one) or all(site.is_wide for site in other):
        return Verdict("compatible", 0.7, "a wide place may hold the exact one")
    crossing = _mentioned_in(words, second) or _mentioned_in(other_words, first)
    return Verdict("different", 0.5 if crossing else 1.0, "the places differ")


def _named_apart(first: Site, second: Site) -> bool:
    """„im Theater Marwitz“, „im Theater Grafenbrück“: two of one kind with names of their own."""
    return (
        bool(first.names and second.names)
        and not _crosswise(first.names, second.names)
        and _crosswise(first.words - first.names, second.words - second.names)
    )


def spots_apart(first: tuple[Site, ...], second: tuple[Site, ...]) -> bool:
    """„in einer Garage in Rottenbek“, „am Bahnhof von Rottenbek“: only the town is shared."""
    spots = [
        frozenset(
            word
            for site in sites
            for word in site.words - site.names
            if site.is_spot and not site.is_wide and site.fit >= _SURE_SPOT
        )
        for sites in (first, second)
    ]
    return bool(spots[0] and spots[1]) and not _crosswise(*spots)


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


def across_languages(first: frozenset[str], second: frozenset[str]) -> Verdict:
    """Compares words of two languages by the table of concepts."""
    if any(same_word(word, second) for word in first):
        return Verdict("same", 0.8, "a word or name is shared")
    one, other = concepts_of(first), concepts_of(second)
    if not one or not other:
        return Verdict("unknown", 0.0, "named in two languages, not in the table of concepts")
    if one & other:
        return Verdict("same", 0.8, "one concept in two languages")
    return Verdict("different", 0.7, "different concepts in two languages")


def _all_sites(content: Content) -> tuple[Site, ...]:
    return tuple(site for site in (content.value, *content.others) if isinstance(site, Site))


def _mentioned_in(words: frozenset[str], answer: Answer) -> bool:
    bag = word_bag(answer.article.text)
    return any(mentions(word, bag) for word in words if len(word) > 3)


def _agents(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if isinstance(one, Stance) and isinstance(other, Stance):
        return compare_sides(one.sides, other.sides)
    if not (isinstance(one, Agent) and isinstance(other, Agent)):
        return Verdict("unknown", 0.0, "no person or group")
    relation, confidence = same_agent(one, other, first.article, second.article)
    if relation == "different":
        if _named_beside(one, second) or _named_beside(other, first):
            return Verdict("compatible", 0.8, "one is named beside the other")
        crossed = knows_name(one, second.article.text) + knows_name(other, first.article.text)
        confidence *= (1.0, 0.85, 0.5)[crossed]
    return Verdict(relation, confidence, "who did it")


def _named_beside(agent: Agent, answer: Answer) -> bool:
    """„Eine Tochter der Gruppe H., unter dem Namen T. bekannt“: the other's name is told with it.

    Somebody without a name is whom the article names elsewhere.
    """
    told = answer.content.value
    is_nameless = isinstance(told, Agent) and not told.names
    return knows_name(agent, answer.article.text if is_nameless else answer.quote)


def _causes(first: Answer, second: Answer, frame: Frame) -> Verdict:
    one, other = first.content.value, second.content.value
    if not (isinstance(one, Cause) and isinstance(other, Cause)):
        return Verdict("unknown", 0.0, "no cause")
    if min(one.fit, other.fit) <= CONSEQUENCE_FIT:
        return Verdict("unknown", 0.0, "what came of it is no cause")
    if first.article.language != second.article.language:
        return across_languages(one.words, other.words)
    told = (one.nouns, other.nouns) if one.nouns and other.nouns else (one.words, other.words)
    if _share_stem(*told) or _share_stem(*told[::-1]):
        return Verdict("same", 0.9, "a word of the cause is shared")
    if is_general(one) or is_general(other):
        return Verdict("compatible", 0.5, "one cause is only named by its kind")
    if fields(one.words) & fields(other.words) and not (_is_exact(one) and _is_exact(other)):
        return Verdict("compatible", 0.5, "causes of one kind")
    named = sum(cause.fit >= _NAMED_OUTRIGHT for cause in (one, other))
    return Verdict("different", (0.4, 0.55, 0.9)[named], "the causes share nothing")


def _is_exact(cause: Cause) -> bool:
    return bool(cause.nouns) and cause.fit >= 0.8


def _share_stem(words: frozenset[str], others: frozenset[str]) -> bool:
    parts = frozenset(part for word in others for part in (word, *terms(word, "de")))
    return any(
        mentions(part, parts) for word in words for part in {stem_of(word), *terms(word, "de")}
    )


_COMPARERS: dict[str, Callable[[Answer, Answer, Frame], Verdict]] = {
    "number": align_figures,
    "duration": align_figures,
    "date": align_moments,
    "place": _sites,
    "who": _agents,
    "cause": _causes,
    "negation": align_stances,
    "outcome": align_stances,
    "wording": align_said,
}
