"""Systems broken on purpose: a metric that does not notice them is no metric."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from evals.systems import System
from rag.types import (
    Answer,
    CitedSentence,
    Disagreement,
    Passage,
    Position,
    PositionClaim,
    Question,
    Turn,
)

Break = Callable[[Answer, random.Random], Answer]


class Broken:
    """Another system with one thing done wrong, the same way for the same question."""

    def __init__(self, system: System, damage: Break) -> None:
        self.name = damage.__name__
        self.takes_history = system.takes_history
        self._system = system
        self._damage = damage

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """The answer, damaged."""
        chance = random.Random(f"{self.name}:{question.text}")
        return self._damage(self._system.answer(question, history), chance)


def shuffled_citations(answer: Answer, chance: random.Random) -> Answer:
    """Each sentence cites a passage it did not come from."""
    strangers = [p for p in answer.passages if not _is_cited(p, answer)] or list(answer.passages)
    if not strangers:
        return answer
    citations = []
    for citation in answer.citations:
        article = chance.choice(strangers).article
        end = min(len(article.text), len(citation.quote))
        citations.append(
            replace(
                citation,
                article_id=article.article_id,
                source=article.source,
                quote=article.text[:end],
                start_char=0,
                end_char=end,
            )
        )
    return replace(answer, citations=tuple(citations))


def altered_quotes(answer: Answer, chance: random.Random) -> Answer:
    """A word of each quote is another."""
    citations = []
    for citation in answer.citations:
        words = citation.quote.split(" ")
        words[chance.randrange(len(words))] = "Zwetschge"
        citations.append(replace(citation, quote=" ".join(words)))
    return replace(answer, citations=tuple(citations))


def silenced(answer: Answer, chance: random.Random) -> Answer:
    """No disagreement is shown."""
    return replace(answer, disagreements=())


def everything_flagged(answer: Answer, chance: random.Random) -> Answer:
    """Any two passages contradict each other."""
    pairs = zip(answer.passages, answer.passages[1:], strict=False)
    flagged = tuple(_conflict(one, other) for one, other in pairs)
    return replace(answer, disagreements=(*answer.disagreements, *flagged[:5]))


def always_refused(answer: Answer, chance: random.Random) -> Answer:
    """The sources never say anything."""
    return replace(
        answer, status="not_in_sources", text="", sentences=(), citations=(), disagreements=()
    )


def never_refused(answer: Answer, chance: random.Random) -> Answer:
    """There is an answer to everything: if need be, how some article begins."""
    if answer.status != "not_in_sources" or not answer.passages:
        return answer
    text = answer.passages[0].article.text[:120]
    return replace(
        answer,
        status="answered",
        text=text,
        sentences=(CitedSentence(text=text, citations=()),),
    )


def random_retrieval(answer: Answer, chance: random.Random) -> Answer:
    """Passages in any order."""
    passages = list(answer.passages)
    chance.shuffle(passages)
    return replace(
        answer,
        passages=tuple(replace(p, rank=rank) for rank, p in enumerate(passages, 1)),
    )


BREAKS: tuple[Break, ...] = (
    shuffled_citations,
    altered_quotes,
    silenced,
    everything_flagged,
    always_refused,
    never_refused,
    random_retrieval,
)


def _is_cited(passage: Passage, answer: Answer) -> bool:
    return passage.article.article_id in {c.article_id for c in answer.citations}


def _conflict(one: Passage, other: Passage) -> Disagreement:
    return Disagreement(
        aspect="something",
        kind="number",
        status="conflict",
        positions=(_position(one), _position(other)),
        explanation="",
    )


def _position(passage: Passage) -> Position:
    end = min(80, len(passage.article.text))
    quote = passage.article.text[:end]
    claim = PositionClaim(
        article_id=passage.article.article_id,
        source=passage.article.source,
        published_at=passage.article.published_at,
        quote=quote,
        start_char=0,
        end_char=end,
    )
    return Position(value=quote[:20], claims=(claim,))
