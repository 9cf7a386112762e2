"""Who did it: the persons and groups that a sentence offers as the answer to "wer"."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from rag.compare.acts import acts_asked, acts_told, names_only_doer
from rag.compare.frame import Frame, same_word
from rag.compare.lexicon import word_set
from rag.compare.persons import is_person_noun
from rag.compare.phrases import Phrase, Tagged, phrases, tag
from rag.compare.setting import asks_sex
from rag.compare.sources import source_clauses
from rag.compare.wordings import Mention
from rag.language.folding import fold
from rag.language.speech import Attribution, attribution
from rag.types import Language

_SHORT_VERB = 4
_IN_SOURCE = 0.4
_PRONOUNS = frozenset({"er", "sie"})
_SURELY_ACTS, _BY_PRONOUN = 0.7, 0.75
_CHILDREN = frozenset({"kind", "junge", "jungen", "madchen", "bub", "buben", "kleinkind", "baby"})
"""„Das Kind“ is no other than the boy the question asks about."""
_IN_ASKED_CLAUSE = 0.1
_OUTSIDE_ASKED_CLAUSE = 0.25
_EQUATED = 0.2
_ACT_UNTOLD, _POINTED_AT, _NAMES_NOBODY = 0.2, 0.3, 0.3


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or group named in a sentence; ``fit`` says how well it answers, 0..1.

    ``is_told``: not in a sentence that tells nothing of the act the question asks about.
    """

    text: str
    start_char: int
    end_char: int
    names: tuple[str, ...]
    heads: tuple[str, ...]
    fit: float
    is_told: bool = True


def agents(sentence: str, frame: Frame, language: Language, before: str = "") -> tuple[Agent, ...]:
    """The persons and groups of a sentence that are not in the question, best first.

    Where it names nobody who did it but says "er" or "sie", whom the sentence before it names.
    """
    found = _named(sentence, frame, language)
    if language == "de" and before and (not found or found[0].fit < _SURELY_ACTS):
        spoken = _spoken_of(sentence, before, frame)
        found = (spoken, *found) if spoken else found
    return found


def _spoken_of(sentence: str, before: str, frame: Frame) -> Agent | None:
    """The one person of the sentence before, in the place of the pronoun."""
    pronoun = next((word for word in tag(sentence, "de") if word.text.lower() in _PRONOUNS), None)
    if pronoun is None:
        return None
    told = [agent for agent in _named(before, frame, "de", ()) if agent.fit >= _SURELY_ACTS]
    fits = [agent for agent in told if _may_be(agent, pronoun.text.lower())]
    if len(fits) != 1:
        return None
    acts = acts_asked(frame.question.text)
    is_told = not acts or bool(acts_told(sentence, acts))
    return replace(
        fits[0],
        is_told=is_told,
        start_char=pronoun.start_char,
        end_char=pronoun.end_char,
        fit=_BY_PRONOUN,
    )


def _may_be(agent: Agent, pronoun: str) -> bool:
    is_female = any(head.endswith("in") for head in agent.heads) or agent.text.startswith(
        ("Die ", "die ", "Eine ", "eine ")
    )
    return is_female == (pronoun == "sie")


def _named(
    sentence: str, frame: Frame, language: Language, acts: Collection[str] | None = None
) -> tuple[Agent, ...]:
    tongue: Language = "en" if language == "en" else "de"
    words = tag(sentence, tongue)
    passive = _is_passive(words, tongue)
    asks_subject = not _asks_object(frame)
    found = []
    source = attribution(sentence, tongue)
    acts = acts_asked(frame.question.text) if acts is None else frozenset(acts)
    found_phrases = phrases(sentence, tongue)
    doers = [
        phrase for phrase in found_phrases if phrase.nominative and _is_only_doer(phrase, acts)
    ]
    told = acts_told(sentence, acts) + tuple(
        Mention("role", phrase.start_char, phrase.end_char) for phrase in doers
    )
    is_equated = bool(doers) and _equates(words, tongue)
    clause = _asked_clause(words, frame) or _told_clause(words, told)
    sources = source_clauses(sentence, tongue)
    for order, phrase in enumerate(found_phrases):
        if not _can_act(phrase, tongue) or _known(phrase, frame) or _is_source(phrase, source):
            continue
        if _is_other_sex(phrase, frame):
            continue
        fit = _fit(phrase, words, passive=passive, asks_subject=asks_subject, language=tongue)
        if any(start <= phrase.start_char < end for start, end in sources):
            fit -= _IN_SOURCE
        if _is_only_doer(phrase, acts):
            fit -= _NAMES_NOBODY
        elif is_equated and phrase.nominative:
            fit += _EQUATED
        if acts and not told:
            fit -= _ACT_UNTOLD
        if _is_pointed_at(phrase, words, told):
            fit += _POINTED_AT
        if clause is not None:
            inside = clause[0] <= phrase.first_word < clause[1]
            fit = min(1.0, fit + _IN_ASKED_CLAUSE) if inside else fit - _OUTSIDE_ASKED_CLAUSE
        agent = _agent(phrase, sentence, words, max(0.0, fit))
        agent = replace(agent, is_told=bool(told) or not acts)
        found.append((fit - 0.02 * order, agent))
    found.sort(key=lambda item: (-item[0], item[1].start_char))
    return tuple(agent for _, agent in found)


def _is_other_sex(phrase: Phrase, frame: Frame) -> bool:
    """„Der Kenianer“ where the question asks who won among the women."""
    sex = asks_sex(frame)
    if sex is None or not phrase.nominative or not phrase.heads:
        return False
    return phrase.determiner == "der" if sex == 0 else phrase.heads[0].endswith("in")


def _asked_clause(words: tuple[Tagged, ...], frame: Frame) -> tuple[int, int] | None:
    """The words of the clause that holds the question's own verb, where one does."""
    asked = frozenset(fold(verb) for verb in frame.verbs if len(verb) > _SHORT_VERB)
    at = next(
        (
            place
            for place, word in enumerate(words)
            if asked
            and word.category in ("verb", "adj", "other")
            and same_word(fold(word.lemma), asked)
        ),
        None,
    )
    if at is None:
        return None
    marks = [place for place, word in enumerate(words) if word.text in ",;:–—"]
    start = max((mark for mark in marks if mark < at), default=0)
    if start and words[start + 1].category == "pron":
        # „Es war der Wirt, der …“: the relative clause speaks of what stands before it.
        start = max((mark for mark in marks if mark < start), default=0)
    end = min((mark for mark in marks if mark > at), default=len(words))
    return start, end


def _told_clause(words: tuple[Tagged, ...], told: tuple[Mention, ...]) -> tuple[int, int] | None:
    """The words of the sentence between the marks around where the act is told."""
    if not told:
        return None
    marks = [word.start_char for word in words if word.text in ";:–—"]
    first, last = told[0].start, told[0].end
    begin = max((mark for mark in marks if mark < first), default=-1)
    stop = min((mark for mark in marks if mark >= last), default=words[-1].end_char)
    inside = [place for place, word in enumerate(words) if begin <= word.start_char < stop]
    return (inside[0], inside[-1] + 1) if inside else None


def _is_only_doer(phrase: Phrase, acts: frozenset[str]) -> bool:
    """„Neuer Eigentümer ist …“: whoever bought it, by no name."""
    return (
        not phrase.names
        and bool(phrase.heads)
        and all(names_only_doer(head, acts) for head in phrase.heads)
    )


def _equates(words: tuple[Tagged, ...], language: Language) -> bool:
    """„Neuer Eigentümer ist/wird/heißt …“."""
    equal = {"be", "become"} if language == "en" else {"sein", "werden", "heißen", "bleiben"}
    return any(word.category in ("aux", "verb") and word.lemma in equal for word in words)


def _is_pointed_at(phrase: Phrase, words: tuple[Tagged, ...], told: tuple[Mention, ...]) -> bool:
    """„Der Preis ging an …“: the wording of the act ends in the preposition of who did it."""
    if phrase.preposition is None:
        return False
    end = words[phrase.first_word].end_char
    return any(mention.end == end for mention in told)


def _is_source(phrase: Phrase, source: Attribution) -> bool:
    """„nach Angaben der Polizei“: the phrase names who says it."""
    if source.signal != "source" or source.speaker_start is None or source.speaker_end is None:
        return False
    return phrase.start_char < source.speaker_end and source.speaker_start < phrase.end_char


def _can_act(phrase: Phrase, language: Language) -> bool:
    if phrase.heads and phrase.heads[0] in word_set("time_nouns", language):
        return False
    nouns = [head for head in phrase.heads if is_person_noun(head, language)]
    nominalised = phrase.text.rstrip("n").endswith(("ährige", "ähriger"))
    return bool(phrase.names) or bool(nouns) or nominalised


def _known(phrase: Phrase, frame: Frame) -> bool:
    """Everything the phrase says is in the question already."""
    said = [fold(name) for name in phrase.names] or [fold(head) for head in phrase.heads]
    if said and all(word in _CHILDREN for word in said) and not phrase.names:
        return any(child in topic for topic in frame.topic for child in _CHILDREN)
    return bool(said) and all(same_word(word, frame.topic) for word in said)


def _asks_object(frame: Frame) -> bool:
    first = frame.question.text.lower().split()[:2]
    return any(word in ("wen", "wem", "whom", "gegen", "an", "mit", "für") for word in first)


def _is_passive(words: tuple[Tagged, ...], language: Language) -> bool:
    lemmas = {word.lemma for word in words if word.category == "aux"}
    return bool(lemmas & ({"be"} if language == "en" else {"werden", "sein"}))


def _fit(
    phrase: Phrase,
    words: tuple[Tagged, ...],
    *,
    passive: bool,
    asks_subject: bool,
    language: Language,
) -> float:
    fit = 0.35
    by = ("by",) if language == "en" else ("von", "vom", "durch")
    if phrase.names:
        fit += 0.15 if len(phrase.names) == 1 else 0.2
    if words[phrase.first_word].category == "card":
        fit -= 0.05
    if any(is_person_noun(head, language) for head in phrase.heads):
        fit += 0.1
    if phrase.preposition is None:
        fit += 0.25 if phrase.nominative or not asks_subject else -0.05
    elif phrase.preposition in by and passive and not _is_attribute(phrase, words):
        fit += 0.2
    elif phrase.preposition in ("an", "to") or not asks_subject:
        fit += 0.0
    else:
        fit -= 0.25
    if _reports(phrase, words, language):
        fit -= 0.3
    return max(0.0, min(1.0, fit))


def _is_attribute(phrase: Phrase, words: tuple[Tagged, ...]) -> bool:
    """„in der Mensa von Ruhmannsau“: a bare name behind a noun says whose or where it is."""
    before = words[phrase.first_word - 1] if phrase.first_word else None
    is_bare = len(phrase.names) == 1 and not phrase.heads and phrase.determiner is None
    return is_bare and before is not None and before.category == "noun"


def _reports(phrase: Phrase, words: tuple[Tagged, ...], language: Language) -> bool:
    """The phrase is who says it ("wie eine Sprecherin sagte"), not who did it."""
    around = (
        _to_the_comma(words[phrase.last_word : phrase.last_word + 6])
        + words[max(0, phrase.first_word - 2) : phrase.first_word]
    )
    says = word_set("verbs_of_saying", language)
    return any(word.lemma in says for word in around if word.category in ("verb", "part", "other"))


def _to_the_comma(words: tuple[Tagged, ...]) -> tuple[Tagged, ...]:
    """„… wird der Notenbanker Orquist, teilte das Amt mit“: he is not who says it."""
    stop = next((place for place, word in enumerate(words) if word.text == ","), len(words))
    return words[:stop] if stop else words


def _agent(phrase: Phrase, sentence: str, words: tuple[Tagged, ...], fit: float) -> Agent:
    start = phrase.start_char
    if phrase.preposition:
        start = words[phrase.first_word].end_char + 1
    text = sentence[start : phrase.end_char]
    return Agent(
        text=text,
        start_char=start,
        end_char=phrase.end_char,
        names=phrase.names,
        heads=phrase.heads,
        fit=fit,
    )
