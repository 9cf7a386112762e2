"""Topic → briefing: gather, read, form statements, compare, write. Sixth map of the program."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.briefing.cite import Footnotes
from rag.briefing.contradictions import Contradictions, find_contradictions
from rag.briefing.events import main_events
from rag.briefing.gather import Considered, gather, language_of, published_day, read_topic
from rag.briefing.sentences import Sentences, read_sentences
from rag.briefing.statements import Statements, form_statements
from rag.briefing.texts import say, size
from rag.briefing.write import Writer
from rag.errors import UsageError
from rag.language.typography import format_date
from rag.protocols import Embedder, FloatArray
from rag.retrieve.retrieve import Retrieval, retrieve
from rag.settings import RetrieveSettings
from rag.types import (
    Article,
    Briefing,
    BriefingLength,
    BriefingSection,
    BriefingSource,
    Citation,
    Coverage,
    Language,
    Question,
    Run,
)

if TYPE_CHECKING:
    from rag.index.store import Store

Report = Callable[[str, int, int], None]
"""Called with (stage, done, total)."""
_QUESTION_PASSAGES = 24


class Work:
    """One briefing in the making: what its steps share."""

    def __init__(
        self, store: Store, embedder: Embedder, fingerprint: str, length: BriefingLength
    ) -> None:
        self.store = store
        self.embedder = embedder
        self.fingerprint = fingerprint
        self.length: BriefingLength = length
        self.notes = Footnotes()
        self.seconds: dict[str, float] = {}
        self.counts = {"sentences": 0, "statements": 0, "agreed": 0, "shown": 0}
        self.compared = [0, 0]
        self.cap: int | None = None

    def timed(self, stage: str, started: float) -> None:
        """Adds the time since ``started`` to a stage."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


def brief_topic(
    topic: Question | None,
    store: Store,
    embedder: Embedder,
    fingerprint: str,
    *,
    length: BriefingLength = "normal",
    language: Language | None = None,
    filters: Question | None = None,
    on_progress: Report = lambda stage, done, total: None,
) -> Briefing:
    """The briefing on a topic; without one, on the main events of the store.

    Raises ``UsageError`` where no article is about the topic.
    """
    work = Work(store, embedder, fingerprint, length)
    started = time.perf_counter()
    if topic is None:
        briefing = _whole_store(filters, work, language, on_progress)
    else:
        briefing = _one_topic(topic, work, language, on_progress)
    work.seconds["total"] = time.perf_counter() - started
    return briefing


def _one_topic(topic: Question, work: Work, language: Language | None, report: Report) -> Briefing:
    report("gather", 0, 4)
    started = time.perf_counter()
    query = work.embedder.embed_queries([topic.text])[0]
    considered = gather(read_topic(topic), work.store, query, _allowed(topic, work.store))
    used = tuple(each.article for each in considered if not each.reason)
    if not used:
        raise _nobody(topic)
    language = language or language_of(used)
    work.timed("gather", started)
    writer, sections, found = _event(topic, used, query, work, language, report)
    return _briefing(topic.text, considered, used, writer, sections, found, work, language)


def _whole_store(
    filters: Question | None, work: Work, language: Language | None, report: Report
) -> Briefing:
    started = time.perf_counter()
    report("gather", 0, 4)
    allowed = _allowed(filters, work.store) if filters else None
    articles = [
        each for each in work.store.articles() if allowed is None or each.article_id in allowed
    ]
    events = main_events(work.store, articles, size("events", work.length))
    if not events:
        raise UsageError("There is no article to brief on.", "Widen --outlet, --from and --to.")
    language = language or language_of(articles)
    work.timed("gather", started)
    sections: list[BriefingSection] = []
    found = Contradictions((), 0, 0, 0)
    writer = None
    for place, event in enumerate(events):
        report("events", place, len(events))
        writer, part, own = _event(
            None, event.articles, event.centre, work, language, report, event.title
        )
        sections += part
        found = _joined(found, own)
    used_ids = {each.article_id for event in events for each in event.articles}
    other = say("other_event", language)
    considered = tuple(
        Considered(each, 0.0, "" if each.article_id in used_ids else other) for each in articles
    )
    used = tuple(each for each in articles if each.article_id in used_ids)
    assert writer is not None
    return _briefing(None, considered, used, writer, tuple(sections), found, work, language)


def _event(
    topic: Question | None,
    used: Sequence[Article],
    query: FloatArray,
    work: Work,
    language: Language,
    report: Report,
    event: str = "",
) -> tuple[Writer, tuple[BriefingSection, ...], Contradictions]:
    report("statements", 1, 4)
    started = time.perf_counter()
    length: BriefingLength = "short" if event else work.length
    sentences = read_sentences(work.store, used, query)
    formed = form_statements(sentences)
    _count(work, sentences, formed)
    work.timed("statements", started)
    report("compare", 2, 4)
    started = time.perf_counter()
    found = _contradictions(topic, used, formed, work, language, length)
    work.timed("compare", started)
    report("write", 3, 4)
    started = time.perf_counter()
    writer = Writer(sentences, language, length, work.notes)
    sections = writer.write(formed.items, found, event)
    work.counts["shown"] += writer.shown
    work.timed("write", started)
    report("write", 4, 4)
    return writer, sections, found


def _contradictions(
    topic: Question | None,
    used: Sequence[Article],
    formed: Statements,
    work: Work,
    language: Language,
    length: BriefingLength,
) -> Contradictions:
    settings = RetrieveSettings(top_k=_QUESTION_PASSAGES)

    def search(question: Question) -> Retrieval:
        if topic is not None:
            question = Question(
                text=question.text,
                language=question.language,
                outlets=topic.outlets,
                published_from=topic.published_from,
                published_to=topic.published_to,
            )
        return retrieve(question, work.store, work.embedder, settings)

    found = find_contradictions(
        topic,
        formed.items,
        formed.differences,
        search,
        used,
        language,
        size("disagreement", length),
    )
    work.compared[0] += found.pairs_compared
    work.compared[1] += found.pairs_not_compared
    return found


def _count(work: Work, sentences: Sentences, formed: Statements) -> None:
    work.counts["sentences"] += len(sentences.items)
    work.counts["statements"] += len(formed.items)
    work.counts["agreed"] += sum(each.origins > 1 for each in formed.items)
    work.cap = sentences.cap or work.cap


def _joined(first: Contradictions, second: Contradictions) -> Contradictions:
    return Contradictions(
        (*first.disagreements, *second.disagreements),
        first.pairs_compared + second.pairs_compared,
        first.pairs_not_compared + second.pairs_not_compared,
        first.questions + second.questions,
    )


def _allowed(question: Question, store: Store) -> frozenset[str] | None:
    if not (question.outlets or question.published_from or question.published_to):
        return None
    return store.article_ids(
        outlets=question.outlets or None,
        published_from=question.published_from,
        published_to=question.published_to,
    )


def _nobody(topic: Question) -> UsageError:
    return UsageError(
        f"No article in the store is about {topic.text!r}; there is nothing to brief on.",
        "Name the topic in other words, widen --outlet, --from and --to, or see `rag articles`.",
    )


def _briefing(
    topic: str | None,
    considered: Sequence[Considered],
    used: Sequence[Article],
    writer: Writer,
    sections: tuple[BriefingSection, ...],
    found: Contradictions,
    work: Work,
    language: Language,
) -> Briefing:
    citations = work.notes.citations
    cited = {each.article_id for each in citations}
    coverage = Coverage(
        articles_considered=len(considered),
        articles_cited=len(cited),
        outlets=tuple(sorted({each.outlet for each in used if each.article_id in cited})),
        independent_origins=len(
            {each.origin_id or each.article_id for each in used if each.article_id in cited}
        ),
        pairs_compared=work.compared[0],
        pairs_not_compared=work.compared[1],
    )
    return Briefing(
        topic=topic,
        title=say("title", language, topic) if topic else say("title_whole", language),
        dateline=_dateline(used, language),
        language=language,
        length=work.length,
        sections=sections,
        citations=citations,
        disagreements=found.disagreements,
        timeline=writer.timeline,
        sources=_sources(considered, citations, language),
        method=_method(coverage, work, language),
        coverage=coverage,
        run=Run(
            mode="extractive",
            llm=None,
            embedding_model=work.embedder.model_name,
            index_fingerprint=work.fingerprint,
            prompt_hashes={},
            seconds=work.seconds,
            notes=work.notes.notes,
        ),
    )


def _dateline(used: Sequence[Article], language: Language) -> str:
    days = sorted(day.isoformat() for each in used if (day := published_day(each)))
    if not days:
        period = say("undated", language)
    elif days[0] == days[-1]:
        period = format_date(days[0], language)
    else:
        period = say(
            "period", language, format_date(days[0], language), format_date(days[-1], language)
        )
    outlets = len({each.outlet for each in used})
    origins = len({each.origin_id or each.article_id for each in used})
    return say("dateline", language, len(used), outlets, origins, period)


def _sources(
    considered: Sequence[Considered], citations: Sequence[Citation], language: Language
) -> tuple[BriefingSource, ...]:
    cited = {each.article_id for each in citations}
    by_id = {each.article.article_id: each.article for each in considered}
    rows = []
    for each in considered:
        article = each.article
        is_used = article.article_id in cited
        original = by_id.get(article.duplicate_of or "")
        reason = each.reason or ("" if is_used else say("nothing_new", language))
        if original is not None and not each.reason:
            copied = say("copy", language, original.outlet)
            reason = f"{copied}; {reason}" if reason else copied
        rows.append(
            BriefingSource(
                article_id=article.article_id,
                outlet=article.outlet,
                title=article.title,
                published_at=article.published_at,
                url=article.url,
                origin=article.origin,
                content_hash=article.content_hash,
                is_used=is_used,
                reason=reason,
            )
        )
    return tuple(rows)


def _method(coverage: Coverage, work: Work, language: Language) -> tuple[str, ...]:
    counts = work.counts
    lines = [
        say("mode", language, "extractive"),
        say("model", language, work.embedder.model_name, work.fingerprint[:12]),
        say(
            "counts",
            language,
            coverage.articles_considered,
            coverage.articles_cited,
            counts["sentences"],
            counts["statements"],
            counts["agreed"],
        ),
        say("pairs", language, coverage.pairs_compared, coverage.pairs_not_compared),
        say("left_out", language, max(0, counts["statements"] - counts["shown"])),
    ]
    if work.cap:
        lines.append(say("capped", language, work.cap))
    lines.append(say("verify", language))
    return tuple(lines)
