from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.sentences import split_sentences
from rag.types import Language

# Each row is a text given as the sentences it must fall into, joined by a space.
GERMAN: tuple[tuple[str, ...], ...] = (
    # dates and times
    ("Die Brücke wurde am 5. Februar gesperrt.", "Sie bleibt bis zum 12. März zu."),
    ("Am 3. 9. 2025 tagte der Rat.", "Er vertagte sich auf den 4. 10."),
    ("Das Konzert beginnt um 19.15 Uhr.", "Einlass ist ab 18 Uhr."),
    ("Er kommt am 5. Mai.", "Danach reist er."),
    ("Der Umbau begann im Jahr 2024.", "Danach ruhten die Arbeiten."),
    ("Er regierte seit 2019.", "Kritiker nannten ihn mutlos."),
    ("Vom 3. bis 5. Mai blieb der Hafen zu.", "Fischer klagten."),
    ("Am Mittwoch, 3. September, kam es zum Streit.", "Zeugen schwiegen."),
    ("Seit Mitte d. J. steht die Halle leer.", "Niemand mietet sie."),
    ("Die Stadt wurde 12 v. Chr. gegründet.", "Heute hat sie 4.000 Einwohner."),
    ("Sie entstand im 3. Jh. v. Chr.", "Danach verfiel sie."),
    # ordinals
    ("Der 1. FC Lindental gewann 3:2.", "Der Trainer war zufrieden."),
    ("Zum 80. Jahrestag kamen 500 Gäste.", "Es regnete."),
    ("Sie spielt jetzt in der 3. Liga.", "Experten sind überrascht."),
    ("Das Landgericht verwies auf die 2. Strafkammer.", "Dort liegt die Akte."),
    ("Im 2. Weltkrieg brannte die Kirche ab.", "Sie wurde nie aufgebaut."),
    ("Papst Benedikt XVI. trat zurück.", "Ihm folgte ein Argentinier."),
    ("König Karl IV. Ludwig hieß der Mann.", "Er starb jung."),
    ("Wilhelm II. floh nach Holland.", "Das Reich zerfiel."),
    ("In der 17. Minute fiel das Tor.", "Torhüter Brandl blieb stehen."),
    # numbers at the end
    ("Die Quote lag bei 12.", "Experten warnen vor Panik."),
    ("Sie ist 25.", "Er ist 30."),
    ("Das Spiel endete 3:2.", "Zuschauer pfiffen."),
    ("Er landete auf Platz 3.", "Danach weinte er."),
    ("Es kamen 1.500.", "Erwartet wurden 800."),
    ("Die Inflation stieg auf 2,5 Prozent.", "Ökonomen sprachen von einem Schock."),
    ("Schuld war der Verein Blauweiß 09.", "Trainer Moll schwieg."),
    ("Der Kurs fiel um 1,3.", "Händler verkauften."),
    # abbreviations
    ("Dr. Ilse Brandl leitet das Haus.", "Prof. Dr. Moll vertritt sie."),
    ("Das kostet 3 Mio. Euro.", "Weitere 2 Mrd. Euro fehlen."),
    ("Der Schaden beträgt rund 4 Mio.", "Die Versicherung zahlt nicht."),
    ("Viele Tiere, z. B. Hunde und Katzen, litten.", "Helfer kamen spät."),
    ("Man kann z.B. Wasser sparen.", "Das hilft."),
    ("Betroffen sind u. a. Schulen und Kitas.", "Sie öffnen am Montag."),
    ("Er klagte über Lärm, Staub usw.", "Der Rat hörte zu."),
    ("Das regelt § 3 Abs. 2 Nr. 7 der Satzung.", "Art. 5 bleibt unberührt."),
    ("Es war eine Frage der Art.", "Kritiker fanden sie grob."),
    ("In St. Pauli wurde gefeiert.", "Die Polizei sprach von 3.000 Menschen."),
    ("Die Haas & Co. KG schließt.", "Hundert Leute verlieren ihre Stelle."),
    ("Das sagte ein Sprecher der Moll Inc.", "Das Werk bleibe offen."),
    ("Er arbeitet bzw. arbeitete dort.", "Genaueres ist offen."),
    ("Die sog. Nachtwölfe zogen ab.", "Ruhe kehrte ein."),
    ("Das Gebiet liegt ca. 20 km nördl. Hagendorfs.", "Straßen fehlen."),
    ("Sie wohnt in der Hauptstr. 12.", "Nachbarn kennen sie kaum."),
    ("Vgl. dazu S. 14 des Berichts.", "Er ist öffentlich."),
    ("Das Büro d. Red. schloss um 18 Uhr.", "Anrufe liefen ins Leere."),
    ("Die Partei, d. h. Brandl und ihr Kreis, siegte.", "Gegner gratulierten."),
    ("Evtl. kommt auch Frau Dr. Haas.", "Sicher ist das nicht."),
    ("Die USA, die EU u. v. m. Staaten stimmten zu.", "Nur Moldau fehlte."),
    # initials and single letters
    ("A. Brandl siegte vor J. R. Moll.", "Dritter wurde K. Haas."),
    ("Angeklagt ist Jonas K.", "Er schweigt."),
    ("Spanien spielt in Gruppe B.", "Italien schaut zu."),
    ("Jetzt gilt Plan B.", "Trainer Moll hat ihn selbst geschrieben."),
    # quotations
    ("„Wir kommen“, sagte er.", "Dann legte er auf."),
    ("„Wir kommen.“", "Dann legte er auf."),
    ("„Kommen Sie!“", "Er ging."),
    ("„Kommen Sie!“, rief er.", "Niemand kam."),
    ("„Kommen Sie!“ rief er.", "Niemand kam."),
    ("„Wer zahlt das?“ fragte Haas.", "Der Saal schwieg."),
    ("„Das ist gut. Das ist sehr gut“, sagte Moll.", "Der Rat klatschte."),
    ("Er rief: „Halt! Bleiben Sie stehen!“", "Keiner hielt an."),
    ('"Wir zahlen nicht", sagte Haas.', '"Nie und nimmer."'),
    ('Sie sagte: "Das war es."', "Er nickte."),
    ("»Das Dorf schläft«, schrieb sie.", "»Niemand wacht.«", "So endet der Brief."),
    ("«Das Dorf schläft», schrieb sie.", "Niemand wacht."),
    ("Er sagte: “Kommen Sie zu uns.”", "Brandl nickte."),
    ("Er sagte: “Bis bald.” und ging.", "Die Tür fiel zu."),
    ("Sie sprach von einem „Fehler“.", "Haas nannte es „Absicht“."),
    ("Er meinte: „Sie rief ‚Feuer!‘ und lief.“", "Keiner glaubte ihm."),
    ("Das nannte er „unfair“.", "„Lachhaft“ fand es Haas."),
    ("Haas schwieg.", "„niemals“ stand auf dem Schild."),
    # marks, brackets, ellipses
    ("Warum nur?", "Niemand weiß es!", "Moll zuckt mit den Schultern."),
    ("Er zögerte …", "Dann sprang er."),
    ("Das ist ... Wahnsinn!", "So sprach Haas."),
    ("Und dann…", "Alle schwiegen."),
    ("Das Haus (Baujahr 1890) brannte.", "(Ein Foto zeigt es.)", "Verletzt wurde niemand."),
    ("Er kam (wie immer!) zu spät.", "Haas (57) lachte."),
    ("Das schreibt die Zeitung Ostkurier [2].", "Andere widersprechen.[3]", "Er schweigt."),
    ("Wirklich?!", "Ja."),
    ("Er ging nach Haus – Brandl blieb.", "– Ende der Durchsage."),
    # names with stops, addresses, digits
    ("Mehr steht auf www.ostkurier.example.", "Die Seite ist neu."),
    ("Die Firma Node.js-Labor wächst.", "Sie sucht Leute."),
    ("Der Ver.di-Streik endet.", "Busse fahren wieder."),
    ("Es gilt Tempo 30.", "Autofahrer murren."),
    ("Die Mannschaft U 21.", "Trainer Moll lobt sie."),
)

ENGLISH: tuple[tuple[str, ...], ...] = (
    ("Dr. Haas met Mr. Moll at 5 p.m. on Monday.", "They agreed."),
    ("The deal is worth $3.5 bn.", "It closes in Sept. 2025."),
    ("He lives in the U.S. and works there.", "She does not."),
    ("It was made in the U.S.", "The label said so."),
    ("“We will come,” he said.", "“Soon.”", "Nobody believed it."),
    ("See No. 7 of the list.", "It is short."),
    ("He finished on 12.", "Critics laughed."),
)


def _joined(sentences: tuple[str, ...], language: Language) -> tuple[str, ...]:
    text = " ".join(sentences)
    return tuple(text[s.start_char : s.end_char] for s in split_sentences(text, language))


@pytest.mark.parametrize("sentences", GERMAN, ids=lambda row: row[0][:30])
def test_german_sentences_are_cut_where_they_end(sentences: tuple[str, ...]) -> None:
    assert _joined(sentences, "de") == sentences


@pytest.mark.parametrize("sentences", ENGLISH, ids=lambda row: row[0][:30])
def test_english_sentences_are_cut_where_they_end(sentences: tuple[str, ...]) -> None:
    assert _joined(sentences, "en") == sentences


def test_a_line_break_always_ends_a_sentence() -> None:
    text = "Kreml: Keine\nVerschwörung\r\nDann kam\u2028Haas."
    cut = [text[s.start_char : s.end_char] for s in split_sentences(text, "de")]
    assert cut == ["Kreml: Keine", "Verschwörung", "Dann kam", "Haas."]


def test_a_list_number_stays_with_its_line() -> None:
    text = "1. Was geschah?\n2. Das Haus brannte. Zwei Wehren kamen."
    cut = [text[s.start_char : s.end_char] for s in split_sentences(text, "de")]
    assert cut == ["1. Was geschah?", "2. Das Haus brannte.", "Zwei Wehren kamen."]


def test_a_long_quotation_is_cut_inside() -> None:
    sentence = (
        "Wir haben in diesem langen Winter sehr viele Dächer verloren und kaum eines geflickt."
    )
    text = f"„{' '.join([sentence] * 5)}“, sagte Haas."
    assert len(split_sentences(text, "de")) == 5


_TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("aB zÄ.!?…„“”\"»«()[]-–,:;’'0123456789\n\r\t\u2028\x0b\x85"),
        st.characters(),
    ),
    max_size=200,
)


@given(_TEXTS, st.sampled_from(["de", "en", "other"]))
def test_spans_are_ordered_trimmed_and_cover_every_character(text: str, language: Language) -> None:
    spans = split_sentences(text, language)
    end = 0
    covered: set[int] = set()
    for span in spans:
        assert span.start_char >= end
        piece = text[span.start_char : span.end_char]
        assert piece
        assert piece == piece.strip()
        assert "\n" not in piece
        covered.update(range(span.start_char, span.end_char))
        end = span.end_char
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
