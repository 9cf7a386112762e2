"""The questions of a file of clusters, asked in a store that holds all its articles."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.answer.evidence import score_evidence
from rag.language.detect import detect_language
from rag.pipeline import ingest, search
from rag.retrieve.retrieve import Retrieval
from rag.settings import Settings
from rag.types import Evidence, Question
from rag.wiring import open_deps

Asked = tuple[dict[str, Any], Retrieval, tuple[Evidence, ...], Question]


def asked(path: Path) -> Iterator[Asked]:
    """Each cluster with what is found for its question, as the scorer would find it."""
    clusters = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "articles.jsonl"
        lines = [json.dumps(a, ensure_ascii=False) for c in clusters for a in c["articles"]]
        listed.write_text("\n".join(lines), encoding="utf-8")
        settings = Settings().model_copy(
            update={"store": Settings().store.model_copy(update={"path": Path(folder) / "store"})}
        )
        with open_deps(settings, mode="write") as deps:
            ingest([listed], deps)
        with open_deps(settings) as deps:
            for cluster in clusters:
                text = cluster["question"]
                question = Question(text=text, language=detect_language(text))
                retrieval = search(question, deps)
                yield cluster, retrieval, score_evidence(question, retrieval), question
