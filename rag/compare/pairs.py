"""Compares two single sentences as answers to one question."""

from __future__ import annotations

from rag.compare.align import align
from rag.compare.answers import Answer
from rag.compare.claims import claims_of
from rag.compare.contents import content_of
from rag.compare.frame import Frame, read_frame
from rag.compare.plain import as_verdict, compare_claims
from rag.compare.verdict import Verdict
from rag.types import Article, Language, Question


def compare_sentences(
    first: str,
    second: str,
    question: Question | None = None,
    *,
    languages: tuple[Language, Language] = ("de", "de"),
    published_at: str | None = None,
) -> Verdict:
    """How two sentences relate as answers to a question, whatever else their articles say.

    Without a question they must be alike in their words and differ in one typed value.
    """
    if question is None:
        claims = [
            claims_of(text, language, published_at)
            for text, language in zip((first, second), languages, strict=True)
        ]
        return as_verdict(compare_claims(claims[0], claims[1]))
    frame = read_frame(question, question.language)
    answers = [
        answer_of(text, f"sentence {place}", frame, language, published_at)
        for place, (text, language) in enumerate(zip((first, second), languages, strict=True))
    ]
    one, other = answers
    if one is None or other is None:
        return Verdict("unknown", 0.0, "one of them does not answer")
    return align(one, other, frame)


def answer_of(
    text: str, article_id: str, frame: Frame, language: Language, published_at: str | None
) -> Answer | None:
    """A sentence alone as an article's answer, ``None`` where it answers nothing."""
    article = Article(
        article_id=article_id,
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language=language,
        published_at=published_at,
    )
    content = content_of(text, "", frame, article)
    if content is None:
        return None
    return Answer(
        article=article,
        quote=text,
        start_char=0,
        end_char=len(text),
        before="",
        content=content,
        likelihood=1.0,
        probability=1.0,
    )
