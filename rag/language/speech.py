"""Who says a sentence: the outlet itself, or somebody it reports or quotes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.language.quotations import Quotation, quotations
from rag.language.reporting_verbs import english_reporting_verb, reporting_verb
from rag.language.speakers import SpeakerKind, speaker_kind
from rag.language.speech_signals import (
    Signal,
    SignalFound,
    conjunctive,
    english_source_phrase,
    hearsay_should,
    hearsay_word,
    source_phrase,
)
from rag.language.words import Word, words
from rag.types import Language

__all__ = ["Attribution", "Quotation", "SpeakerKind", "attribution", "quotations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says a sentence.

    ``own``: the outlet. ``reported``: somebody it reports, without their words. ``quoted``: in
    their words. ``speaker`` is the phrase of the text, ``None`` where the sentence names nobody
    (then it is whoever spoke before). ``signal`` is what gave it away.
    """

    kind: Literal["own", "reported", "quoted"]
    speaker: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    speaker_kind: SpeakerKind = "unknown"
    verb: str | None = None
    signal: Signal | None = None
    quotations: tuple[Quotation, ...] = ()


@lru_cache(maxsize=4096)
def attribution(text: str, language: Language) -> Attribution:
    """Who says this sentence, and by which words that is known."""
    quoted = quotations(text)
    speech = [quotation for quotation in quoted if quotation.is_speech]
    found = words(_blanked(text, quoted))
    tongue = "en" if language == "en" else "de"
    signal = _signal(found, tongue, bool(speech))
    if signal is None and not speech:
        return Attribution(kind="own", quotations=quoted)
    signal = signal or SignalFound("quotation", None)
    speaker, start, end = _speaker(text, found, signal)
    return Attribution(
        kind="quoted" if speech else "reported",
        speaker=speaker,
        speaker_start=start,
        speaker_end=end,
        speaker_kind=speaker_kind(speaker) if speaker else "unknown",
        verb=signal.verb,
        signal=signal.signal,
        quotations=quoted,
    )


def _blanked(text: str, quoted: tuple[Quotation, ...]) -> str:
    """The text with speech replaced by as many full stops: its words belong to the speaker."""
    for quotation in quoted:
        if quotation.is_speech:
            gap = "\u2026" * (quotation.inner_end - quotation.inner_start)
            text = text[: quotation.inner_start] + gap + text[quotation.inner_end :]
    return text


def _speaker(
    text: str, found: tuple[Word, ...], signal: SignalFound
) -> tuple[str | None, int | None, int | None]:
    if signal.span is None:
        return signal.name, None, None
    start = found[signal.span.first].start_char
    end = found[signal.span.last - 1].end_char
    return signal.name or text[start:end], start, end


def _signal(found: tuple[Word, ...], tongue: str, has_speech: bool) -> SignalFound | None:
    if tongue == "en":
        return (
            english_source_phrase(found)
            or english_reporting_verb(found, has_speech)
            or hearsay_word(found, "en")
        )
    subjunctive = conjunctive(found)
    named = source_phrase(found) or reporting_verb(found, has_speech or subjunctive is not None)
    return named or subjunctive or hearsay_should(found) or hearsay_word(found, "de")
