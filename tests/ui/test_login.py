"""Passwords: compared, counted, waited for; nothing is served before."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from rag.errors import UsageError
from rag.ui.login import LoginWall, Sessions, read_accounts
from tests.ui.loops import run


async def who(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.scope["gegenlese_user"])


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def walled(sessions: Sessions) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/", who), Route("/de/config", who)])
    transport = httpx.ASGITransport(app=LoginWall(app, sessions=sessions))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


def test_nothing_is_served_before_logging_in_and_all_after():
    async def visit() -> list[int | str]:
        client = walled(Sessions({"ann": "geheim:x"}))
        seen: list[int | str] = [(await client.get("/de/config")).status_code]
        seen.append((await client.get("/", headers={"accept": "text/html"})).status_code)
        seen.append((await client.get("/de/login")).status_code)
        data = {"username": "ann", "password": "geheim:x"}
        seen.append((await client.post("/de/login", data=data)).status_code)
        seen.append((await client.get("/de/config")).text)
        await client.get("/logout")
        seen.append((await client.get("/de/config")).status_code)
        return seen

    assert run(visit()) == [401, 303, 200, 200, "ann", 401]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"username": "ann"},
        {"username": "ann", "password": "x"},
        {"username": "bob", "password": "geheim"},
    ],
)
def test_wrong_or_missing_passwords_are_refused(data):
    client = walled(Sessions({"ann": "geheim"}))
    assert run(client.post("/login", data=data)).status_code == 400


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait_longer_each_time():
    clock = Clock()
    sessions = Sessions({"ann": "geheim"}, now=clock)
    for _ in range(5):
        assert sessions.wait_seconds("ann") <= 0
        assert sessions.log_in("ann", "falsch", "ann") is None
    first = sessions.wait_seconds("ann")
    assert first > 0
    clock.time += first
    assert sessions.log_in("ann", "falsch", "ann") is None
    assert sessions.wait_seconds("ann") > first
    clock.time += 1000
    assert sessions.log_in("ann", "geheim", "ann")
    assert sessions.wait_seconds("ann") <= 0


def test_200_guesses_in_a_row_are_stopped_after_the_fifth():
    async def guess() -> list[int]:
        client = walled(Sessions({"ann": "geheim"}))
        answers = [
            await client.post("/login", data={"username": "ann", "password": str(n)})
            for n in range(200)
        ]
        return [answer.status_code for answer in answers]

    codes = run(guess())
    assert codes[:5] == [400] * 5
    assert set(codes[5:]) == {429}


def test_a_session_ends():
    clock = Clock()
    sessions = Sessions({"ann": "geheim"}, now=clock)
    token = sessions.log_in("ann", "geheim")
    assert sessions.user(token) == "ann"
    clock.time += 13 * 3600
    assert sessions.user(token) is None
    assert sessions.user(None) is None


def test_accounts_come_from_the_flag_or_a_file(tmp_path):
    file = tmp_path / "users.txt"
    file.write_text("# who\nann:a:b\n\nbob:c\n", encoding="utf-8")
    assert read_accounts("ann:x") == {"ann": "x"}
    assert read_accounts(str(file)) == {"ann": "a:b", "bob": "c"}


@pytest.mark.parametrize("given", ["ann", ":x", "ann:", ""])
def test_an_account_needs_a_name_and_a_password(given):
    with pytest.raises(UsageError):
        read_accounts(given)
