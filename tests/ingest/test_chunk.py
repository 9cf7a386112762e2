from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.chunk import chunk_article, embedding_text
from rag.settings import ChunkSettings
from rag.types import Article, Language

SETTINGS = ChunkSettings(target_chars=200, max_chars=400)
SENTENCE = "Der Rat von Hagendorf sperrt die Brücke am {}. Mai wegen Rost und Rissen."


def _article(text: str, language: Language = "de", **fields: str) -> Article:
    return Article(
        article_id="a1", text=text, content_hash="h", raw_hash="r", path="/a1.txt",
        language=language, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


_TEXTS = st.text(
    st.one_of(st.sampled_from("aB zÄ.!?…„“\"()-,:;'0123456789\n\n "), st.characters()), max_size=900
)


@given(_TEXTS, st.sampled_from(["de", "en", "other"]))
def test_offsets_are_exact_and_every_character_is_in_one_chunk(
    text: str, language: Language
) -> None:
    article = _article(text, language)
    chunks = chunk_article(article, ChunkSettings(target_chars=100, max_chars=200))
    covered: set[int] = set()
    end = 0
    for position, chunk in enumerate(chunks):
        assert chunk.position == position
        assert article.text[chunk.start_char : chunk.end_char] == chunk.text
        assert chunk.start_char >= end
        assert len(chunk.text) <= 200
        assert chunk.sentences[0].start_char == chunk.start_char
        assert chunk.sentences[-1].end_char == chunk.end_char
        for span in chunk.sentences:
            assert chunk.start_char <= span.start_char < span.end_char <= chunk.end_char
            covered.update(range(span.start_char, span.end_char))
        end = chunk.end_char
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)
    assert chunks == chunk_article(article, ChunkSettings(target_chars=100, max_chars=200))


def test_chunks_hold_whole_sentences_and_close_past_the_target() -> None:
    article = _article(" ".join(SENTENCE.format(day) for day in range(1, 20)))
    chunks = chunk_article(article, SETTINGS)
    assert len(chunks) > 3
    assert all(chunk.text.startswith("Der Rat") for chunk in chunks)
    assert all(chunk.text.endswith("Rissen.") for chunk in chunks)
    assert all(SETTINGS.target_chars <= len(chunk.text) for chunk in chunks[:-1])


def test_a_heading_begins_a_chunk_rather_than_ending_one() -> None:
    body = " ".join(SENTENCE.format(day) for day in range(1, 4))
    article = _article(f"{body}\nWas der Rat jetzt plant\n{body}")
    chunks = chunk_article(article, SETTINGS)
    assert any(chunk.text.startswith("Was der Rat jetzt plant\n") for chunk in chunks)
    assert not any(chunk.text.endswith("plant") for chunk in chunks)


def test_a_sentence_that_is_too_long_is_cut_at_a_blank() -> None:
    article = _article("Sie zählte " + "immer weiter und " * 60 + "schlief ein.")
    chunks = chunk_article(article, SETTINGS)
    words = article.text.split()
    assert [word for chunk in chunks for word in chunk.text.split()] == words


def test_text_without_blanks_is_cut_hard() -> None:
    chunks = chunk_article(_article("x" * 1000), SETTINGS)
    assert "".join(chunk.text for chunk in chunks) == "x" * 1000
    assert max(len(chunk.text) for chunk in chunks) <= SETTINGS.max_chars


def test_a_changed_sentence_changes_the_id_of_its_chunk_only() -> None:
    text = " ".join(SENTENCE.format(day) for day in range(1, 12))
    before = chunk_article(_article(text), SETTINGS)
    after = chunk_article(_article(text.replace("am 11. Mai", "am 12. Mai")), SETTINGS)
    assert [a.chunk_id == b.chunk_id for a, b in zip(before, after, strict=True)] == [
        *[True] * (len(before) - 1),
        False,
    ]


@pytest.mark.parametrize(
    ("fields", "head"),
    [
        ({}, ""),
        ({"title": "Brücke zu"}, "Brücke zu\n"),
        ({"source": "Ostkurier", "published_at": "2025-05-01T10:00"}, "Ostkurier, 2025-05-01\n"),
        ({"title": "Brücke zu", "source": "Ostkurier"}, "Brücke zu – Ostkurier\n"),
    ],
)
def test_title_outlet_and_date_are_embedded_with_a_chunk(fields: dict[str, str], head: str) -> None:
    article = _article("Haas schwieg.", **fields)
    (chunk,) = chunk_article(article, SETTINGS)
    assert embedding_text(article, chunk) == f"{head}Haas schwieg."
