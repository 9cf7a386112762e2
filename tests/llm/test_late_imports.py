from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = "{'openai', 'httpx', 'xllamacpp', 'llama_index', 'rag.llm.endpoint', 'rag.answer.generate'}"


@pytest.mark.parametrize(
    "statement",
    [
        "import rag.pipeline, rag.wiring, rag.answer.writing",
        "from rag.llm.open import open_model; from rag.settings import LLMSettings;"
        "assert open_model(LLMSettings()) is None",
        "from rag.answer.writing import standing_alone; from rag.types import Question;"
        "from rag.settings import load_settings;"
        "standing_alone(Question(text='Wer?'), (), None, load_settings())",
    ],
)
def test_without_a_language_model_nothing_of_it_is_imported(statement):
    script = (
        f"import sys; {statement}; sys.exit(', '.join(sorted({HEAVY} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
