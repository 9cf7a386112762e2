import os
import shutil
import struct
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.exact import best_first
from rag.index.fake_embedder import HashEmbedder
from rag.index.store import Store
from rag.index.vector_files import clear_unused
from rag.index.vectors import ChromaIndex, ChromaPlace, VectorRecord

pytestmark = pytest.mark.integration


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=30), st.integers(0, 35))
def test_the_best_come_first_and_ties_in_order(values, k):
    expected = sorted(range(len(values)), key=lambda place: (-values[place], place))[:k]
    assert best_first(np.array(values, dtype=np.float32), k).tolist() == expected


@pytest.fixture(scope="module")
def template(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "store"
    with Store.open(folder, mode="write", identity=made.IDENTITY) as store:
        store.write([made.numbered(number) for number in range(120)])
    return folder


@pytest.fixture
def filled(template, tmp_path):
    shutil.copytree(template, tmp_path / "store")


def chroma_folder(tmp_path):
    (folder,) = (tmp_path / "store" / "chroma").glob("g?")
    return folder


def native(tmp_path, name):
    return next(chroma_folder(tmp_path).rglob(name))


def finds_itself(store, made, numbers):
    return all(
        store.search_dense(made.vector(chunk.chunk_id), 1)[0][0] == chunk.chunk_id
        for number in numbers
        for chunk in made.numbered(number).chunks
    )


def test_chroma_and_exact_search_agree(filled, made, reading):
    with reading() as store:
        everything = store.article_ids()
        for number in range(0, 120, 7):
            query = made.vector(f"question {number}")
            by_chroma = store.search_dense(query, 10)
            assert store.notes == ()
            exactly = store.search_dense(query, 10, everything)
            assert [chunk_id for chunk_id, _ in by_chroma] == [chunk_id for chunk_id, _ in exactly]
            assert np.allclose([s for _, s in by_chroma], [s for _, s in exactly], atol=1e-4)


def test_a_few_changed_articles_do_not_make_a_new_generation(
    filled, made, writing, reading, tmp_path
):
    before = chroma_folder(tmp_path)
    with writing() as store:
        store.write([made.numbered(5, "b")])
    assert chroma_folder(tmp_path) == before
    with reading() as store:
        assert finds_itself(store, made, [0, 4, 6, 119])
        new = made.numbered(5, "b").chunks[1].chunk_id
        assert store.search_dense(made.vector(new), 1)[0][0] == new
        assert store.notes == ()
        assert store.check().is_sound


def test_what_is_removed_is_gone_from_chroma_too(filled, made, writing, tmp_path):
    def files_with(word):
        files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
        return [path.name for path in files if word in path.read_bytes()]

    assert "chroma.sqlite3" in files_with(b"a00077:1")
    with writing() as store:
        store.remove(["a00077"])
    assert files_with(b"a00077:1") == files_with(b"zq00077") == []


def test_the_old_wording_of_a_changed_article_is_gone_from_every_file(
    filled, made, writing, tmp_path
):
    with writing() as store:
        store.write([made.numbered(77, "neu")])
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert [path for path in files if b"zq00077 " in path.read_bytes()] == []
    assert [path.name for path in files if b"zq00077neu " in path.read_bytes()]


def test_a_reader_in_the_writers_process_sees_the_same(filled, made, writing, reading):
    with reading() as reader, writing() as store:
        for number in (200, 201):
            assert finds_itself(reader, made, [7])
            store.write([made.numbered(number)])
            assert finds_itself(reader, made, [7, number])
            assert "exactly" in reader.notes[0]
            store.finish()
            assert finds_itself(reader, made, [7, number])
            assert reader.notes == ()


def test_a_store_that_was_left_out_of_step_is_repaired_by_who_asks(made, writing, reading):
    with suppress(KeyboardInterrupt), writing() as store:
        store.write([made.numbered(number) for number in range(20)])
        raise KeyboardInterrupt
    with reading() as store:
        assert finds_itself(store, made, [3])
    with reading() as store:
        assert finds_itself(store, made, [3])
        assert store.notes == ()
        assert store.check().is_sound


def test_an_open_reader_sees_what_another_process_wrote(filled, made, writing, reading):
    with reading() as reader:
        assert finds_itself(reader, made, [5])
        with writing() as store:
            store.write([made.numbered(500)])
        assert finds_itself(reader, made, [5, 500])
        assert reader.search_lexical(["zq00500"], 3)[0][0] == made.numbered(500).chunks[1].chunk_id


def cut_in_half(path):
    os.truncate(path, path.stat().st_size // 2)


def flip(path):
    content = path.read_bytes()
    middle = len(content) // 2
    turned = bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
    path.write_bytes(content[:middle] + turned + content[middle + 64 :])


def flip_header(path):
    content = path.read_bytes()
    path.write_bytes(bytes(byte ^ 0xFF for byte in content[:100]) + content[100:])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


DAMAGES = [
    *[("header.bin", damage) for damage in (empty, remove, flip)],
    *[("data_level0.bin", damage) for damage in (cut_in_half, flip, remove)],
    *[("link_lists.bin", damage) for damage in (empty, remove)],
    *[("index_metadata.pickle", damage) for damage in (empty, cut_in_half, remove)],
    *[("chroma.sqlite3", damage) for damage in (cut_in_half, empty, remove, flip_header)],
]


@pytest.mark.parametrize(
    ("name", "damage"), DAMAGES, ids=[f"{name}-{damage.__name__}" for name, damage in DAMAGES]
)
def test_damaged_chroma_files_are_noticed_and_made_anew(
    filled, made, reading, writing, tmp_path, name, damage
):
    damage(native(tmp_path, name))
    with reading() as store:
        assert finds_itself(store, made, [0, 60, 119])
    with writing():
        pass
    with reading() as store:
        assert finds_itself(store, made, range(0, 120, 10))
        assert store.notes == ()


def alike(made, number):
    """An article of ten sentences that hardly differ from those of every other one."""
    names = range(10 * number, 10 * number + 10)
    sentences = [
        f"Der Hafenmeister von Stelle{name} heißt seit Montag Kennwort{name}x. "
        f"Am Kai {name} liegen viele Kähne."
        for name in names
    ]
    article = made.indexed(f"a{number:05}", *sentences)
    vectors = HashEmbedder(384).embed_passages(sentences)
    return replace(
        article, chunk_vectors=vectors, sentence_vectors=[vector[None, :] for vector in vectors]
    )


def test_every_one_of_many_vectors_that_hardly_differ_is_found(made, tmp_path, caplog):
    """Chroma's graph has no way to one in two hundred of them; 3,000 make some of them certain."""
    articles = [alike(made, number) for number in range(300)]
    identity = replace(made.IDENTITY, dimension=384)
    with Store.open(tmp_path / "store", mode="write", identity=identity) as store:
        store.write(articles)
    assert not caplog.records
    with Store.open(tmp_path / "store", mode="read", identity=identity) as store:
        for article in articles:
            for chunk, vector in zip(article.chunks, article.chunk_vectors, strict=True):
                assert store.search_dense(vector, 1)[0][0] == chunk.chunk_id
        assert store.notes == ()
        assert store.check().is_sound
    with Store.open(tmp_path / "store", mode="write", identity=identity) as store:
        store.write([alike(made, 300)])
    assert not caplog.records
    with Store.open(tmp_path / "store", mode="read", identity=identity) as store:
        for article in (articles[7], alike(made, 300)):
            for chunk, vector in zip(article.chunks, article.chunk_vectors, strict=True):
                assert store.search_dense(vector, 1)[0][0] == chunk.chunk_id
        assert store.check().is_sound


@pytest.mark.parametrize("what", ["nothing", "another vector"])
def test_a_chunk_that_is_not_held_as_it_was_written_is_no_sound_index(made, tmp_path, what):
    names = [f"c{number}" for number in range(50)]
    written = [
        VectorRecord(
            chunk_id=name, vector=made.vector(name), article_id="a", source=None, published_at=None
        )
        for name in names
    ]
    index = ChromaIndex.create(ChromaPlace(folder=tmp_path, url=None, store_id="s"), 1, "f")
    index.upsert(written[1:] if what == "nothing" else written)
    index.settle()
    assert index.unreached(written[1:]) == []
    wrong = replace(written[0], vector=made.vector("another"))
    with pytest.raises(ValueError, match="'c0' is not held"):
        index.unreached([wrong, *written[1:]])
    index.close()


def test_a_missing_segment_folder_is_noticed(filled, made, reading, tmp_path):
    shutil.rmtree(native(tmp_path, "header.bin").parent)
    with reading() as store:
        assert finds_itself(store, made, [0, 60, 119])


def test_damage_that_hides_behind_its_old_time_cannot_take_the_check_down(
    filled, reading, tmp_path
):
    damaged = native(tmp_path, "data_level0.bin")
    times = (damaged.stat().st_atime_ns, damaged.stat().st_mtime_ns)
    damaged.write_bytes(bytes(byte ^ 0x5A for byte in damaged.read_bytes()))
    os.utime(damaged, ns=times)
    with reading() as store:
        report = store.check()
    assert not report.is_sound


def test_a_repair_makes_everything_anew(filled, made, reading, writing, tmp_path):
    flip(native(tmp_path, "data_level0.bin"))
    before = chroma_folder(tmp_path)
    with writing() as store:
        store.repair()
    assert chroma_folder(tmp_path) != before
    with reading() as store:
        assert store.check().is_sound


def test_chroma_keeps_metadata_and_no_text(filled, made, tmp_path):
    import chromadb

    client = chromadb.PersistentClient(str(chroma_folder(tmp_path)))
    collection = client.get_collection("articles_g1", embedding_function=None)
    chunk = made.numbered(7).chunks[1]
    found = collection.get(ids=[chunk.chunk_id])
    client.close()
    assert found["documents"] == [None]
    files = [path for path in (tmp_path / "store" / "chroma").rglob("*") if path.is_file()]
    assert [path for path in files if b"Kennwort" in path.read_bytes()] == []
    assert found["metadatas"] == [
        {"article_id": "a00007", "source": "Blatt 1", "published_at": "2025-09-08"}
    ]
    assert collection.metadata == {
        "generation": 1,
        "fingerprint": made.IDENTITY.fingerprint,
    }


HEADER = struct.Struct("<iQQQQQQ")


def kept_vectors(header, dimension):
    """Every vector that a file of Chroma's has room for, in use or not."""
    *_, size, _, offset = HEADER.unpack_from(header.read_bytes())
    content = header.with_name("data_level0.bin").read_bytes()
    return np.stack(
        [
            np.frombuffer(content, dtype="<f4", count=dimension, offset=start + offset)
            for start in range(0, len(content) - size + 1, size)
        ]
    )


def test_what_is_removed_is_gone_from_chromas_files_too(made, writing, tmp_path):
    word = "Wrackteilfinder"
    gone = made.indexed("weg", f"Der {word} kam um neun.", made.FULLER, title=word)

    def held():
        (header,) = (tmp_path / "store" / "chroma").rglob("header.bin")
        return kept_vectors(header, made.DIMENSION) @ gone.chunk_vectors.T

    with writing() as store:
        store.write([*(made.numbered(number) for number in range(20)), gone])
    assert (held().max(axis=0) > 0.99).all(), "never written: the test would prove nothing"
    with writing() as store:
        store.remove(["weg"])
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert [path for path in files if word.encode() in path.read_bytes()] == []
    assert held().max() < 0.99


def test_room_for_vectors_that_is_not_used_holds_nothing(made, writing, tmp_path):
    """Chroma writes it as the memory was: here it is filled with a text, as memory may be."""
    with writing() as store:
        store.write([made.numbered(number) for number in range(5)])
    (level,) = (tmp_path / "store" / "chroma").rglob("data_level0.bin")
    content = level.read_bytes()
    _, _, _, count, size, *_ = HEADER.unpack_from(level.with_name("header.bin").read_bytes())
    assert len(content) > count * size, "nothing is unused: the test would prove nothing"
    text = b"Wrackteilfinder " * len(content)
    level.write_bytes((content[: count * size] + text)[: len(content)])
    clear_unused(tmp_path / "store" / "chroma")
    assert level.read_bytes() == content[: count * size].ljust(len(content), b"\x00")


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0])
def test_a_query_without_direction_is_refused(filled, made, reading, bad):
    with reading() as store, pytest.raises(ValueError, match="finite"):
        store.search_dense(np.full(made.DIMENSION, bad, dtype=np.float32), 3)


def test_a_broken_chroma_package_leaves_exact_search(filled, made, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "chromadb", None)
    with Store.open(tmp_path / "store", mode="read", identity=made.IDENTITY) as store:
        assert finds_itself(store, made, [3])
        assert "exactly" in store.notes[0]
