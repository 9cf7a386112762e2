"""Disagreements as cards: both sides with their quotes; none is declared right."""

from __future__ import annotations

from collections.abc import Sequence

from rag.language.typography import format_date, in_quotation_marks, source_label
from rag.types import Disagreement, Language, Position, PositionClaim
from rag.ui.markup import badge, element, opener, text
from rag.ui.number_scale import ranges, scale_svg
from rag.ui.texts import Say

_MOST_CLAIMS = 3


def cards_html(
    found: Sequence[Disagreement], say: Say, language: Language, *, prefix: str = "d"
) -> str:
    """Contradictions first and open; what could be explained is folded below them.

    ``prefix`` keeps the ids of several calls on one page apart.
    """
    conflicts = [each for each in found if each.status == "conflict"]
    explained = [each for each in found if each.status != "conflict"]
    content = ""
    if conflicts:
        count = say("cards.conflict" if len(conflicts) == 1 else "cards.conflicts", len(conflicts))
        content += element("h4", text(count), class_="clash")
        content += "".join(card_html(each, say, language) for each in conflicts)
    if explained:
        count = say(
            "cards.explained_one" if len(explained) == 1 else "cards.explained", len(explained)
        )
        folded = "".join(card_html(each, say, language) for each in explained)
        content += element(
            "details",
            element("summary", text(count)) + folded,
            id=f"{prefix}-explained",
            class_="explained",
        )
    return content


def card_html(found: Disagreement, say: Say, language: Language) -> str:
    """One disagreement."""
    head = element("h5", text(found.aspect)) + element(
        "p",
        badge(say(f"kind.{found.kind}"), "kind")
        + " "
        + badge(say(f"status.{found.status}"), found.status),
        class_="labels",
    )
    drawn = ""
    if found.kind in ("number", "duration"):
        drawn = scale_svg(ranges(found, language), language, say("cards.scale", found.aspect))
    sides = "".join(
        _side(position, place, say, language) for place, position in enumerate(found.positions)
    )
    why = element("p", text(found.explanation), class_="why") if found.explanation else ""
    return element("section", head + drawn + sides + why, class_=f"card {found.status}")


def _side(position: Position, place: int, say: Say, language: Language) -> str:
    # Copies of one wire story say it in the same words: once is enough.
    same_words: dict[str, list[PositionClaim]] = {}
    for claim in position.claims:
        same_words.setdefault(" ".join(claim.quote.split()), []).append(claim)
    groups = list(same_words.values())
    shown = "".join(_claims(claims, say, language) for claims in groups[:_MOST_CLAIMS])
    rest = len(groups) - _MOST_CLAIMS
    if rest > 0:
        shown += element("p", text(say("cards.more", rest)), class_="more")
    origins = len({claim.origin_id or claim.article_id for claim in position.claims})
    outlets = len({claim.source or claim.article_id for claim in position.claims})
    count = ""
    if outlets > 1:
        told = (
            say("count.outlets_origins", outlets, origins)
            if origins > 1
            else say("count.outlets_one_origin", outlets)
        )
        count = element("span", text(told), class_="origins")
    value = element("p", element("strong", text(position.value)) + count, class_="value")
    return element("div", value + shown, class_=f"side side-{place % 4}")


def _claims(claims: Sequence[PositionClaim], say: Say, language: Language) -> str:
    """One quotation with everybody who has it, the first of whom it opens."""
    first = claims[0]
    named = []
    for claim in claims:
        day = format_date(claim.published_at, language) or say("source.undated")
        named.append(element("b", text(source_label(claim, language))) + text(f", {day}"))
    who = "<br>".join(named)
    if first.attributed_to:
        who += element("span", text(say("cards.says", first.attributed_to)), class_="says")
    quote = opener(
        text(in_quotation_marks(first.quote, language)),
        first.article_id,
        first.start_char,
        first.end_char,
        class_="quote",
    )
    return element("div", element("p", who, class_="who") + quote, class_="claim")
