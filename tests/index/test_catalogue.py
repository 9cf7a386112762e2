import shutil
import sqlite3

import pytest

from rag.errors import StoreDamagedError, StoreLockedError, StoreMissingError
from rag.index.catalogue import Catalogue, read_meta, write_meta
from rag.index.schema import tables
from rag.index.sqlite import CATALOGUE_NAME, SqliteDatabase
from rag.index.store import Store


@pytest.fixture
def catalogue(tmp_path):
    opened = Catalogue(SqliteDatabase(tmp_path), "write")
    with opened.transaction() as connection:
        tables.create_all(connection)
    yield opened
    opened.close()


def read(catalogue, key):
    with catalogue.reading() as connection:
        return read_meta(connection, key)


def write(catalogue, key, value):
    with catalogue.transaction() as connection:
        write_meta(connection, key, value)


def test_a_transaction_that_fails_changes_nothing(catalogue):
    write(catalogue, "colour", "blue")
    with pytest.raises(ZeroDivisionError), catalogue.transaction() as connection:
        write_meta(connection, "colour", "red")
        raise ZeroDivisionError
    assert read(catalogue, "colour") == "blue"


def test_a_reader_sees_only_what_is_committed(catalogue, tmp_path):
    write(catalogue, "colour", "blue")
    reader = Catalogue(SqliteDatabase(tmp_path), "read")
    with catalogue.transaction() as connection:
        write_meta(connection, "colour", "red")
        assert read(reader, "colour") == "blue"
    assert read(reader, "colour") == "red"
    reader.close()


def test_a_step_that_fails_inside_a_long_transaction_is_undone_alone(catalogue):
    catalogue.begin_long_transaction()
    write(catalogue, "colour", "blue")
    with pytest.raises(ZeroDivisionError), catalogue.transaction() as connection:
        write_meta(connection, "colour", "red")
        raise ZeroDivisionError
    catalogue.end_long_transaction(keep=True)
    assert read(catalogue, "colour") == "blue"


def test_writing_is_durable_and_forgets_for_good(catalogue):
    with catalogue.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_a_catalogue_that_is_not_there_is_missing(tmp_path):
    with pytest.raises(StoreMissingError) as missing:
        Catalogue(SqliteDatabase(tmp_path), "read")
    assert "rag ingest" in missing.value.hint


def test_a_busy_database_is_a_locked_store(catalogue, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.index.sqlite._BUSY_SECONDS", 0.1)
    second = Catalogue(SqliteDatabase(tmp_path), "write")
    with catalogue.transaction(), pytest.raises(StoreLockedError), second.transaction():
        pass
    second.close()


def overwrite(offset, length):
    def damage(path):
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(b"\xa5" * length)

    return damage


def cut(share):
    def damage(path):
        with path.open("r+b") as file:
            file.truncate(int(path.stat().st_size * share))

    return damage


@pytest.mark.parametrize(
    "damage",
    [overwrite(0, 100), overwrite(4096, 8192), cut(0.5), cut(0.1)],
    ids=["header", "pages", "half", "tenth"],
)
@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_damaged_catalogue_is_named_with_a_way_out(made, writing, tmp_path, damage, mode):
    with writing() as store:
        store.write([made.numbered(number) for number in range(40)])
    damage(tmp_path / "store" / CATALOGUE_NAME)
    with pytest.raises(StoreDamagedError) as damaged:
        use(tmp_path / "store", mode, made.IDENTITY)
    assert damaged.value.hint


def use(folder, mode, identity):
    """Opens, reads all and checks; what only the check finds is raised like the rest."""
    with Store.open(folder, mode=mode, identity=identity) as store:
        store.articles()
        problems = store.check().problems
    if problems:
        raise StoreDamagedError("; ".join(problems), "found by the check")


def test_an_empty_file_is_no_store(tmp_path, made):
    (tmp_path / CATALOGUE_NAME).touch()
    with pytest.raises(StoreMissingError):
        Store.open(tmp_path, mode="read")
    with Store.open(tmp_path, mode="write", identity=made.IDENTITY) as store:
        assert store.counts().articles == 0


def test_a_folder_that_cannot_be_made_is_named(tmp_path, made):
    (tmp_path / "file").touch()
    with pytest.raises(StoreDamagedError) as refused:
        Store.open(tmp_path / "file" / "store", mode="write", identity=made.IDENTITY)
    assert "file" in refused.value.message


def test_a_copied_store_is_read_as_it_was(made, writing, reading, tmp_path):
    with writing() as store:
        store.write([made.numbered(1)])
    shutil.copytree(tmp_path / "store", tmp_path / "copy")
    with Store.open(tmp_path / "copy", mode="read", identity=made.IDENTITY) as store:
        assert store.check().is_sound
        assert store.search_dense(made.numbered(1).chunk_vectors[0], 1)[0][1] > 0.999
        assert store.notes == ()


def test_the_catalogue_is_plain_sqlite(made, writing, tmp_path):
    with writing() as store:
        store.write([made.numbered(1)])
    with sqlite3.connect(tmp_path / "store" / CATALOGUE_NAME) as database:
        assert database.execute("SELECT article_id FROM articles").fetchall() == [("a00001",)]
