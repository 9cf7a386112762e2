"""What a sentence claims by itself, without a question: figures, clock times, sides, who and where.

Used where no question says what matters: two sentences are compared when they say nearly the same
in nearly the same words, and differ in one typed value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rag.compare.side import Side, sides_of
from rag.language.dates import DateMention, dates
from rag.language.folding import fold
from rag.language.names import names
from rag.language.quantities import quantities
from rag.language.quantity_values import Quantity
from rag.language.terms import terms
from rag.types import Language

_MIN_WEIGHT = 0.6
_SKIPPED_KINDS = frozenset({"ordinal", "age"})


@dataclass(frozen=True, slots=True)
class SentenceClaims:
    """The typed contents of one sentence.

    ``words`` are its index terms without figures; ``names`` the keys of the names of
    places, persons and organisations it mentions.
    """

    text: str
    language: Language
    words: frozenset[str]
    names: frozenset[str]
    figures: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    published_at: str | None


@lru_cache(maxsize=20_000)
def claims_of(text: str, language: Language, published_at: str | None = None) -> SentenceClaims:
    """The typed contents of a sentence."""
    return SentenceClaims(
        text=text,
        language=language,
        words=frozenset(term for term in terms(text, language) if not term[0].isdigit()),
        names=frozenset(fold(name.text) for name in names(text, language) if name.key),
        figures=tuple(
            quantity
            for quantity in quantities(text, language)
            if quantity.kind not in _SKIPPED_KINDS
            and not quantity.is_weak
            and not quantity.is_former
        ),
        dates=dates(text, language, published_at),
        published_at=published_at,
    )


@lru_cache(maxsize=20_000)
def sides_in(claims: SentenceClaims) -> tuple[Side, ...]:
    """The sides the sentence takes; read only for sentences that are alike in their words."""
    return tuple(
        side for side in sides_of(claims.text, claims.language, None) if side.weight >= _MIN_WEIGHT
    )
