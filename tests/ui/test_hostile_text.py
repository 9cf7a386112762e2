"""Sixty hostile texts in every place of the chat: only elements and attributes of ours come out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as parser

from rag.types import Article, CitedSentence, Disagreement, Position
from rag.ui.chat_turn import conversation_html
from rag.ui.context import Filters
from rag.ui.evidence_panel import EvidenceRequest, evidence_html
from rag.ui.history import Conversation, Exchange, History, PassageRef
from rag.ui.shelf_list import shelf_html
from rag.ui.source import source_html
from rag.ui.texts import speaker_of
from tests.ui.examples import a_claim, an_answer

PAYLOADS = (
    (Path(__file__).parents[1] / "e2e" / "payloads.txt").read_text(encoding="utf-8").splitlines()
)
SAY = speaker_of("de")
AT = "2025-09-04T10:00:00+02:00"
OURS = {
    *("article", "aside", "b", "br", "button", "details", "div", "h2", "h3", "h4", "h5", "header"),
    *("li", "mark", "p", "path", "section", "span", "strong", "summary", "svg", "ul", "circle"),
    *("line", "text", "a"),
}


def strange(written: str) -> list[str]:
    """Elements we do not use, handlers, styles, and addresses that are no web address."""
    found = []
    for element in parser.fragment_fromstring(written, create_parent="div").iter():
        if element.tag not in OURS:
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            is_address = name in {"href", "src", "action", "data", "poster", "srcset", "style"}
            is_web = name == "href" and value.startswith(("http://", "https://"))
            if name.startswith("on") or (is_address and not is_web):
                found.append(f"{name}={value}")
    return found


def an_exchange(payload: str) -> Exchange:
    sentence = CitedSentence(text=f"{payload}: {payload} [1]", citations=(1,))
    citation = replace(
        an_answer().citations[0],
        source=payload,
        title=payload,
        article_id=payload,
        quote=payload,
        url=payload,
        published_at=payload,
    )
    claim = replace(a_claim(payload, payload, payload), attributed_to=payload)
    found = Disagreement(
        aspect=payload,
        kind="number",
        status="conflict",
        explanation=payload,
        positions=(Position(value=payload, claims=(claim,)), Position(value="3", claims=(claim,))),
    )
    answer = an_answer(
        payload,
        sentences=(sentence,),
        citations=(citation,),
        disagreements=(found,),
        text=f"{payload}\n{payload} [1]",
    )
    answer = replace(answer, question=replace(answer.question, original=payload))
    begun = Exchange.begun(payload, AT, Filters(outlets=(payload,)))
    return begun.answered(replace(answer, run=replace(answer.run, notes=(payload,))))


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nothing_of_a_hostile_text_becomes_markup(payload):
    working = Exchange.begun(payload, AT, Filters()).model_copy(update={"draft": payload})
    failed = working.model_copy(update={"state": "failed", "problem": payload})
    conversation = Conversation(exchanges=(an_exchange(payload), working, failed))
    article = Article(
        article_id=payload,
        text=f"{payload}\n{payload}",
        content_hash="c",
        raw_hash="r",
        path=payload,
        language="de",
        title=payload,
        source=payload,
        url=payload,
        authors=(payload,),
        origin=payload,
        duplicate_of=payload,
        published_at=payload,
    )
    reference = PassageRef(
        article_id=payload, chunk_id=payload, start_char=0, end_char=999, rank=1, dense=1, lexical=1
    )
    wanted = EvidenceRequest(question=payload, passages=(reference,), quotes=())
    for written in (
        conversation_html(conversation, SAY),
        shelf_html(History(others=(conversation,)), SAY),
        source_html(article, 0, len(payload), SAY, "de"),
        evidence_html(wanted, {payload: article}, SAY, "de", "de"),
    ):
        assert strange(written) == []


def test_the_check_itself_sees_what_is_not_escaped():
    seen = [payload for payload in PAYLOADS if strange(f"<p>{payload}</p>")]
    assert len(seen) > 40
