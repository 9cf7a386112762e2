"""The collection as HTML: figures, timeline, the list of articles, what became of uploads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rag.collection import FileResult
from rag.language.typography import format_count, format_date, title_label
from rag.types import ArticleHead
from rag.ui.markup import badge, element, items, notice, opener, text
from rag.ui.refusals import refusal_text
from rag.ui.texts import Say, UiLanguage

MOST_SHOWN = 200


def figures_html(articles: Sequence[ArticleHead], say: Say, language: UiLanguage) -> str:
    """How much there is: articles, outlets, origins, copies, and from when to when."""
    outlets = len({article.outlet for article in articles})
    origins = len({article.origin_id or article.article_id for article in articles})
    copies = sum(article.duplicate_of is not None for article in articles)
    cells = [
        _figure(len(articles), "articles", "article_one", say, language),
        _figure(outlets, "outlets", "outlet_one", say, language),
        _figure(origins, "origins", "origin_one", say, language),
        _figure(copies, "copies", "copy_one", say, language),
    ]
    days = sorted(article.published_at[:10] for article in articles if article.published_at)
    span = ""
    if days:
        first, last = (format_date(day, language) for day in (days[0], days[-1]))
        span = first if first == last else say("collection.span", first, last)
    undated = len(articles) - len(days)
    facts = [span, say("collection.undated_count", undated) if undated else ""]
    facts += [
        f"{say(f'lang.{name}')}: {format_count(count, language)}"
        for name, count in Counter(article.language for article in articles).most_common()
    ]
    line = element("p", text(" · ".join(fact for fact in facts if fact)), class_="facts")
    return element("dl", "".join(cells), class_="figures") + line


def _figure(count: int, several: str, one: str, say: Say, language: UiLanguage) -> str:
    name = say(f"collection.{one if count == 1 else several}")
    number = element("dd", text(format_count(count, language)))
    return element("div", element("dt", text(name)) + number)


def articles_html(
    articles: Sequence[ArticleHead],
    total: int,
    say: Say,
    language: UiLanguage,
    *,
    is_open: bool = True,
) -> str:
    """The articles as a table, latest first; ``total`` is how many there are without filters."""
    if not articles:
        return notice(text(say("collection.none_match")))
    by_id = {article.article_id: article for article in articles}
    copies = Counter(article.duplicate_of for article in articles if article.duplicate_of)
    ordered = sorted(articles, key=lambda each: each.article_id)
    ordered.sort(key=lambda each: each.published_at or "", reverse=True)
    columns = ("title", "outlet", "date", "language", "origin", *(["action"] if is_open else []))
    head = "".join(
        element("th", _head(name, say), scope="col", class_=f"c-{name}") for name in columns
    )
    rows = "".join(
        element("tr", _row(article, by_id, copies, say, language, is_open=is_open))
        for article in ordered[:MOST_SHOWN]
    )
    count = say("collection.shown_of", format_count(len(articles), language),
                format_count(total, language))  # fmt: skip
    more = (
        element("p", text(say("collection.more", MOST_SHOWN)), class_="facts")
        if len(ordered) > MOST_SHOWN
        else ""
    )
    table = element(
        "table",
        element("caption", text(count))
        + element("thead", element("tr", head))
        + element("tbody", rows),
        class_="articles",
    )
    return table + more


def _head(name: str, say: Say) -> str:
    label = text(say(f"collection.{name}"))
    return element("span", label, class_="unseen") if name == "action" else label


def _row(
    article: ArticleHead,
    known: dict[str, ArticleHead],
    copies: Counter[str],
    say: Say,
    language: UiLanguage,
    *,
    is_open: bool,
) -> str:
    title = title_label(article, language)
    marks = ""
    if article.duplicate_of:
        first = known.get(article.duplicate_of)
        name = first.outlet if first else article.duplicate_of
        marks += " " + badge(say("collection.copy_of", name), "copy")
    if count := copies[article.article_id]:
        key = "collection.copied_one" if count == 1 else "collection.copied"
        marks += " " + badge(say(key, count), "copied")
    day = format_date(article.published_at, language) or say("collection.undated")
    outlet = article.source or say("collection.no_outlet")
    cells = [
        opener(text(title), article.article_id, 0, 0, class_="title") + marks,
        text(outlet),
        text(day),
        text(say(f"lang.{article.language}")),
        text(article.origin or say("collection.own")),
    ]
    if is_open:
        cells.append(
            element(
                "button",
                element("span", "×", aria_hidden="true"),
                type="button",
                class_="remove",
                data_remove=article.article_id,
                aria_label=say("collection.remove_one", title),
                title=say("collection.remove"),
            )
        )
    names = ("title", "outlet", "date", "language", "origin", "action")
    return "".join(
        element("td", cell, class_=f"c-{name}") for name, cell in zip(names, cells, strict=False)
    )


def upload_html(results: Sequence[FileResult], say: Say, language: UiLanguage) -> str:
    """What became of each file, with the reason where it was refused."""
    counts = Counter(result.outcome for result in results)
    added = counts["new"] + counts["duplicate"] + counts["partly"]
    summary = say(
        "collection.report", added, counts["changed"], counts["unchanged"], counts["rejected"]
    )
    return element(
        "section",
        element("h3", text(say("collection.report_title")))
        + element("p", text(summary), class_="summary")
        + items((_file(result, say, language) for result in results), class_="upload-report"),
        role="status",
    )


def _file(result: FileResult, say: Say, language: UiLanguage) -> str:
    parts = [
        badge(say(f"outcome.{result.outcome}"), f"outcome {result.outcome}"),
        element("span", text(result.name), class_="file"),
    ]
    notes = []
    if len(result.article_ids) > 1:
        notes.append(say("collection.articles_read", len(result.article_ids)))
    notes += [
        say("collection.copy_of", first)
        for first in list(dict.fromkeys(result.duplicates.values()))[:3]
    ]
    if result.kept_as:
        notes.append(say("collection.kept_as", result.kept_as))
    parts += [element("span", text(note), class_="note") for note in notes]
    reasons = []
    for rejection in result.rejected:
        where = say("collection.line", rejection.line) + ": " if rejection.line else ""
        reason, hint = refusal_text(rejection, language)
        reasons.append(text(where + reason) + " " + element("span", text(hint), class_="hint"))
    return " ".join(parts) + items(reasons, class_="reasons")
