"""The sentence pairs are whole, each pair once, and can be judged."""

from __future__ import annotations

from collections import Counter

from evals.bench.sentence_pairs import LABELS, SentencePair, sentence_pairs


def test_every_sentence_has_two_that_contradict_it_some_that_do_not_and_no_pair_comes_twice():
    pairs = list(sentence_pairs())
    assert len({(pair.question, pair.first, pair.second) for pair in pairs}) == len(pairs)
    labels: dict[tuple[str, str], Counter[str]] = {}
    for pair in pairs:
        assert pair.question.strip() and pair.first.strip() and pair.second.strip()
        labels.setdefault((pair.question, pair.first), Counter())[pair.label] += 1
    for seen in labels.values():
        assert seen[LABELS[0]] == seen[LABELS[1]] == 1
        assert seen[LABELS[2]] >= 1 and seen[LABELS[3]] >= 2


def test_a_pair_of_other_figures_is_different_and_one_of_equal_figures_is_not():
    def verdict(second: str) -> str:
        asked = "Wie viele Menschen kamen zum Fest?"
        first = "Zum Fest kamen 400 Menschen."
        return SentencePair("number", "", "de", asked, first, second).verdict().relation

    assert verdict("700 Menschen kamen zum Fest.") == "different"
    assert verdict("400 Menschen kamen zum Fest.") != "different"
