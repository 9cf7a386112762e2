from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pytest

from rag.ingest.clean import clean_article
from rag.ingest.load import load_path
from rag.settings import IngestSettings
from rag.types import RawArticle, Rejection

SETTINGS = IngestSettings()
TEXT = (
    "Der Rat von Hagendorf hat am Dienstag beschlossen, die alte Brücke zu sperren. "
    "Das teilte Bürgermeisterin Ilse Brandl mit. Die Kosten liegen bei rund 3,5 Mio. Euro."
)


def _load(
    path: Path, settings: IngestSettings = SETTINGS
) -> tuple[dict[str, RawArticle], list[Rejection]]:
    items = list(load_path(path, settings))
    articles = {item.article_id: item for item in items if isinstance(item, RawArticle)}
    rejections = [item for item in items if isinstance(item, Rejection)]
    assert len(articles) + len(rejections) == len(items)
    return articles, rejections


def _only_rejection(path: Path, settings: IngestSettings = SETTINGS) -> Rejection:
    articles, rejections = _load(path, settings)
    assert not articles
    (rejection,) = rejections
    assert "\n" not in rejection.reason + rejection.hint
    assert rejection.reason
    assert rejection.hint
    return rejection


def test_ids_are_paths_without_suffix_and_come_in_order(tmp_path: Path) -> None:
    for name in ("b/z.txt", "a.txt", "b/a.md", "c/a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    articles, rejections = _load(tmp_path)
    assert list(articles) == ["a", "b/a", "b/z", "c/a"]
    assert not rejections
    assert articles["b/z"].path == str(tmp_path / "b" / "z.txt")
    (single,) = _load(tmp_path / "b" / "z.txt")[0]
    assert single == "z"


def test_two_files_of_one_stem_are_both_kept(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.txt").write_text(f"{TEXT} Mehr nicht.", encoding="utf-8")
    articles, _ = _load(tmp_path)
    assert list(articles) == ["a", "a.txt"]
    assert "is taken by" in articles["a.txt"].notes[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t\n", "it is empty"),
        (b"...\n", "it holds no words"),
        (b"PK\x03\x04" + b"\x00" * 60, "it is a ZIP archive or an office document"),
        (os.urandom(4000), "it is binary data, not text"),
        (b"Ein \xff\xc3" * 30, "characters cannot be decoded"),
    ],
    ids=["empty", "blank", "no words", "docx", "noise", "undecodable"],
)
def test_what_is_no_text_is_rejected(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    # "Ü" in UTF-8 makes the last case damaged UTF-8 rather than Windows-1252.
    path.write_bytes("Ü".encode() * 200 + content if b"\xff\xc3" in content else content)
    assert reason in _only_rejection(path).reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_encodings_give_the_same_article(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode(encoding))
    articles, _ = _load(tmp_path)
    assert clean_article(articles["a"]).text == TEXT


def test_one_word_is_read_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Haus", encoding="utf-8")
    articles, _ = _load(tmp_path)
    assert "very short" in articles["a"].notes[0]


def test_a_file_above_the_limit_is_rejected_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    rejection = _only_rejection(tmp_path / "a.txt", IngestSettings(max_file_bytes=100))
    assert "too large" in rejection.reason
    assert "max_file_bytes" in rejection.hint


def test_a_missing_path_and_an_empty_folder_are_rejected(tmp_path: Path) -> None:
    assert "no such file" in _only_rejection(tmp_path / "none").reason
    assert "holds no file" in _only_rejection(tmp_path).reason


def test_links_pipes_hidden_readme_and_foreign_files_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / ".hidden.txt").write_text(TEXT, encoding="utf-8")
    (folder / "README.md").write_text(TEXT, encoding="utf-8")
    (folder / "b.docx").write_bytes(b"PK\x03\x04")
    (folder / "c.txt").symlink_to(outside)
    (folder / "d").symlink_to(folder, target_is_directory=True)
    (folder / "e.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(folder / "f.txt")
    articles, rejections = _load(folder)
    assert list(articles) == ["a"]
    assert {Path(item.path).name: item.reason for item in rejections} == {
        "README.md": "a README is not taken for an article",
        "b.docx": ".docx files are not read",
        "c.txt": "a link that leads out of the folder",
        "d": "a link to something that is in the folder anyway",
        "e.txt": "a link that leads nowhere",
        "f.txt": "not a regular file",
    }
    assert list(_load(folder / "README.md")[0]) == ["README"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0)
    assert "permission" in _only_rejection(path).reason


@pytest.mark.parametrize(
    "name", ["a\nb.txt", "<img src=x>.txt", "\u202egpj.txt", "x" * 250 + ".txt"]
)
def test_odd_names_give_safe_ids(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    ((article_id, article),) = _load(tmp_path)[0].items()
    assert article_id.isprintable()
    assert len(article_id) <= 200
    assert "<" not in article_id
    assert "\n" not in article.path
    assert "\u202e" not in article.path


def test_a_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xfccke.txt")).write_text(TEXT, encoding="utf-8")
    ((article_id, article),) = _load(tmp_path)[0].items()
    (article_id + article.path).encode("utf-8")


def test_front_matter_is_read_and_checked(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: Brücke zu\nsource: Ostkurier\nurl: javascript:alert(1)\n"
        "published_at: 2099-13-45\nauthors: [Jana Moll]\nlanguage: de-AT\narticle_id: x1\n"
        f"secret: !!python/object/apply:os.system [id]\n---\n# Brücke zu\n\n{TEXT}\n",
        encoding="utf-8",
    )
    article = _load(tmp_path)[0]["x1"]
    assert (article.title, article.source) == ("Brücke zu", "Ostkurier")
    assert article.authors == ("Jana Moll",)
    assert (article.url, article.published_at, article.language) == (None, None, "de")
    assert [note.split(" ")[0] for note in article.notes] == ["url", "published_at"]
    assert clean_article(article).text == TEXT


def test_a_colon_in_a_title_does_not_lose_the_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        f"---\ntitle: Hagendorf: Brücke zu\npublished_at: 3.9.2025\n---\n{TEXT}", encoding="utf-8"
    )
    article = _load(tmp_path)[0]["a"]
    assert (article.title, article.published_at) == ("Hagendorf: Brücke zu", "2025-09-03")
    assert article.text.strip() == TEXT


def test_text_that_begins_with_a_rule_is_no_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"---\n{TEXT}\n---\nEnde.", encoding="utf-8")
    assert TEXT in _load(tmp_path)[0]["a"].text


def test_markdown_loses_its_marks_and_keeps_its_dates(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Brücke **zu**\n\n5. September war der Tag: Der [Rat](https://x.de/a_(b)) *ruht*.\n\n"
        "> „Wir zahlen“, sagte Brandl.\n\n- Rost\n- Risse\n\n![Bild](x.png)\n\n## Kosten\n"
        "Die Datei `a_b_c` bleibt, 3 * 4 * 5 auch.\n<!-- geheim -->",
        encoding="utf-8",
    )
    article = clean_article(_load(tmp_path)[0]["a"])
    assert article.title == "Brücke zu"
    assert article.text.split("\n") == [
        "5. September war der Tag: Der Rat ruht.", "", "„Wir zahlen“, sagte Brandl.", "", "Rost",
        "Risse", "", "Kosten", "", "Die Datei a_b_c bleibt, 3 * 4 * 5 auch.",
    ]  # fmt: skip


def test_a_wrong_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [
        json.dumps({"article_id": "x", "text": TEXT, "source": "Ostkurier", "authors": "J. Moll"}),
        "{broken",
        "",
        json.dumps({"title": "ohne Text"}),
        json.dumps({"article_id": "x", "text": f"{TEXT} Neu."}),
        json.dumps(["keine", "Liste"]),
        json.dumps({"text": f"{TEXT} halb\ud83d \u0000", "url": "https://x.example/1"}),
        "[" * 100_000,
        '{"text": "gro\xdf"}',
    ]
    (tmp_path / "a.jsonl").write_bytes("\n".join(lines).encode("latin-1"))
    articles, rejections = _load(tmp_path)
    assert [item.line for item in rejections] == [2, 4, 5, 6, 8]
    assert "line" not in rejections[1].reason
    assert articles["x"].authors == ("J. Moll",)
    assert len(articles) == 3
    assert [article.text for article in articles.values()][2] == "groß"


def test_ids_of_records_do_not_depend_on_their_line(tmp_path: Path) -> None:
    records = [
        {"text": f"{TEXT} {number}", "url": f"https://x.example/{number}"} for number in (1, 2)
    ]
    ids = []
    for order in (records, records[::-1]):
        (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, order)), encoding="utf-8")
        ids.append(sorted(_load(tmp_path)[0]))
    assert ids[0] == ids[1]


@pytest.mark.parametrize("wrap", [lambda records: records, lambda records: {"articles": records}])
def test_a_json_list_is_read(tmp_path: Path, wrap: object) -> None:
    records = [{"article_id": "x", "text": TEXT}, {"article_id": 7, "text": f"{TEXT} Neu."}]
    (tmp_path / "a.json").write_text(json.dumps(wrap(records)), encoding="utf-8")  # type: ignore[operator]
    assert list(_load(tmp_path)[0]) == ["x", "7"]


def test_one_json_object_takes_the_id_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    assert list(_load(tmp_path)[0]) == ["a"]


def test_packed_json_lines_are_read_and_a_broken_archive_is_rejected(tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps({"article_id": "x", "text": TEXT}).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    (tmp_path / "b.jsonl.gz").write_bytes(packed[:-20])
    articles, rejections = _load(tmp_path)
    assert list(articles) == ["x"]
    assert [item.reason for item in rejections] == ["the archive is broken"]


def test_an_endless_line_is_rejected_without_reading_it_whole(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb") as file:
        file.write(b'{"text": "' + b"x" * 50_000 + b'"}\n')
        file.write(json.dumps({"article_id": "x", "text": TEXT}).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(buffer.getvalue())
    articles, rejections = _load(tmp_path, IngestSettings(max_file_bytes=10_000))
    assert list(articles) == ["x"]
    assert rejections[0].line == 1


def test_a_file_that_changes_while_it_is_read_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Der Rat tagte am Abend lange.", encoding="utf-8")
    stat_of = os.fstat

    def changing(handle: int) -> os.stat_result:
        found = stat_of(handle)
        with path.open("a", encoding="utf-8") as file:
            file.write(" Und weiter.")
        return found

    monkeypatch.setattr("rag.ingest.files.os.fstat", changing)
    [rejection] = load_path(path, IngestSettings())
    assert isinstance(rejection, Rejection)
    assert "changed" in rejection.reason
    monkeypatch.undo()
    [article] = load_path(path, IngestSettings())
    assert isinstance(article, RawArticle)
