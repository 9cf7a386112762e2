"""The parts of speech of a sentence: worked out, or told from where they were kept."""

from __future__ import annotations

import pytest
from pytest import MonkeyPatch

from rag.language.parts_of_speech import (
    UNTAGGED,
    lemma,
    lemma_codes,
    lemma_from,
    parts_of_speech,
    remember,
    tagged_with,
    tagger_of,
    to_keep,
    word_matches,
)
from rag.language.tagging import QuickTagger
from rag.types import Language


def test_each_word_has_the_number_the_tagger_gives_it() -> None:
    sentence = "Die Fähre sank am 3.9. vor Torgelau."
    words = [found.group() for found in word_matches(sentence)]
    assert words == ["Die", "Fähre", "sank", "am", "3.9", ".", "vor", "Torgelau", "."]
    numbers = tagger_of(german=True).tag_sent_viterbi(words)
    assert parts_of_speech(sentence, "de") == bytes(numbers)
    assert parts_of_speech("", "de") == b""


def test_a_sentence_without_any_way_through_stays_untagged(monkeypatch: MonkeyPatch) -> None:
    def no_way(*_: object) -> list[int]:
        raise KeyError("<END>")

    monkeypatch.setattr(QuickTagger, "tag_sent_viterbi", no_way)
    assert parts_of_speech("Kein Weg führt hindurch", "de") == bytes([UNTAGGED]) * 4


def test_what_was_kept_of_a_sentence_is_taken_for_it() -> None:
    remember("Der Moorochse kam wieder.", "de", b"\x07\x08\x09\x0a\x0b")
    assert parts_of_speech("Der Moorochse kam wieder.", "de") == b"\x07\x08\x09\x0a\x0b"
    assert parts_of_speech("Der Moorochse kam wieder.", "en") != b"\x07\x08\x09\x0a\x0b"


def test_what_was_kept_of_another_number_of_words_is_not_taken() -> None:
    remember("Der Moorochse ging wieder.", "de", b"\x07\x08")
    words = [found.group() for found in word_matches("Der Moorochse ging wieder.")]
    expected = tagger_of(german=True).tag_sent_viterbi(words)
    assert parts_of_speech("Der Moorochse ging wieder.", "de") == bytes(expected)


@pytest.mark.parametrize("sentence", ["Die Häuser standen am Flußufer.", "The ships sank.", "Ja"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_lemmas_that_were_kept_are_those_of_the_words(
    sentence: str, language: Language
) -> None:
    kept = to_keep(sentence, language)
    numbers = parts_of_speech(sentence, language)
    assert kept.startswith(numbers) and len(kept) > len(numbers)
    words = [found.group() for found in word_matches(sentence)]
    german = language != "en"
    expected = [lemma(word, at, german=german) for word, at in zip(words, numbers, strict=True)]
    # A sentence of its own, so that nothing is known of it before.
    other = sentence.replace(" ", "\n") + "\n"
    assert not lemma_codes(other, language)
    other += "\n"
    remember(other, language, kept)
    assert parts_of_speech(other, language) == numbers
    codes = lemma_codes(other, language) or [""]
    assert [lemma_from(word, code) for word, code in zip(words, codes, strict=True)] == expected


def test_of_lemmas_that_do_not_fit_the_words_nothing_is_told() -> None:
    kept = to_keep("Die Häuser standen leer.", "de")
    remember("Die Häuser standen da.", "de", kept + b" 1")
    assert not lemma_codes("Die Häuser standen da.", "de")


def test_every_part_of_speech_fits_into_a_byte_with_two_to_spare() -> None:
    for german in (True, False):
        numbers = tagger_of(german=german).int2tag
        known = [number for number in numbers if number > 0]
        assert min(known) > UNTAGGED and max(known) < 254


def test_german_and_english_are_tagged_with_different_taggers() -> None:
    assert tagged_with("de") != tagged_with("en")
