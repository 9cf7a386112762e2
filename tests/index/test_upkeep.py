"""`rag store check` and `--repair` on stores that are sound, damaged or not there."""

import json

import pytest

from rag.cli.main import run

pytestmark = pytest.mark.integration


@pytest.fixture
def filled(made, writing, tmp_path):
    with writing() as store:
        store.write([made.numbered(number) for number in range(40)])
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
