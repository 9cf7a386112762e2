"""The quick tagger must give HanTa's results, to the last bit."""

from __future__ import annotations

import re

import pytest
from HanTa.HanoverTagger import HanoverTagger

from rag.compare.tagging import QuickTagger

_GERMAN = """Die Feuerwehr rettete am Dienstag siebzehn Bewohner aus dem brennenden Mietshaus.
Oberbürgermeisterin Klara Immenthal widersprach der Darstellung des Stadtrats entschieden.
Weshalb kamen die Löscharbeiten ins Stocken? Wegen eingefrorener Hydranten, so der Einsatzleiter.
„Wir wurden nicht gefragt“, sagte Kasimir Wolkenrath, 43, der Kreiswehrführer von Torgelau.
Das Grundwasserüberwachungsgesetz gilt seit 1997; die Xylquatschprämie beträgt 1.500 Euro.
ein kein nicht ist a ß İ é ́ …"""
_ENGLISH = """Firefighters rescued seventeen residents from the burning tenement on Tuesday.
Mayor Clara Immenthal flatly contradicted what the councillors had described.
"We weren't asked," said Casimir Wolkenrath, 43, who heads the district's brigade.
The quoxified overgrounding levy amounts to 1,500 euros a é ́ …"""
_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\S")


@pytest.fixture(params=[("morphmodel_ger.pgz", _GERMAN), ("morphmodel_en.pgz", _ENGLISH)])
def both(request: pytest.FixtureRequest) -> tuple[HanoverTagger, QuickTagger, list[list[str]]]:
    model, text = request.param
    return (
        HanoverTagger(model),
        QuickTagger(model),
        [_WORD.findall(line) for line in text.split("\n")],
    )


def test_a_word_has_the_parts_of_speech_and_chances_hanta_gives(
    both: tuple[HanoverTagger, QuickTagger, list[list[str]]],
) -> None:
    slow, quick, sentences = both
    words = {word.lower() for sentence in sentences for word in sentence} | {"", "ab" * 40}
    assert {word: quick.analyze_forward(word) for word in words} == {
        word: slow.analyze_forward(word) for word in words
    }


def test_a_word_has_the_lemma_hanta_gives_for_each_part_of_speech(
    both: tuple[HanoverTagger, QuickTagger, list[list[str]]],
) -> None:
    slow, quick, sentences = both
    words = {word for sentence in sentences for word in sentence}
    asked = [(word, tag) for word in words for tag, _ in slow.analyze_forward(word.lower())[:4]]
    assert [quick._analyze(*each) for each in asked] == [slow._analyze(*each) for each in asked]


def test_a_sentence_is_tagged_as_hanta_tags_it(
    both: tuple[HanoverTagger, QuickTagger, list[list[str]]],
) -> None:
    slow, quick, sentences = both
    assert [quick.tag_sent(words) for words in sentences[:-1]] == [
        slow.tag_sent(words) for words in sentences[:-1]
    ]


def test_a_sentence_without_any_way_through_fails_as_in_hanta(
    both: tuple[HanoverTagger, QuickTagger, list[list[str]]],
) -> None:
    slow, quick, _ = both
    odd = [["\u0301"], ["\u0301", "\u0301"], ["\u0301", "ein"]]
    for words in odd:
        found = []
        for tagger in (slow, quick):
            try:
                found.append(tagger.tag_sent(words))
            except KeyError:
                found.append("no way")
        assert found[0] == found[1]
