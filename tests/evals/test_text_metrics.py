"""What an answer holds, worked by hand."""

from __future__ import annotations

import pytest

from evals.metrics.costs import peak_memory_mb, percentile, token_count
from evals.metrics.support import balanced_accuracy
from evals.metrics.texts import (
    bare_answer,
    matches,
    nugget_recall,
    opening,
    redundancy,
    token_f1,
    violations,
    words,
)


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("Der Hafen brannte [1][2].", "Was brannte?", "Der Hafen brannte."),
        ("Was brannte? Der Hafen.", "Was brannte?", "  Der Hafen."),
        ("Der Hafen [12] brannte.", "", "Der Hafen brannte."),
        ("Zu [Hafen] nichts.", "Wo?", "Zu [Hafen] nichts."),
        ("Mu\u0308hle", "", "Mühle"),
        ("", "Was?", ""),
    ],
)
def test_markers_and_an_echo_of_the_question_prove_nothing(text, question, expected):
    assert bare_answer(text, question) == expected


@pytest.mark.parametrize(
    ("nuggets", "text", "expected"),
    [
        ([["Hafen"]], "Der Hafen brannte.", 1.0),
        ([["hafen"]], "DER HAFEN BRANNTE", 1.0),
        ([["Hafen"], ["Werft"]], "Der Hafen brannte.", 0.5),
        ([[r"\b50[. ]?000\b", "fünfzigtausend"]], "Fünfzigtausend kamen.", 1.0),
        ([[r"\b50\b"]], "Es waren 500.", 0.0),
        ([["Hafen.*brannte"]], "Der Hafen\nbrannte.", 1.0),  # wordings may span lines
        ([["Hafen"]], "", 0.0),
        ([], "Der Hafen", None),  # no nugget: unscored, not zero
    ],
)
def test_nugget_recall_counts_nuggets_of_which_any_wording_occurs(nuggets, text, expected):
    assert nugget_recall(nuggets, text) == expected


@pytest.mark.parametrize(
    ("forbidden", "text", "expected"),
    [
        (["Euro"], "Es kostete 5 Euro.", 1),
        (["Euro", r"\d+"], "Es kostete 5 Euro.", 2),
        (["Euro"], "Es kostete nichts.", 0),
        (["euro"], "EURO", 1),
        ([], "Es kostete 5 Euro.", None),
        (["Euro"], "", 0),
    ],
)
def test_violations_are_forbidden_patterns_that_occur(forbidden, text, expected):
    assert violations(forbidden, text) == expected


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("Nadja Orlow gewann", "Nadja Orlow gewann", 1.0),
        ("Die Werft gewann", "Werft gewann", 1.0),  # articles do not count
        ("Orlow gewann klar", "Orlow gewann", 0.8),  # P 2/3, R 1
        ("ja ja ja", "ja", 0.5),  # P 1/3, R 1: each counted as often as it occurs
        ("Hafen", "Werft", 0.0),
        ("", "Werft", 0.0),
        ("", "", 1.0),
        ("1.500 Leute", "1.500", 2 / 3),
    ],
)
def test_token_f1_is_the_harmonic_mean_over_words(text, reference, expected):
    assert token_f1(text, reference) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["Der Hafen brannte lichterloh.", "Zwei Schiffe sanken."], 0.0),
        (["Der Hafen brannte.", "Hafen brannte!"], 0.5),
        (["Hafen brannte.", "Hafen brannte.", "Hafen brannte."], 2 / 3),
        (["Hafen brannte nachts.", "Hafen brannte tags."], 0.0),  # 2 of 4 words
        (["Hafen brannte nachts hell.", "Hafen brannte nachts."], 0.5),  # 3 of 4 words
        (["Hafen brannte."], 0.0),
        ([], None),
    ],
)
def test_redundancy_is_the_share_of_sentences_said_before(sentences, expected):
    assert redundancy(sentences) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [
        ("eins zwei drei", 2, "eins zwei"),
        ("eins\nzwei", 5, "eins zwei"),
        ("", 3, ""),
        ("eins", 0, ""),
        ("eins  zwei", 1, "eins"),
    ],
)
def test_opening_is_the_first_words(text, count, expected):
    assert opening(text, count) == expected


def test_words_keep_figures_whole_and_umlauts_one_way():
    assert words("Die 1.500 Mu\u0308hlen, 3,5 km!") == ["1.500", "mühlen", "3,5", "km"]
    assert not matches([], "anything")


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5.0], 0.95, 5.0),
        ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0),
        ([4.0, 1.0, 3.0, 2.0], 0.95, 4.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([1.0, 1.0, 9.0], 0.5, 1.0),
        ([], 0.5, None),
    ],
)
def test_percentile_is_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_percentile_refuses_a_share_outside_its_range():
    with pytest.raises(ValueError, match="share"):
        percentile([1.0], 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 0), ("ein Wort", 2), ("a\nb  c", 3), ("[1]", 1), ("  ", 0)],
)
def test_tokens_are_pieces_between_white_space(text, expected):
    assert token_count(text) == expected


def test_peak_memory_is_that_of_a_python_process():
    assert 5 < peak_memory_mb() < 50_000


@pytest.mark.parametrize(
    ("expected", "given", "accuracy"),
    [
        ([True, False], [True, False], 1.0),
        ([True, True, True, False], [True, True, True, True], 0.5),
        ([True, False], [False, True], 0.0),
        ([True, True, False], [True, False, False], 0.75),
        ([True, True], [True, False], 0.5),  # only one label occurs
        ([], [], None),
    ],
)
def test_balanced_accuracy_weighs_both_labels_alike(expected, given, accuracy):
    assert balanced_accuracy(expected, given) == accuracy


def test_balanced_accuracy_needs_a_verdict_for_each_label():
    with pytest.raises(ValueError, match="verdict"):
        balanced_accuracy([True], [])
