"""Fits how retrieval scores are fused, and compares it with other ways, on XQuAD.

    python -m evals.fit.fit_fusion --models-dir DIR --cache DIR [--bench ../shared/bench]

Writes ``rag/data/fusion.json`` and ``evals/fit/fusion_report.md``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.fit.listwise import fit_listwise, interval
from evals.fit.memory_store import MemoryStore
from evals.fit.squad import GoldCorpus, GoldQuestion, load_squad
from rag.index.embed import open_embedder
from rag.language.terms import query_terms
from rag.retrieve.candidates import Candidate, load_candidates
from rag.retrieve.fusion import FEATURES, feature_rows, shortlisted
from rag.retrieve.matching import question_words
from rag.settings import EmbeddingSettings, RetrieveSettings

DATA = Path(__file__).resolve().parents[2] / "rag" / "data" / "fusion.json"
REPORT = Path(__file__).resolve().parent / "fusion_report.md"
PENALTY = 1.0
FIRST_LOOK = ("dense", "lexical", "best_sentence")
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The shortlist of one question."""

    group: int
    rows: NDArray[np.float64]
    article_ids: tuple[str, ...]
    gold: str

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which candidates are of the paragraph that answers."""
        return np.array([each == self.gold for each in self.article_ids])


def main() -> None:
    """Fit, write and report."""
    options = argparse.ArgumentParser()
    options.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    options.add_argument("--models-dir", type=Path)
    options.add_argument("--cache", type=Path, required=True)
    given = options.parse_args()
    embedder = open_embedder(EmbeddingSettings(models_dir=given.models_dir), bulk=True)
    german = load_squad(given.bench / "xquad.de.json", "de", embedder, given.cache)
    english = load_squad(given.bench / "xquad.en.json", "en", embedder, given.cache)
    sets = {
        "German": _find(german, german.questions),
        "English": _find(english, english.questions),
        "English question, German articles": _find(german, english.questions),
    }
    same = _fit([*sets["German"], *sets["English"]], FEATURES)
    other = _fit(sets["English question, German articles"], FEATURES)
    first = _fit([each for found in sets.values() for each in found], FIRST_LOOK)
    data = {
        "first_look": _named(FIRST_LOOK, first),
        "same_language": _named(FEATURES, same),
        "other_language": _named(FEATURES, other),
    }
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    lines = _report(sets, same, other)
    REPORT.write_text(_head() + "\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _head() -> str:
    return (
        "# Fusing retrieval scores: ways compared\n\n"
        "Written by `python -m evals.fit.fit_fusion`. Data: XQuAD, 240 paragraphs as articles in\n"
        "chunks of 700 characters; weights fitted on the articles of even index. Recall@1 and MRR\n"
        "are of articles; intervals are 95 % bootstrap intervals of recall@1 over questions.\n\n"
    )


def _find(corpus: GoldCorpus, questions: Sequence[GoldQuestion]) -> list[Found]:
    store, k = MemoryStore(corpus.chunks), RetrieveSettings().candidates
    found = []
    for question in questions:
        wanted = query_terms(question.text, question.language)
        dense, lexical = store.search_dense(question.vector, k), store.search_lexical(wanted, k)
        ids = list(dict.fromkeys(chunk_id for chunk_id, _ in (*dense, *lexical)))
        candidates = load_candidates(store, ids, question.vector, wanted)
        chosen: list[Candidate] = [candidates[index] for index in shortlisted(candidates)]
        words = question_words(question.text, question.language)
        found.append(
            Found(
                group=question.group,
                rows=feature_rows(words, chosen, candidates),
                article_ids=tuple(each.article.article_id for each in chosen),
                gold=question.article_id,
            )
        )
    return found


def _fit(found: Sequence[Found], names: Sequence[str]) -> Scores:
    columns = [FEATURES.index(name) for name in names]
    train = [(each.rows[:, columns], each.right) for each in found if each.group % 2 == 0]
    return fit_listwise(train, penalty=PENALTY, is_positive=True)


def _report(sets: dict[str, list[Found]], same: Scores, other: Scores) -> list[str]:
    column = FEATURES.index
    ways: dict[str, Callable[[Found], Scores]] = {
        "dense alone": lambda found: found.rows[:, column("dense")],
        "BM25 alone": lambda found: found.rows[:, column("lexical")],
        "reciprocal rank fusion (k = 60)": _reciprocal,
        "z-scores, 0.7 dense": lambda found: (
            0.7 * found.rows[:, column("dense")] + 0.3 * found.rows[:, column("lexical")]
        ),
        "… and best sentence": lambda found: (
            0.7 * found.rows[:, column("dense")]
            + 0.3 * found.rows[:, column("lexical")]
            + found.rows[:, column("best_sentence")]
        ),
    }
    lines = ["| questions | way | recall@1 | interval | MRR | recall@5 | n |"]
    lines.append("| --- | --- | --- | --- | --- | --- | --- |")
    for name, found in sets.items():
        weights = other if "," in name else same
        fitted = {"fitted": lambda each, weights=weights: each.rows @ weights}
        for way, score in (ways | fitted).items():
            lines.append(_line(f"{name}, all", way, found, score))
        odd = [each for each in found if each.group % 2]
        lines.append(_line(f"{name}, odd articles", "fitted", odd, fitted["fitted"]))
    return lines


def _reciprocal(found: Found) -> Scores:
    total = np.zeros(len(found.rows))
    for name in ("dense", "lexical"):
        ranks = (-found.rows[:, FEATURES.index(name)]).argsort().argsort()
        total += 1 / (60 + ranks + 1)
    return total


def _line(name: str, way: str, found: Sequence[Found], score: Callable[[Found], Scores]) -> str:
    places = np.array([_place(each, score(each)) for each in found])
    first = (places == 1).astype(float)
    low, high = interval(list(first))
    return (
        f"| {name} | {way} | {first.mean():.4f} | {low:.3f}-{high:.3f} | "
        f"{(1 / places).mean():.4f} | {(places <= 5).mean():.4f} | {len(found)} |"
    )


def _place(found: Found, scores: Scores) -> float:
    ranked = list(dict.fromkeys(found.article_ids[i] for i in np.argsort(-scores, kind="stable")))
    return ranked.index(found.gold) + 1 if found.gold in ranked else np.inf


def _named(names: Sequence[str], weights: Scores) -> dict[str, float]:
    return {name: round(float(w), 4) for name, w in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
