"""What a case file may hold. Checked by pydantic; errors name file and case (`case_files`)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from rag.types import AnswerStatus, DisagreementKind, DisagreementStatus

MAX_PATTERN_CHARS = 2_000


def _is_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


Pattern = Annotated[
    str, Field(min_length=1, max_length=MAX_PATTERN_CHARS), AfterValidator(_is_pattern)
]
Text = Annotated[str, Field(min_length=1)]
CaseLanguage = Literal["de", "en"]
# The cluster form calls what the interface calls "wording" a "quote".
ClusterKind = Annotated[
    DisagreementKind, BeforeValidator(lambda kind: "wording" if kind == "quote" else kind)
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Nugget(_Part):
    """One fact an answer should hold; any of ``patterns`` (regular expressions) counts as it."""

    text: Text
    importance: Literal["vital", "okay"] = "vital"
    patterns: tuple[Pattern, ...] = Field(min_length=1)


class EvidenceQuote(_Part):
    """Where the answer stands: words that occur exactly so in the article."""

    article_id: Text
    quote: Text


class Side(_Part):
    """One side of an expected disagreement; ``quote`` stands in one of the articles named."""

    article_ids: tuple[Text, ...] = Field(min_length=1)
    value: Text
    pattern: Pattern
    quote: Text


class ExpectedDisagreement(_Part):
    """A disagreement the system should show for this question."""

    aspect: Text
    kind: DisagreementKind
    status: DisagreementStatus = "conflict"
    sides: tuple[Side, ...] = Field(min_length=2)


class Case(_Part):
    """One question with what is known about its answer.

    ``no_conflict`` says that nothing may be flagged as a contradiction here (a hard negative).
    ``history`` holds the questions asked before, oldest first.
    """

    case_id: Text
    question: Text
    language: CaseLanguage = "de"
    tags: tuple[Text, ...] = ()
    history: tuple[Text, ...] = ()
    expected_status: AnswerStatus = "answered"
    reference_answer: str | None = None
    nuggets: tuple[Nugget, ...] = ()
    evidence: tuple[EvidenceQuote, ...] = ()
    must_not: tuple[Pattern, ...] = ()
    disagreements: tuple[ExpectedDisagreement, ...] = ()
    no_conflict: bool = False

    @model_validator(mode="after")
    def _is_consistent(self) -> Case:
        if self.expected_status == "not_in_sources" and (self.nuggets or self.evidence):
            raise ValueError("a question the sources do not answer has no nuggets and no evidence")
        if self.expected_status != "not_in_sources" and not (self.nuggets or self.evidence):
            raise ValueError("an answerable question needs nuggets or evidence")
        if self.no_conflict and any(d.status == "conflict" for d in self.disagreements):
            raise ValueError("no_conflict contradicts the conflict that is listed")
        return self


class BriefingCase(_Part):
    """A topic with what a briefing on it must hold."""

    case_id: Text
    topic: Text
    language: CaseLanguage = "de"
    tags: tuple[Text, ...] = ()
    nuggets: tuple[Nugget, ...] = Field(min_length=1)
    evidence: tuple[EvidenceQuote, ...] = ()
    must_not: tuple[Pattern, ...] = ()
    disagreements: tuple[ExpectedDisagreement, ...] = ()


class CaseFile(_Part):
    """One YAML file: questions and briefing topics."""

    suite: Text
    cases: tuple[Case | BriefingCase, ...] = Field(min_length=1)


class ClusterArticle(_Part):
    """An article of a cluster, in the form ``rag ingest`` reads."""

    article_id: Text
    text: Text
    source: str | None = None
    title: str | None = None
    published_at: str | None = None


class ClusterExpectation(_Part):
    """Either two sides, or what the undisputed answer looks like."""

    disagreement: bool
    kind: ClusterKind | None = None
    sides: tuple[Side, ...] = ()
    answer_pattern: Pattern | None = None
    quotes: tuple[EvidenceQuote, ...] = ()

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> ClusterExpectation:
        if self.disagreement and (self.kind is None or len(self.sides) < 2):
            raise ValueError("a disagreement needs a kind and two sides")
        if not self.disagreement and self.answer_pattern is None:
            raise ValueError("a negative needs an answer_pattern")
        return self


class Cluster(_Part):
    """A few articles on one event with one question."""

    cluster: Text
    category: Text
    topic: str = ""
    languages: tuple[str, ...] = ("de",)
    paraphrase: Literal["light", "heavy"] | None = None
    articles: tuple[ClusterArticle, ...] = Field(min_length=2)
    question: Text
    expect: ClusterExpectation
    why: str = ""
