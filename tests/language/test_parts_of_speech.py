"""The parts of speech of a sentence: worked out, or told from where they were kept."""

from __future__ import annotations

from pytest import MonkeyPatch

from rag.language.parts_of_speech import (
    UNTAGGED,
    parts_of_speech,
    remember_parts_of_speech,
    tagged_with,
    tagger_of,
    word_matches,
)
from rag.language.tagging import QuickTagger


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
    remember_parts_of_speech("Der Moorochse kam wieder.", "de", b"\x07\x08\x09\x0a\x0b")
    assert parts_of_speech("Der Moorochse kam wieder.", "de") == b"\x07\x08\x09\x0a\x0b"
    assert parts_of_speech("Der Moorochse kam wieder.", "en") != b"\x07\x08\x09\x0a\x0b"


def test_what_was_kept_of_another_number_of_words_is_not_taken() -> None:
    remember_parts_of_speech("Der Moorochse ging wieder.", "de", b"\x07\x08")
    words = [found.group() for found in word_matches("Der Moorochse ging wieder.")]
    expected = tagger_of(german=True).tag_sent_viterbi(words)
    assert parts_of_speech("Der Moorochse ging wieder.", "de") == bytes(expected)


def test_every_part_of_speech_fits_into_a_byte_with_one_to_spare() -> None:
    for german in (True, False):
        numbers = tagger_of(german=german).int2tag
        known = [number for number in numbers if number > 0]
        assert min(known) > UNTAGGED and max(known) < 255


def test_german_and_english_are_tagged_with_different_taggers() -> None:
    assert tagged_with("de") != tagged_with("en")
