"""Citations by span, in the sense of ALCE, without a judge.

Extractive sentences are (framed) quotes, so whether a quote supports a sentence can be decided by
words: a sentence is *supported* when the quotes it cites exist and hold most of its words; a
citation is *precise* when its quote exists and shares enough words with the sentence it stands
behind. Words that only frame (the outlet, that sources differ) do not count.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evals.metrics.tally import UNSCORED, Tally, share
from evals.metrics.texts import matches, words

SUPPORTED_FROM = 0.6
"""Share of a sentence's words that its quotes must hold; the rest is naming who says it."""
PRECISE_FROM = 0.4
"""Share of the shorter of quote and sentence that both must hold."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with its place, as cited or as wanted."""

    article_id: str
    quote: str
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the answer and the quotes it rests on."""

    text: str
    quotes: tuple[Quoted, ...]
    framing: tuple[str, ...] = ()

    @property
    def said(self) -> list[str]:
        """Its words, less those that only say who says it or that sources differ."""
        frame = {word for text in self.framing for word in words(text)}
        return [word for word in words(self.text) if word not in frame]


def exists(quoted: Quoted, texts: Mapping[str, str]) -> bool:
    """Whether the article holds exactly this quote at exactly this place."""
    text = texts.get(quoted.article_id)
    return text is not None and text[quoted.start_char : quoted.end_char] == quoted.quote != ""


def quote_exists(quotes: Sequence[Quoted], texts: Mapping[str, str]) -> Tally:
    """Share of the quotes that exist as shown."""
    return share(exists(quoted, texts) for quoted in quotes)


def citation_recall(statements: Sequence[Statement], texts: Mapping[str, str]) -> Tally:
    """Share of the sentences that their own quotes support."""
    return share(_is_supported(statement, texts) for statement in statements)


def citation_precision(statements: Sequence[Statement], texts: Mapping[str, str]) -> Tally:
    """Share of the citations that bear on the sentence they stand behind."""
    return share(
        exists(quoted, texts) and _bears(quoted.quote, statement.said)
        for statement in statements
        for quoted in statement.quotes
    )


def evidence_recall(cited: Sequence[Quoted], wanted: Sequence[Sequence[Quoted]]) -> Tally:
    """Share of the evidence that was cited; each is a list of equal places (wire copies)."""
    return share(any(_overlap(c, w) for c in cited for w in places) for places in wanted)


def evidence_precision(
    cited: Sequence[Quoted], wanted: Sequence[Sequence[Quoted]], nuggets: Sequence[str]
) -> Tally:
    """Share of the citations that touch known evidence or hold a nugget.

    Case files name enough evidence, not all of it: words that hold a nugget are as good.
    """
    if not wanted and not nuggets:
        return UNSCORED
    places = [place for group in wanted for place in group]
    return share(
        any(_overlap(c, place) for place in places) or matches(nuggets, c.quote) for c in cited
    )


def coverage(shown: Collection[str], wanted: Collection[str]) -> float | None:
    """Share of the outlets wanted that are shown."""
    return len(set(shown) & set(wanted)) / len(set(wanted)) if wanted else None


def _is_supported(statement: Statement, texts: Mapping[str, str]) -> bool:
    said = statement.said
    held = {
        word for quoted in statement.quotes if exists(quoted, texts) for word in words(quoted.quote)
    }
    return bool(said) and sum(word in held for word in said) / len(said) >= SUPPORTED_FROM


def _bears(quote: str, sentence_words: Sequence[str]) -> bool:
    quoted, said = set(words(quote)), set(sentence_words)
    shorter = min(len(quoted), len(said))
    return bool(shorter) and len(quoted & said) / shorter >= PRECISE_FROM


def _overlap(one: Quoted, other: Quoted) -> bool:
    return (
        one.article_id == other.article_id
        and one.start_char < other.end_char
        and other.start_char < one.end_char
    )
