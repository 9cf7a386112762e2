import dataclasses
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from rag.errors import StoreEmptyError, StoreMismatchError, StoreMissingError
from rag.index.schema import chunks
from rag.index.store import IndexIdentity, Store
from rag.language.terms import terms
from rag.types import Removal, Span


@pytest.fixture
def no_chroma(monkeypatch):
    """Most of what a store promises does not need Chroma, and is tested faster without."""
    monkeypatch.setitem(sys.modules, "chromadb", None)


pytestmark = pytest.mark.usefixtures("no_chroma")


def numbers(store):
    return sorted(store.raw_hashes())


def test_an_article_comes_back_as_it_was_stored(made, writing, reading):
    given_one = made.indexed(
        "ordner/eins",
        "Die „Möwe“ sank 1.500 m vor der Küste. 🚢",
        "Niemand kam um.",
        title="Die „Möwe“",
        source="Küstenbote",
        url="https://example.org/möwe",
        published_at="2025-09-03T08:05:09+02:00",
        authors=("A. Lemke", "B. Ortiz"),
        language="de",
        origin="BBC",
        origin_id="o1",
        removed=(Removal(reason="reading_time", text="Lesezeit: 3 Minuten"),),
        notes=("decoded as cp1252",),
    )
    with writing() as store:
        store.write([given_one])
    with reading() as store:
        assert store.article("ordner/eins") == given_one.article
        assert store.articles() == (given_one.article,)
        assert store.chunks_of("ordner/eins") == tuple(given_one.chunks)
        assert store.signatures() == {"ordner/eins": given_one.signature}
        assert store.paths() == {"ordner/eins": "ordner/eins.txt"}
        (loaded,) = store.load([given_one.chunks[0].chunk_id])
        assert loaded.chunk == given_one.chunks[0]
        assert loaded.article == given_one.article
        assert np.array_equal(loaded.vector, given_one.chunk_vectors[0])
        assert np.allclose(loaded.sentence_vectors, given_one.sentence_vectors[0], atol=1e-3)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
@settings(max_examples=25, deadline=None)
def test_any_text_keeps_its_offsets(tmp_path_factory, made, text):
    folder = tmp_path_factory.mktemp("any")
    with Store.open(folder, mode="write", identity=made.IDENTITY) as store:
        store.write([made.indexed("a", *(text.split("\n") if text.strip("\n") else ["x"]))])
    with Store.open(folder, mode="read") as store:
        article = store.article("a")
        for chunk in store.chunks_of("a"):
            assert article.text[chunk.start_char : chunk.end_char] == chunk.text


def test_writing_the_same_again_changes_nothing(made, writing):
    batch = [made.numbered(number) for number in range(10)]
    with writing() as store:
        for _ in range(3):
            store.write(batch)
        assert store.counts().articles == 10
        assert store.counts().chunks == 30
        assert store.check().is_sound


def test_a_changed_article_replaces_its_chunks_alone(made, writing):
    with writing() as store:
        store.write([made.numbered(number) for number in range(10)])
        before = {n: store.chunks_of(n) for n in numbers(store)}
        store.write([made.numbered(4, "neu")])
        after = {n: store.chunks_of(n) for n in numbers(store)}
        assert {n for n in before if before[n] != after[n]} == {"a00004"}
        assert store.search_lexical(["zq00004"], 5) == []
        assert len(store.search_lexical(["zq00004neu"], 5)) == 1
        old = made.numbered(4).chunks[1].chunk_id
        assert store.load([old]) == []
        assert store.check().is_sound


def test_a_batch_is_stored_whole_or_not_at_all(made, writing):
    broken = made.numbered(2)
    broken = dataclasses.replace(broken, chunk_vectors=broken.chunk_vectors * np.nan)
    with writing() as store:
        store.write([made.numbered(0)])
        with pytest.raises(ValueError, match="unit vectors"):
            store.write([made.numbered(1), broken, made.numbered(0, "neu")])
        assert numbers(store) == ["a00000"]
        assert store.article("a00000") == made.numbered(0).article
        assert store.check().is_sound


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: dataclasses.replace(one, chunk_vectors=one.chunk_vectors[:-1]),
        lambda one: dataclasses.replace(one, sentence_vectors=one.sentence_vectors[:-1]),
        lambda one: dataclasses.replace(
            one, article=dataclasses.replace(one.article, text="anderer Text")
        ),
    ],
    ids=["vectors", "sentences", "offsets"],
)
def test_what_could_not_be_read_back_is_refused(made, writing, spoil):
    with writing() as store, pytest.raises(ValueError, match="a0000"):
        store.write([spoil(made.numbered(1))])


def test_what_is_removed_is_gone_from_every_file(made, writing, tmp_path):
    word = "Wrackteilfinder"
    with writing() as store:
        store.write([made.numbered(number) for number in range(5)])
        store.write([made.indexed("weg", f"Der {word} kam um neun.", made.FULLER, title=word)])
    assert word.encode() in (tmp_path / "store" / "catalogue.sqlite3").read_bytes()
    with writing() as store:
        store.remove(["weg", "unbekannt"])
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert [path for path in files if word.encode() in path.read_bytes()] == []
    assert [path for path in files if b"wrackteilfind" in path.read_bytes()] == []
    with writing() as store:
        assert store.article("weg") is None
        assert store.check().is_sound


def test_links_are_set_and_cleared(made, writing):
    with writing() as store:
        store.write([made.numbered(1), made.numbered(2)])
        store.set_links({"a00002": ("a00001", "o7"), "a00001": (None, "o7")})
        assert store.article("a00002").duplicate_of == "a00001"
        assert store.counts().duplicates == 1
        store.set_links({"a00002": (None, None)})
        assert store.article("a00002") == made.numbered(2).article


def test_the_journal_knows_runs_that_did_not_end(made, writing, reading):
    with suppress(KeyboardInterrupt), writing() as store:
        store.begin_run()
        store.write([made.numbered(1)])
        raise KeyboardInterrupt
    with reading() as store:
        assert store.interrupted_runs() == 1
        assert numbers(store) == ["a00001"]
    with writing() as store:
        store.begin_run()
        store.finish_run()
        assert store.interrupted_runs() == 1


def test_filters_take_outlets_and_days(made, writing):
    with writing() as store:
        store.write(
            [
                made.indexed("a", "Eins.", source="Bote", published_at="2025-09-03T23:59:00+02:00"),
                made.indexed("b", "Zwei.", source="Kurier", published_at="2025-09-04"),
                made.indexed("c", "Drei.", source=None, published_at=None),
            ]
        )
        assert store.article_ids() == {"a", "b", "c"}
        assert store.article_ids(outlets=["bote "]) == {"a"}
        assert store.article_ids(outlets={"c"}) == {"c"}
        assert store.article_ids(published_to="2025-09-03") == {"a"}
        assert store.article_ids(published_from="2025-09-03", published_to="2025-09-04") == {
            "a",
            "b",
        }
        assert store.article_ids(outlets=["Bote"], published_from="2025-09-04") == frozenset()


def test_searches_keep_to_the_allowed_articles(made, writing):
    with writing() as store:
        store.write([made.numbered(number) for number in range(30)])
        allowed = frozenset({"a00003", "a00017"})
        dense = store.search_dense(made.vector("question"), 50, allowed)
        lexical = store.search_lexical(["hafenmeist"], 50, allowed)
        assert {chunk_id.split(":")[0] for chunk_id, _ in dense} == allowed
        assert {chunk_id.split(":")[0] for chunk_id, _ in lexical} == allowed
        assert len(dense) == 6 and len(lexical) == 2
        assert store.search_dense(made.vector("question"), 5, frozenset()) == []
        assert store.search_lexical(["hafenmeist"], 5, frozenset()) == []


def test_scores_of_candidates_are_those_of_the_searches(made, writing):
    with writing() as store:
        store.write([made.numbered(number) for number in range(30)])
        query, words = made.vector("question"), ["kai", "brannt", "zq00007"]
        dense = dict(store.search_dense(query, 90))
        lexical = dict(store.search_lexical(words, 90))
        ids = [chunk.chunk_id for number in range(30) for chunk in made.numbered(number).chunks]
        assert store.dense_scores(query, ids) == pytest.approx(dense, abs=1e-5)
        found = store.lexical_scores(words, [*ids, "unknown"])
        assert found == pytest.approx({chunk_id: lexical.get(chunk_id, 0.0) for chunk_id in ids})


def test_neighbours_stay_in_their_article(made, writing):
    with writing() as store:
        store.write([made.numbered(number) for number in range(3)])
        first, second, third = store.chunks_of("a00001")
        assert store.neighbours(first.chunk_id) == (None, second)
        assert store.neighbours(second.chunk_id) == (first, third)
        assert store.neighbours(third.chunk_id) == (second, None)
        assert store.neighbours("unknown") == (None, None)


def test_an_empty_store_finds_nothing_and_says_so(made, writing, tmp_path):
    with writing() as store:
        assert store.search_dense(made.vector("question"), 5) == []
        assert store.search_lexical(["kai"], 5) == []
        with pytest.raises(StoreEmptyError) as empty:
            store.require_articles()
    assert "rag ingest" in empty.value.hint


def test_a_store_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(StoreMissingError):
        Store.open(tmp_path / "nowhere", mode="read")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"model": "other"}, "'other'"),
        ({"embedder_fingerprint": "two"}, "'two'"),
        ({"dimension": 25}, "25"),
        ({"chunk": {"target_chars": 500, "max_chars": 1400}}, "500"),
    ],
)
def test_another_identity_is_refused_with_the_command_that_fixes_it(
    made, writing, tmp_path, mode, change, named
):
    with writing() as store:
        store.write([made.numbered(1)])
    with pytest.raises(StoreMismatchError) as refused:
        Store.open(
            tmp_path / "store", mode=mode, identity=dataclasses.replace(made.IDENTITY, **change)
        )
    assert named in refused.value.message
    assert "rag ingest --rebuild" in refused.value.hint


@pytest.mark.parametrize(("schema", "hint"), [(99, "Update"), (0, "--rebuild")])
def test_a_store_of_another_version_is_refused(made, writing, reading, tmp_path, schema, hint):
    with writing():
        pass
    with sqlite3.connect(tmp_path / "store" / "catalogue.sqlite3") as database:
        (identity,) = database.execute("SELECT value FROM meta WHERE key = 'identity'").fetchone()
        changed = identity.replace('"schema": 1', f'"schema": {schema}')
        assert changed != identity
        database.execute("UPDATE meta SET value = ? WHERE key = 'identity'", (changed,))
    with pytest.raises(StoreMismatchError) as refused:
        reading()
    assert hint in refused.value.hint


def test_a_rebuild_takes_a_new_identity_and_shows_nothing_half_done(
    made, writing, reading, tmp_path
):
    other = dataclasses.replace(made.IDENTITY, model="other")
    with writing() as store:
        store.write([made.numbered(1)])
    with Store.open(tmp_path / "store", mode="write", identity=other, rebuild=True) as store:
        assert store.raw_hashes() == {}
        store.write([made.numbered(2)])
        with reading() as reader:
            assert numbers(reader) == ["a00001"]
        store.finish()
    with Store.open(tmp_path / "store", mode="read", identity=other) as store:
        assert numbers(store) == ["a00002"]
        assert len(store.search_lexical(["zq00001", "zq00002"], 5)) == 1
        assert store.identity == other


@pytest.mark.parametrize("ending", [KeyboardInterrupt, None], ids=["interrupted", "nothing read"])
def test_a_rebuild_that_does_not_end_leaves_what_was_there(made, writing, reading, ending):
    with writing() as store:
        store.write([made.numbered(1)])
    with suppress(KeyboardInterrupt), writing(rebuild=True) as store:
        if ending:
            store.write([made.numbered(2)])
            raise ending
    with reading() as store:
        assert numbers(store) == ["a00001"]
        assert len(store.search_lexical(["zq00001", "zq00002"], 5)) == 1


def test_the_fingerprint_changes_with_everything_that_shapes_the_index(made):
    changes = [{"model": "o"}, {"embedder_fingerprint": "o"}, {"dimension": 9}, {"schema": 9}]
    changes.append({"chunk": {"target_chars": 1, "max_chars": 2}})
    prints = {dataclasses.replace(made.IDENTITY, **change).fingerprint for change in changes}
    assert len(prints | {made.IDENTITY.fingerprint}) == 6
    assert IndexIdentity(**dataclasses.asdict(made.IDENTITY)).fingerprint == (
        made.IDENTITY.fingerprint
    )


def test_many_threads_read_while_one_writes(made, writing, reading):
    from concurrent.futures import ThreadPoolExecutor

    with writing() as writer, reading_after(writer, made, reading) as reader:

        def ask(number):
            found = reader.search_lexical([f"zq{number % 20:05}"], 3)
            return [loaded.chunk.text for loaded in reader.load([cid for cid, _ in found])]

        with ThreadPoolExecutor(8) as pool:
            asked = pool.map(ask, range(200))
            for number in range(100, 130):
                writer.write([made.numbered(number)])
            answers = list(asked)
    assert all(f"zq{n % 20:05}" in texts[0] for n, texts in enumerate(answers))


def reading_after(writer, made, reading):
    writer.write([made.numbered(number) for number in range(20)])
    return reading()


READ_ONLY = """
import os, sys
from pathlib import Path
from rag.errors import StoreDamagedError
from rag.index.store import Store

if os.getuid() == 0:  # root may write anywhere
    os.setgid(65534)
    os.setuid(65534)
path = Path(sys.argv[1])
with Store.open(path, mode="read") as store:
    print(len(store.search_lexical(["zq00001"], 3)), store.counts().articles)
try:
    Store.open(path, mode="write")
except StoreDamagedError as error:
    print(error.hint)
"""


def test_a_folder_without_write_permission_can_be_read(made):
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "store"
        with Store.open(folder, mode="write", identity=made.IDENTITY) as store:
            store.write([made.numbered(1)])
        Path(base).chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", READ_ONLY, str(folder)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    if "PermissionError" in result.stderr or "ModuleNotFound" in result.stderr:
        pytest.skip("an unprivileged user cannot run this Python")
    assert result.stdout.splitlines() == [
        "1 1",
        "Check its permissions, or choose another folder with --store.",
    ], result.stderr


def test_the_terms_of_each_sentence_come_back(made, writing, reading):
    one = made.indexed("eins", "Die Fähre sank.", "Und. Nord-Stream 1.500 m", title="Am Kai")
    with writing() as store:
        store.write([one])
    with reading() as store:
        for loaded in store.load([chunk.chunk_id for chunk in one.chunks]):
            (text,) = loaded.sentence_terms
            assert tuple(text.split()) == terms(loaded.chunk.text, "de")
        expected = frozenset(terms(one.article.title, "de")) | frozenset(
            terms(one.article.text, "de")
        )
        assert store.article_terms(["eins", "keiner"]) == {"eins": expected}


def test_of_a_chunk_that_is_more_than_its_sentences_no_terms_by_sentence_are_told(
    made, writing, reading
):
    one = made.indexed("eins", "Die Fähre sank am Kai.")
    cut = dataclasses.replace(one.chunks[0], sentences=(Span(start_char=0, end_char=9),))
    with writing() as store:
        store.write([dataclasses.replace(one, chunks=(cut,))])
    with reading() as store:
        (loaded,) = store.load([cut.chunk_id])
        assert loaded.sentence_terms == ()
        assert store.article_terms(["eins"]) == {"eins": frozenset(terms(one.article.text, "de"))}


def test_a_store_that_keeps_all_terms_in_one_line_is_read_as_before(
    made, writing, reading, tmp_path
):
    one = made.indexed("eins", "Die Fähre sank.", title="Am Kai")
    with writing() as store:
        store.write([one])
        with store.catalogue.transaction() as connection:
            kept = connection.execute(select(chunks.c.terms)).scalar_one()
            connection.execute(update(chunks).values(terms=" ".join(kept.split())))
    with reading() as store:
        (loaded,) = store.load([one.chunks[0].chunk_id])
        assert loaded.sentence_terms == ()
        assert store.article_terms(["eins"])["eins"] == frozenset(kept.split())
    with writing() as store:
        store.remove(["eins"])
        assert store.check().is_sound
