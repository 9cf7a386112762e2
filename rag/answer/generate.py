"""Seventh stage with a language model: evidence → written sentences, each checked, or fallback.

The model never has the last word: markers are bounds-checked, sentences compared with the quotes
they cite, conflicts it passes over are added, and whatever fails ends in the extractive answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rag.answer.budget import Item, Packed, estimate_tokens, evidence_text, pack
from rag.answer.extractive import Composed
from rag.answer.generate_checks import answering_quotes, answers, is_disclaimer, refuse_unusable
from rag.answer.generate_conflicts import add_conflicts, conflict_lines
from rag.answer.generate_sentences import Written, cite, written_sentences
from rag.answer.marker_stream import MarkerStream
from rag.answer.support import Similarity
from rag.llm.failures import LLMFailure, llm_data, reason
from rag.llm.policy import Allowance, Completion, Model
from rag.llm.prompts import Prompt, load_prompt
from rag.protocols import Message
from rag.settings import Settings
from rag.types import Disagreement, Evidence, Language, Question

_SURVIVING_SHARE = 0.5
OnDraft = Callable[[str], None]
"""Called with the draft so far, unchecked; a repeated call may begin anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """An answer and how it came about; ``mode`` is ``extractive`` where the model failed."""

    composed: Composed
    mode: Literal["extractive", "llm"]
    model_name: str
    prompt_hashes: Mapping[str, str] = field(default_factory=dict)
    usage: Mapping[str, float] = field(default_factory=dict)


def generate(
    question: Question,
    evidence: Sequence[Evidence],
    extractive: Composed,
    model: Model,
    settings: Settings,
    *,
    similarity: Similarity | None = None,
    allowance: Allowance | None = None,
    on_draft: OnDraft = lambda draft: None,
) -> Generated:
    """The model's answer where it holds, else the extractive one with the reason.

    Raises ``LLMFailure`` only where ``answer.fallback`` is off.
    """
    prompt = load_prompt("answer", question.language, settings.llm.prompts_dir)
    allowance = allowance or model.allowance()
    writing = _Writing(question, evidence, extractive, prompt, settings)
    hashes = {prompt.key: prompt.prompt_hash}
    started = time.monotonic()
    done: Completion | None = None
    try:
        done = writing.ask(model, allowance, on_draft)
        composed = writing.check(done.text, model, allowance, similarity)
    except LLMFailure as failure:
        if done is not None:
            model.forget(done)
        if not settings.answer.fallback:
            raise
        return Generated(
            composed=fallen_back(extractive, failure, question.language),
            mode="extractive",
            model_name=model.name,
            prompt_hashes=hashes,
            usage=_usage(allowance, time.monotonic() - started, None),
        )
    return Generated(
        composed=composed,
        mode="llm",
        model_name=model.name,
        prompt_hashes=hashes,
        usage=_usage(allowance, time.monotonic() - started, done),
    )


def fallen_back(extractive: Composed, failure: LLMFailure, language: Language) -> Composed:
    """The extractive answer with a first line that says why it is one."""
    line = llm_data("not_used")[0 if language == "de" else 1]
    why = reason(failure.kind, language)
    detail = f" ({failure.detail})" if failure.detail else ""
    return replace(
        extractive,
        text=f"{line.format(why)}\n{extractive.text}",
        notes=(
            *extractive.notes,
            f"The language model's answer is not used: {reason(failure.kind, 'en')}{detail}.",
        ),
    )


class _Writing:
    """One question's way from evidence to checked sentences."""

    def __init__(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        extractive: Composed,
        prompt: Prompt,
        settings: Settings,
    ) -> None:
        self._question = question
        self._evidence = evidence
        self._disagreements: tuple[Disagreement, ...] = extractive.disagreements
        self._answering = answering_quotes(evidence, extractive)
        self._prompt = prompt
        self._settings = settings
        self._packed = Packed(items=(), left_out=0)

    def ask(self, model: Model, allowance: Allowance, on_draft: OnDraft) -> Completion:
        """The model's text; drafts are shown as it comes."""
        shown: dict[str, MarkerStream | str] = {}

        def on_text(text: str) -> None:
            stream = shown.get("stream")
            known = str(shown.get("text", ""))
            if not isinstance(stream, MarkerStream) or not text.startswith(known):
                stream, known = MarkerStream(len(self._packed.items)), ""
                shown["stream"] = stream
            shown["text"] = text
            if stream.feed(text[len(known) :]):
                on_draft(stream.draft)

        return model.complete(
            self._messages, allowance, on_text=on_text, accept=self._refuse_unusable
        )

    def check(
        self, text: str, model: Model, allowance: Allowance, similarity: Similarity | None
    ) -> Composed:
        """Checked sentences with citations. Raises ``LLMFailure`` when too few hold."""
        stream = MarkerStream(len(self._packed.items))
        stream.feed(text)
        stream.finish()
        language = self._question.language
        said = [one for one in stream.sentences(language) if not is_disclaimer(one)]
        checked = written_sentences(said, self._packed.items, language, similarity)
        if self._settings.llm.judge:
            from rag.answer.support_judge import judged

            checked = judged(checked, language, model, allowance, self._settings.llm.prompts_dir)
        held = [one for one in checked if one.is_held]
        if not held or len(held) < _SURVIVING_SHARE * len(checked):
            raise LLMFailure("not_supported", f"{len(held)} of {len(checked)} sentences")
        if not any(answers(one, self._answering) for one in held):
            raise LLMFailure("off_question")
        kept = held if self._settings.answer.unsupported == "drop" else list(checked)
        # A small model goes on through the whole list of evidence, whatever it was told.
        kept = kept[: self._settings.answer.max_sentences + 1]
        return self._composed(kept, len(checked) - len(held), stream.unknown)

    def _composed(self, kept: Sequence[Written], dropped: int, unknown: Sequence[str]) -> Composed:
        language = self._question.language
        answer = cite(kept, language)
        notes = [*answer.notes, *self._notes(kept, dropped, unknown)]
        answer, added = add_conflicts(answer, self._disagreements, self._evidence, language)
        if added:
            notes.append(f"The model passed over {added} contradiction(s); the program added them.")
        return Composed(
            text="\n".join(answer.lines),
            sentences=answer.sentences,
            citations=answer.citations,
            disagreements=self._disagreements,
            notes=tuple(notes),
        )

    def _notes(self, kept: Sequence[Written], dropped: int, unknown: Sequence[str]) -> list[str]:
        notes = []
        if unknown:
            named = ", ".join(dict.fromkeys(unknown))
            notes.append(f"Removed markers that point to nothing: {named}.")
        if dropped and self._settings.answer.unsupported == "drop":
            notes.append(f"Dropped {dropped} sentence(s) that their quotes do not support.")
        elif dropped:
            notes.append(f"{dropped} sentence(s) are shown as not supported by their quotes.")
        moved = sum(one.is_reattributed for one in kept)
        if moved:
            notes.append(f"Citations of {moved} sentence(s) were found by the program.")
        idle = sum(one.idle for one in kept)
        if idle:
            notes.append(f"Removed {idle} citation(s) that do not hold their sentence.")
        if self._packed.left_out:
            notes.append(
                f"{self._packed.left_out} sentence(s) of evidence were not shown to the model."
            )
        return notes

    def _messages(self, budget_tokens: int) -> Sequence[Message]:
        language = self._question.language
        lines = conflict_lines(self._disagreements, language)
        bare = self._render("", lines)
        taken = sum(estimate_tokens(message.text) for message in bare)
        self._packed = pack(
            self._evidence, self._disagreements, language, budget_tokens=budget_tokens - taken
        )
        if not self._packed.items:
            raise LLMFailure("context_overflow", "no sentence fits")
        return self._render(evidence_text(self._packed.items, language), lines)

    def _render(self, evidence: str, disagreements: str) -> tuple[Message, ...]:
        return self._prompt.render(
            question=self._question.text[:1000],
            evidence=evidence,
            disagreements=disagreements,
            max_sentences=self._settings.answer.max_sentences + 1,
            nothing=llm_data("nothing")[0 if self._prompt.language == "de" else 1],
        )

    def _refuse_unusable(self, text: str) -> None:
        stream = MarkerStream(len(self._packed.items))
        stream.feed(text)
        stream.finish()
        refuse_unusable(stream.sentences(self._question.language), self._question.language)


def _usage(allowance: Allowance, seconds: float, done: Completion | None) -> dict[str, float]:
    usage: dict[str, float] = {"calls": allowance.calls, "seconds": round(seconds, 3)}
    if done is not None:
        usage.update(
            completion_tokens=done.completion_tokens,
            first_token_seconds=round(done.first_token_seconds, 3),
            is_cached=float(done.is_cached),
        )
        if done.prompt_tokens is not None:
            usage["prompt_tokens"] = done.prompt_tokens
    return usage


__all__ = ["Generated", "Item", "OnDraft", "fallen_back", "generate"]
