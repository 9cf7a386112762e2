from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from rag.types import RawArticle

MakeRaw = Callable[..., RawArticle]


@pytest.fixture
def make_raw() -> MakeRaw:
    base = RawArticle(article_id="a1", text="", raw_hash="0", path="/a1.txt")

    def make(text: str, **fields: object) -> RawArticle:
        return replace(base, text=text, **fields)  # type: ignore[arg-type]

    return make
