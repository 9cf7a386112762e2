"""What articles are called within an answer."""

from __future__ import annotations

import pytest

from rag.answer.wording import article_name
from rag.types import Article


@pytest.mark.parametrize(
    ("source", "title", "name"),
    [
        ("Talbote", "Brücke offen", "„Brücke offen“ (Talbote)"),
        (None, "Brücke offen", "„Brücke offen“"),
        ("Talbote", None, "Talbote"),
        (None, None, "„Die Brücke ist seit Montagmorgen wieder für …“"),
    ],
)
def test_an_article_without_outlet_and_title_is_called_by_its_first_words(source, title, name):
    article = Article(
        article_id="x_00ff",
        text="Die Brücke ist seit Montagmorgen wieder für alle offen.",
        content_hash="",
        raw_hash="",
        path="",
        language="de",
        source=source,
        title=title,
    )
    assert article_name(article, "de") == name
