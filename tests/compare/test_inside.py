"""Contradictions inside one article: figures that do not add up."""

from __future__ import annotations

import pytest

from rag.compare.inside import mismatches
from rag.types import Language


@pytest.mark.parametrize(
    ("sentence", "language", "found"),
    [
        ("Five cars (K1, K2, K3, K4, K5 and K6) were scrapped.", "en", [("Five cars", "K1, K2")]),
        ("Two cars (K1 and K2) were scrapped.", "en", []),
        ("Fünf Menschen (drei Männer und drei Frauen) starben.", "de", [("Fünf", "drei Männer")]),
        ("Sechs Menschen (drei Männer und drei Frauen) starben.", "de", []),
        ("Drei Orte (darunter Auhagen und Torgelau) sind betroffen.", "de", []),
        ("Zwei Firmen (Marr und Söhne, Wenn) zogen fort.", "de", []),
        ("It lies 20 miles (50 km) north of Lissen.", "en", [("20 miles", "50 km")]),
        ("It lies 20 miles (32 km) north of Lissen.", "en", []),
        ("It lies some 20 miles (30 km) north of Lissen.", "en", []),
        ("He was fined 10 pounds or 400 shillings.", "en", [("10 pounds", "400 shillings")]),
        ("He was fined 20 pounds or 400 shillings.", "en", []),
        ("Sie gewann zwei Rennen (über 100 und 200 Meter).", "de", []),
    ],
)
def test_a_number_is_held_against_its_own_list_or_its_other_measure(
    sentence: str, language: Language, found: list[tuple[str, str]]
) -> None:
    told = [
        (sentence[slice(*each.first)], sentence[slice(*each.second)])
        for each in mismatches(sentence, language)
    ]
    assert len(told) == len(found)
    for (first, second), (opens, lists) in zip(told, found, strict=True):
        assert first.startswith(opens)
        assert second.startswith(lists)
