"""The catalogue in PostgreSQL holds and finds what the one in a file does."""

import dataclasses
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.errors import StoreLockedError, StoreMissingError, StoreUnreachableError, UsageError
from rag.index.kept_tags import chunk_tags
from rag.index.store import Store
from rag.settings import load_settings

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def opening(tmp_path, made, url):
    """Opens the test's store, whose catalogue is in a database of its own."""
    return lambda mode, name="here", **options: Store.open(
        tmp_path / name, mode=mode, identity=made.IDENTITY, catalogue_url=url, **options
    )


@pytest.fixture
def no_chroma(monkeypatch):
    monkeypatch.setitem(sys.modules, "chromadb", None)


def everything(store):
    ids = sorted(store.raw_hashes())
    chunk_ids = [chunk.chunk_id for one in ids for chunk in store.chunks_of(one)]
    loaded = store.load(chunk_ids)
    return (
        store.articles(),
        [(one.chunk, one.article, one.vector.tobytes()) for one in loaded],
        [one.sentence_vectors.tobytes() for one in loaded],
        (store.signatures(), store.links(), store.paths(), store.counts(), store.identity),
        store.article_ids({"Blatt 1"}, "2025-09-03", "2025-09-20"),
    )


def found(store, made, number):
    terms = ["brannte", f"zq{number:05}", "hafenmeister", "kai"]
    vector = made.vector(f"q{number}")
    some = store.article_ids({"Blatt 1"})
    return (
        store.search_lexical(terms, 10),
        store.search_lexical(terms, 10, some),
        store.search_dense(vector, 10),
        store.search_dense(vector, 10, some),
    )


def write_all(store, made):
    store.write([made.numbered(number) for number in range(60)])
    store.write([made.numbered(number, "neu") for number in range(0, 30, 7)])
    store.remove(["a00003", "a00004"])
    store.set_links({"a00010": ("a00009", "o1")})


def test_both_kinds_of_catalogue_hold_and_find_the_same(made, opening, writing, no_chroma):
    tagged = made.numbered(7)
    tags = [chunk_tags(tagged.article, chunk) for chunk in tagged.chunks]
    tagged = dataclasses.replace(tagged, tags=tags)
    with writing() as in_file, opening("write") as in_database:
        for store in (in_file, in_database):
            write_all(store, made)
            store.write([tagged])
            store.finish()
        assert everything(in_file) == everything(in_database)
        assert in_database.check().is_sound
        with opening("read") as reader:
            ids = [chunk.chunk_id for chunk in in_file.chunks_of("a00007")]
            by_sentence = [[each.sentence_terms for each in s.load(ids)] for s in (in_file, reader)]
            assert by_sentence[0] == by_sentence[1] and all(by_sentence[0])
            by_word = [[each.sentence_tags for each in s.load(ids)] for s in (in_file, reader)]
            assert by_word[0] == by_word[1] and all(by_word[0])
            assert in_file.article_terms(["a00007"]) == reader.article_terms(["a00007"])
            for number in range(60):
                in_one, in_other = found(in_file, made, number), found(reader, made, number)
                for one, other in zip(in_one, in_other, strict=True):
                    assert [cid for cid, _ in one] == [cid for cid, _ in other]
                    assert np.allclose([s for _, s in one], [s for _, s in other], atol=1e-6)


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import made_articles as made
from rag.index.store import Store

url, folder, first = sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
with Store.open(folder, mode="write", identity=made.IDENTITY, catalogue_url=url) as store:
    print("open", flush=True)
    for start in range(first, first + 40, 5):
        store.write([made.numbered(number) for number in range(start, start + 5)])
    store.write([made.numbered(number) for number in range(1000, 1010)])
"""


def test_writers_at_once_lose_nothing_and_readers_see_whole_batches(made, opening, url, tmp_path):
    with opening("write") as store:
        store.write([made.numbered(0)])
    command = [sys.executable, "-c", WRITER, str(Path(made.__file__).parent), url]
    writers = [
        subprocess.Popen([*command, str(tmp_path / "here"), str(first)], stdout=subprocess.PIPE)
        for first in (100, 140)
    ]
    with opening("read") as reader:
        while any(writer.poll() is None for writer in writers):
            counts = reader.counts()
            assert counts.chunks == 3 * counts.articles
            assert counts.articles % 5 == 1
            hits = reader.search_lexical(["zq00000"], 3)
            assert len(hits) == 1
        assert [writer.wait() for writer in writers] == [0, 0]
        assert sorted(reader.raw_hashes()) == [
            f"a{number:05}" for number in (0, *range(100, 180), *range(1000, 1010))
        ]
        for number in (0, 100, 141, 179, 1005):
            chunk = reader.chunks_of(f"a{number:05}")[1]
            assert reader.search_dense(made.vector(chunk.chunk_id), 1)[0][0] == chunk.chunk_id
        assert reader.notes == ()
        assert reader.check().is_sound


def test_a_rebuild_is_alone_and_shows_nothing_half_done(made, opening, no_chroma):
    with opening("write") as store:
        store.write([made.numbered(1)])
    with opening("write", rebuild=True) as store:
        store.write([made.numbered(2)])
        with pytest.raises(StoreLockedError):
            opening("write")
        with opening("read") as reader:
            assert sorted(reader.raw_hashes()) == ["a00001"]
        store.finish()
    with opening("read") as reader:
        assert sorted(reader.raw_hashes()) == ["a00002"]
        assert len(reader.search_lexical(["zq00001", "zq00002"], 5)) == 1


def test_a_writer_that_is_killed_keeps_nobody_out(made, opening, url, tmp_path, no_chroma):
    script = WRITER.replace("store.write", "import time; time.sleep(60); store.write", 1)
    command = [sys.executable, "-c", script, str(Path(made.__file__).parent), url]
    writer = subprocess.Popen([*command, str(tmp_path / "here"), "100"], stdout=subprocess.PIPE)
    assert writer.stdout.readline() == b"open\n"
    with pytest.raises(StoreLockedError):
        opening("write", rebuild=True)
    writer.kill()
    writer.wait()
    for _ in range(100):
        try:
            opening("write", rebuild=True).close()
            break
        except StoreLockedError:
            threading.Event().wait(0.1)
    else:
        raise AssertionError("the killed writer's lock is still held")


def test_a_server_that_restarts_is_asked_again(made, opening, postgres, no_chroma):
    with opening("write") as store:
        store.write([made.numbered(1)])
    with opening("read") as reader:
        assert reader.counts().articles == 1
        postgres.stop()
        with pytest.raises(StoreUnreachableError) as gone:
            reader.counts()
        assert "PostgreSQL" in gone.value.hint
        with pytest.raises(StoreUnreachableError):
            opening("read")
        postgres.start()
        assert reader.counts().articles == 1


def test_a_database_without_an_index_or_that_is_not_there_is_named(
    opening, postgres, made, tmp_path
):
    with pytest.raises(StoreMissingError) as missing:
        opening("read")
    assert "rag ingest" in missing.value.hint
    with pytest.raises(StoreUnreachableError) as absent:
        Store.open(tmp_path, mode="read", catalogue_url=postgres.url("nowhere"))
    assert '"nowhere" does not exist' in absent.value.message


@pytest.mark.parametrize(
    "address", ["postgresql://me:secret@host/db", "mysql://host/db", "postgresql://h/d?password=s"]
)
def test_an_address_with_a_password_or_of_another_kind_is_refused_and_not_repeated(address):
    with pytest.raises(UsageError) as refused:
        load_settings(store={"catalogue": address})
    assert "secret" not in refused.value.message
    assert "store.catalogue" in refused.value.message
