"""Every value that crosses a stage: frozen, slotted, keyword-only, without I/O.

An offset always counts Python characters in the cleaned text of an article, and
``text[start_char:end_char] == quote`` holds for every quote that is ever shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_LABEL_CHARS = 100

Language = Literal["de", "en", "other"]
AnswerStatus = Literal["answered", "partial", "not_in_sources"]
Support = Literal["verbatim", "supported", "unsupported", "unchecked"]
DisagreementKind = Literal[
    "number",
    "date",
    "duration",
    "place",
    "who",
    "negation",
    "cause",
    "outcome",
    "wording",
    "framing",
]
DisagreementStatus = Literal["conflict", "update", "scope", "reported", "framing"]
AnswerKind = Literal[
    "number", "date", "duration", "place", "who", "yes_no", "cause", "quote", "outcome", "what"
]
RemovalReason = Literal[
    "reading_time",
    "subscription",
    "share",
    "photo_credit",
    "caption",
    "read_also",
    "repetition",
    "advertising",
    "agency_line",
    "dateline",
    "navigation",
    "control_characters",
    "invisible_characters",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch ``[start_char, end_char)`` of an article's cleaned text."""

    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Something cleaning took out of a text, and why."""

    reason: RemovalReason
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """What a loader read: text before cleaning, metadata only where the file states it.

    ``raw_hash`` is the SHA-256 of what was read, so that an unchanged file costs nothing.
    """

    article_id: str
    text: str
    raw_hash: str
    path: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    language: Language | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """An input that was not read, with the reason and what to do, one line each."""

    path: str
    reason: str
    hint: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article with its immutable cleaned text.

    ``published_at`` is ISO 8601 (``2025-09-03`` or with a time), ``None`` when the text does not
    say. ``origin`` names whom the outlet got it from ("dpa, AFP, Reuters", "BBC"), else ``None``.
    ``duplicate_of`` is the id of the article this one is a (near-)copy of.
    ``origin_id`` is equal for articles that go back to one origin: it is what "independent" counts.
    """

    article_id: str
    text: str
    content_hash: str
    raw_hash: str
    path: str
    language: Language
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    origin: str | None = None
    origin_id: str | None = None
    duplicate_of: str | None = None
    removed: tuple[Removal, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def outlet(self) -> str:
        """The name a source is counted and chosen by; the id where no outlet is stated."""
        return self.source or self.article_id

    @property
    def label(self) -> str | None:
        """What it is called where it names no outlet: its title, else its first words."""
        return None if self.source else self.title or self.text[:_LABEL_CHARS] or None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHead:
    """An article without its text, as lists of articles need it; see ``Article``."""

    article_id: str
    content_hash: str
    path: str
    language: Language
    chunks: int
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    origin: str | None = None
    origin_id: str | None = None
    duplicate_of: str | None = None
    notes: tuple[str, ...] = ()
    beginning: str | None = None
    """Its first words, where it has no title."""

    @property
    def label(self) -> str | None:
        """What it is called where it names no outlet."""
        return None if self.source else self.title or self.beginning

    @property
    def outlet(self) -> str:
        """The outlet; the id where none is stated."""
        return self.source or self.article_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A run of whole sentences of one article; what is embedded and stored.

    ``chunk_id`` is ``article_id:position:hash`` (content-derived). ``sentences`` are the spans of
    its sentences, in order, in the article's text; the first starts at ``start_char`` and the last
    ends at ``end_char``.
    """

    chunk_id: str
    article_id: str
    position: int
    text: str
    start_char: int
    end_char: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its filters. Dates are ISO days, both inclusive.

    ``original`` is what was typed where ``text`` is a follow-up question made to stand alone.
    """

    text: str
    language: Language = "de"
    outlets: frozenset[str] = frozenset()
    published_from: str | None = None
    published_to: str | None = None
    question_id: str | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange of a conversation: the (standalone) question and the answer's text."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Retrieval scores, higher is better. ``dense`` is a cosine, ``lexical`` a BM25 score."""

    dense: float
    lexical: float
    fused: float
    best_sentence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A retrieved chunk; ``rank`` counts from 1 without gaps.

    ``sentence_similarities`` holds the cosine of the question with each sentence of the chunk.
    """

    chunk: Chunk
    article: Article
    rank: int
    scores: Scores
    sentence_similarities: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence scored as evidence for a question; ``probability`` in 0..1 that it answers it."""

    article: Article
    chunk_id: str
    quote: str
    start_char: int
    end_char: int
    probability: float
    similarity: float
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verified quote behind a marker ``[n]``; ``label`` as in ``Article``."""

    marker: int
    article_id: str
    source: str | None
    title: str | None
    published_at: str | None
    quote: str
    start_char: int
    end_char: int
    support: Support = "verbatim"
    content_hash: str | None = None
    url: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedSentence:
    """One sentence of an answer and the markers it rests on.

    ``highlights`` are the places in ``text`` of the figure, name or date that was asked for.
    """

    text: str
    citations: tuple[int, ...]
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionClaim:
    """What one source says, as shown in a disagreement: a verified quote and who is speaking."""

    article_id: str
    source: str | None
    published_at: str | None
    quote: str
    start_char: int
    end_char: int
    attributed_to: str | None = None
    origin_id: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One side of a disagreement."""

    value: str
    claims: tuple[PositionClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two or more positions on one aspect; none is declared right; ``strength`` ranks, 0..1."""

    aspect: str
    kind: DisagreementKind
    status: DisagreementStatus
    positions: tuple[Position, ...]
    explanation: str
    strength: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The outcome of comparing sources; pairs that could not be compared are counted."""

    disagreements: tuple[Disagreement, ...]
    pairs_compared: int
    pairs_not_compared: int
    notes: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of the collection an answer rests on."""

    articles_considered: int
    articles_cited: int
    outlets: tuple[str, ...]
    independent_origins: int
    pairs_compared: int
    pairs_not_compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How an answer was made.

    ``usage`` is what a language model cost: ``calls``, ``prompt_tokens``, ``completion_tokens``,
    ``first_token_seconds``, ``seconds``, ``is_cached``.
    """

    mode: Literal["extractive", "llm"]
    llm: str | None
    embedding_model: str
    index_fingerprint: str
    prompt_hashes: Mapping[str, str]
    seconds: Mapping[str, float]
    notes: tuple[str, ...] = ()
    usage: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What ``rag ask`` returns. Every marker in ``sentences`` is in ``citations``."""

    question: Question
    status: AnswerStatus
    text: str
    sentences: tuple[CitedSentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    coverage: Coverage
    run: Run
    passages: tuple[Passage, ...] = ()


SectionKind = Literal[
    "brief", "agreement", "disagreement", "single", "timeline", "speakers", "wording"
]
BriefingLength = Literal["short", "normal", "long"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """Something dated: ``date`` is the ISO day it begins; ``shown`` names it as exactly as known.

    ``precision`` keeps that "Juni 2024" is a month and "Anfang 2025" a part of a year.
    """

    date: str
    end: str
    precision: str
    shown: str
    sentence: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingPoint:
    """One statement of a briefing with who makes it; ``label`` heads it (a speaker, a wording).

    ``is_written`` where a language model worded it; else it is a quote.
    """

    sentence: CitedSentence
    outlets: tuple[str, ...]
    origins: int
    label: str = ""
    topic: str = ""
    is_written: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingSection:
    """A section; ``event`` names the event it covers where a briefing covers several."""

    heading: str
    kind: SectionKind
    points: tuple[BriefingPoint, ...]
    event: str = ""

    @property
    def sentences(self) -> tuple[CitedSentence, ...]:
        """Its sentences in order."""
        return tuple(point.sentence for point in self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingSource:
    """An article that was considered; ``reason`` says why it is used or not."""

    article_id: str
    outlet: str
    title: str | None
    published_at: str | None
    url: str | None
    origin: str | None
    content_hash: str
    is_used: bool
    reason: str
    label: str = ""
    """What readers know it by: its title, or its first words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What ``rag briefing`` returns. Every marker in it is in ``citations``."""

    topic: str | None
    title: str
    dateline: str
    language: Language
    length: BriefingLength
    sections: tuple[BriefingSection, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    timeline: tuple[TimelineEntry, ...]
    sources: tuple[BriefingSource, ...]
    method: tuple[str, ...]
    coverage: Coverage
    run: Run
