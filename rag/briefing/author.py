"""Has a language model write sections of a briefing: an outline, the sections, the brief last.

The sections are written side by side, each from evidence of its own. Every sentence is checked
like one of an answer (``rag.answer.support``); a part that fails stays as the sources word it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.answer.budget import evidence_text
from rag.answer.generate_conflicts import conflict_lines
from rag.answer.support import Similarity
from rag.briefing.author_part import CALLS_A_PART, Job, Part, Task
from rag.briefing.author_plan import by_heading, evidence_items, read_plan
from rag.briefing.statements import Statement
from rag.briefing.texts import say
from rag.llm.failures import LLMFailure
from rag.llm.policy import Allowance, Completion, Model
from rag.llm.prompts import load_prompt
from rag.protocols import Embedder, FloatArray
from rag.types import Disagreement, Language, SectionKind

MOST_CALLS = 15
"""Outline, sections, brief and what is asked for again, in all."""
_THEMES = {"short": 2, "normal": 3, "long": 5}
_FEWEST_FOR_A_PLAN = 4
_PLANNED = 12
_HOPELESS = frozenset(
    {"unreachable", "rejected_key", "unknown_model", "missing_runtime", "broken_model", "paused"}
)
OnPart = Callable[[int, int], None]


@dataclass(slots=True)
class Author:
    """Writes with one model, for one briefing, within one allowance."""

    model: Model
    embedder: Embedder
    similarity: Similarity
    allow: Callable[[], Allowance]
    parallel: int = 1
    prompts_dir: Path | None = None
    fallback: bool = True
    on_part: OnPart = lambda done, total: None
    notes: list[str] = field(default_factory=list)
    prompt_hashes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    written: int = 0
    dropped: int = 0
    failed: int = 0
    _allowance: Allowance | None = None

    @property
    def allowance(self) -> Allowance:
        """The calls and the time of the whole briefing; the clock starts when first looked at."""
        if self._allowance is None:
            self._allowance = self.allow()
        return self._allowance

    def write(
        self,
        topic: str,
        sections: Mapping[SectionKind, Sequence[Statement]],
        conflicts: Sequence[Disagreement],
        vectors: FloatArray,
        language: Language,
        length: str,
    ) -> Mapping[SectionKind, tuple[Part, ...]]:
        """The parts of each section, the brief among them.

        Raises ``LLMFailure`` only where ``fallback`` is off.
        """
        started = time.monotonic()
        task = Task(topic, conflict_lines(conflicts, language), language, self)
        try:
            headings = self._outline(task, sections, length)
        except LLMFailure as failure:
            self._fell_back(say("outline", "en"), failure)
            if failure.kind in _HOPELESS:
                self.seconds += time.monotonic() - started
                return {}
            headings = ()
        planned = [
            (kind, part)
            for kind, statements in sections.items()
            if kind != "brief"
            for part in self._parts(headings, statements, vectors, language)
        ]
        parts = self._side_by_side(task, planned)
        found: dict[SectionKind, tuple[Part, ...]] = {}
        for (kind, _), part in zip(planned, parts, strict=True):
            found[kind] = (*found.get(kind, ()), part)
        if sections.get("brief"):
            found["brief"] = (self._brief(task, sections["brief"], parts),)
        self.seconds += time.monotonic() - started
        return found

    def usage(self) -> dict[str, float]:
        """What it cost, as in ``Run.usage``."""
        return {"calls": self.allowance.calls, "seconds": round(self.seconds, 3), **self.tokens}

    def _outline(
        self, task: Task, sections: Mapping[SectionKind, Sequence[Statement]], length: str
    ) -> tuple[str, ...]:
        """Headings under which the statements fall, checked; none where there is little to order.

        The model only proposes: what a heading states must be in the evidence like anything else.
        """
        statements = [each for kind in ("agreement", "single") for each in sections.get(kind, ())]
        if len(statements) < _FEWEST_FOR_A_PLAN:
            return ()
        shown = statements[:_PLANNED]
        items = evidence_items(shown, len(shown))
        prompt = load_prompt("briefing_plan", task.language, self.prompts_dir)
        self.prompt_hashes[prompt.key] = prompt.prompt_hash
        most = _THEMES[length]
        messages = prompt.render(
            topic=task.topic, evidence=evidence_text(items, task.language), max_sections=most
        )
        done = self.model.complete(lambda budget: messages, self.allowance.share(CALLS_A_PART))
        self._count(done)
        headings = read_plan(done.text, items, task.topic, task.language, most)
        if not headings:
            self.model.forget(done)
        return headings

    def _parts(
        self,
        headings: Sequence[str],
        statements: Sequence[Statement],
        vectors: FloatArray,
        language: Language,
    ) -> list[Part]:
        if not statements:
            return []
        if not headings:
            return [Part("", tuple(statements))]
        near = self.embedder.embed_queries(list(headings))
        return [
            Part(heading, group)
            for heading, group in by_heading(
                headings, near, statements, vectors, say("other_points", language)
            )
        ]

    def _side_by_side(self, task: Task, planned: Sequence[tuple[SectionKind, Part]]) -> list[Part]:
        """The parts, written by a few threads; checked here, as they come."""
        parts = [part for _, part in planned]
        results: queue.SimpleQueue[tuple[int, Completion | BaseException]] = queue.SimpleQueue()
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(len(parts)):
            waiting.put(place)
        prepared = [
            Job(task, f"{say(kind, task.language)}: {part.heading}".rstrip(": "), part)
            for kind, part in planned
        ]

        def work() -> None:
            while True:
                try:
                    place = waiting.get_nowait()
                except queue.Empty:
                    return
                results.put((place, prepared[place].ask()))

        # Daemons: Ctrl-C ends the program, whatever an endpoint is still sending.
        for _ in range(min(self.parallel, len(parts))):
            threading.Thread(target=work, name="briefing-section", daemon=True).start()
        for done in range(len(parts)):
            self.on_part(done, len(parts) + 1)
            place, answer = results.get()
            parts[place] = self._checked(prepared[place], answer)
        self.on_part(len(parts), len(parts) + 1)
        return parts

    def _brief(self, task: Task, statements: Sequence[Statement], parts: Sequence[Part]) -> Part:
        """Written last: of the weightiest statements and of what the sections rest on."""
        told = [each for part in parts for each in part.statements[:1]]
        job = Job(task, say("brief", task.language), Part("", (*statements, *told)))
        found = self._checked(job, job.ask())
        self.on_part(len(parts) + 1, len(parts) + 1)
        return Part("", tuple(statements), found.said)

    def _checked(self, job: Job, answer: Completion | BaseException) -> Part:
        """The part with its sentences, if enough of them hold."""
        try:
            if isinstance(answer, BaseException):
                raise answer
            self._count(answer)
            return Part(job.part.heading, job.part.statements, job.checked(answer.text))
        except LLMFailure as failure:
            if isinstance(answer, Completion):
                self.model.forget(answer)
            self._fell_back(job.heading, failure)
            return job.part

    def _fell_back(self, what: str, failure: LLMFailure) -> None:
        if not self.fallback:
            raise failure
        self.failed += 1
        self.notes.append(f"{what}: not written by the language model. {failure.message}")

    def _count(self, done: Completion) -> None:
        for name, count in (
            ("prompt_tokens", done.prompt_tokens or 0),
            ("completion_tokens", done.completion_tokens),
        ):
            self.tokens[name] = self.tokens.get(name, 0) + count
