"""Hosts, origins, headers, uploads: refused before Gradio sees them."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from rag.ui.security import Guard, UploadGuard, UploadLimits, host_name
from tests.ui.loops import run


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def take(request: Request) -> PlainTextResponse:
    form = await request.form()
    return PlainTextResponse(str(len(form.getlist("files"))))


def client(**limits) -> httpx.AsyncClient:
    app = Starlette(
        routes=[
            Route("/", hello, methods=["GET", "POST"]),
            Route("/de/gradio_api/upload", take, methods=["POST"]),
        ]
    )
    guarded = Guard(UploadGuard(app, limits=UploadLimits(**limits)), hosts=("127.0.0.1", "::1"))
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=guarded), base_url="http://127.0.0.1:7860"
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "[::1]:7860"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "127.0.0.1.evil.example:7860"}, 403),
        ({"host": ""}, 403),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"x-forwarded-host": "evil.example"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 200),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}, 200),
    ],
)
def test_only_our_own_pages_and_names_are_served(headers, status):
    assert run(client().post("/", headers=headers)).status_code == status


def test_every_response_carries_the_policy():
    for host in ("127.0.0.1", "evil.example"):
        headers = run(client().get("/", headers={"host": host})).headers
        policy = headers["content-security-policy"]
        assert "connect-src 'self'" in policy
        assert "img-src 'self' data: blob:" in policy
        assert "http:" not in policy and "https:" not in policy and "*" not in policy
        assert headers["x-content-type-options"] == "nosniff"


def upload(names, size=10, **limits):
    files = [("files", (name, b"x" * size, "text/plain")) for name in names]
    return run(client(**limits).post("/de/gradio_api/upload", files=files))


def test_articles_are_taken():
    answer = upload(["a.txt", "b.PDF", "c.html", "d.jsonl"])
    assert (answer.status_code, answer.text) == (200, "4")


@pytest.mark.parametrize(
    "name", ["x.exe", "x.svg", "x.zip", "x", ".env", "x.txt.sh", "a\u202etxt.exe"]
)
def test_other_kinds_of_files_are_refused_at_the_endpoint(name):
    answer = upload(["a.txt", name])
    assert answer.status_code == 415
    assert ".pdf" in answer.text


def test_the_endpoint_called_upload_is_no_upload():
    sent = client().post("/api/gradio_api/call/upload", json={"data": [[], False]})
    assert run(sent).status_code != 415


def test_what_an_article_says_about_file_names_does_not_matter():
    content = b'Content-Disposition: form-data; name="files"; filename="x.exe"\r\n\r\n'
    files = {"files": ("a.txt", content, "text/plain")}
    assert run(client().post("/de/gradio_api/upload", files=files)).status_code == 200


def test_too_much_and_too_many_are_refused():
    assert upload(["a.txt"], size=5000, bytes_per_call=2000).status_code == 413
    assert upload(["a.txt"] * 4, files_per_call=3).status_code == 413
    assert upload(["a.txt"] * 3, files_per_call=3).status_code == 200


def test_a_length_that_is_not_told_is_counted():
    async def body():
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(100):
            yield b"x" * 1000
        yield b"\r\n--x--\r\n"

    headers = {"content-type": "multipart/form-data; boundary=x"}
    sent = client(bytes_per_call=20_000).post(
        "/de/gradio_api/upload", content=body(), headers=headers
    )
    assert run(sent).status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "multipart/form-data; boundary="]
)
def test_what_is_no_form_is_refused(kind):
    sent = client().post("/de/gradio_api/upload", content=b"x", headers={"content-type": kind})
    assert run(sent).status_code == 415


@pytest.mark.parametrize(
    ("host", "name"),
    [("A.example:80", "a.example"), ("[::1]:1", "::1"), ("::1", ":"), ("localhost", "localhost")],
)
def test_a_host_is_read_without_its_port(host, name):
    assert host_name(host) == name
