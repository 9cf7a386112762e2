from __future__ import annotations

from dataclasses import replace

import pytest

from rag.language.typography import (
    format_count,
    format_date,
    in_quotation_marks,
    source_label,
    title_label,
)
from rag.types import Article


@pytest.mark.parametrize(
    ("iso", "language", "shown"),
    [
        ("2025-09-03", "de", "3. September 2025"),
        ("2025-09-03", "en", "3 September 2025"),
        ("2024-03-01T12:30:00+01:00", "de", "1. März 2024"),
        (None, "de", ""),
        ("", "en", ""),
        ("gestern", "de", "gestern"),
        ("2025-13-40", "de", "2025-13-40"),
    ],
)
def test_dates_are_written_as_readers_expect(iso, language, shown):
    assert format_date(iso, language) == shown


@pytest.mark.parametrize(
    ("count", "language", "shown"),
    [(1500, "de", "1.500"), (1500, "en", "1,500"), (12, "de", "12"), (1234567, "de", "1.234.567")],
)
def test_figures_are_grouped_by_language(count, language, shown):
    assert format_count(count, language) == shown


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        ("Wir warten", "de", "„Wir warten“"),
        ("We wait", "en", "“We wait”"),
        ("„Schon so“", "de", "„Schon so“"),
        ('"So too"', "en", '"So too"'),
    ],
)
def test_quotation_marks_are_not_doubled(text, language, shown):
    assert in_quotation_marks(text, language) == shown


def test_a_source_is_called_by_its_outlet_its_title_or_its_first_words():
    def an(**values):
        known = {"article_id": "000_aed8", "text": "Am Kai brannte es. " * 9, "content_hash": "c"}
        return Article(**known, raw_hash="r", path="p", language="de", **values)

    assert source_label(an(source="Talbote", title="Brand am Kai"), "de") == "Talbote"
    assert source_label(an(title="Brand am Kai"), "de") == "„Brand am Kai“"
    assert source_label(an(title="Brand am Kai"), "en") == "“Brand am Kai”"
    assert source_label(an(), "de") == "„Am Kai brannte es. Am Kai brannte es. Am Kai …“"
    assert source_label(replace(an(), text=""), "de") == "000_aed8"
    assert title_label(an(source="Talbote"), "de").startswith("„Am Kai brannte es.")
