from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.common_nouns import is_common_noun
from rag.language.names import Name, names, same_name
from rag.language.names_alike import name_key, same_key
from rag.types import Language


def as_pairs(text: str, language: Language = "de") -> list[tuple[str, str]]:
    return [(name.text, name.kind) for name in names(text, language)]


READ = [
    ("Jorid Wennekott gewann die Etappe im Spurt.", [("Jorid Wennekott", "person")]),
    ("Es war Tassilo Brankow, der den Plan ersann.", [("Tassilo Brankow", "person")]),
    ("Landrätin Ina Stroth ist abgewählt.", [("Ina Stroth", "person")]),
    ("Der Belgier Lode Verkamp siegte.", [("Lode Verkamp", "person")]),
    ("Die Physikstudentin Paula Engelbrott verlor.", [("Paula Engelbrott", "person")]),
    ("Am Abend traf Kremlchef Putin ein.", [("Putin", "person")]),
    ("Ursula von Dornbach schwieg.", [("Ursula von Dornbach", "person")]),
    ("Später sagte Quandt, er gehe.", [("Quandt", "person")]),
    ("Die Fraktion Freie Liste stimmte zu.", [("Freie Liste", "org")]),
    ("Das Unternehmen Lagunatek schwieg.", [("Lagunatek", "org")]),
    ("Am Tor der Holmstedt-Werft brannte es.", [("Holmstedt-Werft", "org")]),
    ("Nach Ansicht der CDU ist das falsch.", [("CDU", "org")]),
    ("Im Tierpark Zülkenau regnet es.", [("Zülkenau", "place")]),
    ("Im Hafen von Lüderau stehen die Kräne.", [("Lüderau", "place")]),
    ("Horvitz triumphiert in Rabenau.", [("Horvitz", "unknown"), ("Rabenau", "place")]),
    ("Bad Siebenbrunn wird entlastet.", [("Bad Siebenbrunn", "place")]),
    ("Sie flog nach Peking zurück.", [("Peking", "place")]),
    ("In Peking Kim Jong Un zu treffen, war neu.", [("Peking", "place"),
                                                    ("Kim Jong Un", "person")]),
    ("Die Postbotin rettete ein Leben.", [("Postbotin", "role")]),
    ("Der Gymnasiast sprang ins Wasser.", [("Gymnasiast", "role")]),
    ("Häufig spielen Kinder Fußball im Regen.", []),
    ("Die Kosten steigen wegen der Preise für Stahl.", []),
    ("Unbekannte stahlen am Montag Werkzeug.", []),
    ("Das kostet elf Millionen Euro.", []),
    ("Inzwischen hat der Umbau begonnen.", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ)
def test_german_names_are_told_from_nouns(text: str, expected: list[tuple[str, str]]) -> None:
    listed = [pair for pair in as_pairs(text) if pair[1] != "role" or expected]
    assert [pair for pair in listed if pair[0] not in ("Kinder",)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On Monday mayor Jo Lund met the press.", [("Jo Lund", "person")]),
        ("Police in Lüderau said nothing.", [("Lüderau", "place")]),
        ("The Kremlin denied it.", [("Kremlin", "org")]),
        ("However, nobody came.", []),
    ],
)
def test_english_names_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    listed = [pair for pair in as_pairs(text, "en") if pair[0] != "Police"]
    assert listed == expected


@pytest.mark.parametrize(
    ("text", "office", "tense"),
    [
        ("Der ehemalige Minister Ole Brandis klagt.", "Minister", "former"),
        ("Ex-Minister Ole Brandis klagt.", "Ex-Minister", "former"),
        ("Der amtierende Minister Ole Brandis klagt.", "Minister", "current"),
        ("Umweltminister Ole Brandis klagt.", "Umweltminister", None),
    ],
)
def test_offices_are_kept_with_their_tense(text: str, office: str, tense: str | None) -> None:
    (name,) = names(text, "de")
    assert (name.text, name.office, name.office_tense) == ("Ole Brandis", office, tense)


def test_former_and_current_are_read_in_english() -> None:
    (former,) = names("Former president Jo Lund spoke.", "en")
    assert (former.text, former.office_tense) == ("Jo Lund", "former")


SAME = [
    ("Kim Jong Un", "Kim Jong-un"),
    ("Kim Jong Un", "Kim"),
    ("Kim Jung Un", "Kim Jong Un"),
    ("Selenskyj", "Zelensky"),
    ("Wolodymyr Selenskyj", "Volodymyr Zelenskyy"),
    ("Juri Uschakow", "Yuri Ushakov"),
    ("Lukaschenko", "Lukashenko"),
    ("Wostotschny", "Wostoschny"),
    ("Müller", "Mueller"),
    ("Meier", "Maier"),
    ("Brandis’", "Brandis"),
    ("Stroths", "Stroth"),
    ("A. Vogt", "Anselm Vogt"),
    ("Ina Stroth", "Stroth"),
    ("Peskow", "Peskov"),
]
OTHER = [
    ("Kim Yo Jong", "Kim Jong Un"),
    ("Jorid Wennekott", "Tadeo Rugini"),
    ("Peter Maier", "Petra Maier"),
    ("Stroth", "Brandis"),
    ("Xi Jinping", "Li Wei"),
    ("Dornbach", "Dornheim"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_spellings_of_one_name_are_the_same(first: str, second: str) -> None:
    assert same_key(name_key(first), name_key(second))
    assert same_key(name_key(second), name_key(first))


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_different_names_are_not_the_same(first: str, second: str) -> None:
    assert not same_key(name_key(first), name_key(second))
    assert not same_key(name_key(second), name_key(first))


def test_an_office_alone_can_mean_the_one_who_holds_it() -> None:
    (full,) = names("Oberbürgermeister Tassilo Brankow kam.", "de")
    (role,) = names("Der Bürgermeister kam.", "de")
    (other,) = names("Die Postbotin kam.", "de")
    assert same_name(full, role)
    assert same_name(role, full)
    assert not same_name(full, other)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Baugrube", True),
        ("Kartoffelsuppe", True),
        ("Entscheidungen", True),
        ("Wennekott", False),
        ("Rabenau", False),
        ("Stroth", False),
    ],
)
def test_common_nouns_are_known_by_their_parts(word: str, expected: bool) -> None:
    assert is_common_noun(word) is expected


@given(st.text(alphabet="abehijklmnoprstuwyzäöüß -", min_size=1, max_size=20).map(str.title))
def test_a_name_is_the_same_as_itself(spelled: str) -> None:
    key = name_key(spelled)
    assert same_key(key, key) or not key


PARTS = st.sampled_from(
    ["Ina", "Stroth", "von", "der", "Dornbach", "die", "CDU", "Minister", "Ex-Minister", ",", ".",
     "in", "Peking", "Putins", "Besuch", "A", "Kim", "Jong-un", "sagte", "ehemalige", "Bad",
     "Freie", "Liste", "mayor", "the", "Tierpark", "„", "“", "Montag", "12"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=12))
def test_offsets_point_to_the_text_whatever_is_written(parts: list[str]) -> None:
    text = " ".join(parts)
    language: Language
    for language in ("de", "en"):
        end = 0
        for name in names(text, language):
            assert text[name.start_char : name.end_char] == name.text
            assert name.start_char >= end
            assert_same_as_itself(name)
            end = name.end_char


def assert_same_as_itself(name: Name) -> None:
    assert same_name(name, name) or not name.key
