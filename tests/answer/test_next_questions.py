"""Candidates for the next question."""

from __future__ import annotations

from rag.answer.next_questions import candidate_questions

SAID = (("a", "„Wir werden die Brücke bald öffnen“, sagte Juri Uschakow, der Berater."),)


def test_whoever_was_asked_about_is_not_asked_about_again_whatever_the_spelling():
    assert candidate_questions(SAID, "de") == ("Was sagte Juri Uschakow?",)
    assert candidate_questions(SAID, "de", known=["Was sagte Juri Uschakow?"]) == ()
    assert candidate_questions(SAID, "de", known=["Was meint Juri Uschakov dazu?"]) == ()
    assert candidate_questions(SAID, "de", known=["Was sagte Selenskyj?"]) != ()
