"""What a briefing promises, from the store to the file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rag.briefing.export import Form, export
from rag.briefing.files import write_whole
from rag.briefing.pdf_faces import in_faces
from rag.briefing.read_back import read_back
from rag.errors import UsageError
from rag.pipeline import brief
from rag.types import Briefing, Citation, Question
from rag.verify import verify
from rag.wiring import Deps

TOPIC = "Der Brand auf der Sandbrücke in Lüderau"


@pytest.fixture(scope="module")
def made(deps: Deps) -> Briefing:
    return brief(TOPIC, deps)


def kinds(briefing: Briefing) -> list[str]:
    return [section.kind for section in briefing.sections]


def test_every_sentence_is_cited_and_every_quote_stands_in_its_article(made: Briefing, deps: Deps):
    known = {each.marker: each for each in made.citations}
    sentences = [s for section in made.sections for s in section.sentences]
    assert sentences
    for sentence in sentences:
        assert sentence.citations
        quotes = [" ".join(known[marker].quote.split()) for marker in sentence.citations]
        assert sentence.text in quotes
    for each in made.citations:
        article = deps.store.article(each.article_id)
        assert article is not None
        assert article.text[each.start_char : each.end_char] == each.quote


def test_an_article_of_another_time_is_named_but_not_used(made: Briefing):
    other = next(each for each in made.sources if each.article_id == "c")
    assert not other.is_used
    assert "anderes Ereignis" in other.reason
    assert all(each.article_id != "c" for each in made.citations)


@pytest.mark.parametrize("form", ["md", "html", "text"])
def test_an_article_without_outlet_and_title_is_listed_by_its_first_words(
    made: Briefing, form: Form
):
    nameless = replace(made.sources[0], outlet="x_00ff", article_id="x_00ff", title=None)
    nameless = replace(nameless, label="Während eines langen Treffens")
    shown = export(replace(made, sources=(nameless,)), form).decode("utf-8")
    assert "kein Medium genannt" in shown
    assert "Während eines langen Treffens" in shown
    assert "x_00ff" not in shown


def test_differing_figures_are_shown_as_a_disagreement(made: Briefing):
    found = [each for each in made.disagreements if each.kind == "number"]
    values = {position.value for each in found for position in each.positions}
    assert any("12" in value for value in values)
    assert any("30" in value for value in values)


def test_nothing_is_said_twice(made: Briefing):
    texts = [s.text for section in made.sections for s in section.sentences]
    assert len(texts) == len(set(texts))


def test_empty_sections_are_left_out(made: Briefing):
    assert all(section.points for section in made.sections)


def test_the_timeline_keeps_how_exact_a_date_is(made: Briefing):
    by_date = {entry.date: entry for entry in made.timeline}
    assert by_date["2025-03-04"].precision == "day"
    assert "2026" in by_date["2026-01-01"].shown
    assert by_date["2026-01-01"].precision != "day"


def test_who_said_what_names_the_speaker(made: Briefing):
    spoken = [p for s in made.sections if s.kind == "speakers" for p in s.points]
    assert any("Quandt" in point.label for point in spoken)


@pytest.mark.parametrize("topic", ["Kurse an der Börse Ostrowik", "Tarifstreit der Lokführer"])
def test_a_topic_nobody_writes_about_gets_a_message(deps: Deps, topic: str):
    with pytest.raises(UsageError, match="No article"):
        brief(topic, deps)


def test_filters_are_kept(deps: Deps):
    asked = Question(text=TOPIC, outlets=frozenset({"Talkurier"}))
    assert {each.article_id for each in brief(asked, deps).citations} == {"b"}


def test_without_a_topic_the_main_events_are_covered(deps: Deps):
    found = brief(None, deps)
    assert all(section.event for section in found.sections)
    assert found.citations


def test_headings_are_in_the_language_asked_for(deps: Deps):
    found = brief(TOPIC, deps, language="en")
    assert found.title.startswith("Briefing: ")
    assert "In brief" in {section.heading for section in found.sections}


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_an_export_verifies_as_it_was_written(
    made: Briefing, deps: Deps, tmp_path: Path, form: Form
):
    path = tmp_path / f"page.{form}"
    path.write_bytes(export(made, form))
    (printed,) = read_back(path)
    assert len(printed.citations) == len(made.citations)
    assert len(printed.sentences) >= sum(len(section.points) for section in made.sections)
    failed = [each for each in verify(printed, deps.store.article).checked if each.problem]
    assert failed == []


@pytest.mark.parametrize("form", ["md", "html", "json"])
@pytest.mark.parametrize(
    ("written", "altered"),
    [("30 Menschen", "31 Menschen"), ("Quandt", "Brandis"), ("Alte", "Neue")],
)
def test_a_change_by_hand_is_caught(
    made: Briefing, deps: Deps, tmp_path: Path, form: Form, written: str, altered: str
):
    text = export(made, form).decode()
    assert written in text
    for occurrence in re.finditer(written, text):
        # The topic of the page itself, and what is not cited, may be worded as one likes.
        changed = text[: occurrence.start()] + altered + text[occurrence.end() :]
        if _is_uncited(changed, occurrence.start(), form):
            continue
        path = tmp_path / f"page.{form}"
        path.write_text(changed, encoding="utf-8")
        assert verify(read_back(path)[0], deps.store.article).score < 1


def _is_uncited(text: str, place: int, form: Form) -> bool:
    line = text[text.rfind("\n", 0, place) + 1 : text.find("\n", place)]
    if form == "md":
        shown = re.sub(r"^- \*\*.*?\*\* — ", "", line)
        return "[^" not in line or (len(shown) < len(line) and text[place : place + 5] not in shown)
    if form == "html":
        before = text[:place]
        in_cited = before.rfind('data-cites="') > before.rfind("</span>")
        in_quote = before.rfind("<q>") > before.rfind("</q>")
        return not (in_cited or in_quote)
    return not re.match(r'\s*"(?:text|sentence|quote)":', line) or _in_disagreement(text, place)


def _in_disagreement(text: str, place: int) -> bool:
    # A claim of a disagreement is shown, and checked, as a sentence of its section.
    return text.find('"disagreements"') < place < text.find('"timeline"')


def test_the_page_calls_nothing_and_links_only_web_addresses(made: Briefing):
    page = export(made, "html").decode()
    assert "<script" not in page
    assert "javascript:" not in page
    assert not re.search(r"(?:\bsrc=|@import|url\()", page)
    assert "https://nordblatt.example/bruecke" in page
    assert "<b>mit Altpapier</b>" not in page


def test_pdf_is_one_with_text_that_can_be_read(made: Briefing):
    import io

    from pypdf import PdfReader

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(export(made, "pdf"))).pages)
    assert "Sandbrücke in Lüderau" in " ".join(text.split())


def test_json_has_what_the_interface_promises(made: Briefing):
    row = json.loads(export(made, "json"))
    assert {
        "schema", "topic", "title", "sections", "citations", "disagreements", "timeline",
        "coverage", "run",
    } <= set(row)  # fmt: skip
    assert {"heading", "kind", "sentences"} <= set(row["sections"][0])
    assert {"date", "precision", "sentence", "citations"} <= set(row["timeline"][0])


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "page.md"
    path.write_text("before", encoding="utf-8")

    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"after")
    assert path.read_text(encoding="utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["page.md"]


@pytest.mark.parametrize(
    "name", ["Łódź", "Đặng", "Владимир", "Ελλάδα", "საქართველო", "北京", "김정은"]
)
def test_letters_beyond_latin_are_shown_as_they_are(name: str):
    assert re.sub(r"<.*?>", "", in_faces(name)) == name


def test_a_character_the_font_lacks_does_not_stop_the_pdf(made: Briefing):
    odd = replace(made, title="Ściegienny řeší 東京 שלום")
    assert export(odd, "pdf").startswith(b"%PDF")


def test_a_text_changed_since_is_told(made: Briefing, deps: Deps, tmp_path: Path):
    cited: Citation = made.citations[0]
    path = tmp_path / "page.json"
    path.write_bytes(export(made, "json"))

    def find(article_id: str):
        article = deps.store.article(article_id)
        is_other = article is not None and article_id == cited.article_id
        return replace(article, content_hash="0" * 64) if is_other else article

    found = verify(read_back(path)[0], find)
    assert "changed_text" in {each.problem for each in found.checked}
