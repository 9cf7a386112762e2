"""An exchange as HTML: chips, lead, highlights, cards, exports."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from rag.types import CitedSentence, Position, Question
from rag.ui.chat_cards import cards_html
from rag.ui.chat_export import conversation_json, conversation_markdown
from rag.ui.chat_turn import turn_html
from rag.ui.context import Filters
from rag.ui.history import Conversation, Exchange
from rag.ui.number_scale import ranges, scale_svg
from rag.ui.texts import preferred, speaker_of, texts
from tests.ui.examples import QUOTE, a_claim, a_disagreement, an_answer

SAY = speaker_of("de")


def turn(answer=None, **filters) -> Exchange:
    begun = Exchange.begun("Was kostete der Bau?", "2025-09-04T10:00:00+02:00", Filters(**filters))
    return begun.answered(answer or an_answer())


def test_who_says_it_stands_apart_from_their_words():
    html = turn_html(turn(), SAY)
    assert '<p class="by">Talbote</p>' in html
    assert (
        '<p class="words">Der Bau kostete <mark class="asked-for">4,2 Millionen Euro</mark>.'
        in html
    )


def test_an_article_without_outlet_is_called_by_its_title_everywhere():
    title = "Putin dankt Kim Jong Un in Peking für nordkoreanische Soldaten"
    known = an_answer()
    citation = replace(known.citations[0], source=None, label=title, article_id="000_aed8")
    sentence = CitedSentence(text=QUOTE, citations=(1,))
    claim = replace(a_claim("x", "Es waren 3."), source=None, label=title, article_id="000_aed8")
    found = replace(
        a_disagreement(),
        positions=(
            Position(value="3", claims=(claim,)),
            Position(value="5", claims=(a_claim("Talbote", "Es waren 5."),)),
        ),
    )
    html = turn_html(
        turn(replace(known, sentences=(sentence,), citations=(citation,), disagreements=(found,))),
        SAY,
    )
    label = "„Putin dankt Kim Jong Un in Peking für …“"
    assert f'<p class="by">{label}</p>' in html
    assert f'data-tip-head="{label}, ' in html
    assert f"<b>{label}</b>" in html
    assert "000_aed8" not in re.sub(r'data-(open|body)="[^"]*"', "", html)


def test_a_single_source_is_called_one_and_so_is_a_single_origin():
    alone = an_answer()
    assert "Das sagt nur eine Quelle: Talbote." in turn_html(turn(alone), SAY)
    told = replace(alone, run=replace(alone.run, notes=("One source only: Talbote.",)))
    assert "One source only" not in turn_html(turn(told), SAY)
    covered = replace(alone.coverage, outlets=("Talbote", "Luhne-Zeitung"))
    assert "aus einem Ursprung" in turn_html(turn(replace(alone, coverage=covered)), SAY)
    two = replace(covered, independent_origins=2)
    assert 'class="single"' not in turn_html(turn(replace(alone, coverage=two)), SAY)


def test_a_chip_carries_the_place_and_the_words_of_its_quote():
    html = turn_html(turn(), SAY)
    assert 'data-open="bruecke-1"' in html
    assert f'data-tip="{QUOTE}"' in html
    assert 'aria-label="Quelle 1: Talbote, 4. März 2025. Im Artikel zeigen"' in html


def test_markers_inside_a_sentence_become_chips_where_they_stand_and_unknown_ones_stay_text():
    sentence = CitedSentence(text="A: 4 [1] – dagegen B: 5 [9].", citations=(1,))
    html = turn_html(turn(an_answer(sentences=(sentence,))), SAY)
    assert html.count('class="chip') == 1
    assert "[9]" in html
    assert "[1]" not in html.split("</div>")[0].split("words")[1]


def test_a_line_that_is_no_cited_sentence_is_shown_as_what_is_missing():
    answer = an_answer(
        status="partial", text=f"Talbote: {QUOTE} [1]\nWann es war, sagen die Quellen nicht."
    )
    assert '<p class="unsaid">Wann es war, sagen die Quellen nicht.</p>' in turn_html(
        turn(answer), SAY
    )
    assert "unsaid" not in turn_html(turn(), SAY)


def test_a_follow_up_shows_how_it_was_read_and_filters_are_named():
    answer = an_answer(question="x")
    asked = Question(text="Was kostete die Brücke?", original="Und was kostete sie?")
    html = turn_html(
        turn(
            replace(answer, question=asked),
            outlets=("Talbote",),
            published_from="2025-03-01",
        ),
        SAY,
    )
    assert "Verstanden als: Was kostete die Brücke?" in html
    assert "Nur: Talbote · ab 1. März 2025" in html


def test_explained_cases_are_folded_and_conflicts_are_not():
    html = cards_html([a_disagreement("update"), a_disagreement()], SAY, "de")
    assert html.index("Die Quellen widersprechen einander") < html.index("<details")
    assert html.index("<details") < html.index("Aktualisierung")
    assert "Kosten &lt;b&gt;" in html


def test_equal_words_of_several_outlets_are_shown_once():
    found = a_disagreement()
    copied = Position(value="4", claims=(a_claim("A", "Es waren 4."), a_claim("B", "Es waren 4.")))
    html = cards_html([replace(found, positions=(copied, found.positions[1]))], SAY, "de")
    assert html.count("„Es waren 4.“") == 1
    assert "2 Medien, 1 Ursprung" in html


@pytest.mark.parametrize(
    ("values", "bounds"),
    [
        (("10.000", "12.000"), [(10000, 10000), (12000, 12000)]),
        (("mindestens 600", "rund 2000"), [(600, float("inf")), (1800, 2200)]),
        (("at least 600", "700"), [(600, float("inf")), (700, 700)]),
        (("zwischen 5 und 7 Prozent", "8 Prozent"), [(5, 7), (8, 8)]),
        (("2 Kilometer", "3 Euro"), []),
        (("viele", "3"), []),
    ],
)
def test_figures_are_ranges_on_one_scale_or_none_at_all(values, bounds):
    sides = ranges(a_disagreement("conflict", *values), "de")
    assert [(side.low, side.high) for side in sides] == bounds
    assert bool(scale_svg(sides, "de", "x")) is bool(bounds)


def test_larger_figures_stand_further_right():
    sides = ranges(a_disagreement("conflict", "10", "20", "15"), "de")
    at = [float(x) for x in re.findall(r'<circle[^>]* cx="([\d.]+)"', scale_svg(sides, "de", "x"))]
    assert at[0] < at[2] < at[1]


def test_markdown_of_a_conversation_has_no_active_markup_from_articles():
    hostile = "![x](http://evil.test/x) <img src=x> [y]: http://evil.test\n# Kopf"
    sentence = CitedSentence(text=hostile, citations=(1,))
    answer = an_answer(sentences=(sentence,), text=f"{hostile} [1]")
    written = conversation_markdown(Conversation(exchanges=(turn(answer),)), SAY)
    assert not re.search(r"(?<!\\)!\[|\](?<!\\)\(|(?<!\\)<", written)
    assert "\n# Kopf" not in written


def test_json_of_a_conversation_holds_answers_as_the_command_prints_them():
    exported = json.loads(conversation_json(Conversation(exchanges=(turn(),)), SAY))
    assert exported["exchanges"][0]["answer"]["citations"][0]["quote"] == QUOTE


def test_all_texts_exist_in_both_languages_with_the_same_gaps():
    for key, both in texts().items():
        assert set(both) == {"de", "en"}, key
        gaps = [sorted(set(re.findall(r"\{\d\}", text))) for text in both.values()]
        assert gaps[0] == gaps[1], key


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("fr", "en"),
        ("", "en"),
        ("fr,de;q=0.5,en;q=0.3", "de"),
        ("de;q=x", "en"),
    ],
)
def test_the_language_a_browser_prefers(header, language):
    assert preferred(header) == language
