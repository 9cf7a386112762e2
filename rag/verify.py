"""Re-checks an exported answer or briefing against the store: every quote and every sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from rag.answer.conflict_line import take_apart
from rag.answer.support import Similarity, check_support
from rag.answer.support_quotes import Quoted
from rag.briefing.conflict_check import wrong_in_conflict
from rag.briefing.printed import Printed, PrintedCitation, PrintedSentence
from rag.briefing.read_back import read_back
from rag.language.detect import detect_language
from rag.language.quotations import quotations
from rag.language.typography import in_quotation_marks
from rag.types import Article

Problem = Literal[
    "unknown_article",
    "changed_text",
    "wrong_quote",
    "no_citation",
    "failed_citation",
    "unsupported",
]
_MARKERS = re.compile(r"\s*\[\d+\]")
_QUOTED_WORDS = 3
_LEAST_HASH = 8
_NEARLY_ALL = 0.7


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one citation, sentence or claim of a disagreement.

    ``problem`` is ``None`` where it holds.
    """

    what: Literal["citation", "sentence", "claim"]
    text: str
    markers: tuple[int, ...]
    problem: Problem | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """All verdicts on one export."""

    checked: tuple[Checked, ...]

    @property
    def score(self) -> float:
        """The share that holds; 1 where nothing is asserted."""
        if not self.checked:
            return 1.0
        return sum(each.problem is None for each in self.checked) / len(self.checked)

    def to_json(self) -> dict[str, Any]:
        """What ``rag verify --format json`` prints of it."""
        return {
            "score": self.score,
            "checked": len(self.checked),
            "failed": sum(each.problem is not None for each in self.checked),
            "verdicts": [{**asdict(each), "markers": list(each.markers)} for each in self.checked],
        }


def verify_file(
    path: Path,
    find: Callable[[str], Article | None],
    open_similarity: Callable[[], Similarity | None] = lambda: None,
) -> Verification:
    """Checks all exports in a file. Raises ``InputError`` where it holds none.

    ``open_similarity`` is called only where a language model worded some of it.
    """
    printed = read_back(path)
    worded = any(not each.is_extractive for each in printed)
    similarity = open_similarity() if worded else None
    checked = [one for each in printed for one in verify(each, find, similarity).checked]
    return Verification(tuple(checked))


def verify(
    printed: Printed,
    find: Callable[[str], Article | None],
    similarity: Similarity | None = None,
) -> Verification:
    """Checks an export as printed; ``find`` gives the stored article of an id.

    ``similarity`` judges the meaning of what a language model worded; without it only words do.
    """
    checked: list[Checked] = []
    sound: dict[int, Quoted] = {}
    for citation in printed.citations:
        article = find(citation.article_id)
        verdict = _check_citation(citation, article, citation.marker in sound)
        checked.append(verdict)
        if verdict.problem is None and article is not None:
            quote = article.text[citation.start_char : citation.end_char]
            before = article.text[max(0, citation.start_char - 300) : citation.start_char]
            sound[citation.marker] = Quoted(quote, article, before)
    for sentence in printed.sentences:
        checked.append(_check_sentence(sentence, sound, printed, similarity, find))
    for position in (each for found in printed.disagreements for each in found.positions):
        for claim in position.claims:
            verdict = _check_citation(claim, find(claim.article_id), is_twice=False)
            checked.append(replace(verdict, what="claim", markers=()))
    return Verification(tuple(checked))


def _check_citation(citation: PrintedCitation, article: Article | None, is_twice: bool) -> Checked:
    problem: Problem | None = None
    detail = ""
    if article is None:
        problem, detail = "unknown_article", citation.article_id
    elif not _has_hash(citation.content_hash, article):
        problem, detail = "changed_text", citation.article_id
    elif is_twice or not _is_exact(citation, article):
        problem = "wrong_quote"
        detail = f"{citation.article_id}:{citation.start_char}-{citation.end_char}"
    return Checked("citation", citation.quote, (citation.marker,), problem, detail)


def _has_hash(printed: str, article: Article) -> bool:
    """Saved answers may carry no hash: then the quote itself has to do."""
    if not printed:
        return True
    return len(printed) >= _LEAST_HASH and article.content_hash.startswith(printed)


def _is_exact(citation: PrintedCitation, article: Article) -> bool:
    if not 0 <= citation.start_char < citation.end_char <= len(article.text):
        return False
    stored = article.text[citation.start_char : citation.end_char]
    shown = (stored, in_quotation_marks(stored, "de"), in_quotation_marks(stored, "en"))
    return _plain(citation.quote) in {_plain(each) for each in shown}


def _check_sentence(
    sentence: PrintedSentence,
    sound: dict[int, Quoted],
    printed: Printed,
    similarity: Similarity | None,
    find: Callable[[str], Article | None],
) -> Checked:
    text = _plain(_MARKERS.sub("", sentence.text))
    problem: Problem | None = None
    detail = ""
    if not sentence.markers:
        problem = "no_citation"
    elif not all(marker in sound for marker in sentence.markers):
        failed = [str(marker) for marker in sentence.markers if marker not in sound]
        problem, detail = "failed_citation", ", ".join(failed)
    else:
        cited = {marker: sound[marker] for marker in sentence.markers}
        conflict = take_apart(sentence.text, [each.aspect for each in printed.disagreements])
        # A source may begin like that as well: then it is its words that count.
        if conflict and not any(text == _plain(each.quote) for each in cited.values()):
            detail = wrong_in_conflict(
                conflict, printed.disagreements, cited, find, is_whole=printed.is_extractive
            )
        else:
            quotes = list(cited.values())
            detail = _unsupported(text, quotes, printed, sentence, similarity)
        problem = "unsupported" if detail else None
    return Checked("sentence", text, sentence.markers, problem, detail)


def _unsupported(
    text: str,
    quotes: Sequence[Quoted],
    printed: Printed,
    sentence: PrintedSentence,
    similarity: Similarity | None,
) -> str:
    """What of a sentence its quotes do not hold, empty where they hold it all."""
    plain = [_plain(each.quote) for each in quotes]
    if text in plain:
        return ""
    if printed.is_verbatim and not sentence.is_written:
        return "not the words of the source"
    # Quotes in a sentence are checked as quotes; only what is said around them needs support.
    rest = text
    for quote in sorted(plain, key=len, reverse=True):
        rest = rest.replace(quote, " ")
    altered = _altered_quote(rest, plain) or (
        _altered_words(text, plain) if printed.is_extractive else ""
    )
    if altered:
        return altered
    said = _without_origins(text, quotes)
    verdict = check_support(said, detect_language(text), quotes, similarity)
    if verdict.support == "unsupported":
        missing = ", ".join(each.text for each in verdict.missing)
        return missing or "too little in common with the quotes"
    return ""


def _without_origins(text: str, quotes: Sequence[Quoted]) -> str:
    """The sentence without „unter Berufung auf dpa“: the origin is metadata, not in the quote."""
    for each in quotes:
        if each.article.origin:
            text = text.replace(each.article.origin, " ", 1)
    return _plain(text)


def _altered_quote(text: str, quotes: Sequence[str]) -> str:
    """Words in quotation marks that no quote holds."""
    for each in quotations(text):
        inner = _plain(each.text).strip(" .,;:!?…")
        if len(inner.split()) >= _QUOTED_WORDS and not any(inner in quote for quote in quotes):
            return inner
    return ""


def _altered_words(text: str, quotes: Sequence[str]) -> str:
    """Where the sentence is a quote but for some words: those words."""
    said = text.split()
    for quote in quotes:
        if quote in text:
            continue
        words = quote.split()
        blocks = SequenceMatcher(None, words, said, autojunk=False).get_matching_blocks()
        if sum(block.size for block in blocks) < _NEARLY_ALL * len(words):
            continue
        first, last = blocks[0], blocks[-2]
        kept = {place for b in blocks for place in range(b.b, b.b + b.size)}
        inside = range(first.b, last.b + last.size)
        return " ".join(said[place] for place in inside if place not in kept) or "words left out"
    return ""


def _plain(text: str) -> str:
    return " ".join(text.split())
