"""Outcomes a sentence states — accepted or rejected, won or lost — with their negation.

Two sources that say „lehnte ab“ and „stimmte zu“ share hardly a word; the table of opposites
(``rag/data/lexicon/outcomes.txt``) puts both under one topic with opposite sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.language.idioms import Hit, idiom_hits
from rag.language.lexicon import word_set
from rag.language.negation import Negation, clause_bounds, is_negator, negations, scope
from rag.language.outcome_lexicon import Form, Table, outcome_table
from rag.language.particles import separated_particle
from rag.language.words import Word, lower_at, words
from rag.types import Language

__all__ = ["Modality", "Negation", "OutcomeMention", "agreeing", "negations", "opposed", "outcomes"]

Modality = Literal["asserted", "intended", "possible", "open"]
_PHRASE_GAP = 7
_SHORTEST_COMPOUND_PART = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeMention:
    """An outcome in ``text[start_char:end_char]`` (with a separated particle: up to that).

    ``side`` is the side of the word, ``is_negated`` turns it around; ``result`` is both together.
    ``modality``: asserted, wanted, possible or left open. ``form`` tells verbs from nouns.
    """

    topic: str
    side: int
    is_negated: bool
    start_char: int
    end_char: int
    text: str
    verb: str
    form: Form
    modality: Modality = "asserted"

    @property
    def result(self) -> int:
        """+1 or -1: the side with its negation applied."""
        return -self.side if self.is_negated else self.side


@lru_cache(maxsize=4096)
def outcomes(text: str, language: Language) -> tuple[OutcomeMention, ...]:
    """All outcomes of a sentence, in order."""
    found = words(text)
    tongue = "en" if language == "en" else "de"
    hits = sorted(_hits(found, outcome_table(tongue), tongue), key=lambda hit: (hit.first, hit[0]))
    reversals = [hit for hit in hits if hit.outcome.topic == "reversal"]
    scopes = [
        (index, *scope(found, index, tongue))
        for index in range(len(found))
        if is_negator(found, index, tongue)
    ]
    return tuple(
        _mention(text, found, hit, reversals, scopes)
        for hit in _without_repeats(hits)
        if hit.outcome.topic not in ("reversal", "ignored")
    )


def opposed(first: OutcomeMention, second: OutcomeMention) -> bool:
    """Whether two mentions are of one topic and come out on opposite sides."""
    return first.topic == second.topic and first.result != second.result


def agreeing(first: OutcomeMention, second: OutcomeMention) -> bool:
    """Whether two mentions are of one topic and come out on the same side."""
    return first.topic == second.topic and first.result == second.result


def _without_repeats(hits: list[Hit]) -> list[Hit]:
    """One mention per topic and place: a phrase wins over the words inside it."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (_rank(hit), hit.first)):
        overlaps = any(
            other.outcome.topic in (hit.outcome.topic, "ignored")
            and hit.first < other.last
            and other.first < hit.last
            for other in kept
        )
        if not overlaps:
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.first, hit.outcome.topic))


def _rank(hit: Hit) -> int:
    """Idioms that state no outcome come first, then phrases, then single words."""
    if hit.outcome.topic == "ignored":
        return 0
    return 1 if hit.outcome.form == "phrase" else 2


def _hits(found: tuple[Word, ...], table: Table, tongue: str) -> Iterator[Hit]:
    for index, word in enumerate(found):
        if not word.is_word:
            continue
        yield from _phrase_hits(found, index, table)
        if word.is_capitalised and tongue == "de" and not (index == 0 and word.text == "Aus"):
            yield from _noun_hits(found, index, table)
        if tongue == "en":
            for outcome in table.nouns.get(word.lower, ()):
                yield Hit(outcome, index, index + 1)
        if not word.is_capitalised or index == 0 or tongue == "en":
            yield from _word_hits(found, index, table, tongue)
    yield from _bag_hits(found, table)
    yield from idiom_hits(found, table)


def _phrase_hits(found: tuple[Word, ...], index: int, table: Table) -> Iterator[Hit]:
    for phrase, outcome in table.phrases.get(found[index].lower, ()):
        last = _phrase_end(found, index, phrase)
        if last is not None:
            yield Hit(outcome, index, last)


def _phrase_end(found: tuple[Word, ...], index: int, phrase: tuple[str, ...]) -> int | None:
    at = index
    for position, part in enumerate(phrase):
        if part == "...":
            limit = min(at + _PHRASE_GAP, len(found) - 1)
            rest = phrase[position + 1]
            at = next((near for near in range(at, limit + 1) if found[near].lower == rest), -1)
            if at < 0:
                return None
        elif lower_at(found, at) != part:
            return None
        else:
            at += 1
    return at


def _noun_hits(found: tuple[Word, ...], index: int, table: Table) -> Iterator[Hit]:
    lower = found[index].lower
    for start in range(max(len(lower) - _SHORTEST_COMPOUND_PART, 0) + 1):
        listed = table.nouns.get(lower[start:])
        if listed and (start == 0 or len(lower) - start > _SHORTEST_COMPOUND_PART):
            yield from (
                Hit(outcome, index, index + 1) for outcome in listed if outcome.topic != "ignored"
            )
            return


def _word_hits(found: tuple[Word, ...], index: int, table: Table, tongue: str) -> Iterator[Hit]:
    lower = found[index].lower
    particle = separated_particle(found, index) if tongue == "de" else None
    for prefix, outcome in table.separable.get(lower, ()):
        if particle is not None and found[particle].lower == prefix:
            yield Hit(outcome, index, particle + 1)
    for outcome in table.words.get(lower, ()):
        if outcome.form == "finite" and particle is not None:
            continue  # „schloss … aus“ is no „schloss“
        if not _is_supposed(found, index):
            yield Hit(outcome, index, index + 1)


def _is_supposed(found: tuple[Word, ...], index: int) -> bool:
    """„es wird angenommen, dass“: assumed, not accepted."""
    is_assumed = found[index].lower == "angenommen" and lower_at(found, index + 1) == ","
    return is_assumed and lower_at(found, index + 2) == "dass"


def _bag_hits(found: tuple[Word, ...], table: Table) -> Iterator[Hit]:
    spoken = {word.lower: index for index, word in enumerate(found)}
    for bag, outcome in table.bags:
        if all(word in spoken for word in bag):
            places = sorted(spoken[word] for word in bag)
            if places[-1] - places[0] <= 3 * _PHRASE_GAP:
                yield Hit(outcome, places[0], places[-1] + 1)


def _mention(
    text: str,
    found: tuple[Word, ...],
    hit: Hit,
    reversals: list[Hit],
    scopes: list[tuple[int, int, int]],
) -> OutcomeMention:
    start, end = found[hit.first].start_char, found[hit.last - 1].end_char
    negated = sum(_reaches(found, hit, *reach) for reach in scopes) % 2 == 1
    if any(_turns(found, reversal, hit) for reversal in reversals):
        negated = not negated
    return OutcomeMention(
        topic=hit.outcome.topic,
        side=hit.outcome.side,
        is_negated=negated,
        start_char=start,
        end_char=end,
        text=text[start:end],
        verb=hit.outcome.lemma,
        form=hit.outcome.form,
        modality=_modality(found, hit),
    )


def _reaches(found: tuple[Word, ...], hit: Hit, negator: int, first: int, last: int) -> bool:
    if hit.first <= negator < hit.last and hit.outcome.form == "phrase":
        # „stimmt nicht“ holds its own negation, „muss ... zahlen“ may have one put in
        return found[negator].lower not in hit.outcome.lemma.lower().split()
    return any(first <= at < last for at in (hit.first, hit.last - 1))


def _turns(found: tuple[Word, ...], reversal: Hit, hit: Hit) -> bool:
    """Whether a reversal turns this outcome: a noun near it, or an infinitive it governs."""
    if reversal.first < hit.last and hit.first < reversal.last:
        is_inside_bag = reversal.last - reversal.first > 1 and hit.outcome.form == "noun"
        if not is_inside_bag:
            return False
    if hit.outcome.form == "noun":
        before = [at for at in (hit.first - 1, hit.first - 2) if lower_at(found, at) == "gegen"]
        if any(not reversal.first <= at < reversal.last for at in before):
            return False  # „Die Klage gegen den Rauswurf blieb erfolglos“: the complaint did
        return abs(hit.first - reversal.first) <= 2 * _PHRASE_GAP
    if hit.outcome.form != "infinitive" or hit.first < reversal.last:
        return False
    between = {found[at].lower for at in range(reversal.last, hit.last)}
    return bool(between & {"zu", "um"}) or "zu" in found[hit.first].lower


def _modality(found: tuple[Word, ...], hit: Hit) -> Modality:
    first, last = clause_bounds(found, hit.first)
    spoken = {found[at].lower for at in range(first, max(last, hit.last))}
    is_weighed = any(found[at].lower in ("weder", "neither") for at in range(hit.last))
    if is_weighed or spoken & word_set("negation", "open"):
        return "open"  # „weder bestätigen noch dementieren“ takes no side
    if "können" in hit.outcome.lemma.split():
        spoken -= {"kann", "können"}  # „damit können wir leben“ is the idiom's own word
    if spoken & word_set("negation", "possible"):
        return "possible"
    return "intended" if spoken & word_set("negation", "intended") else "asserted"
