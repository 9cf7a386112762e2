"""The timeline of a briefing: what happened when, as exactly as the sources say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rag.briefing.sentences import Sentence, leans
from rag.briefing.statements import Statement
from rag.language.dates import DateMention, dates
from rag.language.typography import format_date
from rag.types import Article, Language

_RANK = {"day": 0, "time": 0, "month": 1, "season": 2, "part": 2, "year": 3, "relative": 4}
_LONGEST_DAYS = 370
_FEWEST_WORDS = 6
_WORDS_AROUND = 3
_THIS_YEAR = re.compile(r"(?:des|dieses|dieses laufenden) Jahres|of (?:the|this) year", re.I)
_BREAK = re.compile(r"[,;:–—] ")


@dataclass(frozen=True, slots=True)
class Dated:
    """A statement with the one date it is put under, and the stretch that is shown."""

    statement: Statement
    sentence: Sentence
    mention: DateMention
    start_char: int
    end_char: int

    @property
    def article(self) -> Article:
        """Whose sentence it is."""
        return self.sentence.article

    @property
    def days(self) -> tuple[str, str]:
        """First and last day."""
        return str(self.mention.start), str(self.mention.end)

    @property
    def precision(self) -> str:
        """How exact the date is; a time of day counts as its day."""
        start, end = self.days
        if start == end:
            return "day"
        return self.mention.precision if self.mention.precision != "time" else "day"


def dated_statements(
    statements: Sequence[Statement],
    used: Sequence[Statement],
    count: int,
    event_day: str | None = None,
    before: Callable[[Sentence], Sentence | None] = lambda sentence: None,
) -> tuple[Dated, ...]:
    """The weightiest dated statements, one or two a date, in the order of time.

    Of a statement that stands elsewhere only the clause with the date is shown. ``event_day`` is
    when the others reported: it gives „3. September“ its year in an article without a date.
    ``before`` finds what stands right before a sentence: „Damals sagte er“ is shown with it.
    """
    shown = {id(each) for each in used}
    by_days: dict[tuple[str, str], list[Dated]] = {}
    for statement in statements:
        found = _dated(statement, before, event_day, is_shown=id(statement) in shown)
        if found is not None:
            by_days.setdefault(found.days, []).append(found)
    ranked = sorted(
        (found[place] for place in range(2) for found in by_days.values() if len(found) > place),
        key=lambda each: (
            by_days[each.days].index(each),
            _RANK.get(each.precision, 4),
            -each.statement.score,
        ),
    )
    return tuple(sorted(ranked[:count], key=lambda each: (*each.days, -each.statement.score)))


def _main_date(quote: str, article: Article, event_day: str | None) -> DateMention | None:
    """The first resolved date of a sentence that says when, not since or until when."""
    published = article.published_at or event_day
    for mention in dates(quote, article.language, published):
        # Only a stated day and month may lean on other articles; a weekday may not.
        if not article.published_at and not (mention.month or mention.year):
            continue
        if not mention.start or not mention.end or mention.bound not in ("at", "from"):
            continue
        length = date.fromisoformat(mention.end) - date.fromisoformat(mention.start)
        if length <= timedelta(days=_LONGEST_DAYS) and mention.precision != "relative":
            return mention
    return None


def _dated(
    statement: Statement,
    before: Callable[[Sentence], Sentence | None],
    event_day: str | None,
    *,
    is_shown: bool,
) -> Dated | None:
    """The sentence of a statement that dates it best, or ``None`` where it has no date."""
    found = [
        (mention, sentence)
        for sentence in statement.sentences
        if (mention := _main_date(sentence.quote, sentence.article, event_day)) is not None
    ]
    if not found:
        return None
    mention, sentence = min(found, key=lambda each: _RANK.get(each[0].precision, 4))
    article, start, end = sentence.article, 0, len(sentence.quote)
    if leans(sentence):
        previous = before(sentence)
        # Under a date of its own the sentence before would say another day first.
        if previous is None or leans(previous) or _main_date(previous.quote, article, event_day):
            return None
        start = previous.start_char - sentence.start_char
    elif is_shown and sentence is statement.best:
        start, end = clause_around(sentence.quote, mention.start_char, mention.end_char)
        if sentence.quote[start : start + 1].islower():
            # „sagte sie am Mittwoch“ says nothing by itself.
            start, end = 0, len(sentence.quote)
    return Dated(
        statement, sentence, mention, sentence.start_char + start, sentence.start_char + end
    )


def clause_around(quote: str, start_char: int, end_char: int) -> tuple[int, int]:
    """The stretch between marks that holds ``[start_char, end_char)``, of a few words at least."""
    edges = [0, *(match.end() for match in _BREAK.finditer(quote)), len(quote)]
    first = max(index for index, edge in enumerate(edges) if edge <= start_char)
    last = min(index for index, edge in enumerate(edges) if edge >= end_char)
    while len(quote[edges[first] : edges[last]].split()) < _FEWEST_WORDS:
        if last + 1 < len(edges):
            last += 1
        elif first:
            first -= 1
        else:
            break
    stretch = quote[edges[first] : edges[last]]
    end = edges[last] - (len(stretch) - len(stretch.rstrip(" ,;:–—")))
    return edges[first], end


def words_around(quote: str, start_char: int, end_char: int) -> tuple[int, int]:
    """The stretch of a few whole words around ``[start_char, end_char)``."""
    spans = [match.span() for match in re.finditer(r"\S+", quote)]
    held = [i for i, (start, end) in enumerate(spans) if end > start_char and start < end_char]
    first, last = max(0, held[0] - _WORDS_AROUND), min(len(spans) - 1, held[-1] + _WORDS_AROUND)
    return spans[first][0], spans[last][1]


def shown_date(mention: DateMention, language: Language) -> str:
    """A day as a full date; what is coarser as the source words it, the year added if known."""
    if mention.start and mention.start == mention.end:
        return format_date(mention.start, language)
    text = mention.text.strip()
    year = str(mention.start)[:4]
    if year in text or mention.basis == "stated":
        return text
    if (mention.start, mention.end) == (f"{year}-01-01", f"{year}-12-31"):
        return year
    named, count = _THIS_YEAR.subn(year, text)
    if count:
        return named
    # „Mitte August 2025“, but „Ende voriger Woche (2025)“.
    written = next(iter(dates(f"{text} {year}", language)), None)
    is_date = written is not None and written.text == f"{text} {year}"
    return f"{text} {year}" if is_date else f"{text} ({year})"
