"""German words against English ones: concepts and the names of places."""

from __future__ import annotations

import pytest

from rag.compare.across import across_languages


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ({"munchen"}, {"munich"}, "same"),
        ({"munchen"}, {"cologne"}, "different"),
        ({"munchen"}, {"bavaria"}, "unknown"),
        ({"rhein"}, {"danube"}, "different"),
        ({"schliessfach"}, {"barn"}, "different"),
        ({"schliessfach"}, {"locker"}, "same"),
        ({"blitzschlag"}, {"lightning"}, "same"),
        ({"blitzschlag"}, {"arson"}, "different"),
        ({"auhagen"}, {"munich"}, "unknown"),
    ],
)
def test_words_of_two_languages_are_compared_by_what_they_name(
    first: set[str], second: set[str], relation: str
) -> None:
    assert across_languages(frozenset(first), frozenset(second)).relation == relation
