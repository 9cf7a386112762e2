from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.negation import negations
from rag.language.outcome_lexicon import outcome_table
from rag.language.polarity import OutcomeMention, agreeing, opposed, outcomes
from rag.types import Language


def of_topic(text: str, topic: str, language: Language = "de") -> OutcomeMention:
    found = [mention for mention in outcomes(text, language) if mention.topic == topic]
    assert len(found) == 1, outcomes(text, language)
    return found[0]


READ = [
    ("Der Rat stimmte dem Umbau am Abend zu.", "approval", 1),
    ("Der Rat hat dem Umbau zugestimmt.", "approval", 1),
    ("Der Rat will dem Umbau zuzustimmen versuchen.", "approval", 1),
    ("Der Rat lehnte den Umbau nach langer Debatte ab.", "approval", -1),
    ("Der Umbau wurde abgelehnt.", "approval", -1),
    ("Der Umbau wurde nicht abgelehnt.", "approval", 1),
    ("Keine Zustimmung kam aus dem Rat.", "approval", -1),
    ("Drei Stimmen fehlten den Gegnern.", "approval", -1),
    ("Die Reederin dementierte den Bericht.", "confirmation", -1),
    ("Die Reederin bestätigte den Bericht.", "confirmation", 1),
    ("Das sei frei erfunden, sagte sie.", "confirmation", -1),
    ("Dornbach gewann das Finale.", "win", 1),
    ("Dornbach verlor das Finale.", "win", -1),
    ("Sie siegte, ohne eine Partie zu verpassen.", "win", 1),
    ("Das Bad wird nicht geschlossen.", "open", 1),
    ("Das Bad bleibt auf Dauer bestehen.", "open", 1),
    ("Die Werksschließung ist beschlossen.", "open", -1),
    ("Das Konzert fällt aus.", "happen", -1),
    ("Das Konzert findet nicht statt.", "happen", -1),
    ("Das Konzert findet am Abend statt.", "happen", 1),
    ("Das Gericht sprach den Wirt frei.", "guilt", -1),
    ("Der Wirt wurde verurteilt.", "guilt", 1),
    ("Die Landrätin ist abgewählt.", "office", -1),
    ("Die Landrätin bleibt vorerst im Amt.", "office", 1),
    ("Die Abwahl ist gescheitert.", "office", 1),
    ("Zwei Stimmen fehlten, um die Landrätin loszuwerden.", "office", 1),
    ("Der Minister schloss einen Rücktritt aus.", "office", 1),
    ("Die Preise stiegen kräftig.", "trend", 1),
    ("Die Preise sanken kräftig.", "trend", -1),
    ("Der Dieb wurde gefasst.", "capture", 1),
    ("Der Dieb ist auf der Flucht.", "capture", -1),
    ("Ein Verkauf der Mühle sei frei erfunden.", "sale", -1),
    ("Die Familie sucht einen Käufer für die Mühle.", "sale", 1),
    ("Der Plan ist vom Tisch.", "happen", -1),
    ("Das Mädchen überlebte den Sturz.", "life", 1),
    ("Der Reiter kam dabei ums Leben.", "life", -1),
    ("Das Gericht hat die Räumungsklage der Stadt am Dienstag abgewiesen.", "lawsuit", -1),
    ("Mit ihren Eilanträgen blitzten die Nachbarn vor Gericht ab.", "lawsuit", -1),
    ("Am Deich gab der Damm auf ganzer Länge nach.", "withstand", -1),
    ("Der Flut hielt der Deich stand.", "withstand", 1),
    ("Der Deich hat der Flut nicht standgehalten.", "withstand", -1),
    ("Den Hut zu nehmen, kommt für sie nicht infrage.", "office", -1),
    ("Die Fahrerin kam nicht zu Schaden.", "injury", 1),
]


def test_each_idiom_has_words_beside_its_verb() -> None:
    for tongue in ("de", "en"):
        for by_word in outcome_table(tongue).idioms.values():
            for idiom in (idiom for listed in by_word.values() for idiom in listed):
                verb = idiom.outcome.lemma.split()[0 if tongue == "en" else -1]
                assert idiom.companions and verb.islower(), idiom.outcome.lemma
                assert tongue == "en" or verb.endswith("n"), idiom.outcome.lemma


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Die Klage über das Wetter nahm kein Ende, man wies ihm den Weg ab.", "lawsuit"),
        ("Der Hut, den er trug, nahm viel Platz ein.", "office"),
        ("Er schloss den Laden, wo er stand.", "withstand"),
        ("Gegen 18 Uhr stimmte der Rat ab.", "majority"),
    ],
)
def test_an_idiom_is_found_only_where_its_words_stand_together(text: str, topic: str) -> None:
    assert topic not in {mention.topic for mention in outcomes(text, "de")}


@pytest.mark.parametrize(("text", "topic", "result"), READ)
def test_german_outcomes_have_a_topic_and_a_side(text: str, topic: str, result: int) -> None:
    assert of_topic(text, topic).result == result


@pytest.mark.parametrize(
    ("text", "topic", "result"),
    [
        ("The union rejected the offer.", "approval", -1),
        ("The council did not approve the plan.", "approval", -1),
        ("The concert was called off.", "happen", -1),
        ("She has never denied it.", "confirmation", 1),
        ("The mayor remains in office.", "office", 1),
        ("The thief was caught.", "capture", 1),
        ("He didn't win the race.", "win", -1),
        ("The pool reopens in May.", "open", 1),
    ],
)
def test_english_outcomes_have_a_topic_and_a_side(text: str, topic: str, result: int) -> None:
    assert of_topic(text, topic, "en").result == result


OPPOSED = [
    ("Der Rat stimmte dem Umbau zu.", "de", "The council rejected the conversion.", "en"),
    ("Die Landrätin ist abgewählt.", "de", "Sie ist weiterhin im Amt.", "de"),
    ("Das Bad wird geschlossen.", "de", "Das Bad bleibt bestehen.", "de"),
    ("Sie hat die Abreise bestätigt.", "de", "Sie hat die Abreise dementiert.", "de"),
    ("Das Konzert fällt aus.", "de", "Das Konzert fällt nicht aus.", "de"),
]


@pytest.mark.parametrize(("left", "left_language", "right", "right_language"), OPPOSED)
def test_opposite_reports_are_opposed_also_across_languages(
    left: str, left_language: Language, right: str, right_language: Language
) -> None:
    pairs = [
        (first, second)
        for first in outcomes(left, left_language)
        for second in outcomes(right, right_language)
    ]
    assert any(opposed(first, second) for first, second in pairs)
    assert any(opposed(second, first) for first, second in pairs)
    assert not any(agreeing(first, second) for first, second in pairs)


def test_the_same_outcome_in_other_words_agrees() -> None:
    first = of_topic("Die Schule wird nicht geschlossen.", "open")
    second = of_topic("Die Schule bleibt bestehen.", "open")
    assert agreeing(first, second)
    assert not opposed(first, second)


@pytest.mark.parametrize(
    ("text", "topic", "modality"),
    [
        ("Der Rat stimmte dem Umbau zu.", "approval", "asserted"),
        ("Der Rat will den Umbau ablehnen.", "approval", "intended"),
        ("Der Rat könnte den Umbau ablehnen.", "approval", "possible"),
        ("Offen ist, ob der Rat zustimmt.", "approval", "open"),
        ("Sie wollte den Bericht weder bestätigen noch kommentieren.", "confirmation", "open"),
    ],
)
def test_plans_and_possibilities_are_told_from_facts(text: str, topic: str, modality: str) -> None:
    assert of_topic(text, topic).modality == modality


@pytest.mark.parametrize(
    "text",
    [
        "Es wird angenommen, dass es regnet.",
        "Der Anwalt schloss sich der Gruppe an.",
        "Einige Kinder lachten.",
        "Die Ernte ist dem Hagel zum Opfer gefallen.",
        "Fahrräder haben hier nichts verloren.",
        "Die Bundesvereinigung tagt.",
        "Aus gutem Grund lachten sie.",
    ],
)
def test_words_in_another_sense_state_no_outcome(text: str) -> None:
    assert outcomes(text, "de") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sie kam nicht.", ["nicht"]),
        ("Nicht nur sie kam, sondern auch er.", []),
        ("Es kamen nicht mehr als zehn.", []),
        ("Weder sie noch er kam.", ["Weder"]),
        ("Keine Spur, niemand da.", ["Keine", "niemand"]),
        ("Ohnehin kamen alle.", []),
    ],
)
def test_negating_words_are_told_from_look_alikes(text: str, expected: list[str]) -> None:
    assert [negation.text for negation in negations(text, "de")] == expected


def test_a_negation_reaches_to_the_end_of_its_clause_only() -> None:
    text = "Die Schule schließt nicht und der Hort öffnet."
    (negation,) = negations(text, "de")
    assert text[negation.scope_start : negation.scope_end] == "Die Schule schließt nicht"


def test_both_sides_of_a_topic_exist_in_the_lexicon() -> None:
    for tongue in ("de", "en"):
        table = outcome_table(tongue)
        sides: dict[str, set[int]] = {}
        listed = [outcome for group in (table.words, table.nouns) for outcome in group.values()]
        listed += [[outcome for _, outcome in found] for found in table.phrases.values()]
        listed += [
            [idiom.outcome for idiom in found]
            for by in table.idioms.values()
            for found in by.values()
        ]
        for outcome in (outcome for outcomes_of_form in listed for outcome in outcomes_of_form):
            sides.setdefault(outcome.topic, set()).add(outcome.side)
        one_sided = {topic for topic, found in sides.items() if found != {1, -1}}
        assert one_sided <= {"reversal", "ignored"}, tongue


PARTS = st.sampled_from(
    ["stimmte", "zu", "lehnte", "ab", "nicht", "kein", "Verkauf", "frei", "erfunden", "weder",
     "noch", "im", "Amt", "bleibt", ",", ".", "und", "Stimmen", "fehlten", "um", "loszuwerden",
     "gescheitert", "Abwahl", "ob", "will", "rejected", "called", "off", "not", "Rat", "sprach"]
)  # fmt: skip


@given(st.lists(PARTS, max_size=14))
def test_offsets_point_to_the_text_and_nothing_opposes_itself(parts: list[str]) -> None:
    text = " ".join(parts)
    language: Language
    for language in ("de", "en"):
        for mention in outcomes(text, language):
            assert text[mention.start_char : mention.end_char] == mention.text
            assert not opposed(mention, mention)
            assert agreeing(mention, mention)
