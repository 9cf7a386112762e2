"""Overviews in answer to a question: what matters most, with its sources, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.pipeline import ask
from rag.types import Question
from rag.wiring import Deps


def test_what_it_is_about_is_told_with_verified_quotes(deps: Deps) -> None:
    answer = ask(Question(text="Worum geht es in den Artikeln?"), deps)
    assert answer.status == "answered"
    assert 1 < len(answer.sentences) <= 5
    assert len({each.article_id for each in answer.citations}) > 1
    for citation in answer.citations:
        article = deps.store.article(citation.article_id)
        assert article is not None
        assert article.text[citation.start_char : citation.end_char] == citation.quote
    assert {p.article.article_id for p in answer.passages} == {"a", "b", "c"}


def test_an_overview_on_a_name_holds_only_sentences_with_it(deps: Deps) -> None:
    answer = ask(Question(text="Welche Rolle spielt Ilse Quandt?"), deps)
    assert answer.status == "answered"
    assert all("Quandt" in each.quote for each in answer.citations)


@pytest.mark.parametrize("name", ["Veit Ochsenkamp", "Hamburg"])
def test_nothing_is_told_of_whom_nobody_mentions(deps: Deps, name: str) -> None:
    answer = ask(Question(text=f"Was ist über {name} bekannt?"), deps)
    assert answer.status == "not_in_sources"
    assert not answer.citations


def test_filters_hold_for_overviews(deps: Deps) -> None:
    question = Question(text="Worum geht es?", outlets=frozenset({"Hafenbote"}))
    assert {each.source for each in ask(question, deps).citations} == {"Hafenbote"}
    nothing = ask(replace(question, outlets=frozenset({"Niemand"})), deps)
    assert nothing.status == "not_in_sources"


def test_many_articles_get_a_sentence_for_each_main_event(deps: Deps, monkeypatch) -> None:
    monkeypatch.setattr("rag.briefing.overview._ONE_POOL", 1)
    answer = ask(Question(text="Worum geht es?"), deps)
    assert answer.status == "answered"
    assert len(answer.sentences) <= 4


def test_of_very_many_the_newest_are_read_and_a_note_says_so(deps: Deps, monkeypatch) -> None:
    monkeypatch.setattr("rag.briefing.overview._NEWEST", 2)
    answer = ask(Question(text="Worum geht es?"), deps)
    assert {each.article_id for each in answer.citations} <= {"a", "b"}
    assert any("newest 2 of 3" in note for note in answer.run.notes)
