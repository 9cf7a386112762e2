"""The shape of the program: who may import whom, how long a module may be, what stays unloaded."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    ("types", "errors", "settings", "protocols", "crash"),
    ("language",),
    ("ingest",),
    ("llm",),
    ("index",),
    ("retrieve",),
    ("answer",),
    ("compare",),
    ("briefing", "interchange", "verify"),
    ("wiring", "pipeline", "collection", "suggestions"),
    ("cli", "ui", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
MODULES = sorted((ROOT / "rag").rglob("*.py"))
MAX_LINES = 300
DECLARATIONS = {
    "rag/types.py": 500,  # values without logic, better found in one place
}
HEAVY_IN = {
    "chromadb": {"rag/index"},
    "sentence_transformers": {"rag/index"},
    "gradio": {"rag/ui"},
    "llama_index": {"rag/retrieve/llama.py", "rag/llm"},
}


def imported(path: Path) -> list[str]:
    """Every module a file imports, wherever in the file."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_downwards_only(path: Path):
    own = path.relative_to(ROOT / "rag").parts[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in LEVEL, f"say in LAYERS where {own} belongs"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "rag" and len(parts) > 1:
            assert LEVEL[parts[1]] <= LEVEL[own], f"{own} must not import {name}"
        knows = own == "cli" or path.name in ("evaluation.py", "evaluation_page.py", "api.py")
        assert parts[0] != "evals" or knows, "only the eval command and its view know of evals"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_small(path: Path):
    limit = DECLARATIONS.get(str(path.relative_to(ROOT)), MAX_LINES)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_big_packages_stay_behind_their_seam(path: Path):
    relative = str(path.relative_to(ROOT))
    for name in imported(path):
        for places in [HEAVY_IN.get(name.split(".")[0])]:
            assert places is None or any(relative.startswith(p) for p in places), name


def test_the_command_line_starts_without_heavy_packages():
    script = (
        "import sys; import rag.cli.main, rag.cli.commands.ask, rag.cli.commands.ingest;"
        "heavy = {'torch','transformers','gradio','chromadb','llama_index','numpy'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
