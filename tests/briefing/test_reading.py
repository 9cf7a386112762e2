"""What a briefing makes of single sentences: who speaks, what leans, what is asked."""

from __future__ import annotations

import pytest

from rag.briefing.dated import dated_statements
from rag.briefing.questions import natural_questions
from rag.briefing.sentences import Sentence, leans
from rag.briefing.statements import Statement
from rag.briefing.voices import voices
from rag.types import Article, Language, Question


def sentence(quote: str, outlet: str = "Talbote", language: Language = "de") -> Sentence:
    article = Article(
        article_id=outlet, text=quote, content_hash="", raw_hash="", path="", language=language,
        source=outlet, published_at="2025-03-05",
    )  # fmt: skip
    return Sentence(
        article=article, quote=quote, start_char=0, end_char=len(quote), order=0, similarity=0.8,
        place=0, terms=frozenset(quote.lower().split()), words=len(quote.split()),
    )  # fmt: skip


def statement(quote: str, outlet: str = "Talbote", *others: Sentence) -> Statement:
    return Statement(sentence(quote, outlet), others, 1.0)


@pytest.mark.parametrize(
    ("quote", "language", "expected"),
    [
        ("Schon am 15. August betonte er den Zusammenhalt der Länder.", "de", True),
        ("Wenn sie kommen, wird die Halle voll.", "de", True),
        ("Es fand in der Halle statt, wie geplant.", "de", True),
        ("Es war das erste Mal, dass die drei gemeinsam auftraten.", "de", False),
        ("Es gab am Abend zwei Verletzte.", "de", False),
        ("Als Ina Stroth ankam, sagte sie kein Wort.", "de", False),
        ("Der Minister sagte, er komme am Montag wieder.", "de", False),
        ("On Monday he left the city.", "en", True),
        ("There were 12 people in the house.", "en", False),
        ("No one was hurt in the fire.", "en", True),
    ],
)
def test_a_sentence_leans_where_nobody_in_it_is_meant(quote, language, expected):
    assert leans(sentence(quote, language=language)) is expected


def test_a_surname_speaks_where_the_articles_give_the_whole_name():
    found = voices(
        [
            statement("Zum Brand äußerte sich auch der Präsident Henning Quandt am Abend."),
            statement("„Wir werden die Halle sofort wieder aufbauen“, erklärte Quandt."),
            statement("„Niemand hat uns vorher irgendetwas gesagt“, meinte Ostrowik."),
        ],
        [],
        8,
    )
    assert [voice.speaker for voice in found] == ["Henning Quandt"]


def test_a_speaker_without_a_name_is_written_like_a_heading():
    said = "„Die Strecke bleibt bis zum Freitag gesperrt“, sagte der Bahnsprecher Jan Ode am Abend."
    other = "„Die Strecke bleibt bis zum Freitag gesperrt“, teilte die Deutsche Bahn mit."
    found = voices([statement(said), statement(other)], [], 8)
    assert {voice.speaker for voice in found} == {"Jan Ode", "Die Deutsche Bahn"}


def test_the_timeline_takes_the_exact_date_of_whoever_gives_it():
    coarse = "Im vergangenen Jahr unterzeichneten beide Länder den Vertrag."
    exact = sentence("Bereits im Juni 2024 hatten beide Länder ihn unterzeichnet.", "Kurier")
    (found,) = dated_statements([statement(coarse, "Talbote", exact)], [], 5)
    assert found.days == ("2024-06-01", "2024-06-30")
    assert found.article.outlet == "Kurier"


def test_the_timeline_shows_nobody_as_a_pronoun():
    leaning = statement("Schon am 15. August betonte er den Zusammenhalt der Länder.")
    before = sentence("Präsident Henning Quandt sprach vor Gästen.")
    assert dated_statements([leaning], [], 5) == ()
    (found,) = dated_statements([leaning], [], 5, before=lambda each: before)
    assert found.days == ("2025-08-15", "2025-08-15")


def test_an_office_is_asked_about_where_one_source_calls_it_a_former_one():
    topic = Question(text="Rede von Ina Stroth in Dornfeld", language="de")
    said = [
        statement("Auch der ehemalige Ministerpräsident Jonas Ehlert kam nach Dornfeld.", "Kurier"),
        statement("Ministerpräsident Jonas Ehlert sprach in Dornfeld.", "Talbote"),
    ]
    wanted = "Ist Jonas Ehlert amtierender oder ehemaliger Ministerpräsident?"
    assert (wanted, "de") in natural_questions(topic, said)
    assert (wanted, "de") not in natural_questions(topic, said[1:])
