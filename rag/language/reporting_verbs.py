"""Verbs of saying with the speaker that is their subject: „teilte die Polizei mit“."""

from __future__ import annotations

from rag.language.lexicon import lexicon, word_set
from rag.language.speakers import (
    SpeakerFound,
    clause_start,
    english_phrase_after,
    english_phrase_before,
    phrase_after,
    phrase_before,
)
from rag.language.speech_signals import SignalFound
from rag.language.words import Word, lower_at

_AUXILIARIES = frozenset(
    ["wird", "wurde", "werden", "wurden", "worden", "ist", "sind", "war", "waren", "hat", "haben",
     "hatte", "hatten", "sei", "seien", "habe", "werde", "würde", "würden"]
)  # fmt: skip


def reporting_verb(found: tuple[Word, ...], is_open: bool) -> SignalFound | None:
    """The first verb of saying with its subject; weak ones only beside speech or a clause."""
    for index, word in enumerate(found):
        if word.is_capitalised and index > 0:
            continue
        if word.lower in ("hieß", "heißt") and lower_at(found, index + 1) == "es":
            return SignalFound("verb", _behind_preposition(found, index + 2), f"{word.text} es")
        if _is_verb_of_saying(found, index, is_open):
            return SignalFound("verb", _subject(found, index), _spoken_verb(found, index))
        if word.lower in ("hat", "haben", "hatte", "hatten"):
            participle = _participle(found, index)
            if participle is not None:
                span = phrase_before(found, index) or phrase_after(found, index + 1)
                return SignalFound("verb", span, found[participle].text)
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
    if lower_at(found, index + 1) in _AUXILIARIES:
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
    return not any(found[at].lower in _AUXILIARIES for at in range(start, index))


def _governs_clause(found: tuple[Word, ...], index: int) -> bool:
    """Whether a comma or colon with „dass“, „ob“ or a new clause follows."""
    if index and found[index - 1].text in ",…" and _is_afterthought(found, index):
        return True
    for at in range(index + 1, len(found)):
        if found[at].text == ":":
            return True
        if found[at].text == ",":
            return lower_at(found, at + 1) not in ("und", "der", "die", "das", "um", "wo")
    return False


def _is_afterthought(found: tuple[Word, ...], index: int) -> bool:
    """„…, rechnet er vor.“: only a short subject follows the verb up to the end."""
    span = phrase_after(found, index + 1)
    return span is not None and len(found) - span.last <= 5


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
    before = phrase_before(found, index)
    if before is not None and before.last - before.first == 1 and before.first == 0:
        # „Einmal sagt Merkel“: a lone capitalised word may be an adverb.
        is_next = index + 1 < len(found) and found[index + 1].is_capitalised
        return phrase_after(found, index + 1) if is_next else before
    return before or phrase_after(found, index + 1)


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


def english_reporting_verb(found: tuple[Word, ...], has_speech: bool) -> SignalFound | None:
    """The first English verb of saying with its subject."""
    for index, word in enumerate(found):
        if word.lower not in word_set("speech", "en_verbs"):
            continue
        if lower_at(found, index - 1) in ("be", "is", "was", "were", "been", "to", "the", "of"):
            continue
        is_weak = word.lower in word_set("speech", "en_weak_verbs")
        follows = lower_at(found, index + 1) in ("that", "reporters", "journalists", ":", ",")
        if is_weak and not (has_speech or follows):
            continue
        return SignalFound("verb", _english_subject(found, index), word.text)
    return None


def _english_subject(found: tuple[Word, ...], index: int) -> SpeakerFound | None:
    is_inverted = index > 0 and not found[index - 1].is_word
    after = lower_at(found, index + 1)
    if is_inverted and after and after not in ("that", "in", "on", "at"):
        return english_phrase_after(found, index + 1)
    return english_phrase_before(found, index)
