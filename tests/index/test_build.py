"""Files → index with a fake model: incremental, idempotent, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.errors import InputError, UsageError
from rag.index import build as build_module
from rag.index.build import build
from rag.index.fake_embedder import HashEmbedder
from rag.index.store import IndexIdentity, Store
from rag.settings import Settings

DEICH = (
    "Der Deich bei Krummwarden ist am Montag gebrochen. Rund 40 Häuser stehen unter Wasser. "
    "Der Bürgermeister sprach von einem schweren Schlag für den ganzen Ort und bat um Hilfe."
)
MARKT = (
    "Der Wochenmarkt in Holzdorf zieht um. Ab Mai stehen die Stände auf dem Kirchplatz. "
    "Die Händler freuen sich über die neuen Anschlüsse für Strom und Wasser."
)


class CountingEmbedder(HashEmbedder):
    """Counts the texts it was given: what is unchanged must not reach it."""

    embedded = 0
    released = 0

    def release(self):
        self.released += 1

    def embed_with_sentences(self, texts, spans, progress=None):
        self.embedded += len(texts)
        sentences = [
            self.embed_passages([text[a:b] for a, b in own])
            if own
            else np.zeros((0, self.dimension), dtype=np.float32)
            for text, own in zip(texts, spans, strict=True)
        ]
        return self.embed_passages(texts), sentences


@pytest.fixture
def workplace(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "deich.txt").write_text(DEICH, encoding="utf-8")
    (folder / "markt.txt").write_text(MARKT, encoding="utf-8")
    return folder, tmp_path / "store"


def run(paths: Sequence[Path], store_path: Path, *, prune: bool = False):
    embedder = CountingEmbedder()
    settings = Settings()
    identity = IndexIdentity(
        model=embedder.model_name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=settings.chunk.model_dump(),
    )
    with Store.open(store_path, mode="write", identity=identity) as store:
        report = build(paths, store=store, embedder=embedder, settings=settings, prune=prune)
        texts = {one.article_id: store.article(one.article_id).text for one in store.articles()}
        links = {one.article_id: one.duplicate_of for one in store.articles()}
    return report, texts, links, embedder.embedded


@pytest.mark.parametrize(("chunks", "released"), [(0, 1), (1000, 0)])
def test_the_model_is_let_go_of_before_chroma_where_the_store_is_large(
    workplace, monkeypatch, chunks, released
):
    folder, path = workplace
    monkeypatch.setattr(build_module, "RELEASED_FROM", chunks)
    embedder = CountingEmbedder()
    identity = IndexIdentity(
        model=embedder.model_name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=Settings().chunk.model_dump(),
    )
    with Store.open(path, mode="write", identity=identity) as store:
        seen = []
        finish = store.finish_run
        monkeypatch.setattr(
            store, "finish_run", lambda *args: (seen.append(embedder.released), finish(*args))
        )
        build([folder], store=store, embedder=embedder, settings=Settings())
    assert seen == [released]


def test_unchanged_files_cost_no_embedding(workplace):
    folder, store = workplace
    first, texts, _, embedded = run([folder], store)
    assert sorted(first.new) == ["deich", "markt"]
    assert embedded > 0
    again, same, _, none = run([folder], store)
    assert (again.new, again.changed, sorted(again.unchanged)) == ([], [], ["deich", "markt"])
    assert (same, none) == (texts, 0)


def test_a_changed_file_replaces_its_old_version(workplace):
    folder, store = workplace
    run([folder], store)
    (folder / "deich.txt").write_text(DEICH.replace("40", "60"), encoding="utf-8")
    report, texts, _, _ = run([folder], store)
    assert report.changed == ["deich"]
    assert "Rund 60 Häuser" in texts["deich"]
    assert "40" not in texts["deich"]


def test_prune_forgets_what_is_gone_and_only_under_the_path(workplace, tmp_path):
    folder, store = workplace
    other = tmp_path / "other.txt"
    other.write_text(MARKT.replace("Holzdorf", "Erlbach"), encoding="utf-8")
    run([folder, other], store)
    (folder / "markt.txt").unlink()
    kept, texts, _, _ = run([folder], store)
    assert "markt" in texts
    pruned, texts, _, _ = run([folder], store, prune=True)
    assert (kept.removed, pruned.removed) == ([], ["markt"])
    assert sorted(texts) == ["deich", "other"]


def test_prune_keeps_an_article_whose_file_cannot_be_read_now(workplace):
    folder, store = workplace
    run([folder], store)
    (folder / "markt.txt").write_bytes(b"\x7fELF\x02\x01\x01\x00" + bytes(200))
    report, texts, _, _ = run([folder], store, prune=True)
    assert [Path(one.path).name for one in report.rejected] == ["markt.txt"]
    assert "markt" in texts


def test_prune_follows_the_lines_of_a_jsonl_by_their_ids(tmp_path):
    def write(*ids):
        lines = [{"article_id": i, "text": DEICH.replace("Krummwarden", i)} for i in ids]
        (tmp_path / "news.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
        return tmp_path / "news.jsonl"

    run([write("Aurach", "Bernau", "Calden")], tmp_path / "store")
    report, texts, _, _ = run(
        [write("Neustedt", "Aurach", "Calden")], tmp_path / "store", prune=True
    )
    assert (report.removed, sorted(texts)) == (["Bernau"], ["Aurach", "Calden", "Neustedt"])


def test_two_files_of_one_name_are_both_kept_and_stay_themselves(tmp_path):
    for name, text in (("a", DEICH), ("b", MARKT)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "heute.txt").write_text(text, encoding="utf-8")
    paths = [tmp_path / "a", tmp_path / "b"]
    report, texts, _, _ = run(paths, tmp_path / "store")
    assert len(report.new) == 2
    assert {text[:9] for text in texts.values()} == {DEICH[:9], MARKT[:9]}
    again, same, _, embedded = run(paths, tmp_path / "store")
    assert (again.new, again.changed, embedded, same) == ([], [], 0, texts)


def test_an_id_given_twice_in_one_file_is_rejected_and_the_first_kept(tmp_path):
    lines = [{"article_id": "x", "text": DEICH}, {"article_id": "x", "text": MARKT}]
    source = tmp_path / "news.jsonl"
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    report, texts, _, _ = run([source], tmp_path / "store")
    assert texts["x"].startswith("Der Deich")
    assert len(report.rejected) == 1
    assert "'x'" in report.rejected[0].reason


def test_copies_are_kept_and_linked(workplace):
    folder, store = workplace
    (folder / "deich-kopie.txt").write_text(DEICH + "\nMehr morgen im Blatt.", encoding="utf-8")
    report, texts, links, _ = run([folder], store)
    assert sorted(texts) == ["deich", "deich-kopie", "markt"]
    assert {links["deich"], links["deich-kopie"]} in ({None, "deich"}, {None, "deich-kopie"})
    assert links["markt"] is None
    assert len(report.duplicates) == 1


def test_removing_the_original_frees_its_copy(workplace):
    folder, store = workplace
    (folder / "deich-kopie.txt").write_text(DEICH, encoding="utf-8")
    run([folder], store)
    for name in ("deich", "deich-kopie"):
        if (folder / f"{name}.txt").exists():
            (folder / f"{name}.txt").unlink()
            break
    _, _, links, _ = run([folder], store, prune=True)
    assert set(links.values()) == {None}


def test_a_missing_path_is_refused_before_any_work(workplace, tmp_path):
    folder, store = workplace
    with pytest.raises(UsageError, match="no file or folder"):
        run([folder, tmp_path / "nowhere"], store)


def test_an_empty_folder_is_one_clear_error_and_loses_nothing(workplace, tmp_path):
    folder, store = workplace
    run([folder], store)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="Nothing could be read"):
        run([tmp_path / "empty"], store)
    _, texts, _, _ = run([folder], store)
    assert sorted(texts) == ["deich", "markt"]
