"""The quick tagger must give HanTa's results, to the last bit."""

from __future__ import annotations

import re

import pytest
from HanTa.HanoverTagger import HanoverTagger

from rag.compare.phrases import tag
from rag.language.tagging import QuickTagger
from rag.types import Language

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


@pytest.mark.parametrize(("model", "language", "text"), [
    ("morphmodel_ger.pgz", "de", _GERMAN), ("morphmodel_en.pgz", "en", _ENGLISH),
])  # fmt: skip
def test_a_word_of_a_sentence_has_the_lemma_hanta_gives_it_there(
    model: str, language: Language, text: str
) -> None:
    slow = HanoverTagger(model)
    for sentence in text.split("\n")[:-1]:
        expected = [lemma.lower() for _, lemma, _ in slow.tag_sent(_WORD.findall(sentence))]
        assert [word.lemma for word in tag(sentence, language)] == expected


def test_where_no_way_leads_through_a_sentence_each_word_is_its_own_lemma() -> None:
    assert [word.lemma for word in tag("\u0301", "de")] == ["\u0301"]
