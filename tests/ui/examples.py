"""An invented answer, as the pipeline gives them."""

from __future__ import annotations

from rag.types import (
    Answer,
    Citation,
    CitedSentence,
    Coverage,
    Disagreement,
    Position,
    PositionClaim,
    Question,
    Run,
    Span,
)

QUOTE = "Der Bau kostete 4,2 Millionen Euro."


def a_claim(outlet: str, quote: str, article_id: str | None = None) -> PositionClaim:
    return PositionClaim(
        article_id=article_id or outlet.lower(),
        source=outlet,
        published_at="2025-03-04",
        quote=quote,
        start_char=0,
        end_char=len(quote),
        attributed_to="die Bürgermeisterin",
        origin_id="o1",
    )


def a_disagreement(status: str = "conflict", *values: str) -> Disagreement:
    values = values or ("4,2 Millionen Euro", "mindestens 5 Millionen Euro")
    return Disagreement(
        aspect="Kosten <b>",
        kind="number",
        status=status,  # type: ignore[arg-type]
        positions=tuple(
            Position(value=value, claims=(a_claim(f"Blatt {place}", f"Es waren {value}."),))
            for place, value in enumerate(values)
        ),
        explanation="Weiter auseinander, als Rundung erklärt.",
    )


def an_answer(question: str = "Was kostete der Bau?", **changed: object) -> Answer:
    values: dict[str, object] = {
        "question": Question(text=question),
        "status": "answered",
        "text": f"Talbote: {QUOTE} [1]",
        "sentences": (
            CitedSentence(
                text=f"Talbote: {QUOTE}",
                citations=(1,),
                highlights=(Span(start_char=25, end_char=43),),
            ),
        ),
        "citations": (
            Citation(
                marker=1,
                article_id="bruecke-1",
                source="Talbote",
                title="Neue Brücke",
                published_at="2025-03-04",
                quote=QUOTE,
                start_char=10,
                end_char=10 + len(QUOTE),
            ),
        ),
        "disagreements": (a_disagreement(),),
        "coverage": Coverage(
            articles_considered=4,
            articles_cited=1,
            outlets=("Talbote",),
            independent_origins=1,
            pairs_compared=3,
            pairs_not_compared=0,
        ),
        "run": Run(
            mode="extractive",
            llm=None,
            embedding_model="m",
            index_fingerprint="f",
            prompt_hashes={},
            seconds={"total": 0.1},
        ),
    }
    return Answer(**{**values, **changed})  # type: ignore[arg-type]
