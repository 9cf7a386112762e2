"""Who says a sentence: the outlet itself, or somebody it reports or quotes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from rag.language.lexicon import lexicon, word_set
from rag.language.quotations import Quotation, quotations
from rag.language.speakers import (
    SpeakerFound,
    SpeakerKind,
    clause_start,
    english_phrase_after,
    english_phrase_before,
    phrase_after,
    phrase_before,
    speaker_kind,
)
from rag.language.words import Word, lower_at, words
from rag.types import Language

__all__ = ["Attribution", "Quotation", "SpeakerKind", "attribution", "quotations"]

Signal = Literal["source", "verb", "conjunctive", "hearsay", "quotation"]


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


class _Found(NamedTuple):
    signal: Signal
    span: SpeakerFound | None
    verb: str | None = None
    name: str | None = None


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
    signal = signal or _Found("quotation", None)
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
    text: str, found: tuple[Word, ...], signal: _Found
) -> tuple[str | None, int | None, int | None]:
    if signal.span is None:
        return signal.name, None, None
    start = found[signal.span.first].start_char
    end = found[signal.span.last - 1].end_char
    return signal.name or text[start:end], start, end


def _signal(found: tuple[Word, ...], tongue: str, has_speech: bool) -> _Found | None:
    if tongue == "en":
        return _english_source(found) or _english_verb(found, has_speech) or _hearsay(found, "en")
    conjunctive = _conjunctive(found)
    named = _source(found) or _verb(found, has_speech or conjunctive is not None)
    return named or conjunctive or _should(found) or _hearsay(found, "de")


def _source(found: tuple[Word, ...]) -> _Found | None:
    """„laut X“, „nach Angaben der X“, „X zufolge“, „nach Polizeiangaben“, „so X“."""
    for index, word in enumerate(found):
        lower = word.lower
        if lower == "laut":
            return _Found("source", phrase_after(found, index + 1), "laut")
        if lower == "zufolge":
            name = _source_in_compound(found[index - 1].text) if index else None
            return _Found("source", _phrase_ending(found, index), "zufolge", name)
        if lower in ("nach", "gemäß") and (found_source := _after_source_noun(found, index)):
            return found_source
        if lower == "so" and _is_so_speaker(found, index):
            return _Found("source", phrase_after(found, index + 1), "so")
        if lower == "berufung" and lower_at(found, index + 1) == "auf":
            return _Found("source", phrase_after(found, index + 2), "unter Berufung auf")
    return None


def _is_so_speaker(found: tuple[Word, ...], index: int) -> bool:
    """Whether „so“ names a speaker: behind a comma or mark, before a noun phrase that ends it."""
    if index == 0 or found[index - 1].is_word or index + 1 >= len(found):
        return False
    after = found[index + 1]
    starts = after.is_capitalised or after.lower in ("der", "die", "das", "ein", "eine")
    span = phrase_after(found, index + 1) if starts else None
    return span is not None and (span.last >= len(found) or not found[span.last].is_word)


def _after_source_noun(found: tuple[Word, ...], index: int) -> _Found | None:
    """„nach (ersten) Angaben der Polizei“, „nach US-Einschätzung“."""
    for at in range(index + 1, min(index + 4, len(found))):
        lower = found[at].lower
        nouns = word_set("speech", "de_source_nouns")
        if lower in nouns:
            if _is_other_sense(found, at):
                return None
            span = phrase_after(found, at + 1) if _has_genitive(found, at + 1) else None
            return _Found("source", span, f"nach {found[at].text}")
        if (name := _source_in_compound(found[at].text)) is not None:
            return _Found("source", SpeakerFound(at, at + 1), f"nach {found[at].text}", name)
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


def _verb(found: tuple[Word, ...], is_open: bool) -> _Found | None:
    """The first verb of saying with its subject; weak ones only beside speech or a clause."""
    for index, word in enumerate(found):
        if word.is_capitalised and index > 0:
            continue
        if word.lower in ("hieß", "heißt") and lower_at(found, index + 1) == "es":
            return _Found("verb", _behind_preposition(found, index + 2), f"{word.text} es")
        if _is_verb_of_saying(found, index, is_open):
            return _Found("verb", _subject(found, index), _spoken_verb(found, index))
        if word.lower in ("hat", "haben", "hatte", "hatten"):
            participle = _participle(found, index)
            if participle is not None:
                span = phrase_before(found, index) or phrase_after(found, index + 1)
                return _Found("verb", span, found[participle].text)
    return None


def _is_verb_of_saying(found: tuple[Word, ...], index: int, is_open: bool) -> bool:
    lower = found[index].lower
    if lower in word_set("speech", "de_joined"):
        return True
    particles = lexicon("speech")["de_separable"].get(lower)
    if particles is not None:
        is_joined = lower_at(found, index - 1) in particles and lower_at(found, index - 1) != "an"
        return is_joined or _particle(found, index, particles) is not None
    if lower not in word_set("speech", "de_verbs"):
        return False
    if lower_at(found, index + 1) == "sich" and lower.startswith("meld"):
        return False
    if lower_at(found, index - 1) in ("wird", "wurde", "werden", "wurden", "ist", "sind", "zu"):
        return False
    blocked = lexicon("speech")["de_not_with_particle"].get(lower)
    if blocked and _particle(found, index, blocked) is not None:
        return False
    if lower in word_set("speech", "de_weak_verbs") and not is_open:
        return _governs_clause(found, index)
    return _is_finite(found, index)


def _is_finite(found: tuple[Word, ...], index: int) -> bool:
    """„bestätigt“ and „erklärt“ at the end of a passive are participles, not verbs of saying."""
    if not found[index].lower.endswith("t"):
        return True
    start = clause_start(found, index)
    auxiliaries = ("wird", "wurde", "werden", "wurden", "ist", "sind", "war", "hat", "haben", "sei")
    return not any(found[at].lower in auxiliaries for at in range(start, index))


def _governs_clause(found: tuple[Word, ...], index: int) -> bool:
    """Whether a comma or colon with „dass“, „ob“ or a new clause follows."""
    if index and found[index - 1].text in ",…":
        return True
    for at in range(index + 1, len(found)):
        if found[at].text == ":":
            return True
        if found[at].text == ",":
            return lower_at(found, at + 1) not in ("und", "der", "die", "das", "um", "wo")
    return False


def _particle(found: tuple[Word, ...], index: int, particles: list[str]) -> int | None:
    """Where the separated particle of a verb stands in its clause."""
    for at in range(index + 1, len(found)):
        if found[at].lower in particles:
            is_end = at + 1 >= len(found) or not found[at + 1].is_word
            is_conjunction = lower_at(found, at + 1) in ("und", "oder", "dass", "als")
            if is_end or is_conjunction or found[at].lower in ("mit", "bekannt", "klar", "zurück"):
                if found[at].lower == "mit" and not (is_end or is_conjunction):
                    continue
                return at
        if found[at].text in ".;:":
            return None
    return None


def _spoken_verb(found: tuple[Word, ...], index: int) -> str:
    particles = lexicon("speech")["de_separable"].get(found[index].lower)
    at = _particle(found, index, particles) if particles else None
    return found[index].text if at is None else f"{found[index].text} {found[at].text}"


def _subject(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """The subject of a verb: „wie X mitteilte“, „X sagte“, „sagte X“, „am Montag sagte X“."""
    start = clause_start(found, index)
    if lower_at(found, start - 1) in ("wie", "dass") and start < index:
        return phrase_after(found, start)
    return phrase_before(found, index) or phrase_after(found, index + 1)


def _participle(found: tuple[Word, ...], index: int) -> int | None:
    for at in range(index + 1, len(found)):
        if found[at].lower in word_set("speech", "de_participles"):
            return at
        if found[at].text in ".;:,":
            return None
    return None


def _behind_preposition(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    """„hieß es **bei der Polizei**“."""
    if lower_at(found, index) in ("bei", "aus", "von", "beim", "vom", "seitens", "in", "im"):
        return phrase_after(found, index + 1)
    return None


def _conjunctive(found: tuple[Word, ...]) -> _Found | None:
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
            return _Found("conjunctive", None, word.text)
    return None


def _follows_subject(found: tuple[Word, ...], index: int) -> bool:
    """Whether a form such as „gehe“ or „komme“ can be third person: behind a noun or „es“."""
    before = found[index - 1]
    ends_clause = index + 1 >= len(found) or not found[index + 1].is_word
    is_subject = before.is_capitalised or before.lower in ("es", "er", "sie", "man", "dies", "das")
    return is_subject or ends_clause


def _should(found: tuple[Word, ...]) -> _Found | None:
    """„soll … gewesen sein“: hearsay; „soll … öffnen“ is a plan."""
    for index, word in enumerate(found):
        if word.lower not in ("soll", "sollen"):
            continue
        end = next((at for at in range(index + 1, len(found)) if found[at].text in ",.;:!?"),
                   len(found))  # fmt: skip
        tail = [found[at].lower for at in range(max(index + 1, end - 3), end)]
        if tail and ("haben" in tail or "sein" in tail):
            return _Found("hearsay", None, word.text)
    return None


def _hearsay(found: tuple[Word, ...], tongue: str) -> _Found | None:
    for word in found:
        if word.lower in word_set("speech", f"{tongue}_hearsay"):
            return _Found("hearsay", None, word.text)
    return None


def _english_source(found: tuple[Word, ...]) -> _Found | None:
    for index, word in enumerate(found):
        if word.lower == "according" and lower_at(found, index + 1) == "to":
            return _Found("source", english_phrase_after(found, index + 2), "according to")
    return None


def _english_verb(found: tuple[Word, ...], has_speech: bool) -> _Found | None:
    for index, word in enumerate(found):
        if word.lower not in word_set("speech", "en_verbs"):
            continue
        if lower_at(found, index - 1) in ("be", "is", "was", "were", "been", "to", "the", "of"):
            continue
        is_weak = word.lower in word_set("speech", "en_weak_verbs")
        follows = lower_at(found, index + 1) in ("that", "reporters", "journalists", ":", ",")
        if is_weak and not (has_speech or follows):
            continue
        return _Found("verb", _english_subject(found, index), word.text)
    return None


def _english_subject(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    is_inverted = index > 0 and not found[index - 1].is_word
    after = lower_at(found, index + 1)
    if is_inverted and after and after not in ("that", "in", "on", "at"):
        return english_phrase_after(found, index + 1)
    return english_phrase_before(found, index)
