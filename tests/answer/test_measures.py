from __future__ import annotations

import pytest

from rag.answer.measures import fit_of_amount
from rag.language.quantities import quantities
from rag.language.questions import read_question


def _fit(question: str, amount: str) -> float:
    return fit_of_amount(quantities(amount, "de")[0], read_question(question, "de"), "de")


@pytest.mark.parametrize(
    ("question", "fitting", "other"),
    [
        ("Was kostet die Wartung?", "45 Millionen Euro", "45 Kilometer"),
        ("Wie viel verdient ein Soldat?", "2000 Dollar", "2000 Soldaten"),
        ("Wie viele Mitarbeiter entließ die Firma?", "300 Mitarbeiter", "35 Jahre"),
        ("Wie viele Kinder hatte er?", "sieben Kinder", "465 Kilometer"),
        ("Um wie viel Prozent fiel der Kurs?", "3,5 Prozent", "12 380 Punkte"),
        ("Wie weit lief er?", "465 Kilometer", "465 Euro"),
        ("Wie schnell fährt der Zug?", "60 Stundenkilometer", "60 Jahre"),
    ],
)
def test_an_amount_of_the_kind_asked_for_fits_best(question: str, fitting: str, other: str) -> None:
    assert _fit(question, fitting) == 1.0
    assert _fit(question, other) < 0.7


def test_any_amount_fits_where_the_question_does_not_say() -> None:
    assert _fit("Mit welchem Ergebnis endete das Spiel?", "465 Kilometer") == 1.0
