"""From passages to an answer: evidence, decision, choice and wording on a small invented corpus."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.answer.abstain import Decision, decide, is_in_time
from rag.answer.evidence import score_evidence
from rag.answer.extractive import Composed, compose
from rag.ingest.chunk import chunk_article
from rag.language.questions import read_question
from rag.retrieve.retrieve import Retrieval
from rag.settings import AnswerSettings, ChunkSettings
from rag.types import (
    Article,
    Chunk,
    Disagreement,
    Evidence,
    Passage,
    Position,
    PositionClaim,
    Question,
    Scores,
    Span,
)

Ask = Callable[..., tuple[Question, Retrieval]]
ANSWERED = Decision(status="answered", confidence=1.0)


def _composed(
    question: Question,
    found: Retrieval,
    decision: Decision = ANSWERED,
    disagreements: tuple[Disagreement, ...] = (),
) -> Composed:
    evidence = score_evidence(question, found)
    return compose(question, evidence, decision, disagreements, found.passages, AnswerSettings())


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Wie lange war die Bauzeit?", "14 Monate"),
        ("Welcher Tierpfleger fing den Seehund?", "Enno Rickleffs"),
        ("Was hatte das Hochwasser 2019 zerstört?", "die alte Brücke"),
    ],
)
def test_the_sentence_that_answers_is_the_best_evidence(
    ask_small: Ask, question: str, quote: str
) -> None:
    asked, found = ask_small(question)
    assert quote in score_evidence(asked, found)[0].quote


def test_all_sentences_are_evidence_sorted_by_probability(ask_small: Ask) -> None:
    question, found = ask_small("Was kostete der Bau der Brücke?")
    evidence = score_evidence(question, found)
    assert len(evidence) == sum(len(p.chunk.sentences) for p in found.passages)
    probabilities = [each.probability for each in evidence]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all(0 <= probability <= 1 for probability in probabilities)


def test_evidence_quotes_stand_at_their_offsets(ask_small: Ask) -> None:
    question, found = ask_small("Was kostete der Bau der Brücke?")
    for each in score_evidence(question, found):
        assert each.article.text[each.start_char : each.end_char] == each.quote


def test_a_statement_of_two_outlets_is_one_sentence_with_two_citations(ask_small: Ask) -> None:
    question, found = ask_small("Was kostete der Bau der Brücke über die Luhne in Quellheim 2025?")
    first = _composed(question, found).sentences[0]
    assert len(first.citations) == 2
    assert "Talbote" in first.text
    assert "Luhne-Zeitung" in first.text


def test_the_figure_asked_for_is_highlighted(ask_small: Ask) -> None:
    question, found = ask_small("Wie viel Euro kostete der Bau?")
    first = _composed(question, found).sentences[0]
    shown = [first.text[span.start_char : span.end_char] for span in first.highlights]
    assert any("4,2 Millionen" in text for text in shown)


def test_every_marker_of_the_text_has_a_citation(ask_small: Ask) -> None:
    question, found = ask_small("Wann wurde die Brücke in Quellheim eröffnet?")
    answer = _composed(question, found)
    assert answer.sentences
    known = {citation.marker for citation in answer.citations}
    assert all(set(sentence.citations) <= known for sentence in answer.sentences)


def test_a_year_in_the_question_keeps_events_of_other_years_out(ask_small: Ask) -> None:
    question, found = ask_small("Was kostete 1998 der Bau der Brücke in Quellheim?")
    answer = _composed(question, found)
    assert {citation.article_id for citation in answer.citations} == {"bruecke-alt"}


def test_a_year_no_article_is_from_is_not_in_the_sources(ask_small: Ask) -> None:
    question, found = ask_small("Was kostete 2011 der Bau der Brücke in Quellheim?")
    decision = decide(question, score_evidence(question, found), found)
    assert decision.status == "not_in_sources"


def test_an_undated_article_may_answer_for_any_year() -> None:
    question, article = read_question("Was geschah 2011?", "de"), _evidence().article
    assert is_in_time(question, article)


def test_without_evidence_the_sources_do_not_say() -> None:
    found = Retrieval(passages=(), query_vector=_no_vector(), seconds=0.0)
    question = Question(text="Wer gewann?")
    decision = decide(question, (), found)
    assert decision.status == "not_in_sources"
    assert compose(question, (), decision, (), (), AnswerSettings()).text


def test_a_refusal_asserts_nothing_and_names_what_is_there(ask_small: Ask) -> None:
    question, found = ask_small("Wer gewann den Chorwettbewerb in Quellheim?")
    refused = Decision(status="not_in_sources", confidence=0.1)
    answer = _composed(question, found, refused)
    assert not answer.sentences
    assert not answer.citations
    assert answer.text.startswith("Dazu sagen die Quellen nichts")
    assert "Talbote" in answer.text


def test_a_refusal_speaks_the_language_of_the_question(ask_small: Ask) -> None:
    question, found = ask_small("Who won the choir contest?", language="en")
    refused = Decision(status="not_in_sources", confidence=0.1)
    assert _composed(question, found, refused).text.startswith("The sources do not say")


def test_a_minimum_confidence_of_the_settings_replaces_the_calibrated_one(ask_small: Ask) -> None:
    question, found = ask_small("Wer fing den Seehund ein?")
    evidence = score_evidence(question, found)
    strict = decide(question, evidence, found, AnswerSettings(min_confidence=1.0))
    lenient = decide(question, evidence, found, AnswerSettings(min_confidence=0.0))
    assert strict.status == "not_in_sources"
    assert lenient.status != "not_in_sources"


def test_a_conflict_is_told_in_one_line_with_both_sides_cited(ask_small: Ask) -> None:
    question, found = ask_small("Was kostete der Bau der Brücke in Quellheim?")
    conflict = Disagreement(
        aspect="Baukosten",
        kind="number",
        status="conflict",
        positions=(
            Position(value="4,2 Millionen Euro", claims=(_claim(found, "bruecke-1", "4,2"),)),
            Position(value="900.000 Mark", claims=(_claim(found, "bruecke-alt", "900.000"),)),
        ),
        explanation="",
    )
    answer = _composed(question, found, disagreements=(conflict,))
    line = next(s for s in answer.sentences if "widersprechen" in s.text)
    cited = {c.article_id for c in answer.citations if c.marker in line.citations}
    assert cited == {"bruecke-1", "bruecke-alt"}


def _claim(found: Retrieval, article_id: str, figure: str) -> PositionClaim:
    article = next(p.article for p in found.passages if p.article.article_id == article_id)
    at = article.text.index(figure)
    start = article.text.rindex("Der Bau", 0, at)
    end = article.text.index(".", at + len(figure)) + 1
    return PositionClaim(
        article_id=article_id,
        source=article.source,
        published_at=article.published_at,
        quote=article.text[start:end],
        start_char=start,
        end_char=end,
    )


def _evidence() -> Evidence:
    from rag.types import Article

    article = Article(
        article_id="x", text="Es regnete.", content_hash="", raw_hash="", path="", language="de"
    )
    return Evidence(
        article=article,
        chunk_id="x",
        quote="Es regnete.",
        start_char=0,
        end_char=11,
        probability=0.5,
        similarity=0.5,
    )


def _no_vector() -> object:
    import numpy as np

    return np.zeros(4, dtype=np.float32)


def test_a_name_no_article_holds_is_named_in_the_refusal(ask_small: Ask) -> None:
    question, found = ask_small("Was sagte Hildrun Ostermaier?")
    evidence = score_evidence(question, found)
    decision = decide(question, evidence, found, AnswerSettings(min_confidence=1.0))
    assert decision.missing == ("Hildrun Ostermaier",)
    assert "Hildrun Ostermaier" in _composed(question, found, decision).text


@pytest.mark.parametrize("threshold", [None, 0.0])
def test_of_a_person_nobody_mentions_nothing_is_said(
    ask_small: Ask, threshold: float | None
) -> None:
    question, found = ask_small("Nahm Hartmut Zwick an der Eröffnung der Brücke teil?")
    settings = AnswerSettings(min_confidence=threshold)
    decision = decide(question, score_evidence(question, found), found, settings)
    assert decision.status == "not_in_sources"
    assert "Hartmut Zwick" in decision.missing


def test_terms_of_articles_that_are_kept_decide_as_terms_made_anew(ask_small: Ask) -> None:
    from rag.language.terms import terms

    for text in ("Was sagen die Quellheimer zur Brücke?", "Was sagte Hildrun Ostermaier?"):
        question, found = ask_small(text)
        kept = {
            each.article.article_id: frozenset(terms(each.article.text, each.article.language))
            for each in found.passages
        }
        evidence = score_evidence(question, found)
        decision = decide(question, evidence, found, None, lambda ids, kept=kept: kept)  # type: ignore[misc]
        assert decision == decide(question, evidence, found)


def test_a_name_held_in_another_form_is_not_called_missing(ask_small: Ask) -> None:
    question, found = ask_small("Was sagen die Quellheimer zur Brücke?")
    decision = decide(question, score_evidence(question, found), found)
    assert decision.missing == ()


def test_who_asks_what_somebody_said_gets_their_words_not_those_on_them() -> None:
    from rag.answer.features import score_sentences
    from rag.retrieve.matching import question_words

    text = (
        "Niemand habe mit dem Vorschlag der Landrätin Ostermaier gerechnet, sagte Bürgermeister "
        "Timm Haferkorn. „Die Brücke wird nächstes Jahr gebaut“, sagte Ostermaier am Montag."
    )
    article = Article(
        article_id="a", text=text, content_hash="c", raw_hash="r", path="a.txt", language="de"
    )
    chunk = chunk_article(article, ChunkSettings())[0]
    scores = Scores(dense=0.8, lexical=1.0, fused=1.0)
    passage = Passage(chunk=chunk, article=article, rank=1, scores=scores)
    rows = score_sentences(question_words("Was sagte Ostermaier?", "de"), (passage,))
    assert [row.features["speaker"] for row in rows] == [-1.0, 1.0]


def test_a_sentence_that_asks_is_weighed_below_the_one_that_answers() -> None:
    from rag.answer.evidence import weigh
    from rag.answer.features import ScoredSentence

    rows = []
    for text, asks in (("Was kostete der Bau?", 1.0), ("Der Bau kostete viel.", 0.0)):
        passage, span = _passage(text)
        features = {"is_question": asks, "is_incomplete": 0.0, "is_short": 1.0, "is_heading": 0.0}
        features |= {"names_held": 1.0, "names_near": 1.0, "speaker": 0.0}
        rows.append(ScoredSentence(passage, span, text, 0.9, features))
    assert [each.quote for each in weigh(rows)] == ["Der Bau kostete viel.", "Was kostete der Bau?"]


def _passage(text: str) -> tuple[Passage, Span]:
    span = Span(start_char=0, end_char=len(text))
    chunk = Chunk(
        chunk_id="x:0",
        article_id="x",
        position=0,
        text=text,
        start_char=0,
        end_char=len(text),
        sentences=(span,),
    )
    scores = Scores(dense=0.9, lexical=1.0, fused=1.0)
    return Passage(chunk=chunk, article=_evidence().article, rank=1, scores=scores), span
