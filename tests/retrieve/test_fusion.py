from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from rag.language.parts_of_speech import parts_of_speech
from rag.language.terms import terms
from rag.retrieve.candidates import Candidate
from rag.retrieve.fusion import rank, shortlisted
from rag.retrieve.llama import run_chain
from rag.retrieve.matching import question_words
from rag.types import Article, Chunk, Language, Span

QUESTION = question_words("Wer rettete den Storch in Almenried?", "de")


def _candidate(
    text: str, dense: float, lexical: float = 0.0, language: Language = "de"
) -> Candidate:
    article = Article(
        article_id=text,
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language=language,
    )
    chunk = Chunk(
        chunk_id=f"{text}:{dense}",
        article_id=text,
        position=0,
        text=text,
        start_char=0,
        end_char=len(text),
        sentences=(Span(start_char=0, end_char=len(text)),),
    )
    return Candidate(
        chunk=chunk,
        article=article,
        dense=dense,
        lexical=lexical,
        sentence_similarities=(dense,),
    )


def test_what_is_kept_of_a_sentence_is_remembered_when_it_is_ranked() -> None:
    known = _candidate("Moorhennen brüten dort.", 0.8)
    rank(
        QUESTION, [replace(known, sentence_terms=("moorh",), sentence_tags=(b"\x07\x08\x09\x0a",))]
    )
    assert terms("Moorhennen brüten dort.", "de") == ("moorh",)
    assert parts_of_speech("Moorhennen brüten dort.", "de") == b"\x07\x08\x09\x0a"


def test_nothing_found_gives_nothing() -> None:
    assert rank(QUESTION, []) == []


def test_one_candidate_is_ranked_like_many() -> None:
    only = _candidate("Der Storch flog.", 0.8)
    assert [candidate for candidate, _ in rank(QUESTION, [only])] == [only]


def test_of_equal_similarity_the_text_with_the_words_comes_first() -> None:
    other = _candidate("Der Markt in Almenried war voll.", 0.8)
    right = _candidate("Die Feuerwehr rettete den Storch in Almenried.", 0.8)
    assert rank(QUESTION, [other, right])[0][0] == right


def test_of_equal_words_the_more_similar_text_comes_first() -> None:
    near, far = _candidate("Ein Dach.", 0.9), _candidate("Ein Tor.", 0.7)
    assert rank(QUESTION, [far, near])[0][0] == near


def test_bm25_hardly_counts_where_languages_differ() -> None:
    similar = _candidate("Firefighters saved it.", 0.85, 0.0, "en")
    worded = _candidate("They came quickly.", 0.80, 9.0, "en")
    assert rank(QUESTION, [similar, worded])[0][0] == similar


def test_every_candidate_is_ranked_once_also_behind_the_shortlist() -> None:
    many = [_candidate(f"Satz {i}.", 0.5 + i / 1000) for i in range(50)]
    ranked = rank(QUESTION, many)
    assert sorted(c.chunk.chunk_id for c, _ in ranked) == sorted(c.chunk.chunk_id for c in many)
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert len(shortlisted(many)) < len(many)


def test_candidates_without_sentence_vectors_fall_back_on_their_own() -> None:
    bare = replace(_candidate("Ein Dach.", 0.6), sentence_similarities=())
    assert bare.best_sentence == pytest.approx(0.6)


def test_the_chain_ranks_what_either_search_found_once() -> None:
    seen: list[list[str]] = []

    def order(vector: object, chunk_ids: object) -> list[tuple[str, float]]:
        seen.append(list(chunk_ids))  # type: ignore[call-overload]
        return [("b", 2.0), ("a", 1.0)]

    ranked = run_chain(
        "Wer?",
        np.ones(3, dtype=np.float32),
        searches=(lambda _: [("a", 0.9), ("b", 0.8)], lambda _: [("b", 5.0)]),
        rank=order,
    )
    assert seen == [["a", "b"]]
    assert ranked == [("b", 2.0), ("a", 1.0)]


def test_the_chain_leaves_the_global_settings_alone() -> None:
    from llama_index.core import Settings  # noqa: TID251

    before = dict(vars(Settings))
    run_chain("Wer?", np.ones(3, dtype=np.float32), searches=(), rank=lambda *_: [])
    assert dict(vars(Settings)) == before
    assert "rag.retrieve.llama" in sys.modules


def test_the_chain_is_the_same_with_and_without_llama_index():
    from rag.retrieve.chain import run_plainly

    vector = np.random.default_rng(3).standard_normal(8).astype(np.float32)
    searches = (
        lambda query: [("a", float(query[0])), ("b", 0.2)],
        lambda query: [("b", 0.9), ("c", float(query[7]))],
    )

    def rank(query, chunk_ids):
        return [(one, float(query[place])) for place, one in enumerate(reversed(chunk_ids))]

    plain = run_plainly(vector, searches, rank)
    assert [one for one, _ in plain] == ["c", "b", "a"]
    assert plain == run_chain("?", vector, searches, rank)


def test_terms_kept_with_a_chunk_rank_it_as_terms_made_anew() -> None:
    texts = ["Der Storch blieb auf dem Kirchdach.", "Die Feuerwehr rettete ihn in Almenried."]
    anew = [_candidate(text, 0.8) for text in texts]
    kept = [
        replace(each, sentence_terms=(" ".join(terms(each.chunk.text, "de")),)) for each in anew
    ]
    assert [score for _, score in rank(QUESTION, kept)] == [
        score for _, score in rank(QUESTION, anew)
    ]


def test_terms_kept_with_a_chunk_are_not_made_anew() -> None:
    text = "Der Fischreiher verließ Almenried."
    candidate = replace(_candidate(text, 0.8), sentence_terms=("feuerwehr",))
    rank(QUESTION, [candidate])
    assert terms(text, "de") == ("feuerwehr",)
