"""Text → sentence spans, for German and English news.

pysbd was the first choice: on the hand-made German table in ``tests/language/test_sentences.py``
it gets 61 of 85 rows right (it cuts nothing after numbers and initials that end a sentence, and too
much after abbreviations it lacks) and needs 80 s for 16 MB where these rules need about 2 s. The
word lists are in ``rag/data/sentences.yaml``.

A quotation of several sentences stays whole up to ``QUOTATION_CHARS``: cut apart, its inner
sentences would lose the words that say who is speaking, and a claim would look like the outlet's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from rag.types import Language, Span

QUOTATION_CHARS = 300

# Looking back further finds nothing and costs time.
_MAX_WORD = 80
_MAX_DOTTED = 24

_OPENERS = "„“\"»«‚‘'›‹”("
_CLOSERS = "“”\"»«’‘'›‹)\\]"
_DOUBLE_QUOTES = '„“”"»«'
_CANDIDATE = re.compile(
    rf"(?P<stop>[.!?…]+)(?P<closers>[{_CLOSERS}]*)(?P<notes>(?:\[\d{{1,3}}\])*)"
    rf"(?P<late>[ ]+[“”\"»«](?=\s|$))?(?=\s|$)"
)
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LAST_WORD = re.compile(r"[^\s(\[„“\"»«‚‘'›‹/–—]+$")
_NEXT_WORD = re.compile(r"[\w’'-]+")
_DOTTED = re.compile(
    r"(?:(?<![^\s(„“\"»«])|(?<=\.))"
    r"(?:(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,4}|(?:[^\W\d_]{1,2}\. ?)+[^\W\d_]{1,2})$"
)
_ROMAN = re.compile(r"[IVX]+")
_NUMBER = re.compile(r"[+-]?\d{1,3}")
_VOWEL = re.compile(r"[aeiouyäöüáéíóúàèâêô]", re.IGNORECASE)
_URL = re.compile(r"(?:https?:|www\.)\S*$")

_Verdict = Literal["end", "inside", "starter"]


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of one language."""

    never_final: frozenset[str]
    before_number: frozenset[str]
    may_be_final: frozenset[str]
    starters: frozenset[str]
    after_ordinal: frozenset[str]
    before_ordinal: frozenset[str]
    before_cardinal: frozenset[str]
    before_letter: frozenset[str]
    has_ordinal_stops: bool


@cache
def _words(language: Language) -> _Words:
    text = resources.files("rag").joinpath("data/sentences.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)

    def of(key: str, *languages: str) -> frozenset[str]:
        return frozenset(word for name in languages for word in data[key][name].split())

    def flat(key: str) -> frozenset[str]:
        return frozenset(data[key].split())

    known = {"de": ("de",), "en": ("en",), "other": ("de", "en")}[language]
    return _Words(
        never_final=of("never_final", *known),
        before_number=of("before_number", *known),
        may_be_final=of("may_be_final", *known),
        starters=of("starters", *known),
        after_ordinal=flat("after_ordinal"),
        before_ordinal=flat("before_ordinal"),
        before_cardinal=flat("before_cardinal"),
        before_letter=flat("before_letter"),
        has_ordinal_stops=language != "en",
    )


def split_sentences(text: str, language: Language) -> tuple[Span, ...]:
    """The sentences of ``text``: trimmed, in order, not overlapping, covering all but spaces.

    A line break always ends a sentence.
    """
    words = _words(language)
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for end in (*_ends(line.group(), words), line.end() - line.start()):
            _append_trimmed(spans, text, start, line.start() + end)
            start = line.start() + end
    return tuple(spans)


def _append_trimmed(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start_char=start, end_char=start + len(stripped)))


def _ends(line: str, words: _Words) -> list[int]:
    """Where sentences of one line end, its own end left out."""
    found: list[int] = []
    quotations: list[tuple[int, int]] | None = None
    sentence_start = 0
    for match in _CANDIDATE.finditer(line):
        if match.end() >= len(line.rstrip()) or not _is_end(line, match, sentence_start, words):
            continue
        if quotations is None:
            quotations = _short_quotations(line)
        if any(opened < match.start() and match.end() <= closed for opened, closed in quotations):
            continue
        found.append(match.end())
        sentence_start = match.end()
    return found


def _short_quotations(line: str) -> list[tuple[int, int]]:
    """Ranges from an opening double quotation mark to its closing one, short ones only."""
    ranges: list[tuple[int, int]] = []
    opened: int | None = None
    for match in re.finditer(f"[{_DOUBLE_QUOTES}]", line):
        at = match.start()
        if _opens(line, at):
            opened = at
        elif opened is not None:
            if at - opened <= QUOTATION_CHARS:
                ranges.append((opened, at))
            opened = None
    return ranges


def _opens(line: str, at: int) -> bool:
    """Whether the quotation mark at ``at`` opens, judged by the characters around it."""
    if line[at] == "„":
        return True
    before = line[at - 1] if at else " "
    after = line[at + 1] if at + 1 < len(line) else " "
    return (before.isspace() or before in "([-–—/:‚‘") and not after.isspace()


def _is_end(line: str, match: re.Match[str], sentence_start: int, words: _Words) -> bool:
    """Whether a sentence ends at this stop."""
    rest = line[match.end() :].lstrip()
    following = rest.lstrip(_OPENERS + "[–—- ")
    first = following[:1]
    if rest[:1] in "–—-" and not first.isupper():
        return False
    if first.islower() and not _quotation_may_start_low(line, match, rest):
        return False
    if ")" in match["closers"] and not _bracket_is_sentence(line, match, sentence_start):
        return False
    next_word = _NEXT_WORD.match(following)
    is_starter = next_word is not None and next_word.group() in words.starters
    if match["stop"] in ("…", "...", "..") or match["stop"].endswith("…"):
        return _ellipsis_ends(line, match, is_starter, rest)
    if match["stop"] != "." or (match["closers"] and match["closers"] != ")"):
        return True
    verdict = _judge_full_stop(line, match.start("stop"), sentence_start, next_word, words)
    if verdict == "starter":
        return is_starter or rest[:1] in '„“"»['
    return verdict == "end"


def _quotation_may_start_low(line: str, match: re.Match[str], rest: str) -> bool:
    """Whether a lower-case word may begin a sentence here: only as a quotation after a word."""
    stop = match.start("stop")
    word = _LAST_WORD.search(line, max(0, stop - _MAX_WORD), stop)
    return rest[:1] in "„»" and word is not None and len(word.group()) > 4 and not match["closers"]


def _bracket_is_sentence(line: str, match: re.Match[str], sentence_start: int) -> bool:
    """Whether the bracket closed here holds a sentence of its own, or closes after one."""
    inside = line[sentence_start : match.start("stop")]
    opened = inside.rfind("(")
    return opened <= len(inside) - len(inside.lstrip()) or match["closers"][0] != ")"


def _ellipsis_ends(line: str, match: re.Match[str], is_starter: bool, rest: str) -> bool:
    """An ellipsis ends a sentence when it is attached to a word or a sentence clearly begins."""
    is_attached = match.start() > 0 and not line[match.start() - 1].isspace()
    return is_attached or is_starter or rest[:1] in '„“"»' or bool(match["closers"])


def _judge_full_stop(
    line: str, stop: int, sentence_start: int, next_word: re.Match[str] | None, words: _Words
) -> _Verdict:
    """What the word before a full stop says about it."""
    match = _LAST_WORD.search(line, max(sentence_start, stop - _MAX_WORD), stop)
    if match is None:
        return "end"
    word = match.group()
    before = line[sentence_start : match.start()].rstrip()
    if _NUMBER.fullmatch(word):
        return _judge_number(word, before, next_word, words)
    is_before_number = word in words.before_number or word.endswith("str")
    if is_before_number and next_word and next_word.group()[0].isdigit():
        return "inside"
    dotted = _DOTTED.search(line, max(sentence_start, stop - _MAX_DOTTED), stop)
    if dotted:
        return "inside" if dotted.group().replace(" ", "") in words.never_final else "starter"
    if len(word) == 1 and word.isalpha():
        return "end" if before.rpartition(" ")[2] in words.before_letter else "starter"
    return _judge_word(word, words)


def _judge_word(word: str, words: _Words) -> _Verdict:
    if word in words.never_final or word.rpartition("-")[2] in words.never_final:
        return "inside"
    if word in words.may_be_final or (_ROMAN.fullmatch(word) and words.has_ordinal_stops):
        return "starter"
    # No vowel and small letters: an abbreviation no list holds ("Bln.", "Tsdk.").
    if word.isalpha() and not word.isupper() and not _VOWEL.search(word):
        return "starter"
    return "end"


def _judge_number(
    word: str, before: str, next_word: re.Match[str] | None, words: _Words
) -> _Verdict:
    """A number with a stop is an ordinal, a list number, or a sentence's last word."""
    if not words.has_ordinal_stops:
        return "end" if before else "inside"
    if not before:
        return "inside"
    following = next_word.group() if next_word else ""
    if following.split("-")[0] in words.after_ordinal:
        return "inside"
    previous = before.rpartition(" ")[2].lstrip('„“"»(')
    if previous in words.before_cardinal:
        return "end"
    if following[:1].isdigit():
        return "inside" if previous in words.before_ordinal or len(word) <= 2 else "end"
    if previous.rstrip(",") in words.before_ordinal or previous[:-1].isdigit():
        return "starter"
    # "Deutschlands 3. Welle", but "Schalke 04. Trainer …".
    is_genitive = previous[:1].isupper() and previous.endswith("s")
    return "starter" if is_genitive and len(word) <= 2 else "end"
