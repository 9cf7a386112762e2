"""What stands around the views: masthead, switches, the source drawer."""

from __future__ import annotations

from rag.ui.markup import element, text
from rag.ui.texts import Say, UiLanguage


def header_html(say: Say, language: UiLanguage, *, has_login: bool) -> str:
    """The masthead with the switches for language and light, and the way out."""
    other = "en" if language == "de" else "de"
    switches = [
        element(
            "a",
            text(say("app.other_language")),
            href=f"/{other}/",
            hreflang=other,
            lang=other,
            data_language=other,
            class_="switch",
        ),
        element(
            "button",
            element("span", "◐", aria_hidden="true"),
            type="button",
            data_theme=True,
            class_="switch",
            aria_label=say("app.theme"),
            title=say("app.theme"),
        ),
    ]
    if has_login:
        switches.append(element("a", text(say("app.log_out")), href="/logout", class_="switch"))
    name = element("h1", text(say("app.name"))) + element("p", text(say("app.claim")))
    return element(
        "header",
        element("div", name, class_="title") + element("div", "".join(switches), class_="switches"),
        class_="masthead",
    )


def footer_html(say: Say) -> str:
    """The drawer that shows sources, and where short messages for screen readers go."""
    close = element(
        "button",
        element("span", "×", aria_hidden="true"),
        type="button",
        data_close=True,
        class_="close",
        aria_label=say("source.close"),
        title=say("source.close"),
    )
    drawer = element(
        "dialog",
        close + element("div", "", id="source-body", tabindex="0"),
        id="source",
        aria_label=say("source.title"),
    )
    status = element("div", "", id="said", role="status", aria_live="polite", class_="unseen")
    return drawer + status
