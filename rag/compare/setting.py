"""The occasion an answer speaks of: told apart by the year, the place or the group it is on."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.compare.frame import Frame, is_bare_name, mentions, names_its_date, word_bag
from rag.compare.lexicon import rules, word_set
from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.types import Article

_HEAD_CHARS = 700
_LEAD_CHARS = 160
_SHORT_CHARS = 1500
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATING = re.compile(
    r"\b(?:(?:[Ii]m|[Ii]n|[Vv]on)\s+(?:(?:Jahre?|Sommer|Herbst|Winter|Frühjahr|Frühling|the\s+year|"
    r"Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|January|"
    r"February|March|May|June|July|October|December)\s+)?|\d\d?\.\s+\w+\s+)((?:19|20)\d\d)\b",
)
_IN_PLACE = re.compile(
    r"\b[Ii]n\s+(?:de[rmn]\s+)?(?:[a-zäöüß]+\s+)?(?:[A-ZÄÖÜ]\w+\s+)?([A-ZÄÖÜ]\w+)"
)
_CAPITALISED = re.compile(r"\b[A-ZÄÖÜ]\w+")
_QUOTED = re.compile(r"[„“\"»«]([^„“”\"»«]{2,40})[“”\"»«]")
_WORDS = re.compile(r"\w+")
_LONGEST_NAME = 3
_KIND_OF = re.compile(r"\b(?P<kind>[A-ZÄÖÜ]\w+)\s+(?:der|des)\s+(?P<whose>[A-ZÄÖÜ]\w+)")
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+")
_STEM = 5
_AT_PLACE = re.compile(
    r"(?:(?P<noun>[A-ZÄÖÜ][\w-]+)\s+[Aa]us|\b(?:[Ii]n|[Bb]ei|[Aa]us))\s+(?P<place>[A-ZÄÖÜ]\w+)"
)
"""„Kinderärztin aus Tschirvani“ is an origin: there a noun stands before."""


def in_question(frame: Frame, article: Article, before: str, quote: str) -> bool:
    """Whether an answer lies in the year, at the place and in the group the question names.

    Read off the article's head, the sentence and the one before: a long article on another event
    may mention both somewhere. A short article with a date that names no place speaks of the one
    its readers know.
    """
    near = f"{article.title or ''} {article.text[:_HEAD_CHARS]} {before} {quote}"
    years = frame.asked.years
    if years and not any(str(year) in near for year in years):
        published = (article.published_at or "")[:4]
        if published not in {str(year) for year in years}:
            return False
    if years and not names_its_date(frame) and _dated_otherwise(quote, years):
        return False
    if in_other_group(frame, f"{before} {quote}") or _names_another(frame, quote):
        return False
    if article.language == frame.language == "de" and (
        on_sibling(frame, article, f"{before} {quote}") or _on_sibling_in_two_words(frame, quote)
    ):
        return False
    if article.language != frame.language or not frame.places:
        return True
    lead = f"{article.title or ''}. {article.text[:_LEAD_CHARS]}"
    told = word_bag(f"{lead} {before} {quote}")
    if any(mentions(place, told) for place in frame.places):
        return True
    if _is_set_in_place(lead):
        return False  # the report is set in another place, whatever it mentions further down
    bag = word_bag(near)
    if any(mentions(name, bag) for name in frame.places | frame.proper):
        return True
    is_local = len(article.text) <= _SHORT_CHARS and article.published_at is not None
    return is_local and not _is_set_in_place(near)


def _is_set_in_place(text: str) -> bool:
    """Whether a text names a place it is set in."""
    return any(
        is_bare_name(match["place"]) for match in _AT_PLACE.finditer(text) if not match["noun"]
    )


def _dated_otherwise(quote: str, years: tuple[int, ...]) -> bool:
    """„Im April 2019 hatte er …“ where the question is on 2023."""
    told = {int(year) for year in _DATING.findall(quote)}
    return bool(told) and not told & set(years) and not any(str(y) in quote for y in years)


def _names_another(frame: Frame, quote: str) -> bool:
    """„die ‚Loreana‘“ where the question is on the „Irmgard II“: a sister thing."""
    asked, told = _quoted_names(frame.question.text), _quoted_names(quote)
    if not asked or not told:
        return False
    bag = word_bag(quote)
    return not any(mentions(word, bag) for name in asked for word in name)


@lru_cache(maxsize=8192)
def _quoted_names(text: str) -> frozenset[tuple[str, ...]]:
    """Names in quotation marks, up to three words, each capitalised or a number."""
    found = (tuple(_WORDS.findall(match[1])) for match in _QUOTED.finditer(text))
    return frozenset(
        tuple(fold(word) for word in words)
        for words in found
        if words and len(words) <= _LONGEST_NAME and all(not word[0].islower() for word in words)
    )


def in_other_group(frame: Frame, near: str) -> bool:
    """„bei den Männern“ where the question asks for the women."""
    asked, said = _groups(frame.question.text), _groups(near)
    return bool(asked and said) and not asked & said


def on_sibling(frame: Frame, article: Article, near: str) -> bool:
    """„die Weinkönigin“ in an article that knows no "Hopfenkönigin", which the question is on."""
    asked = {
        parts[-1]: name
        for name in frame.names - frame.places
        if (parts := _kind_parts(name)) and not mentions(name, word_bag(article.text))
    }
    if not asked:
        return False
    return any(
        parts[-1] in asked and parts[0] != _kind_parts(asked[parts[-1]])[0]
        for word in _CAPITALISED.findall(near)
        if (parts := _kind_parts(fold(word)))
    )


def _on_sibling_in_two_words(frame: Frame, quote: str) -> bool:
    """„Der Preis der Jury“ where the question is on the "Publikumspreis"."""
    asked = {parts[-1]: parts[0] for name in frame.names if (parts := _kind_parts(name))}
    told = [(fold(m["kind"]), fold(m["whose"])) for m in _KIND_OF.finditer(quote)]
    own = [whose for kind, whose in told if kind in asked]
    return bool(own) and not any(
        whose.startswith(asked[kind][:_STEM]) for kind, whose in told if kind in asked
    )


@lru_cache(maxsize=8192)
def _kind_parts(word: str) -> tuple[str, ...]:
    """Parts of a compound whose last one is an office, title or branch."""
    parts = german_splitter().parts(word)
    if not parts or parts[-1] not in word_set("titles_and_branches", "de"):
        return ()
    return parts


@lru_cache(maxsize=4096)
def _groups(text: str) -> frozenset[tuple[int, int]]:
    """The sides of contrasted groups a text names: (pair, 0) for women, (pair, 1) for men."""
    return frozenset(
        (row, side)
        for row, pair in enumerate(_contrasts())
        for side, pattern in enumerate(pair)
        if pattern.search(text)
    )


@lru_cache(maxsize=1)
def _contrasts() -> tuple[tuple[re.Pattern[str], ...], ...]:
    listed: list[list[str]] = rules()["contrasted_groups"]
    return tuple(tuple(re.compile(side, re.IGNORECASE) for side in pair) for pair in listed)


def asks_sex(frame: Frame) -> int | None:
    """0 where the question asks for a woman, 1 for a man, ``None`` for neither."""
    found = {side for row, side in _groups(frame.question.text) if row == 0}
    return found.pop() if len(found) == 1 else None


def other_occasion(
    first: tuple[Article, str, int], second: tuple[Article, str, int], frame: Frame
) -> str | None:
    """What tells the occasions of two answers apart: the year of their paragraphs, the country.

    Each is given as (article, sentence, where the sentence starts).
    """
    if frame.kind != "date" and not frame.asked.years:
        years = [_year_around(*item) for item in (first, second)]
        if years[0] and years[1] and years[0] != years[1]:
            return f"{years[0]} / {years[1]}"
    if frame.kind in ("duration", "date", "outcome", "quote"):
        lands = [_land(item[0].title, item[0].text) for item in (first, second)]
        if lands[0] and lands[1] and lands[0] != lands[1]:
            return f"{lands[0].capitalize()} / {lands[1].capitalize()}"
    return None


def _year_around(article: Article, sentence: str, start_char: int) -> int | None:
    """The one year that dates the sentence, else its paragraph, else the publication."""
    paragraph_start = article.text.rfind("\n", 0, start_char) + 1
    around = article.text[paragraph_start : start_char + len(sentence)]
    if "\n" not in article.text.strip():  # the paragraph is the article: the sentence before
        around = " ".join(_SENTENCE_END.split(article.text[:start_char].strip())[-1:])
    for near in (sentence, around):
        years = {int(year) for year in _DATING.findall(near)}
        if len(years) == 1:
            return years.pop()
        if years or (near is sentence and _YEAR.search(near)):
            return None
    return int(article.published_at[:4]) if article.published_at else None


@lru_cache(maxsize=4096)
def _land(title: str | None, text: str) -> str | None:
    """The country of the first place the article's head is set in, where it is a known one."""
    capitals: dict[str, str] = rules()["capitals"]
    countries = frozenset(capitals.values())
    for match in _IN_PLACE.finditer(f"{title or ''}. {text[:_HEAD_CHARS]}"):
        name = fold(match[1])
        if name in capitals or name in countries:
            return capitals.get(name, name)
    return None


def land_of(place: str) -> str | None:
    """The country a place is or is the capital of, where it is a known one."""
    capitals: dict[str, str] = rules()["capitals"]
    countries = frozenset(capitals.values())
    names = [fold(name) for name in _CAPITALISED.findall(place)]
    return next((capitals.get(n, n) for n in names if n in capitals or n in countries), None)


@lru_cache(maxsize=8192)
def with_lands(words: frozenset[str]) -> frozenset[str]:
    """Words with the countries whose capitals are among them: who is in Moscow is in Russia."""
    capitals: dict[str, str] = rules()["capitals"]
    return words | {capitals[word] for word in words if word in capitals}
