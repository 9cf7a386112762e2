"""Ingestion stage by stage, and llama-index's own pipeline over the same articles and model.

    python -m evals.bench.ingestion ours|llama-index ARTICLES.jsonl FOLDER

Prints one JSON object; run in a process of its own, so that its peak of memory is that of the work.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.bench.measured import peak_memory_mb


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    which, articles, folder = arguments[0], Path(arguments[1]), Path(arguments[2])
    found = ingest_ours(articles, folder) if which == "ours" else ingest_theirs(articles, folder)
    found["memory_mb"] = peak_memory_mb()
    print(json.dumps(found))
    return 0


def ingest_ours(articles: Path, folder: Path) -> dict[str, Any]:
    """`rag ingest` without its imports: the model is loaded before the clock starts."""
    from rag.pipeline import ingest
    from rag.settings import load_settings
    from rag.wiring import open_deps

    settings = load_settings(store={"path": folder})
    with open_deps(settings, mode="write") as deps:
        deps.embedder.embed_passages(["Anlauf"])
        started, used = time.perf_counter(), time.process_time()
        report = ingest([articles], deps)
        wall, cpu = time.perf_counter() - started, time.process_time() - used
        chunks = deps.store.counts().chunks
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    named = sum(report.seconds.values())
    return {
        "articles": len(report.new),
        "chunks": chunks,
        "wall": wall,
        "cpu": cpu,
        "stages": {**report.seconds, "read and the rest": max(0.0, wall - named)},
        "store_mb": size / 2**20,
    }


def ingest_theirs(articles: Path, folder: Path) -> dict[str, Any]:
    """As in llama-index's documentation: default splitter, HuggingFaceEmbedding, Chroma."""
    import chromadb
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from rag.index.weights import locate
    from rag.settings import load_settings

    settings = load_settings().embedding
    embedding = HuggingFaceEmbedding(
        model_name=str(locate(settings.model, settings.models_dir)),
        device="cpu",
        query_instruction="query: ",
        text_instruction="passage: ",
    )
    embedding.get_text_embedding("Anlauf")
    collection = chromadb.PersistentClient(str(folder)).create_collection("articles")
    started, used = time.perf_counter(), time.process_time()
    lines = articles.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    documents = [Document(text=row["text"], metadata={"title": row.get("title")}) for row in rows]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    context = StorageContext.from_defaults(vector_store=ChromaVectorStore(collection))
    VectorStoreIndex(nodes, storage_context=context, embed_model=embedding)
    return {
        "articles": len(rows),
        "chunks": len(nodes),
        "wall": time.perf_counter() - started,
        "cpu": time.process_time() - used,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
