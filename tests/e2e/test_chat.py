"""Asking: one visit to the sample corpus, in steps that each begin where a reader could."""

from __future__ import annotations

import json
import re

import pytest

from tests.e2e.chat_steps import (
    SOLDIERS,
    ask,
    begin_another,
    close_source,
    shown_source,
    unfold_kept,
)


@pytest.fixture(scope="module")
def page(seeds_server, open_shared_page):
    return open_shared_page(seeds_server.url)


def test_the_first_visit_says_what_is_there_and_offers_questions_that_are_answered(page, shoot):
    page.locator("#talk .start .next button").first.wait_for()
    assert "20 Artikel" in page.locator("#talk .start").inner_text()
    shoot(page, "start-light")
    question = page.locator("#talk .start .next button").first.inner_text()
    page.locator("#talk .start .next button").first.click()
    turn = page.locator("#talk .turn.done").first
    turn.wait_for()
    assert turn.locator("h3").inner_text() == question
    assert turn.locator(".badge").first.inner_text() == "Beantwortet"


def test_a_new_conversation_begun_in_an_empty_one_loses_no_question(seeds_server, open_page):
    page = open_page(seeds_server.url)
    page.locator("#talk .start .next button").first.wait_for()
    calls = []
    page.on("request", lambda call: calls.append(call.url) if "queue/join" in call.url else None)
    page.locator("#new-conversation").click()
    assert page.evaluate("document.activeElement.closest('#question') !== null")
    turn = ask(page, SOLDIERS)
    assert "10.000" in turn.inner_text()
    assert len(calls) == 1, "the click must not reach the server, where it could overtake"
    assert page.locator("#talk .turn").count() == 1


def test_an_answer_has_a_status_statements_by_outlet_and_chips(page):
    begin_another(page)
    turn = ask(page, SOLDIERS)
    assert turn.locator(".status .badge").inner_text() == "Beantwortet"
    assert "Medien" in turn.locator(".covered").inner_text()
    assert "10.000" in turn.locator(".statement.lead .words").inner_text()
    assert turn.locator(".statement .by").count() >= 1
    assert turn.locator("button.chip").count() >= 3


def test_a_chip_opens_the_article_with_exactly_the_quote_marked_and_in_sight(page, shoot):
    chip = page.locator("#talk .turn").last.locator("button.chip").first
    marked, whole = shown_source(page, chip)
    assert marked == " ".join(chip.get_attribute("data-tip").split())
    assert len(whole) > len(marked)
    # Which article it is can be read above the quote, however far down that stands.
    assert page.locator("#source h2").bounding_box()["y"] >= 0
    box = page.locator("#source mark.quote").first.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 900 - box["height"]
    shoot(page, "source-light", full=False)
    close_source(page)
    assert page.evaluate("document.activeElement.classList.contains('chip')")


def test_every_chip_marks_its_own_quote(page):
    turn = page.locator("#talk .turn").last
    for place in range(turn.locator("button.chip").count()):
        chip = turn.locator("button.chip").nth(place)
        marked, _ = shown_source(page, chip)
        assert marked == " ".join(chip.get_attribute("data-tip").split())
        close_source(page)


def test_hovering_a_chip_shows_the_quote_and_whose_it_is(page):
    chip = page.locator("#talk .turn").last.locator("button.chip").first
    chip.hover()
    tip = page.locator("#tip").inner_text()
    assert chip.get_attribute("data-tip") in tip
    assert re.search(r"3\. September 2025", tip)
    page.mouse.move(0, 0)
    page.locator("#tip").wait_for(state="detached")


def test_a_disagreement_card_shows_both_sides_and_their_figures_on_one_scale(page, shoot):
    card = page.locator("#talk .turn").last.locator(".card.conflict").first
    values = card.locator(".value strong").all_inner_texts()
    assert values == ["10.000", "12.000"]
    assert card.locator(".badge").all_inner_texts() == ["Zahl", "Widerspruch"]
    assert card.locator("svg.scale circle").count() == 2
    sides = card.locator(".side")
    assert "Bördeland-Kurier" in sides.nth(1).inner_text()
    assert "3. September 2025" in sides.nth(0).inner_text()
    assert "Angabe:" in sides.nth(0).inner_text()
    quote = sides.nth(1).locator("button.quote")
    marked, _ = shown_source(page, quote)
    assert "12.000 Soldaten" in marked
    close_source(page)
    shoot(page, "answer-light")


def test_the_evidence_says_why_each_passage_was_read_and_how_many_origins_there_are(page):
    panel = page.locator("#talk .turn").last.locator("details.evidence")
    panel.locator("summary").click()
    panel.locator("ul.passages li").first.wait_for()
    text = panel.inner_text()
    assert "Ursprünge" in text or "1 Ursprung" in text
    assert "Platz 1" in text
    assert "gemeinsame Wörter" in text
    assert panel.locator("mark").count() >= 1
    panel.locator("summary").click()


def test_the_articles_offer_next_questions(page):
    buttons = page.locator("#talk .turn").last.locator(".next button")
    buttons.first.wait_for()
    assert buttons.count() >= 1


def test_a_follow_up_shows_the_question_it_was_read_as(page):
    begin_another(page)
    ask(page, "Wo trafen sich Kim und Putin 2025?")
    turn = ask(page, "Und wann?")
    assert "Kim" in turn.locator(".read-as").inner_text()


def test_a_question_beyond_the_sources_is_not_answered(page, shoot):
    begin_another(page)
    turn = ask(page, "Wie hoch ist der Eiffelturm?")
    assert turn.locator(".status .badge").inner_text() == "Nicht in den Quellen"
    assert turn.locator("button.chip").count() == 0
    shoot(page, "not-in-sources-light")


def test_an_english_question_gets_an_english_answer_on_the_german_page(page):
    begin_another(page)
    turn = ask(page, "How many soldiers marched in the parade?")
    assert turn.locator(".answer").get_attribute("lang") == "en"


def test_answers_can_be_copied_with_their_sources(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    begin_another(page)
    turn = ask(page, SOLDIERS)
    turn.locator("[data-do=copy]").click()
    page.wait_for_function("document.getElementById('said').textContent === 'Kopiert'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in copied
    assert "Depesche24, 3. September 2025" in copied


def test_judging_an_answer_is_kept_as_a_line_that_becomes_an_eval_case(page, seeds_server):
    turn = page.locator("#talk .turn").last
    turn.locator("[data-do=up]").click()
    page.locator("#talk .turn [data-do=up][aria-pressed=true]").wait_for()
    lines = (seeds_server.store / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(lines[-1])
    assert row["rating"] == "up"
    assert row["question"] == SOLDIERS
    assert row["answer"]["citations"][0]["quote"]
    assert row["answer"]["run"]["index_fingerprint"]


def test_asking_again_and_changing_a_question(page):
    turn = page.locator("#talk .turn").last
    turn.locator("[data-do=retry]").click()
    page.locator("#talk .turn.done [data-do=up][aria-pressed=false]").wait_for()
    assert page.locator("#talk .turn").count() == 1
    page.locator("#talk .turn [data-do=edit]").click()
    page.locator("#talk .start").wait_for()
    assert page.locator("#question textarea").input_value() == SOLDIERS
    page.locator("#question textarea").fill("")


def test_a_conversation_is_there_again_after_reloading_and_in_the_other_language(page):
    ask(page, SOLDIERS)
    page.reload()
    page.locator("#talk .turn.done").wait_for()
    assert page.locator("#talk .turn h3").inner_text() == SOLDIERS
    page.get_by_role("link", name="English").click()
    page.locator("#talk .turn.done").wait_for()
    assert page.locator("#talk .status .badge").inner_text() == "Answered"
    page.get_by_role("link", name="Deutsch").click()
    page.locator("#talk .turn.done").wait_for()


def test_a_conversation_is_exported_as_markdown_and_json(page):
    unfold_kept(page)
    with page.expect_download() as one:
        page.locator("#export-md").click()
    markdown = one.value.path().read_text(encoding="utf-8")
    assert one.value.suggested_filename.endswith(".md")
    assert f"## {SOLDIERS}" in markdown
    assert "[1] Depesche24" in markdown.replace("\\", "")
    with page.expect_download() as two:
        page.locator("#export-json").click()
    exported = json.loads(two.value.path().read_text(encoding="utf-8"))
    assert exported["exchanges"][0]["answer"]["status"] == "answered"


def test_older_conversations_are_opened_again_and_deleted(page):
    begin_another(page)
    page.locator("#shelf .reopen").first.wait_for()
    page.locator("#shelf .reopen").first.click()
    page.locator("#talk .turn.done").wait_for()
    begin_another(page)
    count = page.locator("#shelf .drop").count()
    page.locator("#shelf .drop").first.click()
    page.wait_for_function(f"document.querySelectorAll('#shelf .drop').length === {count - 1}")


def test_conversations_can_be_kept_on_disk_and_survive_reloading_there(page, seeds_server):
    ask(page, SOLDIERS)
    page.locator("#where input[value=disk]").check()
    folder = seeds_server.store / "conversations"
    page.wait_for_function("document.querySelector('#where input[value=disk]').checked")
    page.wait_for_timeout(1000)
    assert len(list(folder.glob("*.json"))) == 1
    page.reload()
    page.locator("#talk .turn.done").wait_for()
    unfold_kept(page)
    assert page.locator("#where input[value=disk]").is_checked()


def test_deleting_everything_asks_first_and_leaves_nothing(page, seeds_server):
    unfold_kept(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("#forget-all").click()
    page.wait_for_timeout(500)
    assert page.locator("#talk .turn").count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#forget-all").click()
    page.locator("#talk .start").wait_for()
    page.reload()
    page.locator("#talk .start").wait_for()
    folder = seeds_server.store / "conversations"
    assert all(SOLDIERS not in f.read_text(encoding="utf-8") for f in folder.glob("*.json"))


def test_one_exchange_can_be_deleted(page):
    ask(page, "Wo trafen sich Kim und Putin 2025?")
    ask(page, SOLDIERS)
    page.locator("#talk .turn").first.locator("[data-do=delete]").click()
    page.wait_for_function("document.querySelectorAll('#talk .turn').length === 1")
    assert page.locator("#talk .turn h3").inner_text() == SOLDIERS


def test_everything_is_reached_by_the_keyboard(page):
    begin_another(page)
    page.locator("#question textarea").focus()
    page.keyboard.type("Wo trafen sich Kim und Putin 2025?")
    page.keyboard.press("Enter")
    page.locator("#talk .turn.done").wait_for()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('chip')"):
            break
    page.keyboard.press("Enter")
    page.locator("#source[open] mark.quote").wait_for()
    page.keyboard.press("Escape")


def test_nothing_serious_is_found_by_axe(page, axe):
    assert axe(page) == []
