"""What the page fetches: bad input is answered with one sentence, never with a plain 500."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.ui.endpoints import add_endpoints
from rag.ui.gate import Gate

PASSAGE = {
    "article_id": "a",
    "chunk_id": "a:0",
    "start_char": 0,
    "end_char": 5,
    "rank": 1,
    "dense": 0.5,
    "lexical": 1.0,
}
EVIDENCE = {"question": "Wer?", "passages": [PASSAGE], "quotes": []}


class Shelf:
    """A library with no article, which cannot look half a character up."""

    def article(self, article_id):
        article_id.encode()
        if article_id == "broken":
            raise OSError("a path that nobody may see")

    def starters(self, language, gate):
        return ()


@pytest.fixture(scope="module")
def client():
    app = FastAPI()
    add_endpoints(app, Shelf(), Gate())
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "article=a",
        "article=a&start=x&end=1",
        "article=a&start=-1&end=1",
        "article=a&start=1&end=99999999999999999999",
        f"article={'a' * 6000}&start=0&end=1",
    ],
)
def test_a_source_asked_for_wrongly_is_told_in_one_sentence(client, query):
    answer = client.get(f"/source?{query}&language=en")
    assert answer.status_code == 400
    assert answer.text == "This request cannot be read. Please reload the page."


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/evidence", "{"),
        ("/evidence", "[]"),
        ("/evidence", json.dumps({**EVIDENCE, "passages": [PASSAGE] * 500})),
        ("/evidence", json.dumps({**EVIDENCE, "passages": [{**PASSAGE, "article_id": "\ud800"}]})),
        ("/next", json.dumps({"question": ["Wer?"]})),
        ("/next", json.dumps({"question": "x" * 5000})),
        ("/next", json.dumps({"question": "Wer?", "article_ids": ["\ud800"]})),
    ],
)
def test_a_body_that_is_none_of_ours_is_told_in_one_sentence(client, path, body):
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.text == "Diese Anfrage ist nicht zu lesen. Bitte die Seite neu laden."


def test_what_nobody_expected_is_told_without_its_details(client):
    answer = client.get("/source?article=broken&start=0&end=1")
    assert answer.status_code == 500
    assert "path" not in answer.text
    assert len(answer.text.split(".")) <= 3


def test_an_article_that_is_gone_is_said_to_be_gone(client):
    answer = client.get("/source?article=gone&start=0&end=1")
    assert answer.status_code == 200
    assert "nicht mehr in der Sammlung" in answer.text
