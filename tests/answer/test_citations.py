from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.answer.citations import CitationList, markers_text
from rag.types import Article


def _article(text: str) -> Article:
    return Article(article_id="a", text=text, content_hash="", raw_hash="", path="", language="de")


def test_markers_count_from_one_and_a_quote_keeps_its_marker() -> None:
    article = _article("Eins. Zwei.")
    cited = CitationList()
    assert cited.cite(article, "Eins.", 0, 5) == 1
    assert cited.cite(article, "Zwei.", 6, 11) == 2
    assert cited.cite(article, "Eins.", 0, 5) == 1
    assert [c.marker for c in cited.citations] == [1, 2]


def test_a_quote_that_is_not_there_is_dropped_and_reported() -> None:
    cited = CitationList()
    assert cited.cite(_article("Eins. Zwei."), "Drei.", 0, 5) is None
    assert not cited.citations
    assert "'a'" in cited.notes[0]


def test_an_empty_quote_is_dropped() -> None:
    assert CitationList().cite(_article("Eins."), "", 2, 2) is None


def test_markers_are_written_side_by_side() -> None:
    assert markers_text((1, 3)) == "[1][3]"


@given(st.text(min_size=1, max_size=60), st.data())
def test_every_citation_is_what_stands_at_its_offsets(text: str, data: st.DataObject) -> None:
    article, cited = _article(text), CitationList()
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(0, len(text)))
        cited.cite(article, data.draw(st.sampled_from([text[start:end], "x"])), start, end)
    assert all(text[c.start_char : c.end_char] == c.quote for c in cited.citations)
    assert [c.marker for c in cited.citations] == list(range(1, len(cited.citations) + 1))
