"""The particle of a separable verb: „lehnte … ab“, „hielt … stand“."""

from __future__ import annotations

from rag.language.words import Word

_PARTICLES = frozenset(
    ["ab", "an", "auf", "aus", "bei", "durch", "ein", "fest", "fort", "frei", "her", "hin", "los",
     "mit", "nach", "nieder", "statt", "teil", "um", "vor", "weg", "weiter", "wieder", "zu",
     "zurück", "zusammen", "fern", "fehl", "still", "dicht"]
)  # fmt: skip
_CLAUSE_PARTICLES = frozenset(
    ["auseinander", "bereit", "daneben", "davon", "entgegen", "flott", "gleich", "heim", "heraus",
     "herunter", "hervor", "hinaus", "platt", "quer", "raus", "schief", "sicher", "stand", "vorbei",
     "voran", "überein", "unter"]
)  # fmt: skip
"""What is also a word of its own and so belongs to the verb only within its own clause."""


def separated_particle(found: tuple[Word, ...], index: int) -> int | None:
    """The particle at the end of the clause that belongs to the finite verb at ``index``."""
    is_same_clause = True
    for at in range(index + 1, len(found)):
        if found[at].text in ";:.!?" and len(found[at - 1].text) > 2:
            return None
        is_same_clause = is_same_clause and found[at].text != ","
        known = _PARTICLES | _CLAUSE_PARTICLES if is_same_clause else _PARTICLES
        if found[at].lower in known and _ends_clause(found, at):
            return at
    return None


def _ends_clause(found: tuple[Word, ...], index: int) -> bool:
    if index + 1 >= len(found) or not (found[index + 1].is_word or found[index + 1].is_number):
        return True
    return found[index + 1].lower in ("und", "oder", "aber", "als", "wie", "doch")
