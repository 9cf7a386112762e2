"""Vectors of an endpoint are those of the texts, in their order, whatever the server does."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from rag.errors import ModelError
from rag.index.embed import open_embedder
from rag.index.endpoint_embed import EndpointEmbedder
from rag.index.fake_embedder import HashEmbedder
from rag.settings import EmbeddingSettings, load_settings

MODEL = HashEmbedder(32)
TEXTS = [f"Text {number} vom Hafen " + "und Kai " * (number % 5) for number in range(100)]


class Endpoint:
    """An OpenAI-compatible server on a free port, whose faults a test chooses."""

    def __init__(self):
        self.faults = []  # one for each request, then none
        self.reply = lambda rows: {"data": rows}
        self.most_at_once = self.at_once = self.requests = 0
        self.sizes, self.keys, self.inputs = [], [], []
        self.lock = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                endpoint.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def answer(self, request):
        body = json.loads(request.rfile.read(int(request.headers["content-length"])))
        with self.lock:
            self.requests += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            fault = self.faults.pop(0) if self.faults else None
            self.keys.append(request.headers.get("authorization"))
        # The first batches are the slowest: the last to be answered must not come last.
        time.sleep(0.05 if self.requests < 4 else 0.005)
        with self.lock:
            self.at_once -= 1
        if fault:
            request.send_response(fault)
            request.send_header("retry-after", "0")
            request.end_headers()
            return
        self.sizes.append(len(body["input"]))
        self.inputs += body["input"]
        vectors = MODEL.embed_passages(body["input"])
        rows = [{"index": i, "embedding": (3 * v).tolist()} for i, v in enumerate(vectors)]
        data = json.dumps(self.reply(rows[::-1])).encode()
        request.send_response(200)
        request.send_header("content-length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)


@pytest.fixture
def endpoint(monkeypatch):
    monkeypatch.setattr("rag.index.endpoint_embed._FIRST_WAIT", 0.01)
    started = Endpoint()
    yield started
    started.server.shutdown()


def opened(endpoint, **changes):
    settings = EmbeddingSettings(
        **{"url": endpoint.url, "model": "m", "batch": 8, "concurrency": 3, **changes}
    )
    return open_embedder(settings, bulk=True)


def test_vectors_come_in_the_order_of_the_texts_with_few_batches_under_way(endpoint):
    embedder = opened(endpoint)
    assert isinstance(embedder, EndpointEmbedder)
    progress = []
    vectors = embedder.embed_passages(TEXTS, lambda done, total: progress.append((done, total)))
    assert np.allclose(vectors, MODEL.embed_passages(TEXTS), atol=1e-6)
    assert max(endpoint.sizes) == 8
    assert 1 < endpoint.most_at_once <= 3
    assert progress[-1] == (100, 100)


def test_what_fails_for_the_moment_is_asked_again_and_once_only_counted(endpoint):
    endpoint.faults = [429, 503, 500, 502, 429]
    vectors = opened(endpoint).embed_passages(TEXTS)
    assert np.allclose(vectors, MODEL.embed_passages(TEXTS), atol=1e-6)
    assert endpoint.requests == 13 + 5


def test_spans_get_vectors_of_their_own(endpoint):
    embedder = opened(endpoint)
    texts = ["Der Kai. Der Hafen.", "Nichts"]
    vectors, spans = embedder.embed_with_sentences(texts, [[(0, 8), (9, 19)], []])
    assert np.allclose(vectors, MODEL.embed_passages(texts), atol=1e-6)
    assert np.allclose(spans[0], MODEL.embed_passages(["Der Kai.", "Der Hafen."]), atol=1e-6)
    assert spans[1].shape == (0, 32)
    assert embedder.dimension == 32


def test_prompts_and_key_are_sent_and_shape_the_fingerprint(endpoint, monkeypatch):
    monkeypatch.setenv("RAG_EMBEDDING_KEY", "geheim")
    embedder = opened(endpoint, query_prompt="query: ", passage_prompt="passage: ")
    embedder.embed_queries(["Wo?"])
    assert endpoint.inputs == ["query: Wo?"]
    assert endpoint.keys == ["Bearer geheim"]
    assert embedder.fingerprint != opened(endpoint).fingerprint
    moved = opened(endpoint, url="http://elsewhere/v1", query_prompt="query: ",
                   passage_prompt="passage: ")  # fmt: skip
    assert embedder.fingerprint == moved.fingerprint


@pytest.mark.parametrize(
    "reply",
    [
        lambda rows: {"data": rows[1:]},
        lambda rows: {"error": "no"},
        lambda rows: {"data": [{**row, "embedding": [float("nan")] * 32} for row in rows]},
        lambda rows: {"data": [{**row, "index": 0} for row in rows]},
        lambda rows: [],
    ],
    ids=["too few", "none", "not a number", "one index", "list"],
)
def test_what_cannot_be_the_vectors_is_refused(endpoint, reply):
    endpoint.reply = reply
    with pytest.raises(ModelError) as refused:
        opened(endpoint).embed_passages(TEXTS[:8])
    assert "embedding.model" in refused.value.hint


def test_a_refused_key_is_not_tried_again(endpoint):
    endpoint.faults = [401]
    with pytest.raises(ModelError) as refused:
        opened(endpoint).embed_passages(["a"])
    assert endpoint.requests == 1
    assert "RAG_EMBEDDING_KEY" in refused.value.hint


def test_an_endpoint_that_is_not_there_is_named_within_the_deadline():
    with pytest.raises(ModelError) as gone:
        opened(type("Nowhere", (), {"url": "http://127.0.0.1:9/v1"}), deadline_seconds=0.3
               ).embed_passages(["a"])  # fmt: skip
    assert "127.0.0.1:9" in gone.value.message


def test_an_address_with_a_key_is_refused_and_not_repeated():
    with pytest.raises(Exception, match="environment") as refused:
        load_settings(embedding={"url": "http://h/v1?key=geheim"})
    assert "geheim" not in str(refused.value)
