from __future__ import annotations

import json
from importlib.resources import files

import pytest

from rag.answer.support import Quoted, check_support, mean_of_best
from rag.answer.support_facts import missing_facts
from rag.types import Article


def quoted(text: str, *, before: str = "", language: str = "de") -> Quoted:
    return Quoted(
        text,
        Article(
            article_id="a", text=f"{before} {text}".strip(), content_hash="", raw_hash="", path="",
            language=language, source="Nordblick", published_at="2025-05-07",
            title="Sperrung in Dornfeld",
        ),
        before,
    )  # fmt: skip


QUOTE = (
    "Am 3. Mai 2025 sperrte Landrätin Ina Stroth die Brücke, "
    "nachdem 12 Risse gefunden worden waren."
)


@pytest.mark.parametrize(
    "sentence",
    [
        QUOTE,
        f"Nordblick berichtet: „{QUOTE}“",
        f"Nordblick, 7. Mai 2025: {QUOTE}",
        "Landrätin Ina Stroth sperrte die Brücke am 3. Mai.",
        "Am 3. Mai 2025 sperrte Ina Stroth die Brücke, nachdem zwölf Risse gefunden worden waren.",
        "Laut Nordblick sperrte Stroth die Brücke.",
    ],
)
def test_what_the_quote_says_is_supported(sentence):
    assert check_support(sentence, "de", [quoted(QUOTE)]).support in ("supported", "verbatim")


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        (QUOTE.replace("12", "17"), "number"),
        (QUOTE.replace("12", "siebzehn"), "number"),
        (QUOTE.replace("3. Mai", "4. Mai"), "date"),
        (QUOTE.replace("Mai", "Juni"), "date"),
        (QUOTE.replace("Ina Stroth", "Jana Brelow"), "name"),
        (QUOTE.replace("sperrte", "sperrte nicht"), "negation"),
        (QUOTE.replace("die Brücke,", "die Brücke nicht,"), "negation"),
    ],
)
def test_one_changed_fact_is_enough_to_refuse(sentence, kind):
    verdict = check_support(sentence, "de", [quoted(QUOTE)])
    assert verdict.support == "unsupported"
    assert kind in {missing.kind for missing in verdict.missing}


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("Die Brücke ist nicht gesperrt.", "Die Brücke ist gesperrt."),
        ("Der Rat lehnte den Antrag ab.", "Der Rat nahm den Antrag an."),
        ("Mehr als 300 Menschen kamen.", "Weniger als 300 Menschen kamen."),
        ("Der Schaden liegt bei 3 Millionen Euro.", "Der Schaden liegt bei 3 Millionen Dollar."),
        ("Das Spiel endete 3:1.", "Das Spiel endete 1:3."),
        ("Es gab 12 Tote und 30 Verletzte.", "Es gab 30 Tote und 12 Verletzte."),
    ],
)
def test_the_opposite_is_not_supported(quote, sentence):
    assert check_support(sentence, "de", [quoted(quote)]).support == "unsupported"


def test_rejected_and_not_accepted_say_the_same():
    verdict = check_support(
        "Der Rat nahm den Antrag nicht an.", "de", [quoted("Der Rat lehnte den Antrag ab.")],
        lambda sentence, quotes: 0.95,
    )  # fmt: skip
    assert verdict.missing == ()


def test_a_name_of_the_sentence_before_may_replace_a_pronoun():
    quote = quoted("Sie sperrte die Brücke am 3. Mai.", before="Ina Stroth reagierte schnell.")
    sentence = "Ina Stroth sperrte die Brücke am 3. Mai."
    assert check_support(sentence, "de", [quote]).support == "supported"


def test_a_weekday_is_the_day_before_publication():
    quote = quoted("Die Brücke wurde am Montag gesperrt.")
    assert check_support("Die Brücke wurde am 5. Mai 2025 gesperrt.", "de", [quote]).missing == ()
    wrong = check_support("Die Brücke wurde am 6. Mai 2025 gesperrt.", "de", [quote])
    assert {missing.kind for missing in wrong.missing} == {"date"}


def test_nothing_cited_is_not_supported():
    assert check_support(QUOTE, "de", []).support == "unsupported"


def test_other_words_altogether_are_not_supported():
    assert check_support("Der Zoo bekam neue Pinguine.", "de", [quoted(QUOTE)]).support == (
        "unsupported"
    )


@pytest.mark.parametrize(("cosine", "support"), [(0.95, "supported"), (0.5, "unsupported")])
def test_the_embedding_decides_where_words_do_not(cosine, support):
    quote = quoted("Wegen der Risse durfte niemand mehr über die Brücke fahren.")
    sentence = "Die Brücke war wegen der Risse dicht."
    verdict = check_support(sentence, "de", [quote], lambda text, quotes: cosine)
    assert verdict.support == support


def test_across_languages_facts_are_checked_and_meaning_needs_the_embedding():
    quote = quoted("Zwölf Pendler saßen am 3. Mai 2025 in Dornfeld fest.")
    sentence = "Twelve commuters were stuck in Dornfeld on 3 May 2025."
    assert check_support(sentence, "en", [quote]).support == "unchecked"
    assert check_support(sentence, "en", [quote], lambda a, b: 0.9).support == "supported"
    assert check_support(sentence, "en", [quote], lambda a, b: 0.6).support == "unsupported"
    wrong = sentence.replace("Twelve", "Fifteen")
    assert check_support(wrong, "en", [quote], lambda a, b: 0.99).support == "unsupported"


def test_one_sentence_alike_by_chance_is_not_enough():
    assert mean_of_best([0.9, 0.6, 0.6, 0.1]) == pytest.approx(0.7)
    assert mean_of_best([]) == 0.0


def test_the_weights_come_with_the_report_of_their_fitting():
    data = json.loads((files("rag") / "data" / "support.json").read_text(encoding="utf-8"))
    assert data["report"]["meaning"]["n"] > 50
    assert data["meaning"]["weights"]["similarity"] > 0


@pytest.mark.parametrize("odd", ["5 km²", "³", "10³ CO² ¹", "½ Liter", "①"])
def test_a_superscript_digit_is_read_without_a_crash(odd):
    text = f"Die Fläche misst {odd} im Norden."
    assert check_support(text, "de", [quoted(text)]).support == "verbatim"
    assert check_support(f"Es sind {odd}.", "de", [quoted("Die Brücke ist zu.")]).support


@pytest.mark.parametrize(
    ("quote", "sentence", "is_held"),
    [
        ("The plant runs a PWR.", "The plant runs a Pressurized Water Reactor (PWR).", True),
        ("The Blue River Alliance met.", "The BRA met.", True),
        ("The plant sold 40 tons of uranium.", "It sold 40 metric tons of uranium (MTU).", True),
        ("The plant runs a BWR.", "The plant runs a Pressurized Water Reactor (PWR).", False),
        ("The Blue River Alliance met.", "The BRL met.", False),
    ],
)
def test_an_abbreviation_and_its_words_are_one_name(quote, sentence, is_held):
    missing = missing_facts(sentence, "en", [quoted(quote, language="en")])
    assert (not any(each.kind == "name" for each in missing)) is is_held
