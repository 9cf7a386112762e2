"""Text that lost a space or a line break is taken apart, where the text itself shows it.

A capital inside a word is a trace of a lost line break only if what follows it is a word of the
same text or begins a sentence ("WaffendealKim", "VerschwörungDer"); "iPhone" and "BVerfG" stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources

import yaml

_CAMEL = re.compile(r"[a-zäöüß](?<=[a-zäöüß]{2})(?=[A-ZÄÖÜ][a-zäöüß])")
_WORD_BEFORE = re.compile(r"[^\W\d_]+$")
_WORD_AFTER = re.compile(r"[^\W\d_]+")
# Each pattern begins with the rare character and looks back from it: several times as fast.
_STOP = re.compile(r"[.!?](?<=[^\W\d_][a-zäöüß][.!?])(?=([A-ZÄÖÜ][a-zäöüß]+|[„»]\w))")
_YEAR_STOP = re.compile(r"\.(?<=\b\d{4}\.)(?=[A-ZÄÖÜ][a-zäöüß]{2})")
_MONTH = re.compile(
    r"\.(?:(?<=\b\d\.)|(?<=\b\d\d\.))(?=(?:Januar|Februar|März|April|Mai|Juni|Juli|August|"
    r"September|Oktober|November|Dezember)\b)"
)
_STOP_QUOTE = re.compile(r"[.!?](?<=[a-zäöüß)][.!?])([“”\"»«])(?=[A-ZÄÖÜ„])")
_LOW_QUOTE = re.compile(r"„(?:(?<=[a-zäöüß]{2}„)|(?<=\d{2}„)|(?<=[.!?,:]„))(?=\w)")
_STRAIGHT_QUOTE = re.compile(r"\"(?:(?<=\b\d{4}\")|(?<=[a-zäöüß]{2}\"))(?=[A-ZÄÖÜ][a-zäöüß]*\b)")


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    text = resources.files("rag").joinpath("data/cleaning_glue.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    return {
        name: tuple(words.split() if isinstance(words, str) else words)
        for name, words in data.items()
    }


def repair_glue(text: str) -> str:
    """``text`` with lost line breaks and spaces put back; nothing else changes."""
    text = _split_camel(text)
    text = _STOP.sub(_space_after_stop, text)
    text = _YEAR_STOP.sub(". ", text)
    text = _MONTH.sub(". ", text)
    text = _LOW_QUOTE.sub(" „", text)
    return "\n".join(_repair_quotes(line) for line in text.split("\n"))


def _split_camel(text: str) -> str:
    """Glued words get a line break where one was lost, else a blank."""
    is_word = _word_test(text)
    pieces: list[str] = []
    end = 0
    for match in _CAMEL.finditer(text):
        separator = _separator(text, match.end(), is_word)
        if separator:
            pieces += [text[end : match.end()], separator]
            end = match.end()
    return "".join((*pieces, text[end:]))


def _separator(text: str, at: int, is_word: Callable[[str], bool]) -> str | None:
    """What was lost before the capital at ``at``: a line break, a blank, or nothing."""
    before, after = _WORD_BEFORE.search(text, max(0, at - 60), at), _WORD_AFTER.match(text, at)
    if before is None or after is None or not _stands_free(text, before.start(), after.end()):
        return None
    left, right = before.group(), after.group()
    lists = _lists()
    if right in lists["not_a_start"] or (left + right).startswith(lists["camel_words"]):
        return None
    if right in lists["starts"] and len(left) > 2:
        return "\n"
    if len(right) < 3 or not is_word(right) or not _is_known_left(left, is_word):
        return None
    if _is_written_so(text, left + right):
        return None
    # In the body a link's borders swallow blanks; in the head a kicker runs into the title.
    return "\n" if text.find("\n", 0, at) < 0 else " "


def _is_written_so(text: str, word: str) -> bool:
    """Whether the word with its inner capital comes up again: then it is a name."""
    if text.count(word) < 2:
        return False
    lines = {line for line in text.split("\n") if word in line}
    return len(lines) > 1 or any(line.count(word) > 1 for line in lines)


def _word_test(text: str) -> Callable[[str], bool]:
    """Whether a word stands alone somewhere in the text."""
    words: set[str] = set()

    def is_word(word: str) -> bool:
        if not words:
            words.update(re.findall(r"(?<![\w@#-])[^\W\d_]{2,}(?!\w)", text))
        return word in words

    return is_word


def _is_known_left(left: str, is_word: Callable[[str], bool]) -> bool:
    """A long first half, or one that the text uses as a word, is no brand's syllable."""
    return len(left) >= 7 or is_word(left) or is_word(left.capitalize()) or is_word(left.lower())


def _stands_free(text: str, start: int, end: int) -> bool:
    """Not part of an address, a handle or a hashtag."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return before not in "@#/.\\_=&?" and after not in "@/_=" and not after.isdigit()


def _space_after_stop(match: re.Match[str]) -> str:
    text, at = match.string, match.end()
    token = text[max(0, at - 80) : at].rpartition(" ")[2] + re.split(r"\s", text[at : at + 80])[0]
    is_address = "@" in token or "/" in token or token.startswith("www.")
    if match.group(1) in _lists()["domains"] or is_address:
        return match.group()
    return match.group() + " "


def _repair_quotes(line: str) -> str:
    """Spaces around quotation marks; whether a straight one opens is told by counting."""
    line = _STOP_QUOTE.sub(lambda match: _after_closing(line, match), line)
    if '"' not in line:
        return line
    marks = line.count('"')
    if marks % 2:
        # One mark without a partner: counting from the left says nothing.
        return line
    opening = {at for number, at in enumerate(_positions(line)) if number % 2 == 0}
    return _STRAIGHT_QUOTE.sub(lambda m: ' "' if m.start() in opening else m.group(), line)


def _after_closing(line: str, match: re.Match[str]) -> str:
    mark = match.group(1)
    before = line[: match.start(1)]
    closes = before.count('"') % 2 == 1 if mark == '"' else any(q in before for q in "„“»«")
    return match.group() + " " if closes else match.group()


def _positions(line: str) -> list[int]:
    return [match.start() for match in re.finditer('"', line)]
