"""What the command line says to readers, in German and English."""

from __future__ import annotations

from rag.types import Language

_TEXTS: dict[str, tuple[str, str]] = {
    "answered": ("Beantwortet", "Answered"),
    "partial": ("Teilweise beantwortet", "Partly answered"),
    "not_in_sources": ("Nicht in den Quellen", "Not in the sources"),
    "articles": ("{0} Artikel herangezogen", "{0} articles considered"),
    "article": ("1 Artikel herangezogen", "1 article considered"),
    "origins": ("{0} unabhängige Ursprünge zitiert", "{0} independent origins cited"),
    "origin": ("1 Ursprung zitiert", "1 origin cited"),
    "one_source": ("nur eine Quelle: {0}", "one source only: {0}"),
    "draft": ("Entwurf des Sprachmodells, noch ungeprüft", "The model's draft, not yet checked"),
    "sources": ("Quellen", "Sources"),
    "conflicts": ("Die Quellen widersprechen sich", "The sources contradict each other"),
    "explained": ("Nur scheinbar ein Widerspruch", "Only seemingly a contradiction"),
    "pairs": (
        "{0} Paare verglichen, {1} nicht vergleichbar",
        "{0} pairs compared, {1} not comparable",
    ),
    "says": ("Angabe: {0}", "stated by: {0}"),
    "no_date": ("ohne Datum", "no date"),
    "silent": ("sagt dazu nichts", "does not say"),
    "denies": ("bestreitet", "denies"),
    "no_conflicts": ("Kein Widerspruch gefunden.", "No contradiction found."),
    "number": ("Zahl", "number"),
    "date": ("Datum", "date"),
    "duration": ("Dauer", "duration"),
    "place": ("Ort", "place"),
    "who": ("Wer", "who"),
    "negation": ("Ja/Nein", "yes/no"),
    "cause": ("Ursache", "cause"),
    "outcome": ("Ausgang", "outcome"),
    "wording": ("Wortlaut", "wording"),
    "framing": ("Wortwahl", "framing"),
    "conflict": ("Widerspruch", "conflict"),
    "update": ("Aktualisierung", "update"),
    "scope": ("anderer Bezug", "different scope"),
    "reported": ("nur berichtet", "only reported"),
}


def say(key: str, language: Language, *values: object) -> str:
    """The text of ``key`` in the language (English unless German), with values filled in."""
    german, english = _TEXTS[key]
    return (german if language == "de" else english).format(*values)
