"""A briefing and its verification as HTML within the page."""

from __future__ import annotations

import pytest

from rag.types import (
    Briefing,
    BriefingPoint,
    BriefingSection,
    BriefingSource,
    Citation,
    CitedSentence,
    Coverage,
    Run,
    TimelineEntry,
)
from rag.ui.briefing_page import briefing_html, verification_html
from rag.ui.texts import speaker_of
from rag.ui.views.briefing import file_stem
from rag.verify import Checked

HOSTILE = "<img src=x onerror=alert(1)>"
say = speaker_of("de")


def briefing(text: str, url: str | None = None) -> Briefing:
    sentence = CitedSentence(text=text, citations=(1,))
    point = BriefingPoint(sentence=sentence, outlets=(text, "B"), origins=2, label=text, topic=text)
    return Briefing(
        topic=text,
        title=text,
        dateline=text,
        language="de",
        length="short",
        sections=(
            BriefingSection(heading=text, kind="agreement", points=(point,), event=text),
            BriefingSection(heading=text, kind="disagreement", points=(point,), event=text),
        ),
        citations=(
            Citation(
                marker=1, article_id=text, source=text, title=text, published_at="2025-09-03",
                quote=text, start_char=5, end_char=9, url=url,
            ),
        ),
        disagreements=(),
        timeline=(
            TimelineEntry(
                date="2025-09-03", end="2025-09-03", precision="day", shown=text, sentence=text,
                citations=(1,),
            ),
        ),
        sources=(
            BriefingSource(
                article_id=text, outlet=text, title=text, published_at=None, url=url, origin=text,
                content_hash="c", is_used=True, reason=text,
            ),
        ),
        method=(text,),
        coverage=Coverage(
            articles_considered=1, articles_cited=1, outlets=(text,), independent_origins=1,
            pairs_compared=0, pairs_not_compared=0,
        ),
        run=Run(
            mode="extractive", llm=None, embedding_model="m", index_fingerprint="f",
            prompt_hashes={}, seconds={},
        ),
    )  # fmt: skip


def test_every_marker_opens_its_quote_and_the_contents_lead_to_every_part():
    html = briefing_html(briefing("Ein Satz."), say)
    assert html.count('class="chip"') == 3
    assert 'data-start="5" data-end="9"' in html
    for place in range(4):
        assert f'id="briefing-part-{place}"' in html
        assert f'href="#briefing-part-{place}"' in html


def test_nothing_of_a_briefing_is_markup_and_no_address_but_http_is_a_link():
    html = briefing_html(briefing(HOSTILE, "javascript:alert(1)"), say)
    assert "<img" not in html
    assert "javascript:" not in html
    assert 'href="https://example.org/a"' in briefing_html(
        briefing("x", "https://example.org/a"), say
    )


def test_a_verification_says_what_fails_and_why():
    good = Checked("citation", "q", (1,), None)
    bad = Checked("sentence", HOSTILE, (1,), "unsupported", HOSTILE)
    assert "Alle 1 geprüften" in verification_html([good], say)
    html = verification_html([good, bad], say)
    assert "1 von 2" in html
    assert "vom Zitat nicht gedeckt" in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("topic", "stem"),
    [
        ("", "briefing"),
        ("Größe & Übermaß in München", "briefing-groesse-uebermass-in-muenchen"),
        ("../../etc/passwd", "briefing-etc-passwd"),
        ("習近平", "briefing"),
        ("a" * 200, "briefing-" + "a" * 60),
    ],
)
def test_exported_files_have_harmless_names(topic, stem):
    assert file_stem(topic) == stem
