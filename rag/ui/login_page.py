"""The login form: plain HTML, so that nothing of the page itself is served before."""

from __future__ import annotations

from rag.ui.markup import element, text
from rag.ui.texts import UiLanguage, say


def login_page(language: UiLanguage, problem: str | None = None) -> str:
    """The form; ``problem`` is ``wrong`` or ``wait``."""
    title = text(say(language, "app.name"))
    told = (
        element("p", text(say(language, f"login.{problem}")), class_="problem", role="alert")
        if problem
        else ""
    )
    fields = "".join(
        element("label", text(say(language, f"login.{name}")), for_=name)
        + f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{hint}" required>'
        for name, kind, hint in (
            ("username", "text", "username"),
            ("password", "password", "current-password"),
        )
    )
    button = element("button", text(say(language, "login.submit")), type="submit")
    claim = element("p", text(say(language, "app.claim")))
    form = element("form", fields + told + button, method="post", action="/login")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
        '<link rel="stylesheet" href="/page-assets/ui.css"></head>'
        f'<body class="login"><main><h1>{title}</h1>{claim}{form}</main></body></html>'
    )
