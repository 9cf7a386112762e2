"""Written sentences → checked ones with citations numbered without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answer.budget import Item
from rag.answer.citations import CitationList, markers_text
from rag.answer.marker_stream import MarkedSentence
from rag.answer.support import Quoted, Similarity, Verdict, check_support, likeness_features
from rag.language.sentences import split_sentences
from rag.llm.failures import llm_data
from rag.types import Citation, CitedSentence, Language, Support

_REATTRIBUTED_COVERAGE = 0.75
"""What a quote must hold of a sentence that did not cite it: more than one that it did cite."""
_STRENGTH: dict[Support, int] = {"unsupported": 0, "unchecked": 1, "supported": 2, "verbatim": 3}
_HELD = _STRENGTH["supported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A sentence with the evidence it cites and the verdict on it.

    ``is_reattributed``: the program found the evidence, as the model's markers were missing or
    wrong. ``idle`` is how many more quotes the model cited that the sentence does not rest on.
    """

    text: str
    items: tuple[Item, ...]
    verdict: Verdict
    is_reattributed: bool = False
    idle: int = 0

    @property
    def is_held(self) -> bool:
        """Whether it may be asserted."""
        return self.verdict.support != "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedAnswer:
    """Lines for readers, sentences and citations; ``notes`` name quotes that did not verify."""

    lines: tuple[str, ...]
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    notes: tuple[str, ...] = ()


def written_sentences(
    sentences: Sequence[MarkedSentence],
    items: Sequence[Item],
    language: Language,
    similarity: Similarity | None = None,
) -> tuple[Written, ...]:
    """Each sentence once, with its verdict."""
    by_number = {item.number: item for item in items}
    found: dict[str, Written] = {}
    for sentence in sentences:
        cited = tuple(by_number[number] for number in sentence.numbers)
        if sentence.text not in found:
            found[sentence.text] = _judge(sentence.text, cited, items, language, similarity)
    return tuple(found.values())


def quoted(item: Item) -> Quoted:
    """An item as the support check reads it: with the sentence before it, for names."""
    before = item.article.text[max(0, item.start_char - 300) : item.start_char]
    spans = split_sentences(before, item.article.language)
    last = before[spans[-1].start_char :].strip() if spans else ""
    return Quoted(item.quote, item.article, last)


def _judge(
    text: str,
    cited: tuple[Item, ...],
    items: Sequence[Item],
    language: Language,
    similarity: Similarity | None,
) -> Written:
    verdict = check_support(text, language, [quoted(item) for item in cited], similarity)
    if verdict.support != "unsupported":
        needed, verdict = _needed(text, cited, verdict, language, similarity)
        return Written(text=text, items=needed, verdict=verdict, idle=len(cited) - len(needed))
    other = _better_evidence(text, cited, items, language)
    if other is not None:
        return other
    return Written(text=text, items=cited, verdict=verdict)


def _needed(
    text: str,
    cited: tuple[Item, ...],
    verdict: Verdict,
    language: Language,
    similarity: Similarity | None,
) -> tuple[tuple[Item, ...], Verdict]:
    """The quotes that each hold the sentence; where none does, those it takes together.

    A small model cites all it was shown behind every sentence.
    """
    if len(cited) == 1 or verdict.support == "unchecked":
        return cited, verdict
    alone = [check_support(text, language, [quoted(item)], similarity) for item in cited]
    holding = [place for place, each in enumerate(alone) if _STRENGTH[each.support] >= _HELD]
    if holding:
        weakest = min((alone[place] for place in holding), key=lambda v: _STRENGTH[v.support])
        return tuple(cited[place] for place in holding), weakest
    needed = list(cited)
    for item in reversed(cited):
        rest = [each for each in needed if each is not item]
        if not rest:
            break
        found = check_support(text, language, [quoted(each) for each in rest], similarity)
        if _STRENGTH[found.support] >= _STRENGTH[verdict.support]:
            needed, verdict = rest, found
    return tuple(needed), verdict


def _better_evidence(
    text: str, cited: Sequence[Item], items: Sequence[Item], language: Language
) -> Written | None:
    """Small models lose or mix up numbers: the quote that clearly holds the sentence, if any."""
    best: tuple[float, Item, Verdict] | None = None
    for item in items:
        if item in cited or item.article.language != language:
            continue
        names = [item.article.outlet]
        coverage = likeness_features(text, language, [item.quote], names)["coverage"]
        if coverage < _REATTRIBUTED_COVERAGE or (best and coverage <= best[0]):
            continue
        verdict = check_support(text, language, [quoted(item)])
        if verdict.support != "unsupported":
            best = (coverage, item, verdict)
    if best is None:
        return None
    return Written(text=text, items=(best[1],), verdict=best[2], is_reattributed=True)


def cite(sentences: Sequence[Written], language: Language) -> CitedAnswer:
    """Citations in order of appearance; a sentence whose quotes fail to verify is left out."""
    cited = CitationList()
    support: dict[int, Support] = {}
    lines, found = [], []
    for sentence in sentences:
        markers = tuple(
            dict.fromkeys(
                marker
                for item in sentence.items
                if (marker := cited.cite(item.article, item.quote, item.start_char, item.end_char))
            )
        )
        if not markers and sentence.is_held:
            continue
        for marker in markers:
            known = support.get(marker)
            own = sentence.verdict.support
            if known is None or _STRENGTH[own] < _STRENGTH[known]:
                support[marker] = own
        mark = "" if sentence.is_held else f" {_unsupported_mark(language)}"
        found.append(CitedSentence(text=f"{sentence.text}{mark}", citations=markers))
        lines.append(f"{sentence.text}{mark} {markers_text(markers)}".rstrip())
    return CitedAnswer(
        lines=tuple(lines),
        sentences=tuple(found),
        citations=tuple(
            replace(citation, support=support.get(citation.marker, "unchecked"))
            for citation in cited.citations
        ),
        notes=tuple(cited.notes),
    )


def _unsupported_mark(language: Language) -> str:
    return str(llm_data("unsupported_mark")[0 if language == "de" else 1])
