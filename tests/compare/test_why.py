"""Causes: a search that is begun only where it can end finds the same."""

from __future__ import annotations

import pytest

from rag.compare.why import _patterns


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("strength", ["strong", "weak"])
def test_what_stands_behind_a_cause_is_found_wherever_the_whole_pattern_is(language, strength):
    sentences = (
        "Der Brand, den ein Blitz ausgelöst hatte, war schuld an der Sperrung.",
        "Ein Kurzschluss verursachte den Brand, deshalb blieb der Bahnhof zu.",
        "Der Sturm führte zu Ausfällen; die Feuerwehr hält ihn für den Auslöser.",
        "A short circuit caused the fire, and the storm led to outages.",
        "The blaze was blamed on lightning, which is why the station stayed shut.",
    )
    guarded = [(p, tail) for p, tail in _patterns(language, strength) if tail is not None]
    assert all(
        tail.search(sentence)
        for sentence in sentences
        for pattern, tail in guarded
        if pattern.search(sentence)
    )
