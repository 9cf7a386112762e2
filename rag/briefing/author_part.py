"""One part of a section: its prompt, its call, the check of what a language model wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.budget import Item, estimate_tokens, evidence_text
from rag.answer.generate_checks import refuse_unusable
from rag.answer.generate_sentences import Written, quoted, written_sentences
from rag.answer.marker_stream import MarkedSentence, MarkerStream
from rag.answer.support import check_support
from rag.briefing.author_plan import evidence_items
from rag.briefing.statements import Statement
from rag.llm.failures import LLMFailure
from rag.llm.policy import Completion
from rag.llm.prompts import load_prompt
from rag.protocols import Message
from rag.types import Language

if TYPE_CHECKING:
    from rag.briefing.author import Author

CALLS_A_PART = 2
_SURVIVING_SHARE = 0.5
_LEAST_SENTENCES, _MOST_SENTENCES = 2, 5


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


@dataclass(frozen=True, slots=True)
class Task:
    """What all parts of one briefing share."""

    topic: str
    conflicts: str
    language: Language
    author: Author


class Job:
    """One part: its prompt, its call, the check of its text."""

    def __init__(self, task: Task, heading: str, part: Part) -> None:
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
                self._messages, author.allowance.share(CALLS_A_PART), accept=self._refuse
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
            taken = sum(estimate_tokens(each.text) for each in messages)
            if taken <= budget_tokens or len(fitting) <= 1:
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
