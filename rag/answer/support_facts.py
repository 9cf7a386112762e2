"""What a sentence states that its quotes do not hold: amounts, dates, names, negation, outcome.

These are rules without appeal: a sentence that has another figure than its quote is not supported,
however alike the two are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.support_names import missing_names
from rag.answer.support_negation import slipped_negation
from rag.answer.support_quotes import Quoted
from rag.language.dates import DateMention, compatible_dates, dates
from rag.language.negation import negations
from rag.language.polarity import outcomes
from rag.language.quantities import Quantity, compatible, quantities
from rag.language.terms import terms, tokens
from rag.types import Language

FactKind = Literal["number", "date", "name", "negation", "outcome"]
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
        found += [Missing("name", text) for text in missing_names(sentence, language, quotes)]
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


def _outcome(sentence: str, language: Language, quotes: Sequence[Quoted]) -> list[Missing]:
    missing = []
    for said in outcomes(sentence, language):
        same = [o for each in quotes for o in outcomes(each.quote, language)
                if o.topic == said.topic]  # fmt: skip
        if same and all(other.result != said.result for other in same):
            missing.append(Missing("outcome", said.text))
    return missing
