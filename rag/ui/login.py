"""Logging in: one form, a session cookie, and longer and longer waits after wrong passwords."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import UsageError
from rag.ui.login_page import login_page
from rag.ui.texts import preferred

COOKIE = "gegenlese-session"
SESSION_SECONDS = 12 * 3600
_FREE_TRIES = 5
_LONGEST_WAIT = 300.0
_MOST_KEPT = 10_000
_MOST_BODY = 10_000


def read_accounts(given: str) -> dict[str, str]:
    """Users and passwords from ``user:password`` or from a file with one such line each.

    Raises ``UsageError`` where there is none.
    """
    file = Path(given)
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else [given]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The file {given!r} cannot be read: {error}.", "Give one user:password a line."
        ) from error
    accounts: dict[str, str] = {}
    for line in (each.strip() for each in lines):
        if not line or line.startswith("#"):
            continue
        user, colon, password = line.partition(":")
        if not user or not colon or not password:
            raise UsageError(
                "--auth needs user:password.", "Or name a file with one user:password a line."
            )
        accounts[user] = password
    if not accounts:
        raise UsageError("--auth names no user.", "Give user:password, or a file of such lines.")
    return accounts


class Sessions:
    """Who is logged in, and who must wait. Kept in memory: a restart logs everybody out."""

    def __init__(
        self, accounts: Mapping[str, str], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._accounts = dict(accounts)
        self._now = now
        self._tokens: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def user(self, token: str | None) -> str | None:
        """Whose session a token is."""
        user, until = self._tokens.get(token or "", (None, 0.0))
        return user if until > self._now() else None

    def wait_seconds(self, *whom: str) -> float:
        """How long these (an address, a user) must wait before the next try counts."""
        return max(self._failures.get(each, (0, 0.0))[1] - self._now() for each in whom)

    def log_in(self, user: str, password: str, *whom: str) -> str | None:
        """A token, or ``None``: then the next try has to wait, longer each time."""
        expected = self._accounts.get(user)
        # Compared in any case, so that the time taken does not tell which users there are.
        is_right = hmac.compare_digest(
            password.encode(), (expected or secrets.token_hex(8)).encode()
        )
        if expected is None or not is_right:
            for each in whom:
                self._count(each)
            return None
        for each in whom:
            self._failures.pop(each, None)
        token = secrets.token_urlsafe(32)
        self._tokens[token] = (user, self._now() + SESSION_SECONDS)
        _forget_oldest(self._tokens)
        return token

    def log_out(self, token: str | None) -> None:
        """Ends a session."""
        self._tokens.pop(token or "", None)

    def _count(self, whom: str) -> None:
        count = self._failures.pop(whom, (0, 0.0))[0] + 1
        wait = min(2.0 ** (count - _FREE_TRIES + 1), _LONGEST_WAIT) if count >= _FREE_TRIES else 0.0
        self._failures[whom] = (count, self._now() + wait)
        _forget_oldest(self._failures)


def _forget_oldest(
    kept: OrderedDict[str, tuple[str, float]] | OrderedDict[str, tuple[int, float]],
) -> None:
    while len(kept) > _MOST_KEPT:
        kept.popitem(last=False)


class LoginWall:
    """Serves nothing but the login form, its style and fonts to whoever is not logged in."""

    def __init__(self, app: ASGIApp, *, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            # There is no socket in the page; none is let past the wall.
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        path = scope["path"].rstrip("/")
        request = Request(scope, receive)
        token = request.cookies.get(COOKIE)
        if path.endswith("/login"):
            response = await self._login(request)
        elif path.endswith("/logout"):
            self._sessions.log_out(token)
            response = RedirectResponse("/login", status_code=303)
            response.delete_cookie(COOKIE)
        elif path.startswith("/page-assets/"):
            await self._app(scope, receive, send)
            return
        elif (user := self._sessions.user(token)) is not None:
            scope["gegenlese_user"] = user
            await self._app(scope, receive, send)
            return
        elif _wants_page(request.headers):
            response = RedirectResponse("/login", status_code=303)
        else:
            response = JSONResponse({"detail": "Not authenticated"}, status_code=401)
        await response(scope, receive, send)

    async def _login(self, request: Request) -> Response:
        language = preferred(request.headers.get("accept-language", ""))
        if request.method != "POST":
            return HTMLResponse(login_page(language))
        user, password = await _credentials(request)
        address = request.client.host if request.client else "?"
        whom = (f"address {address}", f"user {user[:200]}")
        is_page = _wants_page(request.headers)
        wait = self._sessions.wait_seconds(*whom)
        if wait > 0:
            headers = {"Retry-After": str(int(wait) + 1)}
            if is_page:
                return HTMLResponse(login_page(language, "wait"), status_code=429, headers=headers)
            return JSONResponse({"detail": "Wait"}, status_code=429, headers=headers)
        token = self._sessions.log_in(user, password, *whom)
        if token is None:
            if is_page:
                return HTMLResponse(login_page(language, "wrong"), status_code=400)
            return JSONResponse({"detail": "Incorrect credentials."}, status_code=400)
        response: Response = (
            RedirectResponse("/", status_code=303) if is_page else JSONResponse({"success": True})
        )
        response.set_cookie(
            COOKIE,
            token,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response


async def _credentials(request: Request) -> tuple[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BODY:
            return "", ""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        fields = parse_qs(body.decode("utf-8", "replace"))
        return fields.get("username", [""])[0].strip(), fields.get("password", [""])[0]
    return "", ""


def _wants_page(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")
