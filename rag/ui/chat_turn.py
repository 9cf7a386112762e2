"""One exchange as HTML: the question, the answer with its chips, what can be done with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from rag.answer.single_source import is_single_source_note
from rag.language.typography import format_date, source_label
from rag.types import Answer, Citation, CitedSentence, Span
from rag.ui.chat_actions import actions_html, next_html
from rag.ui.chat_cards import cards_html
from rag.ui.context import Filters
from rag.ui.history import Conversation, Exchange
from rag.ui.markup import badge, element, items, marked, text
from rag.ui.texts import Say, language_of

_MARKER = re.compile(r"\s*\[(\d{1,4})\]")


def conversation_html(conversation: Conversation, say: Say) -> str:
    """All exchanges, the oldest first; next questions below the last."""
    known = [each.asked for each in conversation.exchanges]
    return element(
        "div",
        "".join(
            turn_html(each, say, known=known if place == len(known) - 1 else ())
            for place, each in enumerate(conversation.exchanges)
        ),
        class_="conversation",
        role="log",
        aria_label=say("chat.log"),
    )


def turn_html(exchange: Exchange, say: Say, *, known: Sequence[str] = ()) -> str:
    """A question and what came of it; with ``known`` questions, others are looked for."""
    head = element("h3", text(exchange.asked), class_="asked")
    answer = exchange.answer
    if answer is not None and answer.question.original:
        head += element("p", text(say("chat.read_as", answer.question.text)), class_="read-as")
    if exchange.filters.are_set:
        head += element("p", text(filters_text(exchange.filters, say)), class_="narrowed")
    if answer is None:
        content = element("div", head + _unanswered(exchange, say), class_="said")
    else:
        content = element(
            "div",
            head + _answer(exchange, answer, say) + next_html(exchange, answer, known),
            class_="said",
        ) + element("aside", _beside(exchange, answer, say), class_="beside")
    return element(
        "article", content, id=f"turn-{exchange.turn_id}", class_=f"turn {exchange.state}"
    )


def filters_text(filters: Filters, say: Say) -> str:
    """What a question is narrowed to."""
    parts = [", ".join(filters.outlets)] if filters.outlets else []
    language = language_of(say)
    if filters.published_from:
        parts.append(say("chat.from", format_date(filters.published_from, language)))
    if filters.published_to:
        parts.append(say("chat.to", format_date(filters.published_to, language)))
    return say("chat.narrowed", " · ".join(parts))


def _unanswered(exchange: Exchange, say: Say) -> str:
    if exchange.state == "working":
        told = say("chat.draft") if exchange.draft else say("chat.working")
        waiting = element("p", element("span", "", class_="dots") + text(told), class_="working")
        draft = element("p", text(exchange.draft), class_="draft") if exchange.draft else ""
        return waiting + draft
    told = exchange.problem or say("chat.stopped")
    kind = "problem" if exchange.problem else "stopped"
    return element("p", text(told), class_=kind) + actions_html(exchange, None, say)


def _answer(exchange: Exchange, answer: Answer, say: Say) -> str:
    citations = {citation.marker: citation for citation in answer.citations}
    status = element(
        "p",
        badge(say(f"status.{answer.status}"), answer.status)
        + element("span", text(coverage_text(answer, say)), class_="covered"),
        class_="status",
    )
    if not answer.sentences:
        body = element("p", text(answer.text), class_="lead")
    else:
        first, *rest = answer.sentences
        body = _statement(first, citations, say, "lead")
        body += (
            element(
                "div",
                "".join(_statement(each, citations, say, "more") for each in rest),
                class_="statements",
            )
            if rest
            else ""
        )
        body += "".join(element("p", text(line), class_="unsaid") for line in _unsaid(answer))
    body += _single(answer, say)
    notes = [
        note
        for note in answer.run.notes
        if answer.question.text not in note and not is_single_source_note(note)
    ]
    told = (
        element(
            "details",
            element("summary", text(say("chat.notes", len(notes))))
            + items(text(note) for note in notes),
            id=f"notes-{exchange.turn_id}",
            class_="notes",
        )
        if notes
        else ""
    )
    return element(
        "div",
        status + body + told + actions_html(exchange, plain_text(answer, say), say),
        class_="answer",
        lang=answer.question.language if answer.question.language != "other" else None,
    )


def _single(answer: Answer, say: Say) -> str:
    """Says so where all that is said goes back to one source or one origin."""
    if not answer.sentences or not answer.citations:
        return ""
    if len(answer.coverage.outlets) == 1:
        told = say("chat.one_source", source_label(answer.citations[0], language_of(say)))
    elif answer.coverage.independent_origins == 1:
        told = say("chat.one_origin")
    else:
        return ""
    return element("p", text(told), class_="single")


def coverage_text(answer: Answer, say: Say) -> str:
    """How much of the collection the answer rests on."""
    covered = answer.coverage
    if answer.status == "not_in_sources":
        return say("count.read_only", covered.articles_considered)
    outlets = len(covered.outlets)
    rests = (
        say("count.outlet_one")
        if outlets == 1
        else say("count.outlets_one_origin", outlets)
        if covered.independent_origins == 1
        else say("count.outlets_origins", outlets, covered.independent_origins)
    )
    return f"{rests} · {say('count.read', covered.articles_considered)}"


def _statement(
    sentence: CitedSentence, citations: Mapping[int, Citation], say: Say, kind: str
) -> str:
    """A sentence; who says it stands above, set apart from their words."""
    value, lead = sentence.text, ""
    quotes = [citations[m].quote for m in sentence.citations if m in citations]
    for quote in quotes:
        tail = re.sub(r"\s", " ", quote)
        if value.endswith(tail) and value[: -len(tail)].endswith(": "):
            lead = value[: -len(tail) - 2]
            break
    at = len(lead) + 2 if lead else 0
    spans = [
        Span(start_char=s.start_char - at, end_char=s.end_char - at) for s in sentence.highlights
    ]
    body, shown = _with_chips(value[at:], spans, citations, say)
    missing = [m for m in sentence.citations if m in citations and m not in shown]
    chips = "".join(chip(citations[marker], say) for marker in missing)
    is_clash = not lead and bool(shown)
    if not lead and not shown and sentence.citations[:1] and sentence.citations[0] in citations:
        # The answer's text names outlets only; here the title says whose words these are.
        lead = source_label(citations[sentence.citations[0]], language_of(say))
    by = element("p", text(lead), class_="by") if lead else ""
    told = element("p", body + (f" {chips}" if chips else ""), class_="words")
    return element("div", by + told, class_=f"statement {kind}{' clash' if is_clash else ''}")


def _with_chips(
    value: str, spans: list[Span], citations: Mapping[int, Citation], say: Say
) -> tuple[str, set[int]]:
    """The text with its highlights, and the markers written in it as chips."""
    pieces, at, shown = [], 0, set[int]()
    for found in _MARKER.finditer(value):
        citation = citations.get(int(found[1]))
        if citation is None:
            continue
        pieces.append(_piece(value, at, found.start(), spans) + " " + chip(citation, say))
        shown.add(citation.marker)
        at = found.end()
    return "".join(pieces) + _piece(value, at, len(value), spans), shown


def _piece(value: str, start: int, end: int, spans: list[Span]) -> str:
    inside = [Span(start_char=s.start_char - start, end_char=s.end_char - start) for s in spans]
    return marked(value[start:end], inside, class_="asked-for")


def chip(citation: Citation, say: Say) -> str:
    """``[n]`` as a button that opens the source; hovering shows the quote."""
    language = language_of(say)
    day = format_date(citation.published_at, language) or say("source.undated")
    outlet = source_label(citation, language)
    return element(
        "button",
        text(citation.marker),
        type="button",
        class_=f"chip {citation.support}",
        data_open=citation.article_id,
        data_start=citation.start_char,
        data_end=citation.end_char,
        data_tip=citation.quote,
        data_tip_head=f"{outlet}, {day}",
        aria_label=say("chat.chip", citation.marker, outlet, day),
    )


def _unsaid(answer: Answer) -> list[str]:
    """Lines of the answer's text that are no cited sentence: what is left out, and why."""
    said = {each.text for each in answer.sentences}
    lines = [line.strip() for line in answer.text.split("\n") if line.strip()]
    return [
        line
        for line in lines
        if not _MARKER.search(line) and not any(line in each or each in line for each in said)
    ]


def plain_text(answer: Answer, say: Say) -> str:
    """The answer with its sources, for the clipboard and exports."""
    language = language_of(say)
    lines = [answer.text]
    if answer.citations:
        lines += ["", say("chat.sources")]
    for citation in answer.citations:
        day = format_date(citation.published_at, language) or say("source.undated")
        lines.append(
            f"[{citation.marker}] {source_label(citation, language)}, {day}"
            f"{': ' + citation.title if citation.title else ''}"
            f"{' ' + citation.url if citation.url else ''}"
        )
    return "\n".join(lines)


def _beside(exchange: Exchange, answer: Answer, say: Say) -> str:
    cards = cards_html(answer.disagreements, say, answer.question.language, prefix=exchange.turn_id)
    if not cards and answer.sentences:
        compared = answer.coverage.pairs_compared
        cards = element("p", text(say("cards.none", compared)), class_="quiet")
    return cards + _evidence(exchange, answer, say)


def _evidence(exchange: Exchange, answer: Answer, say: Say) -> str:
    """The passages, folded; fetched when opened (``rag.ui.evidence_panel``)."""
    if not exchange.passages:
        return ""
    wanted = {
        "question": answer.question.text,
        "passages": [each.model_dump() for each in exchange.passages],
        "quotes": [
            {
                "marker": c.marker,
                "article_id": c.article_id,
                "start_char": c.start_char,
                "end_char": c.end_char,
            }
            for c in answer.citations
        ],
    }
    return element(
        "details",
        element("summary", text(say("evidence.title", len(exchange.passages))))
        + element("div", text(say("chat.working")), class_="fetched"),
        id=f"evidence-{exchange.turn_id}",
        class_="evidence",
        data_fetch="/evidence",
        data_body=json.dumps(wanted, ensure_ascii=False),
    )
