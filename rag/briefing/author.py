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

from rag.answer.budget import Item, evidence_text
from rag.answer.generate_checks import refuse_unusable
from rag.answer.generate_conflicts import conflict_lines
from rag.answer.generate_sentences import Written, quoted, written_sentences
from rag.answer.marker_stream import MarkedSentence, MarkerStream
from rag.answer.support import Similarity, check_support
from rag.briefing.author_plan import by_heading, evidence_items, read_plan
from rag.briefing.statements import Statement
from rag.briefing.texts import say
from rag.llm.failures import LLMFailure
from rag.llm.policy import Allowance, Completion, Model
from rag.llm.prompts import load_prompt
from rag.protocols import Embedder, FloatArray, Message
from rag.types import Disagreement, Language, SectionKind

MOST_CALLS = 15
"""Outline, sections, brief and what is asked for again, in all."""
_CALLS_A_PART = 2
_THEMES = {"short": 2, "normal": 3, "long": 5}
_FEWEST_FOR_A_PLAN = 4
_PLANNED = 12
_SURVIVING_SHARE = 0.5
_LEAST_SENTENCES, _MOST_SENTENCES = 2, 5
_HOPELESS = frozenset(
    {"unreachable", "rejected_key", "unknown_model", "missing_runtime", "broken_model", "paused"}
)
OnPart = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Said:
    """A checked sentence of the model and the quotes that hold it."""

    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under one heading of a section: written, or ``None`` where the sources speak."""

    heading: str
    statements: tuple[Statement, ...]
    said: tuple[Said, ...] | None = None


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
        task = _Task(topic, conflict_lines(conflicts, language), language, self)
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
        self, task: _Task, sections: Mapping[SectionKind, Sequence[Statement]], length: str
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
        done = self.model.complete(lambda budget: messages, self.allowance.share(_CALLS_A_PART))
        self._count(done)
        return read_plan(done.text, items, task.topic, task.language, most)

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

    def _side_by_side(self, task: _Task, planned: Sequence[tuple[SectionKind, Part]]) -> list[Part]:
        """The parts, written by a few threads; checked here, as they come."""
        parts = [part for _, part in planned]
        results: queue.SimpleQueue[tuple[int, Completion | BaseException]] = queue.SimpleQueue()
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(len(parts)):
            waiting.put(place)
        prepared = [
            _Job(task, f"{say(kind, task.language)}: {part.heading}".rstrip(": "), part)
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

    def _brief(self, task: _Task, statements: Sequence[Statement], parts: Sequence[Part]) -> Part:
        """Written last: of the weightiest statements and of what the sections rest on."""
        told = [each for part in parts for each in part.statements[:1]]
        job = _Job(task, say("brief", task.language), Part("", (*statements, *told)))
        found = self._checked(job, job.ask())
        self.on_part(len(parts) + 1, len(parts) + 1)
        return Part("", tuple(statements), found.said)

    def _checked(self, job: _Job, answer: Completion | BaseException) -> Part:
        """The part with its sentences, if enough of them hold."""
        try:
            if isinstance(answer, BaseException):
                raise answer
            self._count(answer)
            return Part(job.part.heading, job.part.statements, job.checked(answer.text))
        except LLMFailure as failure:
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


@dataclass(frozen=True, slots=True)
class _Task:
    """What all parts of one briefing share."""

    topic: str
    conflicts: str
    language: Language
    author: Author


class _Job:
    """One part: its prompt, its call, the check of its text."""

    def __init__(self, task: _Task, heading: str, part: Part) -> None:
        self.task = task
        self.heading = heading
        self.part = part
        self.items = evidence_items(part.statements)
        self._most = max(_LEAST_SENTENCES, min(_MOST_SENTENCES, len(part.statements)))
        self._prompt = load_prompt("briefing_section", task.language, task.author.prompts_dir)
        task.author.prompt_hashes[self._prompt.key] = self._prompt.prompt_hash

    def ask(self) -> Completion | BaseException:
        """The model's text or why there is none; may run in a thread, so nothing is raised."""
        author = self.task.author
        try:
            return author.model.complete(
                self._messages, author.allowance.share(_CALLS_A_PART), accept=self._refuse
            )
        except BaseException as failure:  # noqa: BLE001  raised again where it is awaited
            return failure

    def checked(self, text: str) -> tuple[Said, ...]:
        """The sentences that hold. Raises ``LLMFailure`` where most do not."""
        author, language = self.task.author, self.task.language
        checked = written_sentences(self._sentences(text), self.items, language, author.similarity)
        held = [each for each in checked if each.is_held and each.items]
        if not held or len(held) < _SURVIVING_SHARE * len(checked):
            raise LLMFailure("not_supported", f"{len(held)} of {len(checked)} sentences")
        author.written += len(held)
        author.dropped += len(checked) - len(held)
        return tuple(Said(each.text, self._all_who_say_so(each)) for each in held)

    def _all_who_say_so(self, written: Written) -> tuple[Item, ...]:
        """The quotes cited, and those of other outlets that hold the sentence as well."""
        cited = {(each.article.article_id, each.start_char) for each in written.items}
        more = []
        for statement in self.part.statements:
            own = {(s.article.article_id, s.start_char) for s in statement.sentences}
            if not own & cited:
                continue
            for number, each in enumerate(statement.sentences, len(self.items) + 1):
                item = Item(
                    number=number,
                    article=each.article,
                    quote=each.quote,
                    start_char=each.start_char,
                    end_char=each.end_char,
                )
                is_new = (each.article.article_id, each.start_char) not in cited
                if is_new and self._holds(written.text, item):
                    cited.add((each.article.article_id, each.start_char))
                    more.append(item)
        return (*written.items, *more)

    def _holds(self, text: str, item: Item) -> bool:
        verdict = check_support(text, self.task.language, [quoted(item)])
        return verdict.support in ("verbatim", "supported")

    def _messages(self, budget_tokens: int) -> Sequence[Message]:
        fitting = self.items
        while True:
            messages = self._render(fitting)
            # A token is hardly shorter than this many characters.
            if sum(len(each.text) for each in messages) / 2.5 <= budget_tokens or len(fitting) <= 1:
                self.items = fitting
                return messages
            fitting = fitting[:-1]

    def _render(self, items: Sequence[Item]) -> tuple[Message, ...]:
        return self._prompt.render(
            topic=self.task.topic,
            heading=self.heading,
            evidence=evidence_text(items, self.task.language),
            disagreements=self.task.conflicts,
            max_sentences=self._most,
        )

    def _refuse(self, text: str) -> None:
        refuse_unusable(self._sentences(text), self.task.language)

    def _sentences(self, text: str) -> tuple[MarkedSentence, ...]:
        stream = MarkerStream(len(self.items))
        stream.feed(text)
        stream.finish()
        found = stream.sentences(self.task.language)
        # A line without a mark at its end is a heading the model put above its text.
        return tuple(each for each in found if each.numbers or each.text[-1:] in '.!?“”"')
