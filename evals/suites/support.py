"""The support check against labels of experts (ExpertQA form): claim, evidence, label."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from evals.metrics.tally import UNSCORED, Tally, mean
from evals.results import CaseResult, Json, SuiteResult
from evals.runner import Task, run_tasks
from evals.workplace import BENCH_DIR, NotAvailableError, Workplace
from rag.errors import UsageError
from rag.language.detect import detect_language
from rag.types import Article

NAME = "support"


def run(place: Workplace) -> SuiteResult:
    """Ask for a verdict on every claim."""
    path = place.data or BENCH_DIR / "expertqa_support_open200.jsonl"
    if not path.exists():
        raise NotAvailableError(f"{path.name} is not here; give a labelled JSONL with --data")
    rows = read_claims(path)[: place.limit]
    weights = balanced_weights([bool(row["label"]) for row in rows])
    tasks = [
        Task(case_id=str(row["id"]), tags=(), run=partial(check_claim, row, weight))
        for row, weight in zip(rows, weights, strict=True)
    ]
    journal = place.journal(NAME, "gegenlese", f"{path.stem}-{len(rows)}")
    result = run_tasks("gegenlese", tasks, journal, place.on_progress)
    return SuiteResult(name=NAME, systems=(result,), fingerprint=path.stem)


def read_claims(path: Path) -> list[Json]:
    """Rows with ``claim``, ``evidence`` and ``label``; each gets an id of its own."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        return [
            {
                "id": f"{row.get('id', 'claim')}-{number}",
                "claim": str(row["claim"]),
                "evidence": [str(quote) for quote in row["evidence"]],
                "label": int(row["label"]),
            }
            for number, row in enumerate(rows, 1)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} holds no labelled claims: {type(error).__name__}: {error}.",
            "Each line needs claim, evidence (a list) and label (1 or 0).",
        ) from error


def balanced_weights(labels: Sequence[bool]) -> list[float]:
    """Weights with which right verdicts add up to the balanced accuracy."""
    counts = Counter(labels)
    return [1 / (len(counts) * counts[label]) for label in labels]


def check_claim(row: Json, weight: float) -> CaseResult:
    """One claim with the evidence it cites."""
    from rag.answer.support import Quoted, check_support

    language = detect_language(row["claim"])
    quotes = [Quoted(quote=quote, article=_article(quote)) for quote in row["evidence"]]
    started = time.perf_counter()
    verdict = check_support(row["claim"], language, quotes)
    seconds = time.perf_counter() - started
    told, label = verdict.support in ("verbatim", "supported"), bool(row["label"])
    right = float(told == label)
    return CaseResult(
        case_id=row["id"],
        status="scored",
        tags=(f"verdict:{verdict.support}",),
        tallies={
            "support_accuracy": Tally(right * weight, weight),
            "support_recall": mean(right) if label else UNSCORED,
            "support_specificity": UNSCORED if label else mean(right),
            "seconds": mean(seconds),
            "completed": mean(1.0),
        },
    )


def _article(text: str) -> Article:
    return Article(
        article_id="evidence",
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language=detect_language(text),
    )
