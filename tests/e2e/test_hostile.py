"""Hostile text in articles, their metadata, names and a model's answer: shown, never obeyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.chat_steps import ask
from tests.e2e.conftest import ingest
from tests.e2e.fake_llm import speaking

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
QUESTION = "Wie hoch ist der Leuchtturm von Quellheim?"


@pytest.fixture(scope="module")
def hostile_server(tmp_path_factory, serve):
    """Every payload as title, outlet, id, author and text of an article, and in files' names."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "article_id": f"{place} {payload}",
            "title": f"Leuchtturm {payload}",
            "source": f"Blatt {place} {payload}",
            "authors": [payload],
            "url": payload,
            "published_at": "2025-03-04",
            "text": f"Der Leuchtturm von Quellheim ist {place + 20} Meter hoch, {payload} sagte "
            f"Ottilie Brandeis.\n\nNummer {place}: {payload}",
        }
        for place, payload in enumerate(PAYLOADS)
    ]
    source = folder / "in"
    source.mkdir()
    (source / "hostile.jsonl").write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    for place, payload in enumerate(PAYLOADS[:20]):
        name = f"{place}{payload}.txt".replace("/", "∕")[:120]
        text = f"Der Hafen von Quellheim, Kai {place}, wurde im Mai {1900 + place} gebaut. "
        (source / name).write_text(text * 3, encoding="utf-8")
    store = folder / "store"
    ingest(store, source)
    said = [
        f"Der Turm ist nicht so hoch, wie die Quelle sagt [1], und {payload} ist auch dort.\n"
        for payload in PAYLOADS
    ]
    with speaking(said, pause_seconds=0.01) as url:
        yield serve(
            store,
            RAG_RETRIEVE__TOP_K="120",
            RAG_RETRIEVE__PER_OUTLET="120",
            RAG_RETRIEVE__CANDIDATES="400",
            RAG_ANSWER__UNSUPPORTED="show",
            RAG_ANSWER__MAX_SENTENCES="20",
            RAG_LLM__URL=url,
            RAG_LLM__MODEL="<img src=http://evil.test/model onerror=window.ran=1>",
            RAG_LLM__CACHE="false",
            RAG_LLM__MAX_TOKENS="4000",
        )


def test_no_payload_runs_or_calls_out_from_any_place(hostile_server, open_page, shoot):
    page = open_page(hostile_server.url)
    # The sinks work: unescaped, the same text does run here.
    page.evaluate("document.getElementById('said').innerHTML = '<img src=x onerror=window.ran=1>'")
    page.wait_for_function("window.ran === 1")
    page.evaluate("window.ran = 0")
    address = page.url

    turn = ask(page, f"{QUESTION} {PAYLOADS[1]}")
    turn.locator("details.evidence summary").click()
    turn.locator("details.evidence ul.passages li").nth(59).wait_for()
    shown = turn.locator("details.evidence").inner_text()
    assert sum(f"Blatt {place} " in shown for place in range(60)) == 60
    ids = turn.locator("details.evidence [data-open]").evaluate_all(
        "buttons => [...new Set(buttons.map(b => b.dataset.open))]"
    )
    # Each in the source drawer, opened as the page opens it.
    for identity in ids:
        page.evaluate(
            """async (id) => {
              const query = new URLSearchParams({article: id, start: 0, end: 90, language: 'de'});
              const answer = await fetch('/source?' + query);
              document.getElementById('source-body').innerHTML = await answer.text();
            }""",
            identity,
        )
    page.locator("#source-body .text").wait_for(state="attached")
    for button in turn.locator(".chip").all()[:3]:
        button.hover()
    ask(page, "Wann wurde der Hafen von Quellheim gebaut?")
    page.locator("#new-conversation").click()
    page.locator("#shelf").wait_for(state="attached")
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") == 0
    assert page.url == address
    foreign = page.evaluate(
        "[...document.querySelectorAll('[src],[href],[data],[action],[srcset],[poster]')]"
        ".map(e => e.outerHTML).filter(h => h.includes('evil.test'))"
    )
    assert foreign == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_a_models_hostile_answer_is_text_while_it_is_written_and_after(hostile_server, open_page):
    page = open_page(hostile_server.url, width=390)
    page.evaluate("window.ran = 0")
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    draft = page.locator("#talk .draft")
    draft.wait_for()
    page.locator("#talk .turn.done").wait_for()
    assert page.evaluate("window.ran") == 0
    talk = page.locator("#talk").inner_html()
    assert "<script>" not in talk
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
