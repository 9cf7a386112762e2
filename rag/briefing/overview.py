"""An overview in answer to a question ("Worum geht es?", "Welche Rolle spielt Xi?").

The sentences that matter most, chosen as a briefing chooses its opening: by what is said across
outlets, by place and by what can be checked. Contradictions are those that stand out without a
question (``rag.compare.whole_store``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rag.answer.grouping import Statement as Said
from rag.answer.grouping import agree
from rag.briefing.events import main_events
from rag.briefing.select import Selection, opens_well
from rag.briefing.sentences import Sentence, Sentences, read_sentences
from rag.briefing.statements import Statement, form_statements
from rag.briefing.weight import word_spread
from rag.compare.whole_store import compare_articles
from rag.language.terms import terms
from rag.protocols import Embedder, FloatArray
from rag.retrieve.matching import Matcher, matcher, named, question_words
from rag.retrieve.retrieve import Retrieval, retrieve
from rag.settings import RetrieveSettings
from rag.types import Article, Chunk, Comparison, Evidence, Passage, Question, Scores

if TYPE_CHECKING:
    from rag.index.store import Store

_SENTENCES = 4
_ONE_POOL = 12
"""Articles that are taken for one event; of more, the main events get a sentence each."""
_NEWEST = 200
_MOST_SHOWN = 12
_MOST_CONFLICTS = 3
_HELD = 0.5
_TOPIC_HELD = 0.6
"""Share of a topic's weight that some article must hold, or nobody writes about it."""
_TITLE_CHARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What is shown: statements with their sources, and the articles they were chosen from."""

    retrieval: Retrieval
    statements: tuple[Said, ...]
    comparison: Comparison

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every sentence shown, the best of each statement first."""
        best = [each.best for each in self.statements]
        return (*best, *(other for each in self.statements for other in each.others))


def overview(
    topic: str, question: Question, store: Store, embedder: Embedder, settings: RetrieveSettings
) -> Overview | None:
    """The overview on a topic, or (``""``) on all there is; ``None`` where nobody writes on it."""
    if topic:
        return _on_topic(replace(question, text=topic), store, embedder, settings)
    return _on_everything(question, store, embedder)


def _on_topic(
    topic: Question, store: Store, embedder: Embedder, settings: RetrieveSettings
) -> Overview | None:
    found = retrieve(topic, store, embedder, settings)
    articles = list({p.article.article_id: p.article for p in found.passages}.values())
    held = [frozenset(terms(f"{a.title or ''} {a.text}", a.language)) for a in articles]
    match = matcher(question_words(topic.text, topic.language), tuple(held))
    used = [a for a, own in zip(articles, held, strict=True) if _writes_on(topic, match, own)]
    if not used:
        return None
    sentences = read_sentences(store, used, found.query_vector)
    formed = form_statements(sentences).items
    on_topic = [each for each in formed if _is_on(topic, match, each.best.terms)]
    chosen = _chosen(sentences, on_topic, _SENTENCES)
    if not chosen:
        return None
    shown = _overview(chosen, found, used, store)
    touching = [
        each
        for each in shown.comparison.disagreements
        if any(
            _is_on(topic, match, frozenset(terms(claim.quote, "de")))
            for position in each.positions
            for claim in position.claims
        )
    ]
    return replace(shown, comparison=replace(shown.comparison, disagreements=tuple(touching)))


def _writes_on(topic: Question, match: Matcher, text: frozenset[str]) -> bool:
    """Whether an article holds every name of the topic and most of its words."""
    marks = named(topic.text, topic.language)
    found = match.found(text)
    names = [
        degree
        for word, degree in zip(match.words, found, strict=True)
        if any(word.terms & mark for mark in marks)
    ]
    return all(degree >= _HELD for degree in names) and match.coverage(found) >= _TOPIC_HELD


def _is_on(topic: Question, match: Matcher, sentence: frozenset[str]) -> bool:
    """Whether a sentence names the topic: one of its names, or half of its words."""
    marks = named(topic.text, topic.language)
    found = match.found(sentence)
    if marks:
        return any(
            degree >= _HELD and any(word.terms & mark for mark in marks)
            for word, degree in zip(match.words, found, strict=True)
        )
    return match.coverage(found) >= _HELD


def _on_everything(question: Question, store: Store, embedder: Embedder) -> Overview | None:
    articles, notes = _newest(question, store)
    if not articles:
        return None
    titles = ". ".join((a.title or a.text[:_TITLE_CHARS]) for a in articles[:_MOST_SHOWN])
    query = embedder.embed_queries([titles])[0]
    chosen: list[Statement] = []
    if len(articles) <= _ONE_POOL:
        sentences = read_sentences(store, articles, query)
        chosen = _chosen(sentences, form_statements(sentences).items, _SENTENCES)
    else:
        for event in main_events(store, articles, _SENTENCES):
            sentences = read_sentences(store, event.articles, event.centre)
            chosen += _chosen(sentences, form_statements(sentences).items, 1)
    if not chosen:
        return None
    found = Retrieval(passages=(), query_vector=query, seconds=0.0, notes=notes)
    return _overview(chosen, found, articles, store)


def _newest(question: Question, store: Store) -> tuple[list[Article], tuple[str, ...]]:
    """The articles that pass the question's filters, or the newest of many, and a note on it."""
    allowed = store.article_ids(
        outlets=question.outlets or None,
        published_from=question.published_from,
        published_to=question.published_to,
    )
    every = [each for each in store.articles() if each.article_id in allowed]
    if len(every) <= _NEWEST:
        return every, ()
    every.sort(key=lambda each: (each.published_at or "", each.article_id), reverse=True)
    note = f"Overview of the newest {_NEWEST} of {len(every)} articles; narrow it by date or topic."
    return every[:_NEWEST], (note,)


def _chosen(sentences: Sentences, statements: Sequence[Statement], count: int) -> list[Statement]:
    selection = Selection(sentences.vectors, word_spread(sentences.items))
    return selection.choose(statements, count, fits=opens_well, by_weight=True)


def _overview(
    chosen: Sequence[Statement], found: Retrieval, articles: Sequence[Article], store: Store
) -> Overview:
    said = tuple(_said(each, store) for each in chosen)
    passages = found.passages or _passages(said, articles, store, found.query_vector)
    shown = {p.article.article_id: p.article for p in passages}
    comparison = compare_articles(shown.values(), limit=_MOST_CONFLICTS)
    return Overview(
        retrieval=replace(found, passages=passages), statements=said, comparison=comparison
    )


def _said(statement: Statement, store: Store) -> Said:
    """With the sentences that say the very same: one much like it may be on another day."""
    best, *others = (_evidence(each, store) for each in statement.sentences)
    return Said(best, tuple(each for each in others if agree(best, each)))


def _evidence(sentence: Sentence, store: Store) -> Evidence:
    return Evidence(
        article=sentence.article,
        chunk_id=_chunk_at(sentence, store).chunk_id,
        quote=sentence.quote,
        start_char=sentence.start_char,
        end_char=sentence.end_char,
        probability=1.0,  # nothing is asked that it could fail to answer
        similarity=sentence.similarity,
    )


def _chunk_at(sentence: Sentence, store: Store) -> Chunk:
    chunks = store.chunks_of(sentence.article.article_id)
    return next(c for c in chunks if c.start_char <= sentence.start_char < c.end_char)


def _passages(
    said: Sequence[Said], articles: Sequence[Article], store: Store, query: FloatArray
) -> tuple[Passage, ...]:
    """Where the statements stand, then the openings of the other articles."""
    wanted = dict.fromkeys(e.chunk_id for each in said for e in each.evidence)
    heard = {e.article.article_id for each in said for e in each.evidence}
    for article in articles:
        chunks = store.chunks_of(article.article_id)
        if chunks and article.article_id not in heard and len(wanted) < _MOST_SHOWN:
            wanted[chunks[0].chunk_id] = None
    stored = {each.chunk.chunk_id: each for each in store.load(list(wanted))}
    found = []
    for place, chunk_id in enumerate(wanted, start=1):
        own = stored[chunk_id]
        close = float(np.asarray(own.vector, dtype=np.float32) @ query)
        scores = Scores(dense=close, lexical=0.0, fused=close)
        found.append(Passage(chunk=own.chunk, article=own.article, rank=place, scores=scores))
    return tuple(found)
