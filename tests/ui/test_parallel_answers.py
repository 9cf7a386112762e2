"""Several answers at once, from cold caches, are the answers each question gets alone."""

from __future__ import annotations

import functools
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.index.fake_embedder import HashEmbedder
from rag.interchange import answer_to_json
from rag.language.detect import detect_language
from rag.pipeline import ask, compare, ingest
from rag.settings import Settings
from rag.types import Question
from rag.ui.library import SAMPLE
from rag.wiring import open_deps

QUESTIONS = (
    "Wie viele Soldaten marschierten bei der Parade mit?",
    "Wo sprachen Putin und Kim nach der Parade?",
    "Was sagte Juri Uschakow?",
    "How many soldiers marched in the parade?",
    "Wie lange dauerte das Treffen?",
    "Wer kam zur Parade?",
    "Why was the harbour closed?",
    "Hat Kim die Einladung angenommen?",
)


@pytest.fixture(scope="module")
def deps(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setattr("rag.index.embed.open_embedder", lambda settings, bulk: HashEmbedder())
    settings = Settings(
        store={"path": tmp_path_factory.mktemp("parallel") / "store"},
        answer={"min_confidence": 0.0, "mode": "extractive"},
    )
    with open_deps(settings, mode="write") as writing:
        ingest([SAMPLE], writing)
    with open_deps(settings) as reading:
        yield reading
    patch.undo()


def forget_everything():
    for each in gc.get_objects():
        if isinstance(each, functools._lru_cache_wrapper):
            each.cache_clear()


def answered(text: str, deps) -> dict:
    question = Question(text=text, language=detect_language(text))
    found = answer_to_json(ask(question, deps))
    del found["run"]["seconds"]
    matrix = compare(question, deps)
    return {**found, "values": matrix.values, "states": [cell.state for cell in matrix.cells]}


def test_parallel_answers_equal_the_single_ones(deps):
    forget_everything()
    together = threading.Barrier(len(QUESTIONS))

    def one(text: str) -> dict:
        together.wait()
        return answered(text, deps)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(len(QUESTIONS)) as pool:
            parallel = list(pool.map(one, QUESTIONS))
    finally:
        sys.setswitchinterval(before)
    forget_everything()
    assert parallel == [answered(text, deps) for text in QUESTIONS]
    assert sum(bool(each["citations"]) for each in parallel) >= 6
