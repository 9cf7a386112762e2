"""Retrieval on a file in SQuAD form (XQuAD, MLQA): each paragraph is an article."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evals.metrics.retrieval import ndcg_at, recall_at, reciprocal_rank
from evals.metrics.tally import mean
from evals.results import CaseResult, Json, SuiteResult
from evals.runner import Task, run_tasks
from evals.workplace import BENCH_DIR, NotAvailableError, Workplace, indexed
from rag.errors import UsageError
from rag.language.detect import detect_language
from rag.settings import RetrieveSettings
from rag.types import Question

if TYPE_CHECKING:
    from rag.wiring import Deps

NAME = "retrieval"
TOP_K = 20


def run(place: Workplace) -> SuiteResult:
    """Ask for the passages alone and look for the question's own paragraph."""
    path = place.data or BENCH_DIR / "xquad.de.json"
    if not path.exists():
        raise NotAvailableError(f"{path.name} is not here; give a SQuAD-form file with --data")
    articles, questions = read_squad(path)
    file = place.out / "data" / f"{path.stem}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in articles), encoding="utf-8"
    )
    wide = place.settings.retrieve.model_copy(update={"top_k": TOP_K})
    with indexed(place, [file], path.stem.replace(".", "-")) as deps:
        tasks = retrieval_tasks(questions[: place.limit], deps, wide)
        journal = place.journal(NAME, "gegenlese", f"{path.stem}-{len(questions)}")
        result = run_tasks("gegenlese", tasks, journal, place.on_progress)
    return SuiteResult(name=NAME, systems=(result,), fingerprint=path.stem)


def read_squad(path: Path) -> tuple[list[Json], list[Json]]:
    """Articles to ingest, and questions with the id of the paragraph that answers them."""
    try:
        documents = json.loads(path.read_text(encoding="utf-8"))["data"]
        articles, questions = [], []
        for number, document in enumerate(documents):
            for place, paragraph in enumerate(document["paragraphs"]):
                article_id = f"a{number}p{place}"
                articles.append(
                    {
                        "article_id": article_id,
                        "title": document.get("title", "").replace("_", " "),
                        "source": f"wiki-{number}",
                        "text": paragraph["context"],
                    }
                )
                questions += [
                    {"id": str(qa["id"]), "question": qa["question"], "gold": article_id}
                    for qa in paragraph["qas"]
                ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} is not in SQuAD form: {type(error).__name__}: {error}.",
            "It needs data → paragraphs → context and qas.",
        ) from error
    return articles, questions


def retrieval_tasks(
    questions: Sequence[Json], deps: Deps, settings: RetrieveSettings
) -> list[Task]:
    """A task for each question."""
    return [
        Task(case_id=row["id"], tags=(), run=partial(_retrieve, row, deps, settings))
        for row in questions
    ]


def _retrieve(row: Json, deps: Deps, settings: RetrieveSettings) -> CaseResult:
    from rag.retrieve.retrieve import retrieve

    question = Question(text=row["question"], language=detect_language(row["question"]))
    started = time.perf_counter()
    retrieval = retrieve(question, deps.store, deps.embedder, settings)
    seconds = time.perf_counter() - started
    ranked = [passage.article.article_id for passage in retrieval.passages]
    wanted = [row["gold"]]
    return CaseResult(
        case_id=row["id"],
        status="scored",
        tallies={
            "recall@1": mean(recall_at(ranked, wanted, 1)),
            "recall@5": mean(recall_at(ranked, wanted, 5)),
            "recall@10": mean(recall_at(ranked, wanted, 10)),
            "mrr": mean(reciprocal_rank(ranked, wanted)),
            "ndcg@10": mean(ndcg_at(ranked, wanted, 10)),
            "seconds": mean(seconds),
            "completed": mean(1.0),
        },
    )
