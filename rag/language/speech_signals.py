"""Signs of reported speech other than verbs: „laut X“, Konjunktiv I, „soll … sein“, „angeblich“."""

from __future__ import annotations

from typing import Literal, NamedTuple

from rag.language.lexicon import word_set
from rag.language.speakers import SpeakerFound, english_phrase_after, phrase_after
from rag.language.words import Word, lower_at

Signal = Literal["source", "verb", "conjunctive", "hearsay", "quotation"]


class SignalFound(NamedTuple):
    """What gave reported speech away; ``name`` stands where the speaker is part of a word."""

    signal: Signal
    span: SpeakerFound | None
    verb: str | None = None
    name: str | None = None


def source_phrase(found: tuple[Word, ...]) -> SignalFound | None:
    """„laut X“, „nach Angaben der X“, „X zufolge“, „nach Polizeiangaben“, „so X“."""
    for index, word in enumerate(found):
        lower = word.lower
        if lower == "laut":
            return SignalFound("source", phrase_after(found, index + 1), "laut")
        if lower == "zufolge":
            name = _source_in_compound(found[index - 1].text) if index else None
            return SignalFound("source", _phrase_ending(found, index), "zufolge", name)
        if lower in ("nach", "gemäß") and (found_source := _after_source_noun(found, index)):
            return found_source
        if lower == "so" and _is_so_speaker(found, index):
            return SignalFound("source", phrase_after(found, index + 1), "so")
        if lower == "berufung" and lower_at(found, index + 1) == "auf":
            return SignalFound("source", phrase_after(found, index + 2), "unter Berufung auf")
    return None


def _is_so_speaker(found: tuple[Word, ...], index: int) -> bool:
    """Whether „so“ names a speaker: behind a comma or mark, before a noun phrase that ends it."""
    if index == 0 or found[index - 1].is_word or index + 1 >= len(found):
        return False
    after = found[index + 1]
    starts = after.is_capitalised or after.lower in ("der", "die", "das", "ein", "eine")
    span = phrase_after(found, index + 1) if starts else None
    return span is not None and (span.last >= len(found) or not found[span.last].is_word)


def _after_source_noun(found: tuple[Word, ...], index: int) -> SignalFound | None:
    """„nach (ersten) Angaben der Polizei“, „nach US-Einschätzung“."""
    for at in range(index + 1, min(index + 4, len(found))):
        lower = found[at].lower
        nouns = word_set("speech", "de_source_nouns")
        if lower in nouns:
            if _is_other_sense(found, at):
                return None
            span = phrase_after(found, at + 1) if _has_genitive(found, at + 1) else None
            return SignalFound("source", span, f"nach {found[at].text}")
        if (name := _source_in_compound(found[at].text)) is not None:
            return SignalFound("source", SpeakerFound(at, at + 1), f"nach {found[at].text}", name)
        if found[at].is_capitalised or not found[at].is_word:
            return None
    return None


def _source_in_compound(word: str) -> str | None:
    """„Polizei“ of „Polizeiangaben“, „US“ of „US-Einschätzung“."""
    endings = [
        noun for noun in word_set("speech", "de_source_nouns") if word.lower().endswith(noun)
    ]
    longest = max(endings, key=len, default="")
    name = word[: len(word) - len(longest)].rstrip("-")
    return name if longest and len(name) > 1 else None


def _has_genitive(found: tuple[Word, ...], index: int) -> bool:
    before = lower_at(found, index)
    return before in ("von", "vom", "der", "des", "eines", "einer", "seiner", "ihrer") or (
        index < len(found) and found[index].is_capitalised
    )


def _is_other_sense(found: tuple[Word, ...], index: int) -> bool:
    """„nach dem Urteil“ and „nach Berichten über“ are times or topics, no sources."""
    has_article = lower_at(found, index - 1) in ("dem", "der", "den", "einem", "einer")
    return found[index].lower in ("urteil", "bericht", "daten", "zahlen") and has_article


def _phrase_ending(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """The noun phrase right before „zufolge“."""
    first = index
    while first > 0 and _is_nominal(found, first - 1):
        first -= 1
    return SpeakerFound(first, index) if first < index else None


def _is_nominal(found: tuple[Word, ...], index: int) -> bool:
    word = found[index]
    if not word.is_word:
        return False
    if word.is_capitalised or word.lower in word_set("speech", "determiners"):
        return True
    return word.lower not in word_set("functions", "de") and word.lower.endswith(("en", "er", "es"))


def conjunctive(found: tuple[Word, ...]) -> SignalFound | None:
    """A Konjunktiv I that no „als“ or „ich“ explains."""
    spoken = {word.lower for word in found}
    if "ich" in spoken:
        return None
    for index, word in enumerate(found):
        if word.is_capitalised and index > 0:
            continue
        before = {lower_at(found, index - 1), lower_at(found, index - 2)}
        if "als" in before or lower_at(found, index + 1) == "denn":
            continue
        is_clear = word.lower in word_set("speech", "de_konjunktiv_clear")
        is_late = index > 0 and word.lower in word_set("speech", "de_konjunktiv")
        if (is_clear and index > 0) or (is_late and _follows_subject(found, index)):
            return SignalFound("conjunctive", None, word.text)
    return None


def _follows_subject(found: tuple[Word, ...], index: int) -> bool:
    """Whether a form such as „gehe“ or „komme“ can be third person: behind a noun or „es“."""
    before = found[index - 1]
    ends_clause = index + 1 >= len(found) or not found[index + 1].is_word
    is_subject = before.is_capitalised or before.lower in ("es", "er", "sie", "man", "dies", "das")
    return is_subject or ends_clause


def hearsay_should(found: tuple[Word, ...]) -> SignalFound | None:
    """„soll … gewesen sein“: hearsay; „soll … öffnen“ is a plan."""
    for index, word in enumerate(found):
        if word.lower not in ("soll", "sollen"):
            continue
        end = next((at for at in range(index + 1, len(found)) if found[at].text in ",.;:!?"),
                   len(found))  # fmt: skip
        tail = [found[at].lower for at in range(max(index + 1, end - 3), end)]
        if tail and ("haben" in tail or "sein" in tail):
            return SignalFound("hearsay", None, word.text)
    return None


def hearsay_word(found: tuple[Word, ...], tongue: str) -> SignalFound | None:
    """„angeblich“, „reportedly“: reported by nobody named."""
    for word in found:
        if word.lower in word_set("speech", f"{tongue}_hearsay"):
            return SignalFound("hearsay", None, word.text)
    return None


def english_source_phrase(found: tuple[Word, ...]) -> SignalFound | None:
    """„according to the ministry“."""
    for index, word in enumerate(found):
        if word.lower == "according" and lower_at(found, index + 1) == "to":
            return SignalFound("source", english_phrase_after(found, index + 2), "according to")
    return None
