"""First start, logging in, several readers, restarts, stopping, light and dark, widths."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from tests.e2e.chat_steps import SOLDIERS, ask, unfold_kept
from tests.e2e.conftest import start_server
from tests.e2e.fake_llm import speaking


def test_an_empty_store_explains_the_next_step_and_takes_the_sample(
    tmp_path, serve_light, open_page, shoot, axe
):
    server = serve_light(tmp_path / "new", RAG_ANSWER__MIN_CONFIDENCE="0")
    page = open_page(server.url)
    page.locator("#talk .start.empty").wait_for()
    assert "Noch keine Artikel" in page.locator("#talk").inner_text()
    shoot(page, "empty-light")
    assert axe(page) == []
    page.locator("#question textarea").fill("Wer?")
    page.locator("#question textarea").press("Enter")
    page.get_by_text("Die Sammlung ist leer").first.wait_for()
    page.locator("[data-do=sample]").click()
    page.locator("#talk progress").first.wait_for()
    page.get_by_text("20 Artikel").wait_for(timeout=240_000)
    turn = ask(page, SOLDIERS)
    assert turn.locator("button.chip").count() >= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_readable_on_phones_and_desks_in_light_and_dark(
    seeds_server, open_page, shoot, axe, width, dark
):
    page = open_page(seeds_server.url, width=width, dark=dark)
    assert page.evaluate("document.body.classList.contains('dark')") is dark
    ask(page, SOLDIERS)
    page.locator("#talk .next button").first.wait_for()
    shoot(page, f"chat-{width}-{'dark' if dark else 'light'}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#talk button.chip").first.click()
    page.locator("#source[open] mark.quote").first.wait_for()
    box = page.locator("#source").bounding_box()
    assert box is not None
    assert box["width"] <= width + 1
    shoot(page, f"source-{width}-{'dark' if dark else 'light'}", full=False)
    assert axe(page) == []


def test_the_switch_for_light_and_dark_is_remembered(seeds_server, open_page):
    page = open_page(seeds_server.url)
    page.locator("[data-theme]").click()
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    page.wait_for_selector("#views")
    page.wait_for_function("document.body.classList.contains('dark')")


def test_two_readers_do_not_see_each_others_conversations(seeds_server, open_page):
    one, two = open_page(seeds_server.url), open_page(seeds_server.url, locale="en-GB")
    for page, question in ((one, SOLDIERS), (two, "Where did Kim and Putin meet?")):
        page.locator("#question textarea").fill(question)
        page.locator("#question textarea").press("Enter")
    for page, own, other in ((one, "Soldaten", "Where did"), (two, "Where did", "Wie viele")):
        page.locator("#talk .turn.done").wait_for()
        asked = page.locator("#talk h3.asked").all_inner_texts()
        assert len(asked) == 1
        assert own in asked[0] and other not in asked[0]


def test_two_windows_of_one_reader_keep_each_others_conversations(seeds_server, open_page):
    one = open_page(seeds_server.url)
    two = one.context.new_page()
    two.goto(seeds_server.url)
    two.locator("#talk .start").wait_for()
    ask(one, SOLDIERS)
    ask(two, "Wo trafen sich Kim und Putin 2025?")
    ask(one, "Und wann?")
    for page, own, other in ((one, SOLDIERS, "Wo trafen"), (two, "Wo trafen", SOLDIERS)):
        page.reload()
        page.locator("#talk .turn.done").first.wait_for()
        assert own in page.locator("#talk h3.asked").first.inner_text()
        unfold_kept(page)
        assert other in page.locator("#shelf").inner_text()
    assert one.locator("#talk .turn").count() == 2


def test_after_a_restart_of_the_server_the_open_page_and_its_history_go_on(seeds_store, open_page):
    first = start_server(seeds_store)
    try:
        page = open_page(first.url)
        ask(page, SOLDIERS)
        port = first.port
    finally:
        first.stop()
    second = start_server(seeds_store, port=port)
    try:
        turn = ask(page, "Wo trafen sich Kim und Putin 2025?")
        assert turn.locator(".badge").first.inner_text() == "Beantwortet"
        page.reload()
        page.locator("#talk .turn.done").nth(1).wait_for()
    finally:
        second.stop()


def test_logging_in_keeps_others_out(seeds_store, serve, open_page, shoot):
    server = serve(seeds_store, "--auth", "ann:geheim")
    for path in ("/de/config", "/source?article=x&start=0&end=1", "/de/gradio_api/info"):
        assert httpx.get(server.url + path).status_code == 401
    page = open_page(server.url, wait_for="form")
    shoot(page, "login-light")
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Passwort").fill("falsch")
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Passwort").fill("geheim")
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_selector("#views")
    ask(page, SOLDIERS)
    page.get_by_role("link", name="Abmelden").click()
    page.wait_for_selector("form")
    codes = [
        httpx.post(f"{server.url}/login", data={"username": "ann", "password": "x"}).status_code
        for _ in range(8)
    ]
    assert 429 in codes


def test_a_written_answer_streams_and_can_be_stopped(seeds_store, serve, open_page):
    with speaking([f"Wort {n} " for n in range(400)], pause_seconds=0.1) as url:
        server = serve(seeds_store, RAG_LLM__URL=url, RAG_LLM__MODEL="fake", RAG_LLM__CACHE="false")
        page = open_page(server.url)
        page.locator("#question textarea").fill(SOLDIERS)
        page.locator("#question textarea").press("Enter")
        page.get_by_text("noch ungeprüft").wait_for()
        early = len(page.locator("#talk .draft").inner_text())
        page.wait_for_function(f"document.querySelector('#talk .draft').innerText.length > {early}")
        page.locator("#stop").click()
        page.get_by_text("Angehalten").wait_for()
        assert page.locator("#talk .answer").count() == 0
        page.locator("#send").wait_for()


def test_others_than_this_machine_need_a_login_and_a_taken_port_is_told(seeds_store):
    def told(*flags: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "rag", "ui", "--store", str(seeds_store), *flags]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    code, message = told("--host", "0.0.0.0")
    assert code == 2
    assert "--auth" in message
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, message = told("--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "--port" in message


def test_foreign_hosts_and_pages_are_refused_by_the_running_server(seeds_server):
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
        assert httpx.get(f"{seeds_server.url}/de/", headers=headers).status_code == 403
    files = {"files": ("x.exe", b"MZ")}
    answer = httpx.post(f"{seeds_server.url}/de/gradio_api/upload", files=files)
    assert answer.status_code == 415
    page = httpx.get(f"{seeds_server.url}/de/")
    assert "connect-src 'self'" in page.headers["content-security-policy"]
