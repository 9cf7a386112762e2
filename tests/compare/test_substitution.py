"""What stands in whose place between two sentences that say the same otherwise."""

from __future__ import annotations

import pytest

from rag.compare.substitution import substitution

CASES = [
    ("date", "Der Prozess gegen sie beginnt am 11. März in Torfheim.",
     "Der Prozess gegen sie beginnt am 25. März in Torfheim."),
    ("date", "Die Burg wurde im Jahr 1391 erbaut und später geplündert.",
     "Die Burg wurde im Jahr 1471 erbaut und war lange bewohnt."),
    ("place", "Der Bär wurde am Morgen auf dem Friedhof von Torfheim gefangen.",
     "Der Bär wurde am Morgen auf dem Golfplatz von Torfheim gefangen."),
    ("cause", "Ursache des Brandes in Torfheim war ein Blitz, sagte die Wehr.",
     "Ursache des Brandes in Torfheim war ein Kabel, sagte die Wehr."),
    ("who", "Joris Wennekamp gewann die Etappe nach Torfheim im Sprint.",
     "Tadeo Ruggieri gewann die Etappe nach Torfheim im Sprint."),
    ("negation", "In den Proben wurden keine Algen nachgewiesen.",
     "In den Proben wurden Algen nachgewiesen."),
    ("number", "Der Wolf riss bei Torfheim in der Nacht zwölf Schafe.",
     "Der Wolf riss bei Torfheim in der Nacht 31 Schafe."),
    (None, "Der Wolf riss bei Torfheim in der Nacht rund 300 Schafe.",
     "Der Wolf riss bei Torfheim in der Nacht 298 Schafe."),
    (None, "Der Wolf riss bei Torfheim in der Nacht zwölf Schafe.",
     "Der Wolf riss bei Torfheim in der Nacht zwölf Schafe."),
    (None, "Der Wolf wurde bei Torfheim gesehen.", "Die Ernte fiel in Hagenow gut aus."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "first", "second"), CASES)
def test_one_changed_stretch_contradicts_where_it_is_of_one_type(
    kind: str | None, first: str, second: str
) -> None:
    for one, other in ((first, second), (second, first)):
        found = substitution(one, other, "de", (one, other), "2025-01-01")
        assert (found.kind if found else None) == kind


def test_a_name_that_the_other_article_knows_is_no_contradiction() -> None:
    one = "Joris Wennekamp gewann die Etappe nach Torfheim im Sprint."
    other = "Tadeo Ruggieri gewann die Etappe nach Torfheim im Sprint."
    texts = (f"{one} Tadeo Ruggieri gewann die nächste.", other)
    assert substitution(one, other, "de", texts, None) is None
