"""What a reader does in the chat, as steps of the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SOLDIERS = "Wie viele Soldaten marschierten bei der Parade mit?"


def ask(page: Page, question: str) -> Locator:
    """Types and sends a question; the turn with its answer."""
    before = page.locator("#talk .turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    turn = page.locator("#talk .turn").nth(before)
    turn.locator(".answer, .problem, .stopped").first.wait_for()
    page.locator("#send").wait_for()
    return turn


def begin_another(page: Page) -> None:
    """A new conversation, shown as empty."""
    page.locator("#new-conversation").click()
    page.locator("#talk .start").wait_for()


def shown_source(page: Page, opener: Locator) -> tuple[str, str]:
    """Opens a source; the text that is marked in it, and the whole text."""
    opener.click()
    page.locator("#source[open] .text").wait_for()
    marks = page.locator("#source mark.quote").all_inner_texts()
    return " ".join(" ".join(marks).split()), page.locator("#source .text").inner_text()


def close_source(page: Page) -> None:
    """Closes the drawer with the keyboard."""
    page.keyboard.press("Escape")
    page.locator("#source:not([open])").wait_for(state="attached")


def unfold_kept(page: Page) -> None:
    """Opens the drawer of conversations below the line to type in."""
    if not page.locator("#forget-all").is_visible():
        page.locator("#kept > button").first.click()
        page.locator("#forget-all").wait_for()
