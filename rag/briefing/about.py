"""What a briefing says of itself: when and from whom, its sources, how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rag.briefing.gather import Considered, published_day
from rag.briefing.texts import counted, say
from rag.language.typography import format_date, title_label
from rag.types import Article, BriefingSource, Citation, Coverage, Language

if TYPE_CHECKING:
    from rag.briefing.author import Author


def dateline(used: Sequence[Article], language: Language) -> str:
    """How many articles, outlets and origins, and from when."""
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
    told = (("articles", len(used)), ("outlets", outlets), ("origins", origins))
    counts = [counted(key, language, count) for key, count in told]
    return say("dateline", language, *counts, period)


def sources(
    considered: Sequence[Considered], citations: Sequence[Citation], language: Language
) -> tuple[BriefingSource, ...]:
    """Every article that came up, used or not, and why not."""
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
                label=title_label(article, language),
            )
        )
    return tuple(rows)


def method(
    coverage: Coverage,
    counts: Mapping[str, int],
    cap: int | None,
    model: tuple[str, str],
    author: Author | None,
    language: Language,
) -> tuple[str, ...]:
    """How it came about; ``model`` is the embedding model and the index's fingerprint."""
    lines = [
        _mode(author, language),
        say("model", language, model[0], model[1][:12]),
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
    if cap:
        lines.append(say("capped", language, cap))
    lines.append(say("verify", language))
    return tuple(lines)


def _mode(author: Author | None, language: Language) -> str:
    if author is None:
        return say("mode", language, "extractive")
    if not author.written:
        return say("mode_failed", language, author.model.name)
    told = (author.model.name, author.written, author.dropped, author.failed)
    return say("mode_llm", language, *told)
