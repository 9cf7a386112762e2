"""Begins a case file for a user's own articles; from feedback on answers too.

What it writes is a draft: a person completes the nuggets. It loads as it stands, so that
`rag eval --cases FILE` says what is left to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from rag.errors import InputError, UsageError
from rag.language.sentences import split_sentences
from rag.types import Article

SKETCHES = 5
MIN_WORDS = 6
_HEAD = """\
# Cases for `rag eval --cases {name}`: complete the questions, then run it.
# nuggets: facts a good answer holds. importance: vital or okay. patterns: regular expressions, any
#   of which counts as the fact; write '50[. ]?000' for 50.000.
# evidence: words that stand exactly so in the article.
# expected_status: answered, partial or not_in_sources (then no nuggets and no evidence).
# disagreements: aspect, kind (number date duration place who negation cause outcome wording
#   framing), status (conflict update scope reported framing), sides: two or more, each with
#   article_ids, value, pattern, quote.
# no_conflict: true where nothing may be flagged as a contradiction (a hard negative).
# must_not: patterns that no answer may hold. history: the questions asked before (a follow-up).
"""


def write_case_file(file: Path, articles: Sequence[Article], feedback: Path | None) -> int:
    """Write the draft; how many cases it begins. Raises ``UsageError`` where the file exists."""
    if file.exists():
        raise UsageError(f"{file} exists already.", "Choose another name; nothing was changed.")
    if not articles:
        raise InputError("The store holds no article.", "Run `rag ingest PATH…` first.")
    texts = {article.article_id: article.text for article in articles}
    rows = list(_from_feedback(feedback, texts) if feedback else _sketches(articles))
    if not rows:
        raise InputError(f"{feedback} holds no judged answer.", "Give the JSONL the chat writes.")
    body = yaml.safe_dump(
        {"suite": file.stem, "cases": rows}, allow_unicode=True, sort_keys=False, width=100
    )
    file.write_text(_HEAD.format(name=file.name) + body, encoding="utf-8")
    return len(rows)


def _sketches(articles: Sequence[Article]) -> Iterator[dict[str, Any]]:
    for number, article in enumerate(articles[:SKETCHES], 1):
        quote = _first_sentence(article)
        yield {
            "case_id": f"own-{number}",
            "question": f"Ask here what „{quote[:60]} …“ answers?",
            "language": "en" if article.language == "en" else "de",
            "tags": ["draft"],
            "expected_status": "answered",
            "reference_answer": quote,
            "nuggets": [{"text": quote, "importance": "vital", "patterns": [re.escape(quote)]}],
            "evidence": [{"article_id": article.article_id, "quote": quote}],
            "must_not": [],
            "disagreements": [],
            "no_conflict": False,
        }


def _first_sentence(article: Article) -> str:
    """The first that says something: datelines and headings are shorter."""
    spans = split_sentences(article.text, article.language)
    sentences = [article.text[span.start_char : span.end_char] for span in spans]
    return next((s for s in sentences if len(s.split()) >= MIN_WORDS), sentences[0])


def _from_feedback(path: Path, texts: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A case for each judged answer: what was praised is wanted, what was blamed is left open."""
    for number, row in enumerate(_rows(path), 1):
        answer = row.get("answer")
        shown = answer if isinstance(answer, dict) else row
        question = row.get("question") or shown.get("question")
        if not isinstance(question, str) or not question.strip():
            continue
        is_good = _is_praise(row)
        quotes = [
            {"article_id": c["article_id"], "quote": c["quote"]}
            for c in shown.get("citations") or []
            if is_good and c.get("quote") and c["quote"] in texts.get(c.get("article_id", ""), "")
        ]
        refused = shown.get("status") == "not_in_sources"
        status = "not_in_sources" if refused and is_good else "answered"
        yield {
            "case_id": f"feedback-{number}",
            "question": question.strip(),
            "language": "en" if shown.get("language") == "en" else "de",
            "tags": ["feedback", "praised" if is_good else "blamed", "draft"],
            "expected_status": status,
            "reference_answer": row.get("comment") or None,
            "nuggets": _nuggets(quotes, status),
            "evidence": quotes,
        }


def _nuggets(quotes: list[dict[str, str]], status: str) -> list[dict[str, Any]]:
    if status == "not_in_sources":
        return []
    wanted = [quote["quote"] for quote in quotes[:1]] or ["TO COMPLETE"]
    return [{"text": w, "importance": "vital", "patterns": [re.escape(w)]} for w in wanted]


def _is_praise(row: dict[str, Any]) -> bool:
    verdict = str(row.get("rating", row.get("verdict", row.get("liked", "")))).casefold()
    return verdict in {"up", "good", "true", "like", "liked", "1", "helpful", "yes"}


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Give a UTF-8 JSONL file.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UsageError(
                f"Line {number} of {path} is no JSON.", "Correct that line."
            ) from error
        if isinstance(row, dict):
            yield row
