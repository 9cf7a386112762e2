"""Files handed over and articles removed: nothing lost, nothing left behind, nothing outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.collection import Upload, add_files, remove_articles
from rag.errors import StoreLockedError, UsageError
from rag.index.fake_embedder import HashEmbedder
from rag.index.lock import WriterLock
from rag.index.store import Store
from rag.ingest.inbox import safe_name
from rag.pipeline import ingest
from rag.settings import load_settings
from rag.wiring import open_deps

DEICH = (
    "Der Deich bei Krummwarden ist am Montag gebrochen. Rund 40 Häuser stehen unter Wasser. "
    "Der Bürgermeister sprach von einem schweren Schlag für den ganzen Ort und bat um Hilfe."
)
MARKT = (
    "Der Wochenmarkt in Holzdorf zieht um. Ab Mai stehen die Stände auf dem Kirchplatz. "
    "Die Händler freuen sich über die neuen Anschlüsse für Strom und Wasser."
)


@pytest.fixture(autouse=True)
def fake_model(monkeypatch):
    monkeypatch.setattr("rag.index.embed.open_embedder", lambda settings, bulk: HashEmbedder())


@pytest.fixture
def settings(tmp_path):
    return load_settings(store={"path": tmp_path / "store"})


@pytest.fixture
def hand_over(tmp_path, settings):
    """Files as an upload brings them: each in a folder of its own."""
    count = 0

    def run(*files: tuple[str, str | bytes], replace: bool = False):
        nonlocal count
        uploads = []
        for name, content in files:
            count += 1
            path = tmp_path / "incoming" / str(count) / "file"
            path.parent.mkdir(parents=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            uploads.append(Upload(path=path, name=name))
        with open_deps(settings, mode="write") as deps:
            return add_files(uploads, deps, replace=replace)

    return run


def remove(settings, *article_ids: str) -> None:
    with open_deps(settings, mode="write") as deps:
        remove_articles(article_ids, deps)


def stored(settings) -> dict[str, str]:
    with Store.open(settings.store.path, mode="read") as store:
        return {article.article_id: article.text for article in store.articles()}


def kept_files(settings) -> list[str]:
    return sorted(path.name for path in (settings.store.path / "uploads").iterdir())


def test_each_file_has_its_own_result_and_reason(hand_over, settings):
    results = hand_over(
        ("deich.txt", DEICH),
        ("bild.png", b"\x89PNG"),
        ("leer.txt", " \n"),
        ("kaputt.pdf", b"no pdf at all"),
        ("kopie.md", DEICH),
    )
    assert [each.outcome for each in results] == [
        "new",
        "rejected",
        "rejected",
        "rejected",
        "duplicate",
    ]
    assert results[1].rejected[0].reason == ".png files are not read"
    assert results[2].rejected[0].reason == "it is empty"
    assert dict(results[4].duplicates) == {"kopie": "deich"}
    assert kept_files(settings) == ["deich.txt", "kopie.md"]


def test_the_wrong_lines_of_a_record_file_are_named_and_the_others_read(hand_over):
    [result] = hand_over(
        ("ticker.jsonl", json.dumps({"text": DEICH}) + "\n{broken\n" + json.dumps({"text": MARKT}))
    )
    assert (result.outcome, len(result.new)) == ("partly", 2)
    assert [each.line for each in result.rejected] == [2]


def test_only_bad_files_leave_nothing_behind(hand_over, settings):
    [result] = hand_over(("virus.exe", b"MZ"))
    assert result.outcome == "rejected"
    assert stored(settings) == {}
    assert not (settings.store.path / "uploads").exists()


def test_a_file_too_large_is_refused_before_it_is_copied(hand_over, tmp_path):
    settings = load_settings(store={"path": tmp_path / "store"}, ingest={"max_file_bytes": 100})
    big = tmp_path / "big.txt"
    big.write_text(DEICH)
    with open_deps(settings, mode="write") as deps:
        [result] = add_files([Upload(path=big, name="big.txt")], deps)
    assert "too large" in result.rejected[0].reason
    assert not (settings.store.path / "uploads").exists()


def test_another_article_of_the_same_name_replaces_nothing_unless_asked(hand_over, settings):
    hand_over(("artikel.txt", DEICH))
    [kept] = hand_over(("artikel.txt", MARKT))
    assert (kept.outcome, kept.kept_as) == ("new", "artikel-2.txt")
    assert sorted(stored(settings)) == ["artikel", "artikel-2"]
    [replaced] = hand_over(("artikel.txt", DEICH + " Das Wasser sinkt."), replace=True)
    assert replaced.outcome == "changed"
    assert stored(settings)["artikel"].endswith("Das Wasser sinkt.")


def test_two_files_of_one_name_in_one_go_are_both_kept(hand_over, settings):
    results = hand_over(("a.txt", DEICH), ("a.txt", MARKT), ("a.txt", DEICH), replace=True)
    assert [each.outcome for each in results] == ["new", "new", "rejected"]
    assert results[2].rejected[0].reason == "the same file was given twice"
    assert len(stored(settings)) == 2


def test_an_upload_that_is_gone_is_told_and_the_others_are_taken(settings, tmp_path):
    here = tmp_path / "deich.txt"
    here.write_text(DEICH)
    uploads = [Upload(path=tmp_path / "weg", name="weg.txt"), Upload(path=here, name="deich.txt")]
    with open_deps(settings, mode="write") as deps:
        gone, taken = add_files(uploads, deps)
    assert gone.rejected[0].reason == "it is gone"
    assert taken.outcome == "new"


def test_what_is_known_costs_nothing(hand_over):
    hand_over(("deich.txt", DEICH))
    [again] = hand_over(("deich.txt", DEICH))
    assert again.outcome == "unchanged"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\artikel.txt", "artikel.txt"),
        (".env.txt", "env.txt"),
        ("\u202egnp.exe.txt", "_gnp.exe.txt"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("<img src=x onerror=alert(1)>.txt", "_img src=x onerror=alert(1)_.txt"),
        ("", "article"),
        ("...", "article"),
        ("ü" * 300 + ".txt", "ü" * 75 + ".txt"),
    ],
)
def test_a_name_is_one_harmless_part_of_a_path(given, safe):
    assert safe_name(given) == safe


def test_a_hostile_name_stays_inside_the_store(hand_over, settings, tmp_path):
    hand_over(("../../../outside.txt", DEICH))
    assert kept_files(settings) == ["outside.txt"]
    assert not list(tmp_path.rglob("outside.txt"))[1:]


def test_a_removed_article_leaves_no_text_behind(hand_over, settings):
    hand_over(("deich.txt", DEICH), ("markt.txt", MARKT))
    remove(settings, "deich")
    assert sorted(stored(settings)) == ["markt"]
    # Not in Chroma's vector files: hnswlib writes memory there that it never filled.
    files = [p for p in settings.store.path.rglob("*") if p.is_file() and p.suffix != ".bin"]
    left = b"".join(path.read_bytes() for path in files)
    assert b"Krummwarden" not in left
    assert b"Holzdorf" in left


@pytest.mark.parametrize("name", ["ticker.jsonl", "ticker.json"])
def test_of_a_record_file_only_the_removed_record_goes(hand_over, settings, name):
    rows = [{"article_id": "d", "text": DEICH}, {"article_id": "m", "text": MARKT}]
    lines = "\n".join(json.dumps(row) for row in rows)
    hand_over((name, lines if name.endswith("l") else json.dumps(rows)))
    remove(settings, "d")
    content = (settings.store.path / "uploads" / name).read_text()
    assert "Krummwarden" not in content
    assert "Holzdorf" in content
    remove(settings, "m")
    assert kept_files(settings) == []


def test_files_of_the_user_are_left_alone(settings, tmp_path):
    own = tmp_path / "eigene" / "deich.txt"
    own.parent.mkdir()
    own.write_text(DEICH)
    with open_deps(settings, mode="write") as deps:
        ingest([own], deps)
    remove(settings, "deich")
    assert own.read_text() == DEICH


def test_while_another_writes_nothing_changes_and_the_holder_is_named(hand_over, settings):
    hand_over(("deich.txt", DEICH))
    with WriterLock(settings.store.path):
        with pytest.raises(StoreLockedError, match=r"written by process \d+"):
            hand_over(("markt.txt", MARKT))
        with pytest.raises(StoreLockedError):
            remove(settings, "deich")
    assert kept_files(settings) == ["deich.txt"]
    assert sorted(stored(settings)) == ["deich"]


def test_an_unknown_id_removes_nothing(hand_over, settings):
    hand_over(("deich.txt", DEICH))
    with pytest.raises(UsageError, match="no article 'nix'"):
        remove(settings, "deich", "nix")
    assert sorted(stored(settings)) == ["deich"]


def test_an_open_reader_finds_new_articles_at_once(hand_over, settings):
    hand_over(("deich.txt", DEICH))
    with Store.open(settings.store.path, mode="read") as reader:
        query = HashEmbedder().embed_queries(["Wochenmarkt Holzdorf Kirchplatz"])[0]
        assert all(found.startswith("deich") for found, _ in reader.search_dense(query, 1))
        hand_over(("markt.txt", MARKT))
        assert reader.search_dense(query, 1)[0][0].startswith("markt")
        remove(settings, "markt")
        assert all(found.startswith("deich") for found, _ in reader.search_dense(query, 1))


def test_every_file_read_comes_from_under_the_store(hand_over, settings):
    hand_over(("deich.txt", DEICH))
    with Store.open(settings.store.path, mode="read") as store:
        [path] = store.paths().values()
    assert Path(path).parent == (settings.store.path / "uploads").resolve()
