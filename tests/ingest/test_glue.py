from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.glue import repair_glue


@pytest.mark.parametrize(
    ("glued", "repaired"),
    [
        # a kicker runs into the title
        (
            "Streit um BrückenmautHaas trifft Brandl\nHaas will die Maut.",
            "Streit um Brückenmaut\nHaas trifft Brandl\nHaas will die Maut.",
        ),
        # a heading runs into its paragraph
        ("Foo\nKeine AbspracheDer Rat sagt das.", "Foo\nKeine Absprache\nDer Rat sagt das."),
        # a link swallowed a blank
        ("Foo\nDie GemeindeMoll. In Moll.", "Foo\nDie Gemeinde Moll. In Moll."),
        # sentences without a blank
        ("Er begrüßt Ilse Un.Die Gäste gehen.", "Er begrüßt Ilse Un. Die Gäste gehen."),
        ("Wer zahlt?Niemand weiß es!Alle ruhen.", "Wer zahlt? Niemand weiß es! Alle ruhen."),
        ("Das war 2024.Danach kam nichts.", "Das war 2024. Danach kam nichts."),
        # quotation marks
        ('5. Mai 2025"Die Sache ist klar", sagt er', '5. Mai 2025 "Die Sache ist klar", sagt er'),
        ("Er sagte„nein“ und ging.", "Er sagte „nein“ und ging."),
        ("„Wir gehen.“Dann schwieg sie.", "„Wir gehen.“ Dann schwieg sie."),
        ("Es war am 3.September.", "Es war am 3. September."),
        # what must stay
        ("Das iPhone von McDonald gehört der Haas GmbH.",) * 2,
        ("KStA, BVerfG, StVO und BMWi berichten über 1.500 Fälle, z.B. in Bonn.",) * 2,
        ("Die LehrerInnen und SchülerInnen, jede SchülerIn.",) * 2,
        ("Das Video lief auf YouTube, nicht in der Tube.",) * 2,
        ("Die Chats auf WhatsApp zeigt eine App.",) * 2,
        ("Die Seite www.Ostkurier.De und Ilse.Brandl@Rathaus.de",) * 2,
        ("Die Datei liegt unter Ostkurier.de und https://x.example/Ab.Cd",) * 2,
        ("Von GameLand schwärmt, wer im Land ein Game sucht: GameLand.",) * 2,
        ("Er nannte es „Unfug„, so Haas.",) * 2,
        ("Das Rohr misst 5\"Zoll.",) * 2,
    ],
)  # fmt: skip
def test_glued_text_is_repaired_only_where_the_text_shows_it(glued: str, repaired: str) -> None:
    assert repair_glue(glued) == repaired


@given(st.text(alphabet='aBcDeÄö.!?„“"» 12\n', max_size=120))
def test_nothing_but_space_is_ever_added(text: str) -> None:
    assert "".join(repair_glue(text).split()) == "".join(text.split())
