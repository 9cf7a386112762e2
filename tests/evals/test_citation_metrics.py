"""Citations by span, worked by hand."""

from __future__ import annotations

import pytest

from evals.metrics.citations import (
    Quoted,
    Statement,
    citation_precision,
    citation_recall,
    coverage,
    evidence_precision,
    evidence_recall,
    exists,
    quote_exists,
)
from evals.metrics.tally import UNSCORED, Tally

TEXTS = {
    "a": "Im Hafen von Grünau brannten zwei Schiffe. Niemand wurde verletzt.",
    "b": "Drei Schiffe brannten im Hafen von Grünau.",
}


def quote(article: str, words: str) -> Quoted:
    start = TEXTS[article].index(words)
    return Quoted(article, words, start, start + len(words))


FIRE = quote("a", "Im Hafen von Grünau brannten zwei Schiffe.")
SAFE = quote("a", "Niemand wurde verletzt.")
OTHER = quote("b", "Drei Schiffe brannten im Hafen von Grünau.")
ALTERED = Quoted("a", "Im Hafen von Grünau brannten zehn Schiffe.", 0, 42)
SHIFTED = Quoted("a", SAFE.quote, SAFE.start_char - 1, SAFE.end_char - 1)
UNKNOWN = Quoted("z", "Im Hafen", 0, 8)


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        ([FIRE, SAFE], Tally(2, 2)),
        ([FIRE, ALTERED], Tally(1, 2)),
        ([SHIFTED], Tally(0, 1)),
        ([UNKNOWN], Tally(0, 1)),
        ([Quoted("a", "", 3, 3)], Tally(0, 1)),  # nothing is no quote
        ([], UNSCORED),
    ],
)
def test_a_quote_exists_only_exactly_where_it_says(quotes, expected):
    assert quote_exists(quotes, TEXTS) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([Statement(FIRE.quote, (FIRE,))], Tally(1, 1)),
        ([Statement(FIRE.quote, (SAFE,))], Tally(0, 1)),
        ([Statement(FIRE.quote, (FIRE,)), Statement(SAFE.quote, ())], Tally(1, 2)),
        ([Statement(FIRE.quote, (ALTERED,))], Tally(0, 1)),  # close does not count
        ([Statement("Kurier: " + SAFE.quote, (SAFE,), ("Der Kurier",))], Tally(1, 1)),
        ([Statement(FIRE.quote + " " + SAFE.quote, (FIRE, SAFE))], Tally(1, 1)),
        ([Statement("", (FIRE,))], Tally(0, 1)),
        ([], UNSCORED),
    ],
)
def test_citation_recall_is_the_share_of_supported_sentences(statements, expected):
    assert citation_recall(statements, TEXTS) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([Statement(FIRE.quote, (FIRE,))], Tally(1, 1)),
        ([Statement(FIRE.quote, (FIRE, SAFE))], Tally(1, 2)),
        ([Statement(FIRE.quote, (FIRE, OTHER))], Tally(2, 2)),  # another outlet's wording bears
        ([Statement(FIRE.quote, (ALTERED,))], Tally(0, 1)),
        ([Statement(FIRE.quote, (UNKNOWN,))], Tally(0, 1)),
        ([Statement(FIRE.quote, ())], UNSCORED),
    ],
)
def test_citation_precision_is_the_share_of_citations_that_bear(statements, expected):
    assert citation_precision(statements, TEXTS) == expected


@pytest.mark.parametrize(
    ("cited", "wanted", "expected"),
    [
        ([FIRE], [[FIRE]], Tally(1, 1)),
        ([FIRE], [[FIRE], [SAFE]], Tally(1, 2)),
        ([OTHER], [[FIRE, OTHER]], Tally(1, 1)),  # a wire copy is as good
        ([quote("a", "zwei Schiffe")], [[FIRE]], Tally(1, 1)),  # a part overlaps
        ([SAFE], [[FIRE]], Tally(0, 1)),  # the neighbour does not
        ([], [[FIRE]], Tally(0, 1)),
        ([FIRE], [], UNSCORED),
    ],
)
def test_evidence_recall_is_the_share_of_evidence_cited(cited, wanted, expected):
    assert evidence_recall(cited, wanted) == expected


@pytest.mark.parametrize(
    ("cited", "wanted", "nuggets", "expected"),
    [
        ([FIRE, SAFE], [[FIRE]], [], Tally(1, 2)),
        ([OTHER], [[FIRE]], ["Grünau"], Tally(1, 1)),  # not listed, yet it holds the fact
        ([SAFE], [[FIRE]], ["Grünau"], Tally(0, 1)),
        ([FIRE, OTHER], [[FIRE], [OTHER]], [], Tally(2, 2)),
        ([], [[FIRE]], [], UNSCORED),
        ([FIRE], [], [], UNSCORED),  # nothing is known, so nothing is wrong
    ],
)
def test_evidence_precision_accepts_known_places_and_wanted_facts(cited, wanted, nuggets, expected):
    assert evidence_precision(cited, wanted, nuggets) == expected


@pytest.mark.parametrize(
    ("shown", "wanted", "expected"),
    [
        (["Kurier"], ["Kurier"], 1.0),
        (["Kurier"], ["Kurier", "Bote"], 0.5),
        (["Kurier", "Warte"], ["Kurier"], 1.0),
        ([], ["Kurier"], 0.0),
        (["Kurier"], [], None),
        (["Kurier", "Kurier"], ["Kurier", "Kurier"], 1.0),
    ],
)
def test_outlet_coverage_is_the_share_of_outlets_shown(shown, wanted, expected):
    assert coverage(shown, wanted) == expected


def test_existence_is_decided_by_offsets_not_by_search():
    assert exists(FIRE, TEXTS)
    assert not exists(SHIFTED, TEXTS)
