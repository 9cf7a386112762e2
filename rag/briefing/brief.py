"""Topic → briefing: gather, read, form statements, compare, write. Sixth map of the program."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rag.briefing.about import dateline, method, sources
from rag.briefing.cite import Footnotes
from rag.briefing.contradictions import Contradictions, find_contradictions
from rag.briefing.events import main_events
from rag.briefing.gather import Considered, gather, language_of, read_topic
from rag.briefing.sentences import Sentences, read_sentences
from rag.briefing.statements import Statements, form_statements
from rag.briefing.texts import say, size
from rag.briefing.write import Writer
from rag.errors import UsageError
from rag.protocols import Embedder, FloatArray
from rag.retrieve.retrieve import Retrieval, retrieve
from rag.settings import RetrieveSettings
from rag.types import (
    Article,
    Briefing,
    BriefingLength,
    BriefingSection,
    Coverage,
    Language,
    Question,
    Run,
)

if TYPE_CHECKING:
    from rag.briefing.author import Author
    from rag.index.store import Store

Report = Callable[[str, int, int], None]
"""Called with (stage, done, total)."""
_QUESTION_PASSAGES = 24


class Work:
    """One briefing in the making: what its steps share."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        fingerprint: str,
        length: BriefingLength,
        author: Author | None = None,
    ) -> None:
        self.store = store
        self.embedder = embedder
        self.fingerprint = fingerprint
        self.length: BriefingLength = length
        self.author = author
        self.notes = Footnotes()
        self.seconds: dict[str, float] = {}
        self.counts = {"sentences": 0, "statements": 0, "agreed": 0, "shown": 0}
        self.compared = [0, 0]
        self.cap: int | None = None
        self.index = (embedder.model_name, fingerprint)

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
    author: Author | None = None,
) -> Briefing:
    """The briefing on a topic; without one, on the main events of the store.

    ``author`` words its sections with a language model. Raises ``UsageError`` where no article is
    about the topic.
    """
    work = Work(store, embedder, fingerprint, length, author)
    if author is not None:
        author.on_part = lambda done, total: on_progress("sections", done, total)
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
    writer = Writer(sentences, language, length, work.notes, work.author)
    sections = writer.write(formed.items, found, event, topic.text if topic else "")
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
        dateline=dateline(used, language),
        language=language,
        length=work.length,
        sections=sections,
        citations=citations,
        disagreements=found.disagreements,
        timeline=writer.timeline,
        sources=sources(considered, citations, language),
        method=method(coverage, work.counts, work.cap, work.index, work.author, language),
        coverage=coverage,
        run=_run(work),
    )


def _run(work: Work) -> Run:
    author = work.author
    return Run(
        mode="llm" if author and author.written else "extractive",
        llm=author.model.name if author else None,
        embedding_model=work.embedder.model_name,
        index_fingerprint=work.fingerprint,
        prompt_hashes=dict(author.prompt_hashes) if author else {},
        seconds=work.seconds,
        notes=(*work.notes.notes, *(author.notes if author else ())),
        usage=author.usage() if author else {},
    )
