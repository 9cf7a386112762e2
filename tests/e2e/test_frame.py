"""The page as a whole: languages, light and dark, widths, no request to anybody else."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("locale", "first_tab", "other"), [("de-DE", "Fragen", "English"), ("fr-FR", "Ask", "Deutsch")]
)
def test_the_browsers_language_decides_and_the_switch_overrules(
    seeds_server, open_page, locale, first_tab, other
):
    page = open_page(seeds_server.url, locale=locale)
    assert page.get_by_role("tab").first.inner_text().strip() == first_tab
    page.get_by_role("link", name=other).click()
    page.wait_for_selector("#views")
    assert page.get_by_role("tab").first.inner_text().strip() != first_tab
    page.goto(seeds_server.url)
    page.wait_for_selector("#views")
    assert page.get_by_role("tab").first.inner_text().strip() != first_tab
