"""Which vector of a sentence finds the one that answers a question.

    python -m evals.bench.sentence_vectors > sentence_vectors.json

On SQuAD-like data: the share of questions for which the most similar sentence (one of the best
three) holds the answer, among the sentences of the right paragraph and among all. Compared are
sentences encoded by themselves, with the article's title before them, and pooled from the tokens of
the encoded paragraph ("late"), alone and summed. Intervals: bootstrap over questions, 95 %.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import RagError
from rag.index.bulk_embed import BulkEmbedder
from rag.index.embed import open_embedder
from rag.language.sentences import split_sentences
from rag.protocols import FloatArray
from rag.settings import load_settings

DEFAULT_FILE = Path(__file__).resolve().parents[3] / "shared/bench/xquad.de.json"
_RESAMPLES = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one JSON object; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--file", type=Path, default=DEFAULT_FILE, help="SQuAD-like JSON")
    options = parser.parse_args(arguments)
    embedder = open_embedder(load_settings().embedding, bulk=True)
    if not isinstance(embedder, BulkEmbedder):
        raise TypeError("the bulk embedder is compared")
    try:
        report = compare(read_cases(options.file), embedder)
    except RagError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(report, indent=1))
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Paragraphs with their titles and sentences; questions with paragraph and answer spans."""

    titles: tuple[str, ...]
    paragraphs: tuple[str, ...]
    sentences: tuple[tuple[tuple[int, int], ...], ...]
    questions: tuple[str, ...]
    homes: tuple[int, ...]
    answers: tuple[tuple[tuple[int, int], ...], ...]


def read_cases(file: Path) -> Cases:
    """All questions of a SQuAD-like file."""
    titles, paragraphs, questions, homes, answers = [], [], [], [], []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            titles.append(article["title"])
            paragraphs.append(paragraph["context"])
            for asked in paragraph["qas"]:
                questions.append(asked["question"])
                homes.append(len(paragraphs) - 1)
                answers.append(tuple(_span(answer) for answer in asked["answers"]))
    return Cases(
        titles=tuple(titles),
        paragraphs=tuple(paragraphs),
        sentences=tuple(
            tuple((s.start_char, s.end_char) for s in split_sentences(text, "de"))
            for text in paragraphs
        ),
        questions=tuple(questions),
        homes=tuple(homes),
        answers=tuple(answers),
    )


def compare(cases: Cases, embedder: BulkEmbedder) -> dict[str, Any]:
    """All figures; see the module's head."""
    questions = embedder.embed_queries(cases.questions)
    similarities = {
        name: questions @ vectors.T for name, vectors in _vectors(cases, embedder).items()
    }
    similarities |= {
        "own + late": similarities["own"] + similarities["late"],
        "own with title + late": similarities["own with title"] + similarities["late"],
        "own + own with title": similarities["own"] + similarities["own with title"],
    }
    owners = np.repeat(np.arange(len(cases.paragraphs)), [len(s) for s in cases.sentences])
    holds = _holds(cases, owners)
    at_home = owners[None, :] == np.asarray(cases.homes)[:, None]
    return {
        "questions": len(cases.questions),
        "sentences": len(owners),
        "kinds": {name: _figures(scores, holds, at_home) for name, scores in similarities.items()},
        "difference_to_own_top_1_in_paragraph": _differences(similarities, holds, at_home),
    }


def _vectors(cases: Cases, embedder: BulkEmbedder) -> dict[str, FloatArray]:
    _, late = embedder.embed_with_pooled_sentences(cases.paragraphs, cases.sentences)
    own = [
        (title, text[start:end])
        for title, text, spans in zip(cases.titles, cases.paragraphs, cases.sentences, strict=True)
        for start, end in spans
    ]
    return {
        "own": embedder.embed_passages([text for _, text in own]),
        "own with title": embedder.embed_passages([f"{title}. {text}" for title, text in own]),
        "late": np.concatenate(late),
    }


def _holds(cases: Cases, owners: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which sentence holds (a part of) the answer of which question."""
    holds = np.zeros((len(cases.questions), len(owners)), dtype=bool)
    for row, (home, answers) in enumerate(zip(cases.homes, cases.answers, strict=True)):
        columns = np.flatnonzero(owners == home)
        for column, (start, end) in zip(columns, cases.sentences[home], strict=True):
            holds[row, column] = any(first < end and start < last for first, last in answers)
    return holds


def _figures(
    scores: FloatArray, holds: NDArray[np.bool_], at_home: NDArray[np.bool_]
) -> dict[str, float]:
    inside = np.where(at_home, scores, -np.inf)
    return {
        "in_paragraph_top_1": round(float(_top(inside, holds, 1).mean()), 4),
        "in_paragraph_top_3": round(float(_top(inside, holds, 3).mean()), 4),
        "among_all_top_1": round(float(_top(scores, holds, 1).mean()), 4),
        "among_all_top_3": round(float(_top(scores, holds, 3).mean()), 4),
    }


def _differences(
    similarities: Mapping[str, FloatArray],
    holds: NDArray[np.bool_],
    at_home: NDArray[np.bool_],
) -> dict[str, list[float]]:
    """[difference, lower, upper] to the sentence's own vector."""
    random = np.random.default_rng(0)
    rows = random.integers(0, len(holds), (_RESAMPLES, len(holds)))
    top = {
        name: _top(np.where(at_home, scores, -np.inf), holds, 1).astype(float)
        for name, scores in similarities.items()
    }
    differences = {}
    for name in similarities:
        each = top[name] - top["own"]
        lower, upper = np.percentile(each[rows].mean(axis=1), [2.5, 97.5])
        differences[name] = [round(float(x), 4) for x in (each.mean(), lower, upper)]
    return differences


def _top(scores: FloatArray, holds: NDArray[np.bool_], count: int) -> NDArray[np.bool_]:
    best = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    return np.asarray(np.take_along_axis(holds, best, axis=1).any(axis=1))


def _span(answer: Mapping[str, Any]) -> tuple[int, int]:
    start = int(answer["answer_start"])
    return start, start + len(answer["text"])


if __name__ == "__main__":
    sys.exit(main())
