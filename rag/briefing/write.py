"""Fifth step of a briefing: what was chosen → sections with footnotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.briefing.cite import Footnotes
from rag.briefing.contradictions import Contradictions
from rag.briefing.dated import clause_around, dated_statements, shown_date, words_around
from rag.briefing.points import Points, plain, words_of
from rag.briefing.select import Selection, article_by_article, in_turn, opens_well
from rag.briefing.sentences import Sentence, Sentences
from rag.briefing.statements import Statement
from rag.briefing.texts import say, size
from rag.briefing.voices import voices, wordings
from rag.briefing.weight import word_spread
from rag.types import (
    Article,
    BriefingLength,
    BriefingPoint,
    BriefingSection,
    Disagreement,
    Language,
    PositionClaim,
    SectionKind,
    TimelineEntry,
)

if TYPE_CHECKING:
    from rag.briefing.author import Author
    from rag.briefing.author_part import Part

_NOVELTY_OF_SINGLE = 2.5
"""What one source alone reports is read for what the sections above it do not say."""
_NEARLY_SHOWN = 0.5
_MOST_OF_SENTENCE = 0.6


class Writer:
    """Writes the sections of one event after another, into one list of footnotes."""

    def __init__(
        self,
        sentences: Sentences,
        language: Language,
        length: BriefingLength,
        notes: Footnotes,
        author: Author | None = None,
    ) -> None:
        self._sentences = sentences
        self._language = language
        self._length = length
        self._notes = notes
        self._points = Points(notes)
        self._author = author
        self._chosen = Selection(sentences.vectors, word_spread(sentences.items))
        self._shown: list[Statement] = []
        self.timeline: tuple[TimelineEntry, ...] = ()

    def write(
        self,
        statements: Sequence[Statement],
        contradictions: Contradictions,
        event: str = "",
        topic: str = "",
    ) -> tuple[BriefingSection, ...]:
        """All sections of one event; empty ones are left out."""
        disputes = [each for each in contradictions.disagreements if each.status != "framing"]
        disputed = _disputed(disputes)
        brief = self._take(statements, "brief", opens_well, by_weight=True)
        free = [each for each in statements if not _is_disputed(each, disputed)]
        agreed = self._take(free, "agreement", lambda each: each.origins > 1)
        single = self._take(
            free, "single", lambda each: each.origins == 1, novelty=_NOVELTY_OF_SINGLE
        )
        chosen: dict[SectionKind, list[Statement]]
        chosen = {"brief": brief, "agreement": agreed, "single": single}
        prose = self._prose(chosen, disputes, event, topic)
        sections = [
            self._told("brief", chosen, prose, event),
            self._told("agreement", chosen, prose, event),
            self._section("disagreement", self._disputes(disputes), event),
            self._told("single", chosen, prose, event),
        ]
        if not event:
            self._write_timeline(free)
            sections.append(self._section("speakers", self._voices(free), event))
            framings = [each for each in contradictions.disagreements if each.status == "framing"]
            words = [*self._framings(framings), *self._wordings(framings)]
            sections.append(self._section("wording", words, event))
        return tuple(each for each in sections if each.points)

    @property
    def shown(self) -> int:
        """How many statements are shown."""
        return len(self._shown)

    def _take(
        self,
        pool: Sequence[Statement],
        part: SectionKind,
        fits: Callable[[Statement], bool],
        *,
        by_weight: bool = False,
        novelty: float = 1.0,
    ) -> list[Statement]:
        count = size(part, self._length)
        found = self._chosen.choose(pool, count, fits=fits, by_weight=by_weight, novelty=novelty)
        self._shown += found
        return article_by_article(found) if part == "single" else in_turn(found)

    def _section(
        self, kind: SectionKind, points: Iterable[BriefingPoint | None], event: str
    ) -> BriefingSection:
        heading = say(kind, self._language)
        if kind == "single" and len({each.origin for each in self._sentences.items}) == 1:
            heading = say("other_points", self._language)  # It is the only one on the event.
        return BriefingSection(
            heading=heading,
            kind=kind,
            points=tuple(point for point in points if point is not None),
            event=event,
        )

    def _prose(
        self,
        chosen: Mapping[SectionKind, Sequence[Statement]],
        disputes: Sequence[Disagreement],
        event: str,
        topic: str,
    ) -> Mapping[SectionKind, tuple[Part, ...]]:
        """What the language model makes of them; of one event among many the brief alone."""
        if self._author is None:
            return {}
        wanted = {k: each for k, each in chosen.items() if k == "brief" or not event}
        return self._author.write(
            topic or event, wanted, disputes, self._sentences.vectors, self._language, self._length
        )

    def _told(
        self,
        kind: SectionKind,
        chosen: Mapping[SectionKind, Sequence[Statement]],
        prose: Mapping[SectionKind, tuple[Part, ...]],
        event: str,
    ) -> BriefingSection:
        """A section in the model's words where they hold, else in the sources'."""
        points: list[BriefingPoint | None] = []
        if kind not in prose:
            points += map(self._points.quoted, chosen[kind])
        for part in prose.get(kind, ()):
            if part.said is None:
                points += [
                    self._points.quoted(each, topic=part.heading) for each in part.statements
                ]
            else:
                points += [self._points.written(each, part.heading) for each in part.said]
        return self._section(kind, points, event)

    def _disputes(self, found: Sequence[Disagreement]) -> list[BriefingPoint | None]:
        """Each claim of each side by itself, under the matter it is about."""
        articles = self._articles()
        return [
            self._points.stretch(
                articles[claim.article_id],
                *self._shown_part(claim, position.value),
                position.value.strip(),
                each.aspect,
            )
            for each in found
            for position in each.positions
            for claim in position.claims
            if claim.article_id in articles
        ]

    def _shown_part(self, claim: PositionClaim, value: str) -> tuple[int, int]:
        """The sentence of a claim; of one that stands elsewhere the clause with the value."""
        words = words_of(claim.quote)
        shown = [words_of(each.best.quote) for each in self._shown]
        at = claim.quote.find(value.strip())
        if at < 0 or not any(len(words & o) >= _NEARLY_SHOWN * len(words | o) for o in shown):
            return claim.start_char, claim.end_char
        start, end = clause_around(claim.quote, at, at + len(value.strip()))
        if words in shown and end - start > _MOST_OF_SENTENCE * len(claim.quote):
            start, end = words_around(claim.quote, at, at + len(value.strip()))
        return claim.start_char + start, claim.start_char + end

    def _articles(self) -> Mapping[str, Article]:
        return {each.article.article_id: each.article for each in self._sentences.items}

    def _voices(self, statements: Sequence[Statement]) -> list[BriefingPoint | None]:
        found = voices(statements, self._shown, size("speakers", self._length))
        points = []
        for voice in found:
            article = voice.statement.best.article
            points.append(
                self._points.stretch(article, voice.start_char, voice.end_char, voice.speaker)
            )
            self._shown.append(voice.statement)
        return points

    def _framings(self, found: Sequence[Disagreement]) -> list[BriefingPoint | None]:
        """The loaded words of each outlet for one thing, in their clauses."""
        sentences = {(s.article.article_id, s.start_char): s for s in self._sentences.items}
        return [
            self._use(
                sentences[claim.article_id, claim.start_char],
                side.value,
                # „Wortwahl: Kim Jong Un“ stands under „Wortwahl“.
                each.aspect.partition(": ")[2],
            )
            for each in found
            for side in each.positions
            for claim in side.claims
            if (claim.article_id, claim.start_char) in sentences
        ]

    def _wordings(self, known: Sequence[Disagreement]) -> list[BriefingPoint | None]:
        """How the outlets call one person, where the comparison did not tell already."""
        told = {side.value for each in known for side in each.positions}
        found = wordings(self._sentences.items, size("wording", self._length))
        return [
            self._use(sentence, word, each.person)
            for each in found
            if not told & {word for word, _ in each.uses}
            for word, sentence in each.uses
        ]

    def _use(self, sentence: Sentence, word: str, person: str) -> BriefingPoint | None:
        """The clause with the word: the whole sentence may stand elsewhere."""
        at = sentence.quote.find(word)
        if at < 0:
            return None
        start, end = clause_around(sentence.quote, at, at + len(word))
        return self._points.stretch(
            sentence.article,
            sentence.start_char + start,
            sentence.start_char + end,
            word,
            person,
        )

    def _event_day(self) -> str | None:
        """The middle one of the days on which the articles appeared."""
        days = sorted(day for each in self._articles().values() if (day := each.published_at))
        return days[len(days) // 2][:10] if days else None

    def _before(self, sentence: Sentence) -> Sentence | None:
        """The sentence right before another in its article, if it was read as well."""
        items = self._sentences.items
        if sentence.place < 1:
            return None
        previous = items[sentence.place - 1]
        between = sentence.article.text[previous.end_char : sentence.start_char]
        is_next = previous.article is sentence.article and not between.strip()
        return previous if is_next and "\n\n" not in between else None

    def _write_timeline(self, statements: Sequence[Statement]) -> None:
        entries = []
        count = size("timeline", self._length)
        day = self._event_day()
        for each in dated_statements(statements, self._shown, count, day, self._before):
            marker = self._notes.cite(each.article, each.start_char, each.end_char)
            if marker is None:
                continue
            entries.append(
                TimelineEntry(
                    date=each.days[0],
                    end=each.days[1],
                    precision=each.precision,
                    shown=shown_date(each.mention, self._language),
                    sentence=plain(each.article.text[each.start_char : each.end_char]),
                    citations=(marker,),
                )
            )
            self._shown.append(each.statement)
        self.timeline = tuple(entries)


def _disputed(found: Sequence[Disagreement]) -> set[tuple[str, int]]:
    return {
        (c.article_id, c.start_char) for each in found for p in each.positions for c in p.claims
    }


def _is_disputed(statement: Statement, disputed: set[tuple[str, int]]) -> bool:
    best = statement.best
    return (best.article.article_id, best.start_char) in disputed
