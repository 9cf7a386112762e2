from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.ingest.clean import clean_article
from rag.types import Article, RawArticle

from .conftest import MakeRaw

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
BODY = (
    "Der Rat von Hagendorf hat am Dienstag beschlossen, die alte Brücke zu sperren. "
    "Das teilte Bürgermeisterin Ilse Brandl mit.\n"
    "Die Kosten liegen nach ihren Worten bei rund 3,5 Mio. Euro. Woher das Geld kommt, ist offen."
)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Lesezeit 4 Minuten", "reading_time"),
        ("Lesedauer: ca. 3 Min.", "reading_time"),
        ("5 min read", "reading_time"),
        ("Ostkurier abonnieren", "subscription"),
        ("Abonnieren Sie unseren Newsletter und bleiben Sie informiert!", "subscription"),
        ("[Mehr lesen Sie in unserem Newsletter. Jetzt kostenlos anmelden]", "subscription"),
        ("Jeden Morgen das Wichtigste: Jetzt den Newsletter abonnieren", "subscription"),
        ("Nichts verpassen? Dann folgen Sie uns auf WhatsApp!", "subscription"),
        ("Subscribe to our newsletter", "subscription"),
        ("Teilen", "share"),
        ("Facebook Twitter WhatsApp E-Mail", "share"),
        ("12 Kommentare", "share"),
        ("Teilen Sie diesen Artikel", "share"),
        ("Bild vergrößern", "share"),
        ("Foto von Adler Images", "photo_credit"),
        ("Foto: Jana Moll/Ostbild", "photo_credit"),
        ("© Ostbild/Moll", "photo_credit"),
        ("picture alliance/dpa/Jana Moll", "photo_credit"),
        ("Getty Images", "photo_credit"),
        ("Lesen Sie auch: Haas tritt zurück", "read_also"),
        ("Mehr zum Thema – Hagendorf plant eine Fähre", "read_also"),
        ("Das könnte Sie auch interessieren", "read_also"),
        ("Read more: Ferry sinks off Lindhaven", "read_also"),
        ("Bleiben Sie informiert! Lesen Sie auch: Haas tritt zurück", "subscription"),
        ("Anzeige", "advertising"),
        ("Zum Inhalt springen", "navigation"),
        ("Wir verwenden Cookies, um Ihnen die beste Erfahrung zu bieten.", "navigation"),
        ("Um eingebettete Inhalte zu sehen, ist Ihre Einwilligung nötig.", "navigation"),
        ("(dpa/AFP)", "agency_line"),
        ("© dpa-infocom, dpa:250903-930-987654/1", "agency_line"),
        ("Quelle: ostkurier.de, jmo/dpa", "agency_line"),
        ("jm/kh (dpa, afp, rtr)", "agency_line"),
        ("Mit Material von dpa", "agency_line"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["above", "within", "below"])
def test_what_is_not_the_article_goes_and_is_reported(
    make_raw: MakeRaw, line: str, reason: str, place: str
) -> None:
    if reason == "agency_line" and place != "below":
        pytest.skip("agency lines stand at the end")
    first, second = BODY.split("\n")
    lines = {"above": [line, first, second], "within": [first, line, second]}
    article = clean_article(make_raw("\n".join(lines.get(place, [first, second, line]))))
    assert article.text == BODY
    assert [(item.reason, item.text) for item in article.removed] == [(reason, line)]


@pytest.mark.parametrize(
    "line",
    [
        "Viele Leser wollen die Zeitung nicht mehr abonnieren.",
        "Das Foto zeigt, wie die Brücke einstürzte.",
        "Bild: Von 16 Punkten handelt nur einer von Rädern.",
        "Anzeige erstattete niemand.",
        "Sie will die Bilder nicht teilen.",
        "Der Rat will mehr zum Thema Brücken hören.",
        "Doch lesen Sie selbst.",
        "Keine Absprache",
        "Woher kommt das Geld?",
        "Die Agentur dpa berichtete am Dienstag.",
        "„Nein.“",
    ],
)
def test_sentences_and_headings_stay(make_raw: MakeRaw, line: str) -> None:
    first, second = BODY.split("\n")
    article = clean_article(make_raw(f"{first}\n{line}\n{second}"))
    assert article.text == f"{first}\n{line}\n{second}"
    assert article.removed == ()


def test_the_end_of_a_paragraph_is_cut_where_a_link_begins(make_raw: MakeRaw) -> None:
    article = clean_article(make_raw(f"{BODY} Lesen Sie auch: Haas tritt zurück"))
    assert article.text == BODY


def test_a_bracketed_pointer_inside_a_paragraph_goes(make_raw: MakeRaw) -> None:
    pointer = " [Lesen Sie auch: Haas tritt zurück]"
    article = clean_article(make_raw(BODY.replace(" Das teilte", f"{pointer} Das teilte")))
    assert article.text == BODY
    kept = BODY.replace(" Das teilte", " [sic!] Das teilte")
    assert clean_article(make_raw(kept)).text == kept


def test_a_caption_that_comes_twice_stays_once(make_raw: MakeRaw) -> None:
    caption = "Bürgermeisterin Ilse Brandl (l.) begrüßt Rudolf Haas.Die beiden sprachen lange."
    article = clean_article(make_raw(f"{caption}\n\n{caption}\n\n{BODY}"))
    repaired = caption.replace("Haas.Die", "Haas. Die")
    assert article.text == f"{repaired}\n\n{BODY}"
    assert [item.reason for item in article.removed] == ["caption"]


def test_a_headline_becomes_the_title_and_leaves_the_text(make_raw: MakeRaw) -> None:
    article = clean_article(make_raw(f"Hagendorf sperrt seine Brücke\n\n{BODY}"))
    assert (article.title, article.text) == ("Hagendorf sperrt seine Brücke", BODY)


def test_a_glued_kicker_stays_above_the_text_and_the_title_is_whole(make_raw: MakeRaw) -> None:
    article = clean_article(
        make_raw(f"Streit um SperrungRat schließt Brücke in Moll\n\nLesezeit 2 Minuten\n{BODY}")
    )
    assert article.title == "Rat schließt Brücke in Moll"
    assert article.text == f"Streit um Sperrung\n\n{BODY}"


@pytest.mark.parametrize("kicker", ["Politik", "Streit um Brücke", "Hagendorf"])
def test_a_word_or_three_above_the_headline_are_a_kicker(make_raw: MakeRaw, kicker: str) -> None:
    article = clean_article(make_raw(f"{kicker}\nRat schließt die Brücke in Moll\n{BODY}"))
    assert article.title == "Rat schließt die Brücke in Moll"
    assert article.text == f"{kicker}\n{BODY}"


@pytest.mark.parametrize(
    ("line", "source", "day"),
    [
        ("Rat sperrt die Brücke | ostkurier.de", "ostkurier.de", None),
        ("Rat sperrt die Brücke – DW – 03.09.2025", "DW", "2025-09-03"),
        ("Rat sperrt die Brücke – Händler wütend", None, None),
    ],
)
def test_what_page_titles_end_in_is_read_and_taken_off(
    make_raw: MakeRaw, line: str, source: str | None, day: str | None
) -> None:
    article = clean_article(make_raw(f"{line}\n{BODY}"))
    assert (article.source, article.published_at) == (source, day)
    assert article.title == (line if source is None else "Rat sperrt die Brücke")


def test_a_first_sentence_is_no_title(make_raw: MakeRaw) -> None:
    article = clean_article(make_raw(BODY))
    assert (article.title, article.text) == (None, BODY)


def test_a_stated_title_is_not_repeated_in_the_text(make_raw: MakeRaw) -> None:
    article = clean_article(make_raw(f"Brücke zu\n\n{BODY}", title="Brücke zu"))
    assert (article.title, article.text) == ("Brücke zu", BODY)


def test_text_of_boilerplate_only_is_kept(make_raw: MakeRaw) -> None:
    assert clean_article(make_raw("Ostkurier abonnieren")).text == "Ostkurier abonnieren"


def test_an_outlet_in_mixed_alphabets_is_flagged(make_raw: MakeRaw) -> None:
    article = clean_article(make_raw(BODY, source="\u041estkurier"))
    assert any("mixes alphabets" in note for note in article.notes)


def _again(article: Article) -> Article:
    raw = RawArticle(
        article_id=article.article_id,
        text=article.text,
        raw_hash=article.raw_hash,
        path=article.path,
        title=article.title,
    )
    return clean_article(raw)


_LINES = st.sampled_from(
    [
        "Lesezeit 4 Minuten", "Ostkurier abonnieren", "Foto: Jana Moll", "3. Mai 2025", "(dpa)",
        "3. Mai 2025\"Wir gehen\", sagte sie.", "Von Jana Moll", "Keine AbspracheDer Rat schwieg.",
        "Hagendorf (ktn) – Der Rat tagt.", "Der Rat tagt.Niemand kam.", "und dann", "", "Auch",
        "Lesen Sie auch: Haas geht", "Die Brücke in Hagendorf ist zu, sagte Brandl der Zeitung.",
        "Er sagte: \"Nein\".Dann ging er. (AFP)", "Teilen", "Brücken-",
        "„Wir gehen.“Dann", "«", "x\u200b",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_LINES, max_size=9).map("\n".join), st.text(max_size=40))
def test_cleaning_a_cleaned_text_changes_nothing(lines: str, noise: str) -> None:
    raw = RawArticle(article_id="a", text=lines + "\n" + noise, raw_hash="0", path="/a")
    article = clean_article(raw)
    assert _again(article).text == article.text


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_cleaning_never_fails_and_hashes_the_text(text: str) -> None:
    raw = RawArticle(article_id="a", text=text, raw_hash="0", path="/a", title=text[:20])
    article = clean_article(raw)
    assert clean_article(raw).content_hash == article.content_hash
    assert clean_article(replace(raw, text=text + " Mehr.")).content_hash != article.content_hash


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
def test_the_five_real_articles_lose_no_sentence_and_no_more_than_they_should() -> None:
    outcomes = {}
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        article = clean_article(
            RawArticle(article_id=path.stem[:3], text=text, raw_hash="0", path=str(path))
        )
        assert _again(article).text == article.text
        reasons = sorted(item.reason for item in article.removed)
        outcomes[article.article_id] = (
            article.source,
            article.published_at,
            article.origin,
            reasons,
        )
        gone = sum(len(item.text) for item in article.removed) + len(article.title or "")
        assert len("".join(article.text.split())) >= len("".join(text.split())) - gone
    assert outcomes == {
        "000": ("Renewz", None, "BBC", ["photo_credit", "subscription"]),
        "001": (None, "2025-09-03", "dpa, AFP, Reuters", ["agency_line", "dateline"]),
        "002": (None, None, None, []),
        "003": (None, None, None, ["read_also"]),
        "004": ("KStA", None, None, ["caption", "caption", "reading_time", "subscription"]),
    }
