"""What a briefing makes of single sentences: who speaks, what leans, what is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.briefing.about import dateline
from rag.briefing.dated import dated_statements
from rag.briefing.export_markdown import escape
from rag.briefing.layout import attribution_line, short
from rag.briefing.questions import natural_questions
from rag.briefing.read_back import _ESCAPED
from rag.briefing.select import article_by_article, in_turn
from rag.briefing.sentences import Sentence, leans
from rag.briefing.statements import Statement
from rag.briefing.voices import voices, wordings
from rag.types import Article, BriefingPoint, CitedSentence, Language, Question


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
        ("Zwei Tage später, nach einem Gespräch, fuhr der Zug ab.", "de", True),
        ("Und gerade ältere Menschen kaufen im Netz.", "de", True),
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


def test_a_speaker_in_the_genitive_is_not_listed():
    said = "„Die Strecke bleibt bis zum Freitag gesperrt“, hieß es nach Angaben des Stadtportals."
    assert not [v for v in voices([statement(said)], [], 8) if v.speaker.startswith("Des ")]


def test_an_office_is_shown_whole():
    said = [
        sentence("Kanzlerin Ina Stroth kam am Abend nach Dornfeld.", "Talbote"),
        sentence("Den Brief an Bundeskanzlerin Ina Stroth las niemand.", "Kurier"),
    ]
    (found,) = wordings(said, 4)
    assert {word for word, _ in found.uses} == {"Kanzlerin", "Bundeskanzlerin"}


def test_the_dead_are_not_asked_how_many_of_them_died():
    topic = Question(text="Seuche in Dornfeld", language="de")
    said = [
        statement("In Dornfeld starben 62 Menschen, es gab 12 neue Todesfälle.", "Kurier"),
        statement("In Dornfeld gab es 14 neue Todesfälle, 50 Menschen starben.", "Talbote"),
    ]
    asked = {text for text, _ in natural_questions(topic, said)}
    assert "Wie viele Menschen starben?" in asked
    assert not any("Todesfälle" in text for text in asked)


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


def test_what_one_article_alone_tells_is_told_in_its_order():
    first, second, third = (
        replace_place(statement("Die Halle brannte am Abend völlig aus.", outlet), place)
        for outlet, place in (("Kurier", 9), ("Talbote", 2), ("Kurier", 4))
    )
    chosen = [first, second, third]
    assert article_by_article(chosen) == [third, first, second]
    assert in_turn(chosen) == [third, second, first]


def replace_place(made: Statement, place: int) -> Statement:
    return replace(made, best=replace(made.best, place=place))


def test_many_outlets_are_counted_and_a_single_origin_is_no_plural():
    said = CitedSentence(text="Die Halle brannte.", citations=(1,))
    outlets = tuple(f"Blatt {place}" for place in range(20))
    point = BriefingPoint(sentence=said, outlets=outlets, origins=1)
    assert attribution_line(point, "de") == (
        "Blatt 0, Blatt 1, Blatt 2, Blatt 3 und 16 weitere · ein Ursprung"
    )
    used = [sentence("Die Halle brannte am Abend.").article]
    assert (
        dateline(used, "de") == "ein Artikel, ein Medium, ein unabhängiger Ursprung, 5. März 2025"
    )


@pytest.mark.parametrize(
    "text",
    ["Mehr auf www.evil.example und http://evil.example/x", "AT&amp;T | a@b.example", "\\. ~x~"],
)
def test_no_text_becomes_a_link_or_an_entity_and_all_is_read_back(text: str):
    written = escape(text)
    assert (
        "www.evil" not in written
        and "://" not in written
        and "&amp;" not in written.replace("\\&", "")
    )
    assert _ESCAPED.sub(r"\1", written) == " ".join(text.split())


def test_a_long_word_is_cut_rather_than_left_out():
    assert short("2 Meter (Norddeutsch-Mecklenburgische Zeitung)", 34).startswith("2 Meter (Nord")
