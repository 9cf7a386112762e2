"""What a reader does in the views on comparison, briefing, collection and evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DEICH = (
    "Der Deich bei Krummwarden ist am Montag gebrochen. Rund 40 Häuser stehen unter Wasser. "
    "Der Bürgermeister sprach von einem schweren Schlag für den ganzen Ort und bat um Hilfe."
)


def open_view(page: Page, name: str) -> None:
    """Goes to a tab."""
    page.locator(f"#view-{name}-button").click()
    page.locator(f"#view-{name}").wait_for()


def field(page: Page, name: str) -> Locator:
    """The text field of a component."""
    return page.locator(f"#{name} textarea, #{name} input").first


def compare(page: Page, question: str) -> Locator:
    """Asks in the compare view; the result."""
    open_view(page, "compare")
    page.evaluate("document.querySelector('#compare-result :is(.compared, .notice)')?.remove()")
    field(page, "compare-question").fill(question)
    page.locator("#compare-run").click()
    page.locator("#compare-result :is(.compared, .notice)").first.wait_for()
    return page.locator("#compare-result")


def upload(page: Page, *files: tuple[str, str | bytes]) -> list[str]:
    """Hands files over in the collection view; a line of the report for each."""
    open_view(page, "collection")
    page.evaluate("document.querySelector('#collection-report .upload-report')?.remove()")
    page.locator("#collection-files input[type=file]").set_input_files(
        [
            {
                "name": name,
                "mimeType": "application/octet-stream",
                "buffer": content.encode() if isinstance(content, str) else content,
            }
            for name, content in files
        ]
    )
    page.locator("#collection-report .upload-report").wait_for(timeout=300_000)
    return page.locator("#collection-report .upload-report > li").all_inner_texts()


def titles(page: Page) -> list[str]:
    """The titles in the list of articles."""
    return page.locator("#collection-list button.title").all_inner_texts()


def has_no_sideways_scroll(page: Page) -> bool:
    """Whether the page is as wide as the window."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )
