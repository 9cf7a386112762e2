"""What a sentence states that its quotes do not hold: amounts, dates, names, negation, outcome.

These are rules without appeal: a sentence that has another figure than its quote is not supported,
however alike the two are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answer.support_negation import slipped_negation
from rag.answer.support_quotes import Quoted
from rag.language.compounds import german_splitter
from rag.language.dates import DateMention, compatible_dates, dates
from rag.language.folding import fold
from rag.language.negation import negations
from rag.language.polarity import outcomes
from rag.language.quantities import Quantity, compatible, quantities
from rag.language.terms import Token, terms, tokens
from rag.types import Language

FactKind = Literal["number", "date", "name", "negation", "outcome"]
_SHARED_PREFIX = 0.6
_SHORTEST_PREFIX = 4
_UPPER = frozenset({"more_than", "at_least"})
_LOWER = frozenset({"less_than", "at_most", "nearly"})


@dataclass(frozen=True, slots=True)
class Missing:
    """Something the sentence says and no quote holds."""

    kind: FactKind
    text: str


def missing_facts(
    sentence: str, language: Language, quotes: Sequence[Quoted]
) -> tuple[Missing, ...]:
    """All of it, in the order amounts, dates, names, negation, outcome."""
    is_same_language = all(each.language == language for each in quotes)
    found = [*_numbers(sentence, language, quotes), *_dates(sentence, language, quotes)]
    if is_same_language:
        found += _names(sentence, language, quotes)
        found += [
            Missing("negation", text) for text in slipped_negation(sentence, language, quotes)
        ]
        found += _outcome(sentence, language, quotes)
    elif bool(negations(sentence, language)) and not any(
        negations(each.quote, each.language) for each in quotes
    ):
        found.append(Missing("negation", negations(sentence, language)[0].text))
    return tuple(found)


def _numbers(sentence: str, language: Language, quotes: Sequence[Quoted]) -> list[Missing]:
    stated = [q for each in quotes for q in quantities(each.quote, each.language)]
    found = [q for q in quantities(sentence, language) if not q.is_weak]
    missing = [
        Missing("number", quantity.text) for quantity in found if not _is_stated(quantity, stated)
    ]
    # Figures that are no amounts: labels, paragraphs, years.
    covered = [(q.start_char, q.end_char) for q in found]
    covered += [(d.start_char, d.end_char) for d in dates(sentence, language)]
    known = _figures(quotes)
    for token in tokens(sentence):
        is_loose = not any(start <= token.start_char < end for start, end in covered)
        if token.text[0].isdigit() and is_loose and not set(terms(token.text, language)) <= known:
            missing.append(Missing("number", token.text))
    return missing


def _figures(quotes: Sequence[Quoted]) -> frozenset[str]:
    """The index terms of all figures, those of the publication dates with them."""
    found = {term for each in quotes for term in terms(each.quote, each.language)}
    found |= {t for each in quotes for t in terms(each.article.published_at or "", "de")}
    return frozenset(term for term in found if term[0].isdigit())


def _is_stated(said: Quantity, stated: Sequence[Quantity]) -> bool:
    """Whether the quotes have the amount, and of the same thing where they count that, too."""
    same = [other for other in stated if _same_amount(said, other)]
    if any(None in (said.counted_stem, o.counted_stem) or said.counted_stem == o.counted_stem
           for o in same):  # fmt: skip
        return True
    # "30 Tote und 12 Verletzte" of "12 Tote und 30 Verletzte".
    return bool(same) and not any(other.counted_stem == said.counted_stem for other in stated)


def _same_amount(said: Quantity, quoted: Quantity) -> bool:
    if said.score is not None or quoted.score is not None:
        return said.score == quoted.score
    if said.unit != quoted.unit and said.unit is not None and quoted.unit is not None:
        return False
    if {said.hedge} & _UPPER and {quoted.hedge} & _LOWER:
        return False
    if {said.hedge} & _LOWER and {quoted.hedge} & _UPPER:
        return False
    if abs(said.value - quoted.value) <= 1e-6 * max(abs(said.value), abs(quoted.value), 1.0):
        return True
    return said.hedge == "about" and compatible(said, quoted) == "equal"


def _dates(sentence: str, language: Language, quotes: Sequence[Quoted]) -> list[Missing]:
    missing = []
    known = _figures(quotes)
    for published in {each.article.published_at for each in quotes} or {None}:
        stated = [
            mention
            for each in quotes
            for mention in dates(each.quote, each.language, each.article.published_at)
        ]
        missing = [
            Missing("date", mention.text)
            for mention in dates(sentence, language, published)
            if not any(_holds_date(other, mention, known) for other in stated)
            and not _is_publication_day(mention, sentence, quotes)
        ]
        if not missing:
            break
    return missing


def _holds_date(quoted: DateMention, said: DateMention, known: frozenset[str]) -> bool:
    """Whether the quote's date says the sentence's: the same, or one within it."""
    agreement = compatible_dates(said, quoted)
    if agreement not in ("equal", "compatible"):
        return False
    if said.weekday is not None and quoted.weekday not in (None, said.weekday):
        return False
    if agreement == "compatible" and not _holds_figures(said.text, known):
        return False
    if said.start and said.end and quoted.start and quoted.end:
        return said.start <= quoted.start and quoted.end <= said.end
    named = [name for name in ("day", "month", "weekday") if getattr(said, name) is not None]
    if said.clock is not None and quoted.clock is None:
        return False
    return all(getattr(quoted, name) is not None for name in named) or quoted.start is not None


def _holds_figures(mention: str, known: frozenset[str]) -> bool:
    """Whether all figures of a mention are known: half past twelve is near one, and not one."""
    return all(
        set(terms(token.text, "de")) <= known
        for token in tokens(mention)
        if token.text[0].isdigit()
    )


def _is_publication_day(said: DateMention, sentence: str, quotes: Sequence[Quoted]) -> bool:
    """Whether it dates the report itself: „Nordblick (3. September 2025): …“."""
    return any(
        said.start is not None
        and said.start == said.end == (each.article.published_at or "")[:10]
        and each.article.outlet in sentence
        for each in quotes
    )


def _names(sentence: str, language: Language, quotes: Sequence[Quoted]) -> list[Missing]:
    known = {
        word
        for each in quotes
        for text in (each.quote, each.before, each.article.title or "", each.article.outlet)
        for word in _folded(text, language)
    }
    dated = [(d.start_char, d.end_char) for d in dates(sentence, language)]
    dated += [(q.start_char, q.end_char) for q in quantities(sentence, language)]
    missing = []
    for place, token in enumerate(tokens(sentence)):
        if any(start <= token.start_char < end for start, end in dated):
            continue
        if not _is_name(token, place, sentence, language):
            continue
        if not any(_is_same_name(word, other) for word in _folded(token.text, language)
                   for other in known):  # fmt: skip
            missing.append(Missing("name", token.text))
    return missing


def _is_name(token: Token, place: int, sentence: str, language: Language) -> bool:
    """Whether a word is a name rather than a noun or a sentence's first word."""
    if not token.text[0].isupper() or len(token.text) < 2:
        return False
    if not terms(token.text, language):
        return False
    is_first = place == 0 or sentence[: token.start_char].rstrip()[-1:] in '„“".:!?»«'
    if language == "de":
        return not _is_german_noun(fold(token.text)) and not (is_first and token.text[1:].islower())
    return not is_first


@lru_cache(maxsize=50_000)
def _is_german_noun(folded: str) -> bool:
    """Whether a word can end a compound: then it is one the lexicon knows, whatever its ending."""
    return bool(german_splitter().parts("haus" + folded))


def _folded(text: str, language: Language) -> set[str]:
    """The words of a text, folded, with their index terms (stems and compound parts)."""
    return {fold(token.text) for token in tokens(text)} | set(terms(text, language))


@lru_cache(maxsize=100_000)
def _is_same_name(left: str, right: str) -> bool:
    """Equal, or with a common beginning: Kiew and Kiews, Russe and Russland."""
    if left == right:
        return True
    shared = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= _SHORTEST_PREFIX and shared >= _SHARED_PREFIX * max(len(left), len(right))


def _outcome(sentence: str, language: Language, quotes: Sequence[Quoted]) -> list[Missing]:
    missing = []
    for said in outcomes(sentence, language):
        same = [o for each in quotes for o in outcomes(each.quote, language)
                if o.topic == said.topic]  # fmt: skip
        if same and all(other.result != said.result for other in same):
            missing.append(Missing("outcome", said.text))
    return missing
