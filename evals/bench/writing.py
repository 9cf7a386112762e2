"""What the program adds to a language model's own time: first words shown, parsing and checking.

    python -m evals.bench.writing OUT [--questions 30]

On questions of the seeds, with a model that writes at once what it is told: three sentences on the
best evidence (as it stands; with who says so; with words left out, so that its meaning is looked
at). First words go the whole way: an HTTP endpoint on this machine, the client, a terminal.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.bench.measured import machine, percentile
from evals.case_files import load_cases
from evals.workplace import PROJECT, SEEDS_DIR, Workplace, indexed
from rag.settings import load_settings
from rag.types import Evidence, Language, Question

if TYPE_CHECKING:
    from rag.answer.extractive import Composed
    from rag.llm.policy import Model
    from rag.wiring import Deps

_ROUNDS = 20
_PIECE_SECONDS = 0.03
_PIECE_CHARS = 5
_KEPT_OF = 4
Case = tuple[Question, tuple[Evidence, ...], "Composed"]


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path)
    parser.add_argument("--questions", type=int, default=30)
    options = parser.parse_args(arguments)
    place = Workplace(settings=load_settings(), out=options.out)
    with indexed(place, [SEEDS_DIR], "seeds") as deps:
        cases = list(_read(deps, options.questions))
        report = {
            "answers": len(cases),
            "parsing and checking, ms": _overhead(cases, deps),
            "first words after the first token, ms": _first_words(cases, deps),
            "machine": machine(),
        }
    print(json.dumps(report))
    return 0


def _read(deps: Deps, count: int) -> Iterator[Case]:
    """Questions with their evidence and extractive answers."""
    from rag.answer.abstain import decide
    from rag.answer.extractive import compose
    from rag.pipeline import read

    folder = PROJECT / "evals" / "cases"
    listed = load_cases([folder / "seeds_de.yaml", folder / "seeds_en.yaml"]).questions
    cases = [case for case in listed if case.expected_status == "answered"]
    settings = deps.settings.answer
    for case in cases[:: max(1, len(cases) // count)][:count]:
        question = Question(text=case.question, language=case.language)
        found = read(question, deps)
        decision = decide(found.question, found.evidence, found.retrieval, settings)
        if decision.status == "not_in_sources":
            continue
        shown = (found.comparison.disagreements, found.retrieval.passages)
        yield (
            question,
            found.evidence,
            compose(found.question, found.evidence, decision, *shown, settings),
        )


def _reply(evidence: Sequence[Evidence], prompt: str) -> str:
    """Three cited sentences on what the prompt shows."""
    said = []
    for place, each in enumerate([e for e in evidence if e.quote in prompt][:3]):
        number = _number_of(each, prompt)
        words = each.quote.split()
        if place == 1:
            words = [each.article.outlet + ":", *words]
        if place == 2:
            words = [w for i, w in enumerate(words) if i % _KEPT_OF or w[:1].isupper() or i == 0]
        said.append(" ".join(words).rstrip(".") + f". [{number}]")
    return " ".join(said)


def _number_of(each: Evidence, prompt: str) -> str:
    line = next(line for line in prompt.splitlines() if each.quote in line)
    return line.split("]", 1)[0].lstrip("[ ")


def _overhead(cases: Sequence[Case], deps: Deps) -> dict[str, Any]:
    """Time of everything but the model, with the embedding and without it.

    Where others use the machine, the clock on the wall measures them: CPU beside it.
    """
    from rag.answer.support import similarity_by

    found: dict[str, Any] = {}
    for name in ("words alone", "with the embedding"):
        took: list[float] = []
        cpu: list[float] = []
        modes: list[str] = []
        for turn in range(2):
            for question, evidence, composed in cases:
                near = similarity_by(deps.embedder) if name != "words alone" else None
                started, used = time.perf_counter(), time.process_time()
                modes.append(_generated(question, evidence, composed, deps, near))
                took.append(1000 * (time.perf_counter() - started))
                cpu.append(1000 * (time.process_time() - used))
            if turn == 0:
                took, cpu, modes = [], [], []  # lexicons and models are loaded once a process
        found[name] = {
            "wall": _spread(took),
            "cpu": _spread(cpu),
            "written": modes.count("llm"),
            "of": len(modes),
        }
    return found


def _generated(
    question: Question, evidence: tuple[Evidence, ...], composed: Composed, deps: Deps, near: Any
) -> str:
    from rag.answer.generate import generate
    from rag.llm.policy import Model, Patience
    from rag.llm.scripted import ScriptedLLM

    llm = ScriptedLLM([lambda asked: _reply(evidence, "\n".join(m.text for m in asked))])
    model = Model(llm, patience=Patience(), max_tokens=400)
    return generate(question, evidence, composed, model, deps.settings, similarity=near).mode


def _first_words(cases: Sequence[Case], deps: Deps) -> dict[str, float]:
    from rag.answer.generate import generate

    took = []
    with _endpoint() as (url, sent, replies):
        model = _over_http(url)
        for question, evidence, composed in [*cases[:1], *cases[:_ROUNDS]]:
            replies[:] = [evidence]
            shown: list[float] = []
            with _drawn(question.language, shown) as on_draft:
                generate(question, evidence, composed, model, deps.settings, on_draft=on_draft)
            if shown and sent:
                took.append(1000 * (shown[0] - sent[-1]))
    return _spread(took[1:])


@contextmanager
def _drawn(language: Language, shown: list[float]) -> Iterator[Callable[[str], None]]:
    """What `rag ask` draws on a terminal; notes when each draft was drawn."""
    from rich.console import Console

    from rag.cli.drafts import shown_draft

    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    with shown_draft(language, console) as draw:

        def on_draft(draft: str) -> None:
            draw(draft)
            shown.append(time.monotonic())

        yield on_draft


def _over_http(url: str) -> Model:
    from rag.llm.open import open_model
    from rag.settings import LLMSettings

    model = open_model(LLMSettings(url=url, model="m", cache=False, context_tokens=4096))
    assert model is not None
    return model


@contextmanager
def _endpoint() -> Iterator[tuple[str, list[float], list[Sequence[Evidence]]]]:
    """Its address, when it sent the first token of each answer, and what the next is made of."""
    sent: list[float] = []
    replies: list[Sequence[Evidence]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = "\n".join(str(message["content"]) for message in asked["messages"])
            text = _reply(replies[0], prompt)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for start in range(0, len(text), _PIECE_CHARS):
                if start == 0:
                    sent.append(time.monotonic())
                self._event({"content": text[start : start + _PIECE_CHARS]}, None)
                time.sleep(_PIECE_SECONDS)
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
            self.close_connection = True

        def _event(self, delta: dict[str, str], finish: str | None) -> None:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            row = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
                   "choices": [choice]}  # fmt: skip
            self.wfile.write(f"data: {json.dumps(row)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", sent, replies
    finally:
        server.shutdown()
        server.server_close()


def _spread(took: Sequence[float]) -> dict[str, float]:
    return {
        "median": round(percentile(took, 0.5), 1),
        "p95": round(percentile(took, 0.95), 1),
        "most": round(max(took), 1),
        "n": len(took),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
