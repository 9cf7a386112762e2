"""What a value does not answer: sums, neighbours, ages, what came afterwards."""

from __future__ import annotations

import pytest

from rag.compare.answers import Answer
from rag.compare.contents import content_of
from rag.compare.frame import Frame, read_frame
from rag.compare.reconcile import reconcile
from rag.types import Article, Question


def frame(question: str) -> Frame:
    return read_frame(Question(text=question, language="de"), "de")


def answer(asked: Frame, text: str, day: str = "2025-05-04") -> Answer:
    article = Article(
        article_id=text[:9],
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language="de",
        published_at=day,
    )
    content = content_of(text, "", asked, article)
    assert content is not None
    return Answer(
        article=article,
        quote=text,
        start_char=0,
        end_char=len(text),
        before="",
        content=content,
        likelihood=0.9,
        probability=0.9,
    )


def fit(question: str, text: str) -> float:
    return answer(frame(question), text).fit


OVERNIGHT = "Wie viele Übernachtungen zählte Bad Ellern im Jahr 2024?"
PANES = "Wie viele Scheiben gingen beim Hagel in Tessow zu Bruch?"


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            OVERNIGHT,
            "310.000 Übernachtungen zählte Bad Ellern.",
            "Zusammen kamen die zwölf Orte des Kreises auf 2,4 Millionen Übernachtungen.",
        ),
        (
            PANES,
            "In Tessow gingen 240 Scheiben zu Bruch.",
            "Im acht Kilometer entfernten Brunkau gingen 55 Scheiben zu Bruch.",
        ),
        (
            PANES,
            "In Tessow gingen 240 Scheiben zu Bruch.",
            "In der Nachbargemeinde Brunkau gingen 55 Scheiben zu Bruch.",
        ),
    ],
)
def test_the_sum_of_many_and_the_place_next_door_are_another_scope(
    question: str, one: str, other: str
) -> None:
    asked = frame(question)
    assert reconcile(answer(asked, one), answer(asked, other), asked).status == "scope"


@pytest.mark.parametrize(
    "other",
    [
        "In den angrenzenden Straßen gingen 55 Scheiben zu Bruch.",
        "Zwei Wagen stießen zusammen, 55 Scheiben gingen zu Bruch.",
        "Zusammen mit den Nachbarn zählte der Wirt 55 Scheiben.",
    ],
)
def test_what_only_looks_like_a_sum_or_a_neighbour_is_still_a_conflict(other: str) -> None:
    asked = frame(PANES)
    one = answer(asked, "In Tessow gingen 240 Scheiben zu Bruch.")
    assert reconcile(one, answer(asked, other), asked).status == "conflict"


def test_a_bare_age_counts_nobody() -> None:
    question = "Wie viele Menschen spendeten in Ziegel Blut?"
    assert fit(question, "Die Wirtin durfte mit 78 nicht mehr spenden.") < 0.3
    assert fit(question, "317 Menschen spendeten Blut.") > 0.9


def test_how_long_it_went_on_after_the_thing_is_not_how_long_the_thing_was() -> None:
    question = "Wie lange dauerte der Umzug in Neuwarp?"
    after = fit(question, "Nach dem Umzug feierten die Vereine noch fünf Stunden.")
    assert after < 0.6 * fit(question, "Der Umzug dauerte 80 Minuten.")


def test_a_weekday_is_no_year() -> None:
    question = "In welchem Jahr wurde die Molkerei Lindau gegründet?"
    assert fit(question, "Am Mittwoch feierten die Molkerei und ihre Bauern.") <= 0.1
    assert fit(question, "Gegründet wurde die Molkerei 1889.") >= 0.8


def test_what_was_seen_of_the_event_is_not_named_its_cause() -> None:
    question = "Woran starben die Karpfen im Weiher von Ollen?"
    seen = fit(question, "Mit dem Bauch nach oben trieben die Karpfen im Weiher.")
    assert seen < 0.6
    told = "Fachleute sind sicher, dass Gülle, die am Samstag auslief, die Karpfen getötet hat."
    assert fit(question, told) >= 0.9


def test_a_count_in_progress_is_followed_by_an_update() -> None:
    asked = frame("Wer gewann die Bürgermeisterwahl in Hain?")
    early = answer(asked, "Nach Auszählung von 12 Bezirken lag Udo Sander vorn.", "2025-05-04")
    late = answer(asked, "Nora Yilmaz gewann die Wahl in Hain.", "2025-05-05")
    assert reconcile(early, late, asked).status == "update"
