from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.compare.engine import compare_passages
from rag.compare.matrix import answer_matrix
from rag.compare.pairs import compare_sentences
from rag.compare.whole_store import compare_articles
from rag.language.sentences import split_sentences
from rag.types import (
    Article,
    Chunk,
    Comparison,
    Evidence,
    Passage,
    Question,
    Scores,
)

QUESTION = Question(text="Wie viele Schafe riss der Wolf bei Torfheim?")


def article(article_id: str, text: str, **fields: str) -> Article:
    known = {"source": article_id.upper(), "published_at": "2025-05-20", "title": None} | fields
    return Article(
        article_id=article_id,
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language="de",
        **known,  # type: ignore[arg-type]
    )


def found_for(
    question: Question, articles: Sequence[Article]
) -> tuple[list[Passage], list[Evidence]]:
    """Passages and evidence as retrieval gives them, similarity by shared words."""
    asked = set(re.findall(r"\w{4,}", question.text.lower()))
    passages, evidence = [], []
    for rank, item in enumerate(articles, 1):
        spans = split_sentences(item.text, "de")
        chunk = Chunk(
            chunk_id=f"{item.article_id}:0:x",
            article_id=item.article_id,
            position=0,
            text=item.text,
            start_char=0,
            end_char=len(item.text),
            sentences=spans,
        )
        scores = Scores(dense=0.88, lexical=1.0, fused=1.0)
        passages.append(Passage(chunk=chunk, article=item, rank=rank, scores=scores))
        for span in spans:
            quote = item.text[span.start_char : span.end_char]
            shared = len(asked & set(re.findall(r"\w{4,}", quote.lower()))) / max(1, len(asked))
            evidence.append(
                Evidence(
                    article=item,
                    chunk_id=chunk.chunk_id,
                    quote=quote,
                    start_char=span.start_char,
                    end_char=span.end_char,
                    probability=0.05 + 0.9 * shared,
                    similarity=0.8 + 0.1 * shared,
                )
            )
    return passages, evidence


def compared(question: Question, *articles: Article) -> Comparison:
    return compare_passages(question, *found_for(question, articles), language="de", explain=True)


A = article(
    "a", "Bei Torfheim war wieder ein Wolf unterwegs. Der Wolf riss bei Torfheim 12 Schafe."
)
B = article(
    "b", "Die Schäfer bei Torfheim sind ratlos. 31 Schafe riss der Wolf bei Torfheim am Sonntag."
)


def sides(comparison: Comparison) -> set[tuple[str, ...]]:
    return {
        tuple(sorted(position.value for position in item.positions))
        for item in comparison.disagreements
        if item.status == "conflict"
    }


def test_two_figures_for_one_thing_are_a_conflict_with_both_sides() -> None:
    (found,) = compared(QUESTION, A, B).disagreements
    assert (found.kind, found.status) == ("number", "conflict")
    assert {position.value for position in found.positions} == {"12", "31"}
    assert found.explanation.endswith(".")


def test_the_order_of_articles_changes_nothing() -> None:
    assert sides(compared(QUESTION, A, B)) == sides(compared(QUESTION, B, A))


def test_the_same_call_gives_the_same_result() -> None:
    assert compared(QUESTION, A, B) == compared(QUESTION, A, B)


def test_an_article_never_conflicts_with_its_copy() -> None:
    copy = replace(A, article_id="c", source="C")
    assert compared(QUESTION, A, copy).disagreements == ()


def test_adding_a_copy_adds_no_conflict() -> None:
    copy = replace(A, article_id="c", source="C", duplicate_of="a", origin_id="a")
    with_copy = compared(QUESTION, A, B, copy)
    assert sides(with_copy) == sides(compared(QUESTION, A, B))
    twelve = next(p for p in with_copy.disagreements[0].positions if p.value == "12")
    assert {claim.article_id for claim in twelve.claims} == {"a", "c"}


def test_every_quote_is_exact() -> None:
    texts = {"a": A.text, "b": B.text}
    for item in compared(QUESTION, A, B).disagreements:
        for position in item.positions:
            for claim in position.claims:
                text = texts[claim.article_id]
                assert text[claim.start_char : claim.end_char] == claim.quote


def test_a_later_figure_marked_as_new_is_an_update() -> None:
    later = article(
        "b",
        "Neues aus Torfheim. Inzwischen riss der Wolf bei Torfheim 31 Schafe.",
        published_at="2025-05-24",
    )
    (found,) = compared(QUESTION, A, later).disagreements
    assert found.status == "update"


def test_a_figure_for_the_whole_country_is_another_scope() -> None:
    wide = article(
        "b", "Der Wolf ist Thema im Landtag. Landesweit riss der Wolf wie bei Torfheim 410 Schafe."
    )
    (found,) = compared(QUESTION, A, wide).disagreements
    assert found.status == "scope"


def test_an_article_of_another_year_is_left_out() -> None:
    question = Question(text="Wie viele Schafe riss der Wolf 2025 bei Torfheim?")
    older = replace(B, published_at="2022-03-01")
    assert compared(question, A, older).disagreements == ()


def test_an_article_on_another_town_takes_no_side() -> None:
    other = article("b", "In Hagenow brannte es. Die Feuerwehr rettete 31 Schafe aus dem Stall.")
    comparison = compared(QUESTION, A, other)
    assert comparison.disagreements == ()


def test_pairs_are_counted_and_traced() -> None:
    comparison = compared(QUESTION, A, B)
    assert (comparison.pairs_compared, comparison.pairs_not_compared) == (1, 0)
    assert "conflict" in comparison.trace[0]


def test_an_appended_faq_can_contradict_its_own_article() -> None:
    mixed = article(
        "a",
        "Der Wolf riss bei Torfheim 12 Schafe.\nHäufig gestellte Fragen\n"
        "Wie viele Schafe riss der Wolf bei Torfheim? Der Wolf riss bei Torfheim 31 Schafe.",
    )
    (found,) = compared(QUESTION, mixed).disagreements
    assert {p.claims[0].article_id for p in found.positions} == {"a"}


def test_loaded_and_plain_words_are_shown_side_by_side() -> None:
    question = Question(text="Wie verläuft der Krieg um Norland?")
    one = article("a", "Der Krieg um Norland dauert an.")
    other = article("b", "Der Angriffskrieg gegen Norland dauert an, der Krieg um Norland.")
    found = [d for d in compared(question, one, other).disagreements if d.status == "framing"]
    assert [p.value for d in found for p in d.positions] == ["Krieg", "Angriffskrieg"]


def test_the_matrix_says_who_says_denies_and_is_silent() -> None:
    question = Question(text="Findet der Markt in Torfheim statt?")
    articles = [
        article("a", "Der Markt in Torfheim findet statt."),
        article("b", "Der Markt in Torfheim findet nicht statt."),
        article("c", "Der Markt in Torfheim. Die Buden stammen aus Holz."),
    ]
    matrix = answer_matrix(question, *found_for(question, articles), language="de")
    assert {cell.article_id: cell.state for cell in matrix.cells} == {
        "a": "says",
        "b": "denies",
        "c": "silent",
    }
    assert matrix.independent_origins == 2


def test_copies_count_as_one_origin_in_the_matrix() -> None:
    copy = replace(A, article_id="c", source="C", origin_id="a")
    matrix = answer_matrix(
        QUESTION, *found_for(QUESTION, [replace(A, origin_id="a"), copy]), language="de"
    )
    assert matrix.independent_origins == 1


def test_a_whole_store_is_compared_without_a_question() -> None:
    articles = [
        article("a", "Der Wolf riss in der Nacht bei Torfheim nach Zählung des Kreises 12 Schafe."),
        article("b", "Der Wolf riss in der Nacht bei Torfheim nach Zählung des Kreises 31 Schafe."),
        article("c", "Der Bahnhof von Hagenow bekommt im Sommer einen neuen Aufzug aus Stahl."),
    ]
    (found,) = compare_articles(articles).disagreements
    assert {position.value for position in found.positions} == {"12", "31"}


WORDS = st.sampled_from(
    [
        "Der", "Wolf", "riss", "12", "Schafe", "in", "Torfheim", "nicht", "am", "Sonntag",
        "sagte", "Müller", "laut", "Polizei", "rund", "300", "Euro", "und", "gewann", "verlor",
        "wegen", "weil", "Regen", "3.", "Mai", "um", "17", "Uhr", "die", "Bürgermeisterin",
        "Ruth", "Ackermann",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=14), st.lists(WORDS, min_size=1, max_size=14))
def test_comparing_any_two_sentences_is_symmetric_and_none_contradicts_itself(
    first: list[str], second: list[str]
) -> None:
    one, other = " ".join(first) + ".", " ".join(second) + "."
    for question in (None, QUESTION, Question(text="Gewann Ruth Ackermann?")):
        there = compare_sentences(one, other, question)
        back = compare_sentences(other, one, question)
        assert (there.relation, there.confidence) == (back.relation, back.confidence)
        assert compare_sentences(one, one, question).relation != "different"


@pytest.mark.parametrize(
    "text", ["", "   ", "Wer?", "12?", "Warum nicht?", "Wie viele Schafe?" * 200]
)
def test_odd_questions_are_survived(text: str) -> None:
    compared(Question(text=text), A, B)


def test_articles_that_name_nobody_but_their_sources_are_compared_without_failing() -> None:
    question = Question(text="Wer gewann das Rennen?")
    articles = [
        article("a", "Das Rennen gewann niemand, wie die Meteorologen mitteilten."),
        article("b", "Das Rennen in Torfheim gewann am Sonntag Jana Kolb."),
    ]
    passages, evidence = found_for(question, articles)
    found = compare_passages(question, passages, evidence, language="de")
    assert found.pairs_compared + found.pairs_not_compared <= 1
