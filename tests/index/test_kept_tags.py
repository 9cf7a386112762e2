"""Parts of speech that are kept with a chunk, told of its own text alone, and gone with it."""

import dataclasses

import pytest
from sqlalchemy import func, select, update

from rag.index.fake_embedder import HashEmbedder
from rag.index.kept_tags import chunk_tags, sentence_tags
from rag.index.prepare import prepare
from rag.index.schema import parts_of_speech
from rag.language.parts_of_speech import to_keep
from rag.settings import ChunkSettings
from rag.types import RawArticle


@pytest.fixture
def one(made):
    return tagged_article(made.indexed("eins", "Die Fähre sank.", "Niemand ertrank am Kai."))


def tagged_article(article):
    tags = [chunk_tags(article.article, chunk) for chunk in article.chunks]
    return dataclasses.replace(article, tags=tags)


def loaded(store, article):
    return store.load([chunk.chunk_id for chunk in article.chunks])


def kept(store):
    with store.catalogue.reading() as connection:
        return connection.execute(select(func.count()).select_from(parts_of_speech)).scalar_one()


def test_the_parts_of_speech_of_each_sentence_come_back(one, writing, reading):
    with writing() as store:
        store.write([one])
    with reading() as store:
        found = loaded(store, one)
        assert [each.sentence_tags for each in found] == [
            (to_keep(each.chunk.text, "de"),) for each in found
        ]
        assert store.check().is_sound


def test_a_chunk_of_several_sentences_has_them_apart(made):
    whole = made.indexed("eins", "Die Fähre sank. Niemand ertrank.")
    spans = [dataclasses.replace(whole.chunks[0].sentences[0], end_char=15)]
    spans.append(dataclasses.replace(spans[0], start_char=16, end_char=32))
    chunk = dataclasses.replace(whole.chunks[0], sentences=tuple(spans))
    assert sentence_tags(chunk_tags(whole.article, chunk), chunk, "de") == (
        to_keep("Die Fähre sank.", "de"),
        to_keep("Niemand ertrank.", "de"),
    )


def test_nothing_is_told_of_another_text_language_or_tagger(one, made, monkeypatch):
    chunk, stored = one.chunks[0], one.tags[0]
    assert sentence_tags(stored, chunk, "de")
    other = made.indexed("eins", "Die Fahre sank.").chunks[0]
    assert sentence_tags(stored, other, "de") == ()
    assert sentence_tags(stored, chunk, "en") == ()
    monkeypatch.setattr("rag.index.kept_tags.tagged_with", lambda language: "HanTa 9")
    assert sentence_tags(stored, chunk, "de") == ()


@pytest.mark.parametrize("at", range(8))
def test_nothing_is_told_where_a_bit_has_turned(one, at):
    turned = bytearray(one.tags[0])
    turned[at] ^= 1
    assert sentence_tags(bytes(turned), one.chunks[0], "de") == ()


@pytest.mark.parametrize("stored", [None, "text", b"", b"\x00", 7])
def test_nothing_is_told_of_what_was_never_kept(one, stored):
    assert sentence_tags(stored, one.chunks[0], "de") == ()


def test_what_is_forgotten_leaves_no_parts_of_speech_behind(one, made, writing):
    other = tagged_article(made.indexed("zwei", "Der Schuppen brannte."))
    with writing() as store:
        store.write([one, other])
        assert kept(store) == 3
        store.remove(["eins"])
        assert kept(store) == 1
        newer = tagged_article(made.indexed("zwei", "Der Turm fiel.", "Es brannte."))
        store.write([newer])
        assert kept(store) == 2
        assert all(each.sentence_tags for each in loaded(store, newer))


def test_a_store_without_a_place_for_them_is_read_and_goes_on(one, made, writing, reading):
    with writing() as store:
        store.write([one])
        with store.catalogue.transaction() as connection:
            parts_of_speech.drop(connection)
    with reading() as reader:
        assert [each.sentence_tags for each in loaded(reader, one)] == [(), ()]
        assert reader.check().is_sound
        other = tagged_article(made.indexed("zwei", "Der Schuppen brannte."))
        with writing() as store:
            store.write([other])
        # The open reader takes them up, too.
        assert [each.sentence_tags for each in loaded(reader, one)] == [(), ()]
        assert all(each.sentence_tags for each in loaded(reader, other))


def test_wrong_ones_are_named_and_taken_out_by_a_repair(one, writing, reading):
    with writing() as store:
        store.write([one])
        with store.catalogue.transaction() as connection:
            wrong = update(parts_of_speech).where(parts_of_speech.c.chunk_no == 0)
            connection.execute(wrong.values(tags=one.tags[1]))
    with reading() as store:
        assert store.check().problems == (
            "1 chunks whose parts of speech are not those of their text",
        )
        assert [bool(each.sentence_tags) for each in loaded(store, one)] == [False, True]
    with writing() as store:
        store.repair()
    with reading() as store:
        assert store.check().is_sound
        assert [bool(each.sentence_tags) for each in loaded(store, one)] == [False, True]


def test_as_many_as_chunks_or_none_are_taken(one, writing):
    with writing() as store, pytest.raises(ValueError, match="parts of speech"):
        store.write([dataclasses.replace(one, tags=one.tags[:1])])


def test_ingestion_keeps_them():
    text = "Die Fähre sank. Niemand ertrank am Kai."
    raw = RawArticle(article_id="eins", path="a.txt", text=text, raw_hash="1")
    (article,) = prepare([raw], HashEmbedder(), ChunkSettings()).articles
    assert list(article.tags) == [chunk_tags(article.article, chunk) for chunk in article.chunks]
    assert article.tags
