"""Compare, brief, narrow down, look at figures: over the sample corpus, which stays as it is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, SHOTS
from tests.e2e.view_steps import compare, field, has_no_sideways_scroll, open_view, titles

SOLDIERS = "Wie viele Soldaten marschierten bei der Parade mit?"
VIEWS = ("compare", "briefing", "collection", "evaluation")
_OPEN_ALL = (
    "document.querySelectorAll('.briefing details').forEach((each) => { each.open = true; })"
)
_WIDTHS = """() => {
    const width = (each) => each.getBoundingClientRect().width;
    const cell = document.querySelector('.briefing details tbody td');
    const word = document.createElement('span');
    word.textContent = cell.innerText.split(' ')[0];
    word.style.whiteSpace = 'nowrap';
    cell.append(word);
    const found = { article: width(document.querySelector('.briefing')), cell: width(cell) };
    found.word = width(word);
    word.remove();
    return found;
}"""


@pytest.fixture(scope="module")
def page(seeds_server, open_shared_page):
    return open_shared_page(seeds_server.url)


def test_the_matrix_shows_who_gives_which_answer_and_opens_the_quote(page):
    result = compare(page, SOLDIERS)
    heads = result.locator("table.matrix thead .value").all_inner_texts()
    assert {"10.000", "12.000"} <= set(heads)
    row = result.locator("table.matrix tbody tr", has_text="Talbrücker Anzeiger")
    marked = row.locator("td").nth(heads.index("10.000"))
    assert marked.locator("button.mark").count() == 1
    assert row.locator("td").nth(heads.index("12.000")).locator("button").count() == 0
    marked.locator("button.mark").click()
    page.locator("#source[open] .text").wait_for()
    assert "10.000 Soldaten" in page.locator("#source mark.quote").first.inner_text()
    page.keyboard.press("Escape")
    assert result.locator(".card.conflict").count() == 1


def test_a_source_closed_while_it_is_on_its_way_stays_closed_and_shows_no_other_meanwhile(page):
    result = compare(page, SOLDIERS)
    chip = result.locator("button.mark").first
    chip.click()
    page.locator("#source[open] mark.quote").first.wait_for()
    page.keyboard.press("Escape")
    page.evaluate("""() => {
        const real = window.fetch;
        const held = new Promise((done) => {
            window.release = () => { window.fetch = real; done(); };
        });
        window.fetch = (...call) => held.then(() => real(...call));
    }""")
    chip.click()
    drawer = page.locator("#source")
    drawer.wait_for(state="visible")
    assert drawer.locator("mark.quote").count() == 0
    drawer.locator(".loading").wait_for()
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className").startswith("mark")
    # An answer that is asked for later is there: so the one that was held back would be, too.
    page.evaluate("""() => { window.release();
        return fetch('/source?article=none&start=0&end=0&language=de').then((r) => r.text()); }""")
    assert drawer.is_hidden()
    chip.click()
    drawer.locator("mark.quote").first.wait_for()
    page.keyboard.press("Escape")


def test_all_contradictions_of_the_collection_are_listed_with_both_sides(page):
    open_view(page, "compare")
    page.locator("#compare-all").click()
    page.locator("#compare-result .compared.all").wait_for()
    cards = page.locator("#compare-result .card.conflict")
    assert cards.count() >= 1
    for card in cards.all():
        assert card.locator(".side").count() >= 2


def test_what_nobody_reports_and_an_empty_question_are_told(seeds_server, open_page):
    page = open_page(seeds_server.url, locale="en-US")
    open_view(page, "compare")
    page.locator("#compare-run").click()
    assert "enter a question" in page.locator("#compare-result .notice").inner_text()
    compare(page, "Wie tief ist der Baikalsee?")
    page.locator("#compare-result table.matrix").wait_for(state="detached")


def test_a_briefing_is_made_cited_saved_in_four_forms_and_verified(page, tmp_path, shoot):
    open_view(page, "briefing")
    field(page, "briefing-topic").fill("Treffen von Putin und Kim in Peking")
    page.get_by_role("radio", name="kurz").check()
    page.locator("#briefing-run").click()
    page.locator("article.briefing").wait_for()
    assert page.locator("article.briefing h2").inner_text().endswith("Kim in Peking")
    page.locator("#briefing-save").wait_for()
    page.locator("article.briefing .chip").first.click()
    page.locator("#source[open] .text").wait_for()
    quote = page.locator("#source mark.quote").first.inner_text()
    assert len(quote.split()) > 3
    page.keyboard.press("Escape")
    files = {}
    for form in ("md", "html", "pdf", "json"):
        with page.expect_download() as download:
            page.locator(f"#briefing-{form}").click()
        files[form] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[form])
    assert files["pdf"].name == "briefing-treffen-von-putin-und-kim-in-peking.pdf"
    assert files["pdf"].read_bytes().startswith(b"%PDF")
    assert json.loads(files["json"].read_text(encoding="utf-8"))["citations"]
    # On a phone the table of sources scrolls by itself, and no word is broken into letters.
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(_OPEN_ALL)
    assert has_no_sideways_scroll(page)
    widths = page.evaluate(_WIDTHS)
    assert widths["article"] <= 390
    assert widths["cell"] >= widths["word"]
    shoot(page, "briefing-390")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("#briefing-verify").click()
    page.locator("#briefing-verdict .notice.good").wait_for()
    count = re.search(r"Alle (\d+)", page.locator("#briefing-verdict").inner_text())
    assert count and int(count[1]) > 20
    shoot(page, "briefing")
    # Any exported file can be checked later, and an altered one is found out.
    content = files["html"].read_text(encoding="utf-8")
    shown = re.search(r'<span class="s"[^>]*>([^<]{40,})</span>', content)
    assert shown
    altered = tmp_path / "altered.html"
    altered.write_text(content.replace(shown[1], shown[1] + " Das ist frei erfunden."), "utf-8")
    page.locator("#briefing-verify-file input[type=file], input[type=file]#briefing-verify-file")
    with page.expect_file_chooser() as chooser:
        page.locator("#briefing-verify-file").click()
    chooser.value.set_files(altered)
    page.locator("#briefing-verdict .notice.warning").wait_for()
    assert "halten nicht" in page.locator("#briefing-verdict").inner_text()


def test_a_topic_nobody_writes_about_is_told_in_a_sentence(page):
    open_view(page, "briefing")
    field(page, "briefing-topic").fill("Zuckerrübenernte in Oberquellheim")
    page.locator("#briefing-run").click()
    page.locator("#briefing-page .notice.warning").wait_for()
    assert "Kein Artikel" in page.locator("#briefing-page").inner_text()
    page.locator("#briefing-run:enabled").wait_for()


def test_the_collection_names_outlet_date_origin_and_copies(page):
    open_view(page, "collection")
    page.locator("#collection-list tbody tr").first.wait_for()
    assert page.locator("#collection-list tbody tr").count() == 20
    copies = page.locator("#collection-list tr", has=page.locator(".badge.copy"))
    assert "Kopie von Depesche24" in copies.first.inner_text()
    assert "dpa, AFP" in copies.first.inner_text()
    figures = page.locator("#collection-figures dl").inner_text()
    assert re.search(r"Artikel\s+20", figures)
    assert page.locator("#collection-timeline svg rect.mark").count() >= 2
    field(page, "collection-search").fill("harbour")
    field(page, "collection-search").press("Enter")
    page.locator("#collection-list caption", has_text="3 von 20").wait_for()
    page.locator("#collection-list button.title").first.click()
    page.locator("#source[open] .text").wait_for()
    assert "The Harbour Ledger" in page.locator("#source .facts").inner_text()
    page.keyboard.press("Escape")
    field(page, "collection-search").fill("")
    field(page, "collection-search").press("Enter")
    page.locator("#collection-list caption", has_text="20 von 20").wait_for()


def test_a_filter_narrows_every_view_of_its_session_and_no_other(page, seeds_server, open_page):
    open_view(page, "collection")
    page.locator("#filter-outlets input").click()
    page.get_by_role("option", name="Ostfenster").click()
    page.keyboard.press("Escape")
    field(page, "filter-from").fill("2025-09-01")
    page.locator("#filter-apply").click()
    page.locator("#collection-list caption", has_text="1 von 20").wait_for()
    result = compare(page, "Wo sprachen Putin und Kim nach der Parade?")
    assert "Ostfenster · ab 1. September 2025" in page.locator("#view-compare").inner_text()
    assert result.locator("tbody .outlet").all_inner_texts() in (["Ostfenster"], [])
    open_view(page, "chat")
    page.locator("#question textarea").fill("Wo sprachen Putin und Kim nach der Parade?")
    page.locator("#question textarea").press("Enter")
    answer = page.locator("#talk .turn .answer").first
    answer.wait_for()
    assert "Depesche24" not in answer.inner_text()
    other = open_page(seeds_server.url)
    open_view(other, "collection")
    other.locator("#collection-list caption", has_text="20 von 20").wait_for()
    open_view(page, "collection")
    page.locator("#filter-reset").click()
    page.locator("#collection-list caption", has_text="20 von 20").wait_for()


def test_a_wrong_date_is_told_and_changes_nothing(page):
    open_view(page, "collection")
    page.locator("#collection-list tbody tr").first.wait_for()
    field(page, "filter-from").fill("gestern")
    page.locator("#filter-apply").click()
    page.locator(".toast-body", has_text="„gestern“ ist kein Datum").wait_for()
    assert len(titles(page)) == 20


def test_the_evaluation_explains_itself_without_results_and_shows_them_when_there_are(
    page, seeds_server, shoot
):
    folder = seeds_server.store.parent / "out"
    open_view(page, "evaluation")
    assert "rag eval" in page.locator("#evaluation-page .notice").inner_text()
    (folder / "eval").mkdir(parents=True)
    try:
        (folder / "eval" / "results.json").write_text("{", encoding="utf-8")
        page.locator("#evaluation-refresh").click()
        page.locator("#evaluation-page .notice.warning").wait_for()
        shutil.copy(ROOT / "evals/baselines/seeds.json", folder / "eval" / "results.json")
        (folder / "eval" / "report.html").write_text("<p>report</p>", encoding="utf-8")
        page.locator("#evaluation-refresh").click()
        page.locator("#evaluation-page svg circle").first.wait_for()
        shown = json.loads((ROOT / "evals/baselines/seeds.json").read_text(encoding="utf-8"))
        vital = shown["summary"]["seeds"]["gegenlese"]["nugget_recall_vital"]["value"]
        assert f"{round(100 * vital)} %" in page.locator("#evaluation-page dl").inner_text()
        with page.expect_download() as download:
            page.locator("#evaluation-report").click()
        assert Path(download.value.path()).read_text(encoding="utf-8") == "<p>report</p>"
        shoot(page, "evaluation")
    finally:
        shutil.rmtree(folder)


# The other two of the four are looked at where screenshots are made.
_LOOKS = [(1440, False), (390, True), *([(1440, True), (390, False)] if SHOTS else [])]


@pytest.mark.parametrize(("width", "dark"), _LOOKS)
def test_every_view_is_legible_and_reachable_on_wide_and_narrow_light_and_dark(
    seeds_server, open_page, axe, shoot, width, dark
):
    locale = "en-US" if dark else "de-DE"
    page = open_page(seeds_server.url, width=width, dark=dark, locale=locale)
    compare(page, SOLDIERS)
    for view in VIEWS:
        open_view(page, view)
        page.wait_for_timeout(300)
        assert has_no_sideways_scroll(page), view
        shoot(page, f"{view}-{width}{'-dark' if dark else ''}")
        assert axe(page) == [], view


def test_the_views_are_worked_with_the_keyboard_alone(seeds_server, open_page):
    page = open_page(seeds_server.url)
    open_view(page, "compare")
    field(page, "compare-question").focus()
    page.keyboard.type(SOLDIERS)
    page.keyboard.press("Enter")
    page.locator("table.matrix").wait_for()
    page.locator("button.mark").first.focus()
    page.keyboard.press("Enter")
    page.locator("#source[open] mark.quote").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("#source").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className").startswith("mark")
