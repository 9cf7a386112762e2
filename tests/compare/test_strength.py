"""What speaks for a contradiction makes it stronger."""

from __future__ import annotations

from rag.compare.strength import STRENGTH_FEATURES, strength


def test_each_kind_of_evidence_can_only_make_a_difference_stronger() -> None:
    weakest = tuple(-1.0 for _ in STRENGTH_FEATURES)
    for place in range(len(STRENGTH_FEATURES)):
        raised = tuple(0.0 if at == place else -1.0 for at in range(len(STRENGTH_FEATURES)))
        assert strength(raised) > strength(weakest)
