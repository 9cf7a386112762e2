"""The line of an answer that names a conflict holds as written, and no longer when altered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.answer.citations import markers_text
from rag.answer.conflict_line import conflict_line, conflict_side
from rag.briefing.read_back import read_back
from rag.types import Article, Language, PositionClaim
from rag.verify import verify


def article(article_id: str, text: str, source: str | None, title: str | None = None) -> Article:
    return Article(
        article_id=article_id,
        text=text,
        content_hash=article_id * 64,
        raw_hash="",
        path=f"{article_id}.txt",
        language="de",
        source=source,
        title=title,
    )


TITLE = "Tausende Soldaten ziehen durch die Straßen der Hauptstadt Lüderau"
ARTICLES = {
    "a": article("a", "Rund 12.000 Soldaten marschierten mit.", "Nordblatt"),
    "b": article("b", "Es marschierten 10.000 Soldaten in Lüderau.", None, TITLE),
    "c": article("c", "Es kamen 10.000 Soldaten.", "Südpost"),
}
POSITIONS = {"12.000 Soldaten": "a", "10.000 Soldaten": "bc"}
ASPECT = "Zahl der Soldaten"


def claims(ids: str) -> list[PositionClaim]:
    return [
        PositionClaim(
            article_id=each.article_id,
            source=each.source,
            published_at=None,
            quote=each.text,
            start_char=0,
            end_char=len(each.text),
            label=each.label,
        )
        for each in map(ARTICLES.__getitem__, ids)
    ]


def answer(language: Language, mode: str = "extractive", aspect: str = ASPECT) -> str:
    markers = {"a": 1, "b": 2, "c": 3}
    sides = [
        (conflict_side(claims(ids), value, language), tuple(markers[each] for each in ids))
        for value, ids in POSITIONS.items()
    ]
    line = conflict_line(aspect, sides, language)
    row = {
        "answer": f"{line} {markers_text((1, 2, 3))}",
        "sentences": [{"text": line, "citations": [1, 2, 3]}],
        "citations": [
            {
                "marker": marker,
                "article_id": each,
                "quote": ARTICLES[each].text,
                "start_char": 0,
                "end_char": len(ARTICLES[each].text),
            }
            for each, marker in markers.items()
        ],
        "disagreements": [
            {
                "aspect": aspect,
                "positions": [
                    {
                        "value": value,
                        "claims": [
                            {
                                name: getattr(claim, name)
                                for name in (
                                    "article_id",
                                    "source",
                                    "label",
                                    "quote",
                                    "start_char",
                                    "end_char",
                                )
                            }
                            for claim in claims(ids)
                        ],
                    }
                    for value, ids in POSITIONS.items()
                ],
            }
        ],
        "run": {"mode": mode},
    }
    return json.dumps(row, ensure_ascii=False)


def failed(text: str, tmp_path: Path) -> list[tuple[str | None, str]]:
    path = tmp_path / "answer.json"
    path.write_text(text, encoding="utf-8")
    (printed,) = read_back(path)
    checked = verify(printed, ARTICLES.get).checked
    return [(each.problem, each.detail) for each in checked if each.problem]


@pytest.mark.parametrize("mode", ["extractive", "llm"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("aspect", [ASPECT, "Wer „Soldaten“: wie viele, und wo", "Soldaten"])
def test_the_line_holds_as_it_is_written(
    language: Language, mode: str, aspect: str, tmp_path: Path
):
    assert failed(answer(language, mode, aspect), tmp_path) == []


# What stands in the line, and what it is altered to there and nowhere else in the file.
ALTERED = {
    "the aspect": (ASPECT, "Zahl der Zuschauer"),
    "a word of the aspect": ("Zahl der", "Teil der"),
    "an outlet": ("Nordblatt", "Südblatt"),
    "an outlet among several": ("Südpost", "Nordpost"),
    "a shortened title": ("Tausende Soldaten ziehen", "Hunderte Soldaten ziehen"),
    "the first value": ("12.000", "13.000"),
    "the second value": ("10.000 Soldaten [2]", "11.000 Soldaten [2]"),
    "a value to that of the other side": ("12.000", "10.000"),
    "the unit of a value": ("12.000 Soldaten", "12.000 Zuschauer"),
    "a word before a value": ("12.000 Soldaten", "fast 12.000 Soldaten"),
    "the markers of the sides": ("Soldaten [1]", "Soldaten [3]"),
    "a marker that is missing": ("Soldaten [1]", "Soldaten"),
    "a sentence behind it": ("[2][3].", "[2][3]. Alle starben."),
}


@pytest.mark.parametrize("mode", ["extractive", "llm"])
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("place", ["answer", "sentences"])
@pytest.mark.parametrize("what", ALTERED)
def test_what_is_altered_in_the_line_is_caught(
    what: str, place: str, language: Language, mode: str, tmp_path: Path
):
    before, after = ALTERED[what]
    row = json.loads(answer(language, mode))
    line = row["answer"] if place == "answer" else row["sentences"][0]["text"]
    assert before in line
    changed = line.replace(before, after, 1)
    if place == "answer":
        row["answer"] = changed
    else:
        row["sentences"][0]["text"] = changed
    assert "unsupported" in {
        problem for problem, _ in failed(json.dumps(row, ensure_ascii=False), tmp_path)
    }


# Altered in the whole file alike: the store knows better.
EVERYWHERE = {
    "an outlet": ("Nordblatt", "Südblatt"),
    "a title": ("Tausende Soldaten ziehen", "Hunderte Soldaten ziehen"),
    "a value": ("12.000 Soldaten", "13.000 Soldaten"),
}


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("what", EVERYWHERE)
def test_what_is_altered_in_the_disagreements_as_well_is_caught(
    what: str, language: Language, tmp_path: Path
):
    before, after = EVERYWHERE[what]
    text = answer(language)
    quotes = [(each.text, f"@{name}@") for name, each in ARTICLES.items()]
    for quote, mark in quotes:
        text = text.replace(quote, mark)
    text = text.replace(before, after)
    for quote, mark in quotes:
        text = text.replace(mark, quote)
    assert "unsupported" in {problem for problem, _ in failed(text, tmp_path)}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_conflict_that_is_not_in_the_file_is_caught(language: Language, tmp_path: Path):
    row = json.loads(answer(language)) | {"disagreements": []}
    assert "unsupported" in {problem for problem, _ in failed(json.dumps(row), tmp_path)}


def test_a_side_that_was_left_out_is_caught(tmp_path: Path):
    row = json.loads(answer("de"))
    for cut in ("answer", "sentences"):
        line = row["answer"] if cut == "answer" else row["sentences"][0]["text"]
        start = line.index(" – dagegen ")
        row[cut] = line[:start] + "." if cut == "answer" else [{"text": line[:start] + ".",
                                                                 "citations": [1]}]  # fmt: skip
    assert "unsupported" in {problem for problem, _ in failed(json.dumps(row), tmp_path)}
