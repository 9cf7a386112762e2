"""What holds for any text: offsets are exact, nothing is lost, no marker points to nothing.

``RAG_EXAMPLES`` sets how many examples each is tried on; the long tier runs 50,000.
"""

from __future__ import annotations

import os
import re

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.answer.marker_stream import MarkerStream
from rag.ingest.characters import clean_characters
from rag.ingest.chunk import chunk_article
from rag.ingest.decode import decode
from rag.settings import ChunkSettings
from rag.types import Article

EXAMPLES = int(os.environ.get("RAG_EXAMPLES", "2000"))
often = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)

WORDS = st.sampled_from(
    ["Der", "Rat", "tagte", "am", "3.", "Mai", "Dr.", "„Nein“,", "sagte", "sie.", "1,5", "Mio.",
     "Euro", "(dpa)", "\n", "\n\n", "🙂", "a\u0308", "z. B.", "»So«", "…", "–", "x" * 90, "1.",
     "FC", "Ende!", "Warum?", "U.S.", "\u200b", "[3]", "#"],
)  # fmt: skip
PROSE = st.lists(WORDS, min_size=1, max_size=80).map(" ".join)
TEXTS = st.one_of(PROSE, st.text(max_size=300))


def article(text):
    return Article(
        article_id="a", text=text, content_hash="", raw_hash="", path="", language="de"
    )  # fmt: skip


@often
@given(TEXTS, st.sampled_from([(100, 200), (300, 600), (700, 1400)]))
def test_chunks_are_exact_in_order_and_lose_no_character(text, sizes):
    text, _ = clean_characters(text)
    chunks = chunk_article(article(text), ChunkSettings(target_chars=sizes[0], max_chars=sizes[1]))
    at = 0
    for chunk in chunks:
        assert text[chunk.start_char : chunk.end_char] == chunk.text
        assert not text[at : chunk.start_char].strip()
        at = chunk.end_char
        inner = chunk.start_char
        for sentence in chunk.sentences:
            assert inner <= sentence.start_char < sentence.end_char <= chunk.end_char
            assert not text[inner : sentence.start_char].strip()
            inner = sentence.end_char
    assert not text[at:].strip()


@often
@given(TEXTS)
def test_cleaned_characters_are_clean_and_stay_so(text):
    cleaned, _ = clean_characters(text)
    assert clean_characters(cleaned)[0] == cleaned
    assert not re.search("[\x00-\x08\u200b\u202e\ufeff\U000e0000-\U000e007f]", cleaned)
    cleaned.encode("utf-8")


@often
@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_refused(data):
    decoded = decode(data)
    assert decoded.refused or decoded.text == decoded.text.encode("utf-8", "surrogatepass").decode(
        "utf-8", "surrogatepass"
    )


PIECES = st.lists(
    st.sampled_from(
        ["Die Brücke ist zu. ", "[1]", "[2, 3]", "[99]", "[0]", "(Quelle 2)", "![x](http://e.x/a)",
         "[y](http://e.x)", "<img src=x>", "http://e.x/q ", "```", "<think>", "</think>", "[", "]",
         "<", "(", " ", "\n", "Zwölf kamen. ", "**", "javascript:alert(1) ", "[1-4]", "<|im_end|>"],
    ),
    max_size=40,
)  # fmt: skip


@often
@example(pieces=["```", "http://e.x/q "], known=1, step=1)
@example(pieces=["[", "<img src=x>", "![x](http://e.x/a)"], known=1, step=1)
@example(pieces=["[", "http://e.x/q ", "]", "(Quelle 2)"], known=1, step=1)
@given(pieces=PIECES, known=st.integers(1, 9), step=st.integers(1, 20))
def test_no_piece_of_a_models_text_becomes_a_link_or_an_unknown_marker(pieces, known, step):
    text = "".join(pieces)
    stream = MarkerStream(known)
    for start in range(0, len(text), step):
        stream.feed(text[start : start + step])
    stream.finish()
    whole = MarkerStream(known)
    whole.feed(text)
    whole.finish()
    assert stream.sentences("de") == whole.sentences("de")
    assert "e.x" not in stream.draft and "<img" not in stream.draft
    shown = {int(number) for number in re.findall(r"\[(\d+)\]", stream.draft)}
    assert shown <= set(range(1, known + 1))
    for sentence in stream.sentences("de"):
        assert all(1 <= number <= known for number in sentence.numbers)
        assert "e.x" not in sentence.text and "javascript:" not in sentence.text
