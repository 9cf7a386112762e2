"""A system that answers from the case files: the ceiling of every metric, and what tests break.

It cites the evidence of a case, shows the disagreements that are expected and refuses what the
sources do not answer. Where it does not reach 1, a case file asks for what cannot be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.schema import Case, ExpectedDisagreement, Side
from rag.types import (
    Answer,
    Article,
    Chunk,
    Citation,
    CitedSentence,
    Coverage,
    Disagreement,
    Passage,
    Position,
    PositionClaim,
    Question,
    Run,
    Scores,
    Span,
    Turn,
)

_UNKNOWN = Case(case_id="unknown", question="?", expected_status="not_in_sources")


class Oracle:
    """Knows the answers."""

    name = "oracle"
    takes_history = True

    def __init__(self, cases: Sequence[Case], articles: Sequence[Article]) -> None:
        self._cases = {case.case_id: case for case in cases}
        self._articles = {article.article_id: article for article in articles}

    def answer(self, question: Question, history: Sequence[Turn] = ()) -> Answer:
        """What the case file wants."""
        case = self._cases.get(str(question.question_id), _UNKNOWN)
        citations = tuple(
            _citation(marker, self._articles[e.article_id], e.quote)
            for marker, e in enumerate(case.evidence, 1)
        )
        sentences = tuple(
            CitedSentence(text=citation.quote, citations=(citation.marker,))
            for citation in citations
        )
        return Answer(
            question=question,
            status=case.expected_status,
            text=" ".join(f"{c.quote} [{c.marker}]" for c in citations),
            sentences=sentences,
            citations=citations,
            disagreements=tuple(
                _disagreement(expected, self._articles) for expected in case.disagreements
            ),
            coverage=_coverage(citations),
            run=_run(),
            passages=self._passages(case),
        )

    def _passages(self, case: Case) -> tuple[Passage, ...]:
        wanted = list(dict.fromkeys(e.article_id for e in case.evidence))
        others = [article_id for article_id in self._articles if article_id not in wanted]
        return tuple(
            whole_article(self._articles[article_id], rank)
            for rank, article_id in enumerate([*wanted, *others], 1)
        )


def whole_article(article: Article, rank: int) -> Passage:
    """An article as one passage."""
    end = len(article.text)
    return Passage(
        chunk=Chunk(
            chunk_id=f"{article.article_id}:0:{end}",
            article_id=article.article_id,
            position=0,
            text=article.text,
            start_char=0,
            end_char=end,
            sentences=(Span(start_char=0, end_char=end),),
        ),
        article=article,
        rank=rank,
        scores=Scores(dense=1 / rank, lexical=1 / rank, fused=1 / rank),
    )


def _citation(marker: int, article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    return Citation(
        marker=marker,
        article_id=article.article_id,
        source=article.source,
        title=article.title,
        published_at=article.published_at,
        quote=quote,
        start_char=start,
        end_char=start + len(quote),
    )


def _disagreement(expected: ExpectedDisagreement, articles: Mapping[str, Article]) -> Disagreement:
    return Disagreement(
        aspect=expected.aspect,
        kind=expected.kind,
        status=expected.status,
        positions=tuple(_position(side, articles) for side in expected.sides),
        explanation="",
    )


def _position(side: Side, articles: Mapping[str, Article]) -> Position:
    article = next(articles[i] for i in side.article_ids if side.quote in articles[i].text)
    start = article.text.index(side.quote)
    claim = PositionClaim(
        article_id=article.article_id,
        source=article.source,
        published_at=article.published_at,
        quote=side.quote,
        start_char=start,
        end_char=start + len(side.quote),
    )
    return Position(value=side.value, claims=(claim,))


def _coverage(citations: Sequence[Citation]) -> Coverage:
    outlets = tuple(sorted({c.source or c.article_id for c in citations}))
    cited = len({c.article_id for c in citations})
    return Coverage(
        articles_considered=cited,
        articles_cited=cited,
        outlets=outlets,
        independent_origins=cited,
        pairs_compared=0,
        pairs_not_compared=0,
    )


def _run() -> Run:
    return Run(
        mode="extractive",
        llm=None,
        embedding_model="none",
        index_fingerprint="",
        prompt_hashes={},
        seconds={},
    )
