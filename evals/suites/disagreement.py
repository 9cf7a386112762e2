"""Clusters of short articles, half with a true disagreement, half with what only looks like one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from evals.asking import question_tasks
from evals.case_files import CASES_DIR, fingerprint_of, load_clusters
from evals.results import SuiteResult
from evals.runner import run_tasks
from evals.schema import Case, Cluster, EvidenceQuote, ExpectedDisagreement, Nugget
from evals.systems import Program
from evals.workplace import Workplace, collection_of, indexed
from rag.language.detect import detect_language

NAME = "disagreement"
SEALED_ENDING = "_test"
"""A file so named is for measuring: its cases are not shown, so that nobody fits rules to them."""


def run(place: Workplace) -> SuiteResult:
    """All clusters in one store, each question asked there."""
    path = place.data or CASES_DIR / "clusters_dev.jsonl"
    clusters = load_clusters(path)[: place.limit]
    cases = [case_of(cluster) for cluster in clusters]
    articles = write_articles(clusters, place.out / "data" / f"{path.stem}.jsonl")
    fingerprint = fingerprint_of(clusters)
    with indexed(place, [articles], path.stem) as deps:
        system = Program(deps)
        system.warm_up()
        tasks = question_tasks(
            cases, system, collection_of(deps), sealed=path.stem.endswith(SEALED_ENDING)
        )
        journal = place.journal(NAME, system.name, fingerprint + deps.fingerprint)
        result = run_tasks(system.name, tasks, journal, place.on_progress)
    return SuiteResult(name=NAME, systems=(result,), fingerprint=fingerprint)


def case_of(cluster: Cluster) -> Case:
    """The question of a cluster in the form of the other cases."""
    expect = cluster.expect
    family, _, kind = cluster.category.partition("_")
    label = "disagreement" if expect.disagreement else "trap"
    tags = [f"{label}:{kind or family}", *(f"in:{language}" for language in cluster.languages)]
    if cluster.paraphrase:
        tags.append(f"paraphrase:{cluster.paraphrase}")
    return Case(
        case_id=cluster.cluster,
        question=cluster.question,
        language="de" if detect_language(cluster.question) == "de" else "en",
        tags=tuple(tags),
        nuggets=_nuggets(cluster),
        evidence=expect.quotes
        or tuple(EvidenceQuote(article_id=s.article_ids[0], quote=s.quote) for s in expect.sides),
        disagreements=_expected(cluster),
        no_conflict=not expect.disagreement,
    )


def write_articles(clusters: Sequence[Cluster], path: Path) -> Path:
    """The articles of all clusters as one JSONL file that ``rag ingest`` reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        json.dumps(article.model_dump(exclude_none=True), ensure_ascii=False) + "\n"
        for cluster in clusters
        for article in cluster.articles
    ]
    path.write_text("".join(rows), encoding="utf-8")
    return path


def _nuggets(cluster: Cluster) -> tuple[Nugget, ...]:
    expect = cluster.expect
    if not expect.disagreement:
        return (Nugget(text="the answer", patterns=(str(expect.answer_pattern),)),)
    return tuple(Nugget(text=side.value, patterns=(side.pattern,)) for side in expect.sides)


def _expected(cluster: Cluster) -> tuple[ExpectedDisagreement, ...]:
    expect = cluster.expect
    if not expect.disagreement or expect.kind is None:
        return ()
    return (ExpectedDisagreement(aspect=cluster.question, kind=expect.kind, sides=expect.sides),)
