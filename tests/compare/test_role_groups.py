"""Roles: which words stand for one, and which exclude each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.compare import role_groups
from rag.compare.role_groups import role_groups_of, sharing
from rag.language.folding import fold

_PAIRS = [
    tuple(part.strip() for part in line.split("|"))
    for line in Path(__file__).with_name("role_pairs.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("verdict", "first", "second"), _PAIRS)
def test_two_roles_relate_as_the_table_says(verdict, first, second):
    one, other = (role_groups_of(frozenset({fold(word)})) for word in (first, second))
    expected = None if verdict == "apart" else verdict
    assert sharing(one, other) == expected
    assert sharing(other, one) == expected


def test_no_word_is_of_two_roles():
    words = [
        fold(word)
        for groups in role_groups._data()["axes"].values()
        for group in groups
        for word in set(group.split())
    ]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_roles_that_go_together_are_known_and_of_one_axis():
    axes = {
        fold(group.split()[0].lstrip("=")): axis
        for axis, groups in role_groups._data()["axes"].items()
        for group in groups
    }
    for circle in role_groups._data()["together"]:
        assert len({axes[fold(name)] for name in circle}) == 1, circle
