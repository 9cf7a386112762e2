"""HTML → main text and metadata. Runs in the parser's own process only."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura.metadata import extract_metadata

from rag.ingest.decode import decode
from rag.ingest.hidden import remove_hidden
from rag.ingest.parsed import ParsedFile, UnreadableError

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHARACTER_REFERENCE = re.compile(r"&#(?:x0*(?:0|[dD][89a-fA-F]..)|0*(?:0|5[5-7]\d{3}));")
_NEWS_TYPES = ("article", "newsarticle", "reportagenewsarticle", "liveblogposting", "blogposting")
_SHORT_CHARS = 200

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def parse_html(data: bytes) -> ParsedFile:
    """The main text of a page and the metadata it states."""
    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, declared.group(1).decode("ascii") if declared else None)
    if decoded.refused is not None:
        raise UnreadableError(decoded.refused, "Save the page again as UTF-8.")
    tree = _tree(decoded.text)
    stated = _stated(tree)
    remove_hidden(tree)
    document = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, with_metadata=False
    )
    text = getattr(document, "text", None) or ""
    if not text.strip() or (len(text) < _SHORT_CHARS and not re.search(r"[.!?]", text)):
        raise UnreadableError(
            "no article text was found in the page", "Save the article's own page, or its text."
        )
    notes = decoded.notes
    if len(text) < _SHORT_CHARS:
        notes = (*notes, "very short page: perhaps a notice or a pay wall")
    return ParsedFile(text=text, notes=notes, **stated)


def _tree(text: str) -> HtmlElement:
    text = _NOT_IN_XML.sub(" ", _CHARACTER_REFERENCE.sub("\ufffd", text))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("the page is empty or broken", "Save the page again.") from error


def _stated(tree: HtmlElement) -> dict[str, Any]:
    """Metadata of the page's head and its JSON-LD; dates and outlets are never worked out."""
    metas = {
        (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): value
        for meta in reversed(list(tree.iter("meta")))
        if (value := (meta.get("content") or "").strip())
    }
    article = next(_news_articles(tree), {})
    publisher = article.get("publisher")
    found = extract_metadata(tree, extensive=False)
    canonical = tree.xpath("//link[@rel='canonical']/@href")
    return {
        "title": _text(article.get("headline")) or metas.get("og:title") or found.title,
        "source": metas.get("og:site_name")
        or (_text(publisher.get("name")) if isinstance(publisher, dict) else None),
        "url": (canonical[0] if canonical else None) or metas.get("og:url"),
        "published_at": _text(article.get("datePublished"))
        or metas.get("article:published_time")
        or metas.get("date")
        or metas.get("datepublished")
        or metas.get("dc.date.issued")
        or _time(tree),
        "authors": _authors(article.get("author")) or _split_authors(found.author),
        "language": tree.get("lang") or metas.get("og:locale"),
    }


def _news_articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            content = json.loads(script.text_content())
        except (ValueError, RecursionError):
            continue
        for node in _nodes(content):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(str(name).lower() in _NEWS_TYPES for name in names):
                yield node


def _nodes(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, list):
        for each in content:
            yield from _nodes(each)
    elif isinstance(content, dict):
        yield content
        yield from _nodes(content.get("@graph"))


def _time(tree: HtmlElement) -> str | None:
    """The only date a page marks up, or the one of its article's head."""
    times = tree.xpath("//article//header//time/@datetime | //article//time[@pubdate]/@datetime")
    if not times:
        times = tree.xpath("//time/@datetime")
    return str(times[0]) if len({str(value)[:10] for value in times}) == 1 else None


def _authors(value: Any) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    names = (_text(each.get("name") if isinstance(each, dict) else each) for each in people)
    return tuple(name for name in names if name)


def _split_authors(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(";") if part.strip())


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
