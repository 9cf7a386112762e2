"""Hostile text in articles, their metadata, names and a model's answer: shown, never obeyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
            RAG_ANSWER__UNSUPPORTED="show",
            RAG_LLM__URL=url,
            RAG_LLM__MODEL="<img src=http://evil.test/model onerror=window.ran=1>",
            RAG_LLM__CACHE="false",
            RAG_LLM__MAX_TOKENS="4000",
        )


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
