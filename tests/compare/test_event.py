"""An article in quite other words is known by a name that few share, near in time."""

from __future__ import annotations

import dataclasses

from rag.compare.event import relevance
from rag.types import Article, Chunk, Passage, Scores
from tests.compare.reading import article, frame

QUESTION = "Wie lange dauerte der Stromausfall in Vierlandstadt?"
KNOWN = article("Der Stromausfall in Vierlandstadt war nach 50 Minuten behoben.", "2025-01-29")
OTHER = "Am Dienstag saß halb Vierlandstadt vier Stunden im Dunkeln."


def passage(item: Article, dense: float, number: int) -> Passage:
    item = dataclasses.replace(item, article_id=f"a{number}")
    chunk = Chunk(
        chunk_id=f"a{number}:0",
        article_id=item.article_id,
        position=0,
        text=item.text,
        start_char=0,
        end_char=len(item.text),
        sentences=(),
    )
    scores = Scores(dense=dense, lexical=0.0, fused=1.0)
    return Passage(chunk=chunk, article=item, rank=number + 1, scores=scores)


def share(*others: Article) -> float:
    """Of the first of the others, beside the article that surely reports."""
    found = [passage(KNOWN, 0.92, 0)]
    found += [passage(item, 0.78, number) for number, item in enumerate(others, 1)]
    return relevance(frame(QUESTION), found)["a1"]


def test_a_report_of_the_same_days_that_shares_only_the_rare_name_counts():
    assert share(article(OTHER, "2025-01-29")) >= 0.4


def test_one_of_another_week_or_without_a_date_does_not():
    assert share(article(OTHER, "2025-02-20")) < 0.15
    assert share(article(OTHER, None)) < 0.15


def test_a_name_that_many_articles_share_tells_nothing():
    crowd = [article(f"In Vierlandstadt eröffnet Laden {n}.", "2025-01-29") for n in range(5)]
    assert share(article(OTHER, "2025-01-29"), *crowd) < 0.15


def test_an_article_that_does_not_name_it_stays_out():
    assert share(article("Am Dienstag saß halb Torfheim im Dunkeln.", "2025-01-29")) < 0.15
