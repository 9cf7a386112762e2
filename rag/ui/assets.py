"""Style, script and fonts, served by the page itself."""

from __future__ import annotations

import hashlib
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rag.ui.texts import DATA

_KINDS = {".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2"}


@cache
def stylesheet() -> str:
    """All of ``rag/data/ui*.css``, in order of their names."""
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted(DATA.glob("ui*.css")))


@cache
def script() -> str:
    """All of ``rag/data/ui*.js``, in order of their names."""
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted(DATA.glob("ui*.js")))


@cache
def _contents() -> dict[str, bytes]:
    fonts = {file.name: file.read_bytes() for file in (DATA / "fonts").glob("*.woff2")}
    return {"ui.css": stylesheet().encode(), "ui.js": script().encode(), **fonts}


def _version() -> str:
    return hashlib.sha256((stylesheet() + script()).encode()).hexdigest()[:12]


def head() -> str:
    """What the page's head needs of them."""
    return (
        f'<link rel="stylesheet" href="/page-assets/ui.css?v={_version()}">'
        f'<script src="/page-assets/ui.js?v={_version()}"></script>'
    )


async def _serve(request: Request) -> Response:
    name = request.path_params["name"]
    content = _contents().get(name)
    if content is None:
        return Response(status_code=404)
    kind = _KINDS[name[name.rindex(".") :]]
    return Response(content, media_type=kind, headers={"Cache-Control": "max-age=86400"})


def asset_route() -> Route:
    """``/page-assets/NAME``."""
    return Route("/page-assets/{name}", _serve)
