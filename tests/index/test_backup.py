"""A backup is one state of a store, whole or not there, and gives the same store again."""

import contextlib
import dataclasses
import json
import sqlite3
import threading

import pytest

from rag.cli.main import run
from rag.index.kept_tags import chunk_tags
from rag.index.store import Store
from rag.language.parts_of_speech import to_keep

pytestmark = pytest.mark.integration


@pytest.fixture
def filled(made, writing, tmp_path):
    with writing() as store:
        store.write([made.numbered(number) for number in range(30)])
        store.remove(["a00003"])
    return tmp_path / "store"


def command(*words):
    return run(["store", *map(str, words)])


def everything(folder):
    with Store.open(folder, mode="read") as store:
        ids = [chunk.chunk_id for one in store.raw_hashes() for chunk in store.chunks_of(one)]
        return (
            store.articles(),
            [(one.chunk, one.vector.tobytes(), one.sentence_vectors.tobytes())
             for one in store.load(sorted(ids))],
            store.search_lexical(["hafenmeister", "zq00007"], 10),
            (store.signatures(), store.links(), store.paths(), store.identity),
        )  # fmt: skip


def test_what_is_restored_is_what_was_backed_up(filled, made, tmp_path, capsys):
    assert command("backup", tmp_path / "b", "--store", filled, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 29
    assert command("restore", tmp_path / "b", "--store", tmp_path / "other") == 0
    assert everything(tmp_path / "other") == everything(filled)
    with Store.open(tmp_path / "other", mode="read", identity=made.IDENTITY) as store:
        assert store.check().is_sound
    with Store.open(tmp_path / "other", mode="write", identity=made.IDENTITY) as store:
        store.begin_run()
        store.write([made.numbered(100)])
        store.finish_run()
        assert store.check().is_sound
    assert [path.name for path in tmp_path.iterdir() if "b" in path.name] == ["b"]


def test_parts_of_speech_are_backed_up_and_a_backup_without_them_is_restored(
    made, writing, tmp_path
):
    one = made.indexed("eins", "Die Fähre sank.")
    one = dataclasses.replace(one, tags=[chunk_tags(one.article, one.chunks[0])])
    with writing() as store:
        store.write([one])
    assert command("backup", tmp_path / "b", "--store", tmp_path / "store") == 0
    assert command("restore", tmp_path / "b", "--store", tmp_path / "other") == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "b")) as file:
        file.execute("DROP TABLE parts_of_speech")
    assert command("restore", tmp_path / "b", "--store", tmp_path / "third") == 0
    for name, expected in (("other", (to_keep("Die Fähre sank.", "de"),)), ("third", ())):
        with Store.open(tmp_path / name, mode="read") as store:
            (loaded,) = store.load([one.chunks[0].chunk_id])
            assert loaded.sentence_tags == expected


def test_a_bit_that_turned_in_a_backup_s_vector_is_known_after_restoring(filled, tmp_path, capfd):
    assert command("backup", tmp_path / "b", "--store", filled) == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "b")) as file, file:
        (vector,) = file.execute("SELECT vector FROM vectors LIMIT 1").fetchone()
        turned = bytes([vector[0] ^ 1]) + vector[1:]
        file.execute("UPDATE vectors SET vector = ? WHERE vector = ?", (turned, vector))
    assert command("restore", tmp_path / "b", "--store", tmp_path / "other") == 0
    assert command("check", "--store", tmp_path / "other") == 1
    assert "not what was stored" in capfd.readouterr().out


def test_a_backup_without_checksums_is_restored(filled, made, tmp_path):
    assert command("backup", tmp_path / "b", "--store", filled) == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "b")) as file:
        file.execute("DROP TABLE sums")
    assert command("restore", tmp_path / "b", "--store", tmp_path / "other") == 0
    assert everything(tmp_path / "other") == everything(filled)


def test_a_backup_while_others_write_is_one_state(filled, made, writing, tmp_path):
    done = threading.Event()

    def write():
        with writing() as store:
            for number in range(100, 220, 4):
                store.write([made.numbered(n) for n in range(number, number + 4)])
                if done.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    for name in ("one", "two"):
        assert command("backup", tmp_path / name, "--store", filled, "--quiet") == 0
    done.set()
    writer.join()
    for name in ("one", "two"):
        assert command("restore", tmp_path / name, "--store", tmp_path / f"r{name}") == 0
        with Store.open(tmp_path / f"r{name}", mode="read") as store:
            assert (store.counts().articles - 29) % 4 == 0
            assert store.check().is_sound


def test_nothing_is_put_in_place_of_a_store_or_a_file_unasked(filled, tmp_path, capfd):
    backup = tmp_path / "b"
    assert command("backup", backup, "--store", filled) == 0
    before = backup.read_bytes()
    assert command("backup", backup, "--store", filled) == 2
    assert command("restore", backup, "--store", filled) == 2
    assert "--replace" in capfd.readouterr().err
    assert backup.read_bytes() == before
    assert command("restore", backup, "--store", filled, "--replace") == 0
    assert command("backup", backup, "--store", filled, "--replace") == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"no database at all" * 100,
        lambda data: data[: len(data) // 2],
        lambda data: data[:8192] + b"\xa5" * 8192 + data[16384:],
    ],
    ids=["another file", "cut", "overwritten"],
)
def test_a_damaged_backup_changes_nothing(filled, tmp_path, capfd, damage):
    backup = tmp_path / "b"
    assert command("backup", backup, "--store", filled) == 0
    before = everything(filled)
    backup.write_bytes(damage(backup.read_bytes()))
    # Where the damage lies decides whether it is still known for a backup.
    assert command("restore", backup, "--store", filled, "--replace") in (2, 3)
    assert "Do:" in capfd.readouterr().err
    assert everything(filled) == before


def test_a_plain_database_is_no_backup(filled, tmp_path, capfd):
    with sqlite3.connect(tmp_path / "x") as database:
        database.execute("CREATE TABLE meta (key TEXT, value TEXT)")
    assert command("restore", tmp_path / "x", "--store", tmp_path / "new") == 2
    assert command("restore", tmp_path / "nothing", "--store", tmp_path / "new") == 2
    assert not (tmp_path / "new").exists()


def test_a_backup_does_not_take_the_place_of_the_store_itself(filled, capfd):
    before = (filled / "catalogue.sqlite3").read_bytes()
    code = command("backup", filled / "catalogue.sqlite3", "--replace", "--store", filled)
    assert code == 2 and "lies in the store itself" in capfd.readouterr().err
    assert (filled / "catalogue.sqlite3").read_bytes() == before
