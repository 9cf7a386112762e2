from __future__ import annotations

import pytest

from rag.ingest.lines import join_broken_lines


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("Die Brücke ist\nseit Montag zu.", "Die Brücke ist seit Montag zu."),
        ("Auch\nHaas schwieg.", "Auch Haas schwieg."),
        ("Er sprach mit der\nBürgermeisterin.", "Er sprach mit der Bürgermeisterin."),
        ("Ein- und\nAusfuhr", "Ein- und Ausfuhr"),
        ("Brücken-\nbau beginnt", "Brückenbau beginnt"),
        ("Nord-\nund Südufer", "Nord- und Südufer"),
        ("Keine Absprache\nDer Rat wies das zurück.",) * 2,
        ("Er ging.\nSie blieb.",) * 2,
        ("Ein Absatz\n\nein anderer",) * 2,
    ],
)
def test_lines_are_joined_where_a_sentence_goes_on(broken: str, joined: str) -> None:
    assert join_broken_lines(broken) == joined


def test_a_text_wrapped_at_a_width_is_unwrapped() -> None:
    paragraph = (
        "Der Rat von Hagendorf hat am Dienstag nach langer Beratung beschlossen, dass die "
        "Brücke über die Aue bis zum Herbst für Lastwagen gesperrt bleibt. Das sagte Dr. Ilse "
        "Brandl der Presse."
    )
    wrapped, line = [], ""
    for word in paragraph.split():
        if len(line) + len(word) + 1 > 50:
            wrapped.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    assert join_broken_lines("\n".join([*wrapped, line])) == paragraph
