"""How long a command takes from nothing, what it imports, and llama-index beside it in turns."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from evals.bench.measured import Figure, whole_process

QUESTION = "Wie viele Menschen starben bei dem Angriff?"
_PEER = """
import sys
import chromadb
from llama_index.core import VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore

model, folder, question = sys.argv[1:]
embedding = HuggingFaceEmbedding(model_name=model, device="cpu",
                                 query_instruction="query: ", text_instruction="passage: ")
collection = chromadb.PersistentClient(folder).get_collection("articles")
index = VectorStoreIndex.from_vector_store(ChromaVectorStore(collection), embed_model=embedding)
for found in index.as_retriever(similarity_top_k=12).retrieve(question):
    print(found.score, found.node.get_content()[:80])
"""
"""The least that llama-index's own documentation needs for it; it finds passages, no answer."""


def measure_commands(store: Path, rounds: int) -> dict[str, Any]:
    """Whole processes; the store is a small real one."""
    rag = [sys.executable, "-m", "rag"]
    commands = {
        "rag --help": [*rag, "--help"],
        "rag articles": [*rag, "articles", "--store", str(store)],
        "rag search": [*rag, "search", QUESTION, "--store", str(store)],
        "rag ask": [*rag, "ask", QUESTION, "--store", str(store)],
        "rag compare": [*rag, "compare", QUESTION, "--store", str(store)],
    }
    found: dict[str, Any] = {}
    for name, command in commands.items():
        seconds, memory = whole_process(command, rounds)
        found[name] = {"wall": Figure.of(seconds, "s"), "memory": Figure.of(memory, "MB")}
    return found


def measure_against_peer(
    store: Path, peer_folder: Path, model: Path, rounds: int
) -> dict[str, Any]:
    """A cold question, ours and llama-index's in turns: whatever slows one slows the other."""
    ours, theirs, ratios = [], [], []
    command = [sys.executable, "-m", "rag", "ask", QUESTION, "--store", str(store)]
    peer = [sys.executable, "-c", _PEER, str(model), str(peer_folder), QUESTION]
    for _ in range(rounds):
        own, _memory = whole_process(command, 1)
        other, _memory = whole_process(peer, 1)
        ours += own
        theirs += other
        ratios.append(other[0] / own[0])
    return {
        "rag ask": Figure.of(ours, "s"),
        "llama-index, retrieval only": Figure.of(theirs, "s"),
        "times faster": Figure.of(ratios, "×"),
    }


def measure_imports(store: Path, most: int = 12) -> dict[str, float]:
    """Milliseconds of `rag ask` spent on importing each package, the slowest first."""
    command = [sys.executable, "-X", "importtime", "-m", "rag", "ask", QUESTION]
    done = subprocess.run(
        [*command, "--store", str(store)], capture_output=True, text=True, check=False
    )
    spent: dict[str, float] = defaultdict(float)
    for own, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", done.stderr):
        spent[name.partition(".")[0]] += int(own) / 1000
    slowest = sorted(spent.items(), key=lambda pair: -pair[1])
    return {name: round(took, 1) for name, took in slowest[:most]}
