"""Answers, passages and disagreements for people's eyes in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from rag.cli.texts import say
from rag.language.typography import format_date, source_label
from rag.types import (
    Answer,
    Citation,
    Comparison,
    Disagreement,
    Language,
    Passage,
    Position,
    PositionClaim,
)

_STATUS_STYLE = {"answered": "green", "partial": "yellow", "not_in_sources": "red"}


def show_answer(answer: Answer, console: Console) -> None:
    """Status line, answer, disagreements, sources."""
    language = answer.question.language
    console.print(_status_line(answer))
    console.print()
    console.print(Text(answer.text))
    for line in _disagreements(answer.disagreements, language):
        console.print(line)
    if answer.citations:
        console.print()
        console.print(Text(say("sources", language), style="bold"))
        for citation in answer.citations:
            console.print(_source_line(citation, language))
    for note in answer.run.notes:
        console.print(Text(f"· {note}", style="dim"))


def show_comparison(comparison: Comparison, language: Language, console: Console) -> None:
    """Each disagreement with its sides, how many pairs were compared, and the trace."""
    lines = list(_disagreements(comparison.disagreements, language))
    for line in lines:
        console.print(line)
    if not lines:
        console.print(say("no_conflicts", language))
    counts = (comparison.pairs_compared, comparison.pairs_not_compared)
    console.print(Text(say("pairs", language, *counts), style="dim"))
    for note in (*comparison.notes, *comparison.trace):
        console.print(Text(f"· {note}", style="dim"))


def show_passages(passages: Iterable[Passage], language: Language, console: Console) -> None:
    """Ranked passages with their scores."""
    for passage in passages:
        scores = passage.scores
        head = Text(f"{passage.rank:>2}  ", style="dim")
        head.append(source_label(passage.article, language), style="bold")
        head.append(f"  {format_date(passage.article.published_at, language)}", style="dim")
        head.append(
            f"  fused {scores.fused:.3f}  dense {scores.dense:.3f}  lexical {scores.lexical:.2f}",
            style="dim",
        )
        console.print(head)
        console.print(Padding(Text(passage.chunk.text), (0, 0, 1, 4)))


def _status_line(answer: Answer) -> Text:
    language = answer.question.language
    coverage = answer.coverage
    line = Text(say(answer.status, language), style=f"bold {_STATUS_STYLE[answer.status]}")
    considered = coverage.articles_considered
    counts = say("article" if considered == 1 else "articles", language, considered)
    if len(coverage.outlets) == 1:
        counts += " · " + say("one_source", language, _only_source(answer))
    elif coverage.independent_origins:
        origins = coverage.independent_origins
        counts += " · " + say("origin" if origins == 1 else "origins", language, origins)
    line.append(f"  {counts}", style="dim")
    return line


def _only_source(answer: Answer) -> str:
    if answer.citations:
        return source_label(answer.citations[0], answer.question.language)
    return answer.coverage.outlets[0]


def _source_line(citation: Citation, language: Language) -> Padding:
    line = Text(f"[{citation.marker}] ", style="cyan")
    line.append(source_label(citation, language), style="bold")
    dated = format_date(citation.published_at, language) or say("no_date", language)
    line.append(f", {dated}", style="dim")
    line.append(f"  {citation.article_id}:{citation.start_char}–{citation.end_char}\n", style="dim")
    line.append(citation.quote)
    return Padding(line, (0, 0, 0, 2))


def _disagreements(found: Iterable[Disagreement], language: Language) -> Iterator[Text | Padding]:
    ordered = list(found)
    for heading, wanted in (("conflicts", True), ("explained", False)):
        group = [one for one in ordered if (one.status in ("conflict", "framing")) == wanted]
        if not group:
            continue
        yield Text("\n" + say(heading, language), style="bold red" if wanted else "bold dim")
        for one in group:
            kind = f"{say(one.kind, language)} · {say(one.status, language)}"
            title = Text(f"{one.aspect}  ", style="bold")
            title.append(kind, style="dim")
            yield Padding(title, (0, 0, 0, 2))
            for position in one.positions:
                yield Padding(_position(position, language), (0, 0, 0, 4))
            yield Padding(Text(one.explanation, style="italic"), (0, 0, 1, 4))


def _position(position: Position, language: Language) -> Text:
    text = Text(f"• {position.value}", style="yellow")
    for claim in position.claims:
        text.append("\n  ")
        text.append(_who(claim, language), style="bold")
        text.append(f": {claim.quote}")
    return text


def _who(claim: PositionClaim, language: Language) -> str:
    outlet = source_label(claim, language)
    dated = format_date(claim.published_at, language)
    parts = [
        outlet,
        dated,
        say("says", language, claim.attributed_to) if claim.attributed_to else "",
    ]
    return ", ".join(part for part in parts if part)
