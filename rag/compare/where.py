"""Where it happened: the place expressions a sentence offers as the answer to "wo"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.compare.directions import ORIGIN, direction_loss
from rag.compare.frame import Frame, is_bare_name, same_word
from rag.compare.lexicon import word_set
from rag.compare.persons import is_person_noun, noun_ends_in
from rag.compare.phrases import Phrase, phrases
from rag.compare.place_kinds import (
    adverbs,
    choices,
    is_anywhere,
    is_no_spot,
    is_spot_noun,
    names_place,
)
from rag.language.folding import fold
from rag.types import Language

_VISITED = re.compile(
    r"\b(?:besuch|bereis|erreich|visit|reach)\w*\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_CAPITALISED = re.compile(r"\b[A-ZÄÖÜ]\w+")
_WITH_ARTICLE = frozenset(["im", "am", "beim", "unterm", "hinterm", "vorm"])
_ABSTRACT = ("ung", "heit", "keit", "schaft", "ion", "tät", "ismus", "nis", "ness", "ment")
_ANY_SPOT = 0.1
_BARE = 2
_NO_BUILDING = 0.3
_NEXT_TO = frozenset(
    {"vor", "vorm", "bei", "beim", "nahe", "unweit", "hinter", "hinterm", "neben", "gegenüber",
     "oberhalb", "unterhalb", "near", "behind", "beside", "opposite"}
)  # fmt: skip
_OF_OFFICE = frozenset({"in", "bei", "aus", "am", "im", "an"})
_CHOSEN_FIT = 0.7
_ADVERB_FIT = 0.65
_NOT_THERE = re.compile(
    r"\b(?:nicht|statt|anstatt|anders\s+als|not|instead\s+of)\s+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Site:
    """A place expression.

    ``words`` are its nouns and names, folded, without the question's; ``names`` those in print;
    ``is_spot`` that a noun says what kind of place it is; ``is_anchor`` that it only places
    another („in der Einfahrt **der Insel**“, „auf einer Sandbank **vor der Insel**“).
    """

    text: str
    start_char: int
    end_char: int
    words: frozenset[str]
    names: frozenset[str]
    is_wide: bool
    fit: float
    is_spot: bool = False
    is_anchor: bool = False


def sites(sentence: str, frame: Frame, language: Language) -> tuple[Site, ...]:
    """The places of a sentence beyond what the question says, best first."""
    tongue: Language = "en" if language == "en" else "de"
    found: list[Site] = []
    previous: Phrase | None = None
    is_chosen = tongue == "de" and _tells_choice(sentence)
    for phrase in phrases(sentence, tongue):
        said = _said(phrase)
        new = frozenset(word for word in said if not same_word(word, frame.topic))
        if new and (_is_place(phrase, previous, sentence, tongue) or _is_visited(phrase, sentence)):
            site = _site(phrase, new, sentence, frame, tongue)
            if _is_denied(sentence, phrase):
                continue
            adjoins = bool(found) and not sentence[found[-1].end_char : site.start_char].strip()
            is_owned = phrase.preposition is None and adjoins
            if previous and _is_of_person(previous, phrase, sentence, tongue):
                site = replace(site, fit=max(0.0, site.fit - ORIGIN))
            if is_owned and found[-1].is_spot:
                site = replace(site, is_spot=True, fit=max(site.fit, found[-1].fit))
            found.append(replace(site, is_anchor=adjoins or phrase.preposition in _NEXT_TO))
        elif new and is_chosen and _is_chosen(phrase):
            site = _site(phrase, new, sentence, frame, tongue)
            found.append(replace(site, fit=_CHOSEN_FIT))
        previous = phrase
    if tongue == "de":
        found += _adverbs(sentence)
    found.sort(key=lambda site: (-site.fit, site.is_anchor, site.start_char))
    return tuple(found)


def _is_of_person(before: Phrase, phrase: Phrase, sentence: str, language: Language) -> bool:
    """„einst General in Moravnien“: where somebody holds an office."""
    is_bare = before.preposition is None and before.determiner is None
    return (
        is_bare
        and bool(before.heads)
        and is_person_noun(before.heads[0], language)
        and phrase.preposition in _OF_OFFICE
        and not sentence[before.end_char : phrase.start_char].strip()
    )


def _is_denied(sentence: str, phrase: Phrase) -> bool:
    """„nicht auf der Rennbahn“, „statt im Rathaus“: where it is not."""
    return bool(_NOT_THERE.search(sentence[: phrase.start_char]))


def _tells_choice(sentence: str) -> bool:
    """„Schauplatz ist der Schlachthof“, „entschied sich für Quellstadt“."""
    return bool(choices().search(sentence)) or any(
        names_place(word) for word in _CAPITALISED.findall(sentence)
    )


def _is_chosen(phrase: Phrase) -> bool:
    """A place without a preposition of place: subject or object of what tells the choice."""
    if phrase.preposition not in (None, "für", "auf", "als"):
        return False
    if any(names_place(head) or _is_time(head, "de") for head in phrase.heads):
        return False
    is_group = bool(phrase.heads) and is_person_noun(phrase.heads[0], "de")
    if is_group and not _is_spot(phrase.heads[0], "de"):
        return False
    is_spot = any(_is_spot(head, "de") for head in phrase.heads)
    return is_spot or (phrase.preposition == "für" and bool(phrase.names))


def _adverbs(sentence: str) -> list[Site]:
    """„zu Hause“, „auf offener See“: no noun phrase says where."""
    return [
        Site(
            text=match.group(),
            start_char=match.start(),
            end_char=match.end(),
            words=frozenset({word}),
            names=frozenset(),
            is_wide=False,
            fit=_ADVERB_FIT,
            is_spot=True,
        )
        for pattern, word in adverbs()
        for match in pattern.finditer(sentence)
    ]


def _said(phrase: Phrase) -> tuple[str, ...]:
    return tuple(fold(word) for word in (*phrase.heads, *phrase.names))


def _is_place(phrase: Phrase, previous: Phrase | None, sentence: str, language: Language) -> bool:
    if any(_is_time(head, language) for head in phrase.heads):
        return False
    if phrase.heads and noun_ends_in(phrase.heads[0], "no_places", language):
        return False
    if language == "de" and phrase.heads and is_no_spot(phrase.heads[0]) and not phrase.names:
        return False
    if phrase.preposition in word_set("place_prepositions", language):
        return not (
            phrase.heads
            and is_person_noun(phrase.heads[0], language)
            and not noun_ends_in(phrase.heads[0], "place_endings", language)
            and not (language == "de" and is_spot_noun(phrase.heads[0]))
        )
    # "im Garten des Pfarrhauses": a genitive behind a place names the place, too.
    return bool(
        previous
        and previous.preposition in word_set("place_prepositions", language)
        and phrase.preposition is None
        and phrase.determiner in word_set("genitive_articles", language)
        and sentence[previous.end_char : phrase.start_char].strip() == ""
    )


def _is_visited(phrase: Phrase, sentence: str) -> bool:
    """„besuchte Norwegen“: a place without a preposition."""
    return bool(
        phrase.names
        and phrase.preposition is None
        and phrase.determiner is None
        and _VISITED.search(sentence[: phrase.start_char])
    )


def _is_time(lemma: str, language: Language) -> bool:
    return noun_ends_in(lemma, "time_nouns", language)


def _bare_names(phrase: Phrase) -> tuple[str, ...]:
    """„in Auhagen“, „im Theater Harzau“: the name of a place that the tagger takes for a noun."""
    words = phrase.text.split()
    if len(words) > 2 and words[-2][0].isupper() and is_bare_name(words[-1]):
        return (words[-1],)
    is_bare = phrase.determiner is None and phrase.preposition in ("in", "bei", "nach", "aus")
    if not is_bare or len(words) != 2 or not is_bare_name(words[1]):
        return ()
    return (words[1],)


def _is_concrete(phrase: Phrase, language: Language) -> bool:
    """A thing with an article or adjective behind "in", "auf" …, as an abstract noun seldom is."""
    if phrase.preposition not in word_set("spot_prepositions", language) or not phrase.heads:
        return False
    if phrase.heads[0].endswith(_ABSTRACT) or is_person_noun(phrase.heads[0], language):
        return False
    return phrase.determiner is not None or phrase.preposition in _WITH_ARTICLE


def _is_wide(phrase: Phrase, language: Language) -> bool:
    """A district or the like, or „im Norden“; not „im Fernen Osten Russlands“."""
    if phrase.heads[0] in word_set("compass", language):
        return len(phrase.text.split()) <= _BARE
    return phrase.heads[0] in word_set("wide_places", language)


def _is_spot(word: str, language: Language) -> bool:
    """Whether a noun says what kind of place it is."""
    return (language == "de" and is_spot_noun(word)) or any(
        noun_ends_in(word, listed, language) for listed in ("place_endings", "wide_places")
    )


def _site(
    phrase: Phrase, new: frozenset[str], sentence: str, frame: Frame, language: Language
) -> Site:
    fit = 0.4
    with_article = phrase.determiner is not None or phrase.preposition in _WITH_ARTICLE
    # „im Grandhotel Bellarive“: an unknown compound taken for a name; towns have no article.
    kinds = {name for name in phrase.names if with_article and _is_spot(name.lower(), language)}
    is_spot = bool(kinds) or any(_is_spot(head, language) for head in phrase.heads)
    if is_spot:
        fit += 0.35
    named = tuple(name for name in phrase.names if name not in kinds) or _bare_names(phrase)
    if named and phrase.preposition in (None, "in", "bei", "nach", "at", "near"):
        fit += 0.2
    if not is_spot and not named:
        # Anything can be a place: "in einem Wohnmobil", "auf der Zielgeraden".
        fit += _ANY_SPOT if _is_concrete(phrase, language) else -0.2
    if not is_spot and frame.focus in word_set("buildings", "de"):
        fit -= _NO_BUILDING  # "in Peking" does not say in which building
    fit -= direction_loss(phrase, sentence, frame, is_thing=is_spot and not named)
    return Site(
        text=sentence[phrase.start_char : phrase.end_char],
        start_char=phrase.start_char,
        end_char=phrase.end_char,
        words=new,
        names=new & frozenset(fold(name) for name in named),
        is_wide=bool(phrase.heads) and (_is_wide(phrase, language) or is_anywhere(phrase.heads[0])),
        fit=max(0.0, min(1.0, fit)),
        is_spot=is_spot,
    )
