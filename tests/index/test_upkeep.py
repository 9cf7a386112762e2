"""`rag store check` and `--repair` on stores that are sound, damaged or not there."""

import dataclasses
import json

import pytest

from rag.cli.main import run
from rag.index.kept_tags import chunk_tags
from rag.language.parts_of_speech import to_keep

pytestmark = pytest.mark.integration


@pytest.fixture
def filled(made, writing, tmp_path):
    with writing() as store:
        for start in range(0, 40, 5):
            store.write([made.numbered(number) for number in range(start, start + 5)])
    return tmp_path / "store"


def check(store, capfd, *flags):
    code = run(["store", "check", "--store", str(store), "--format", "json", *flags])
    said = capfd.readouterr().out
    return code, json.loads(said) if said else None


def test_a_sound_store_is_called_sound(filled, capfd):
    code, report = check(filled, capfd)
    assert (code, report["is_sound"], report["problems"]) == (0, True, [])
    assert report["counts"]["articles"] == 40


def test_damaged_vector_files_are_named_and_made_anew(filled, capfd):
    [damaged] = (filled / "chroma").rglob("data_level0.bin")
    damaged.write_bytes(bytes(byte ^ 0x5A for byte in damaged.read_bytes()))
    code, report = check(filled, capfd)
    assert code == 1
    assert "Chroma" in report["problems"][0]
    code, report = check(filled, capfd, "--repair")
    assert (code, report["is_sound"]) == (0, True)
    assert report["repaired"]


def test_a_store_that_is_not_there_is_not_made_by_a_repair(tmp_path, capfd):
    code, _ = check(tmp_path / "nothing", capfd, "--repair")
    assert code == 3
    assert not (tmp_path / "nothing").exists()


def overwrite(start, size):
    def damage(data, made):
        data[start : start + size] = b"\x5a" * size

    return damage


def turn_a_bit_of_a_text(data, made):
    data[data.index(b"Kennwort zq00007") + 2] ^= 1


def turn_a_bit_of_a_vector(data, made):
    vector = made.numbered(11).chunk_vectors[0].astype("<f4").tobytes()
    data[data.index(vector) + 4] ^= 1


def cut_the_last_quarter(data, made):
    del data[len(data) * 3 // 4 :]


@pytest.mark.parametrize(
    ("damage", "lost"),
    [
        (overwrite(0, 100), set()),
        (turn_a_bit_of_a_text, {"a00007"}),
        (turn_a_bit_of_a_vector, {"a00011"}),
        (cut_the_last_quarter, None),
    ],
    ids=["header", "bit of a text", "bit of a vector", "cut"],
)
def test_whole_articles_are_saved_from_a_broken_catalogue(
    filled, made, reading, capfd, damage, lost
):
    catalogue = filled / "catalogue.sqlite3"
    data = bytearray(catalogue.read_bytes())
    damage(data, made)
    catalogue.write_bytes(bytes(data))
    assert check(filled, capfd)[0] in (1, 3)
    code, report = check(filled, capfd, "--repair")
    assert (code, report["is_sound"]) == (0, True)
    with reading() as store:
        kept = {article.article_id: article.text for article in store.articles()}
        for article_id, text in kept.items():
            assert text == made.numbered(int(article_id[1:])).article.text
            for chunk in store.chunks_of(article_id):
                assert store.search_dense(made.vector(chunk.chunk_id), 1)[0][0] == chunk.chunk_id
        assert store.notes == ()
    gone = {f"a{number:05}" for number in range(40)} - set(kept)
    assert gone == lost if lost is not None else 0 < len(gone) < 40
    assert all(article_id in report["repaired"][0] for article_id in sorted(gone)[:10])
    assert not (filled / "salvage").exists()


def test_parts_of_speech_are_saved_with_their_articles(filled, made, writing, reading, capfd):
    one = made.indexed("eins", "Die Fähre sank.")
    with writing() as store:
        store.write([dataclasses.replace(one, tags=[chunk_tags(one.article, one.chunks[0])])])
    catalogue = filled / "catalogue.sqlite3"
    data = bytearray(catalogue.read_bytes())
    turn_a_bit_of_a_text(data, made)
    catalogue.write_bytes(bytes(data))
    assert check(filled, capfd, "--repair")[0] == 0
    with reading() as store:
        (loaded,) = store.load([one.chunks[0].chunk_id])
        assert loaded.sentence_tags == (to_keep("Die Fähre sank.", "de"),)


def test_where_nothing_can_be_saved_it_says_so_and_changes_nothing(filled, capfd):
    catalogue = filled / "catalogue.sqlite3"
    catalogue.write_bytes(b"\x5a" * 40_000)
    code, _ = check(filled, capfd, "--repair")
    assert code == 3
    assert catalogue.read_bytes() == b"\x5a" * 40_000


def test_a_folder_in_the_place_of_the_log_is_put_aside(filled, capfd):
    (filled / "catalogue.sqlite3-wal").mkdir()
    assert check(filled, capfd, "--repair")[0] == 0
    code, report = check(filled, capfd)
    assert (code, report["counts"]["articles"]) == (0, 40)


def test_a_text_that_is_none_any_more_is_an_error_that_does_not_show_it(filled, capfd):
    catalogue = filled / "catalogue.sqlite3"
    data = catalogue.read_bytes()
    place = data.index(b"Kennwort zq00007")
    catalogue.write_bytes(data[:place] + b"\xff" + data[place + 1 :])
    assert run(["articles", "show", "a00007", "--store", str(filled)]) == 3
    said = capfd.readouterr().err
    assert "--repair" in said
    assert "zq00007" not in said
