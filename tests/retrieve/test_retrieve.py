from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evals.fit.memory_store import MemoryStore
from rag.index.fake_embedder import HashEmbedder
from rag.retrieve.candidates import Candidate
from rag.retrieve.retrieve import Retrieval, retrieve
from rag.retrieve.spread import spread
from rag.settings import RetrieveSettings
from rag.types import Article, Chunk, Question

Ask = Callable[..., tuple[Question, Retrieval]]


def test_the_passage_that_answers_comes_first(ask_small: Ask) -> None:
    _, found = ask_small("Wer fing den Seehund im Freibad von Tarnsiel?")
    assert found.passages[0].article.article_id == "seehund"


def test_ranks_count_from_one_without_gaps(ask_small: Ask) -> None:
    _, found = ask_small("Was kostete die Brücke in Quellheim?")
    assert [p.rank for p in found.passages] == list(range(1, len(found.passages) + 1))


def test_scores_fall_with_the_rank(ask_small: Ask) -> None:
    _, found = ask_small("Was kostete die Brücke in Quellheim?")
    fused = [p.scores.fused for p in found.passages]
    assert fused == sorted(fused, reverse=True)


def test_every_sentence_of_a_passage_has_a_similarity(ask_small: Ask) -> None:
    _, found = ask_small("Was kostete die Brücke in Quellheim?")
    assert all(len(p.sentence_similarities) == len(p.chunk.sentences) for p in found.passages)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"outlets": frozenset({"Talbote"})}, {"bruecke-1", "bruecke-alt"}),
        ({"published_from": "2025-05-01"}, {"seehund"}),
        ({"published_to": "2000-01-01"}, {"bruecke-alt"}),
        (
            {"published_from": "2025-03-04", "published_to": "2025-03-04"},
            {"bruecke-1", "bruecke-2"},
        ),
    ],
)
def test_filters_leave_out_other_articles(
    ask_small: Ask, filters: dict[str, object], expected: set[str]
) -> None:
    _, found = ask_small("Wann wurde die Brücke eröffnet?", **filters)
    assert {p.article.article_id for p in found.passages} == expected


def test_filters_that_nothing_passes_give_a_note_and_no_passage(ask_small: Ask) -> None:
    _, found = ask_small("Wann wurde die Brücke eröffnet?", outlets=frozenset({"Unbekannt"}))
    assert not found.passages
    assert "filters" in found.notes[0]


def test_top_k_limits_the_passages(small_store: MemoryStore) -> None:
    found = retrieve(
        Question(text="Brücke"), small_store, HashEmbedder(), RetrieveSettings(top_k=2)
    )
    assert len(found.passages) == 2


def test_question_of_function_words_alone_still_finds_something(ask_small: Ask) -> None:
    _, found = ask_small("Was ist das?")
    assert found.passages


def _ranked(outlets: str) -> list[tuple[Candidate, float]]:
    ranked = []
    for place, outlet in enumerate(outlets):
        article = Article(
            article_id=f"{outlet}{place}",
            text="x",
            content_hash="",
            raw_hash="",
            path="",
            language="de",
            source=outlet,
        )
        chunk = Chunk(
            chunk_id=str(place),
            article_id=article.article_id,
            position=0,
            text="x",
            start_char=0,
            end_char=1,
            sentences=(),
        )
        candidate = Candidate(
            chunk=chunk, article=article, dense=0.0, lexical=0.0, sentence_similarities=()
        )
        ranked.append((candidate, -float(place)))
    return ranked


@pytest.mark.parametrize(
    ("outlets", "top_k", "per_outlet", "expected"),
    [
        ("AAAABC", 4, 2, "AABC"),
        ("AAAA", 3, 1, "AAA"),
        ("ABABAB", 4, 2, "ABAB"),
        ("BAAAA", 2, 1, "BA"),
        ("AAB", 10, 1, "AAB"),
    ],
)
def test_no_outlet_crowds_out_the_others(
    outlets: str, top_k: int, per_outlet: int, expected: str
) -> None:
    chosen = spread(_ranked(outlets), top_k=top_k, per_outlet=per_outlet, per_origin=9)
    assert "".join(candidate.article.outlet for candidate, _ in chosen) == expected


def test_spreading_keeps_the_best_passage_first() -> None:
    chosen = spread(_ranked("AAABBB"), top_k=4, per_outlet=1, per_origin=1)
    assert chosen[0][0].chunk.chunk_id == "0"


def test_outlets_that_copy_one_another_do_not_crowd_out_an_honest_report() -> None:
    ranked = [
        (replace(each, article=replace(each.article, origin_id="one")), score)
        for each, score in _ranked("ABCDEFGH")
    ]
    ranked += _ranked("XY")
    chosen = spread(ranked, top_k=5, per_outlet=4, per_origin=3)
    assert "".join(candidate.article.outlet for candidate, _ in chosen) == "ABCXY"
    alone = spread(ranked[:8], top_k=5, per_outlet=4, per_origin=3)
    assert "".join(candidate.article.outlet for candidate, _ in alone) == "ABCDE"
