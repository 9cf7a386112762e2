"""Questions on news articles with the sentences that answer them, asked of real stores.

Three corpora: ``five`` (the documents of ``../shared/seeds``), ``news`` (articles of
``../shared/bench/german_news_3k.jsonl.gz``) and ``seeds`` (this project's sample corpus). The first
two are asked ``evals/cases/questions_dev.jsonl`` and ``../shared/bench/seed_qa_dev.jsonl``, the
last ``evals/cases/seeds_*.yaml``. Each is indexed once in a store under the cache folder.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from evals.case_files import CASES_DIR, load_cases
from rag.answer.features import ScoredSentence, score_sentences
from rag.language.detect import detect_language
from rag.pipeline import ingest, search
from rag.retrieve.matching import QuestionWords, question_words
from rag.settings import Settings, load_settings
from rag.types import Passage, Question
from rag.wiring import open_deps

ROOT = Path(__file__).resolve().parents[2]
SEED_FILES = ("de", "en", "disagreement", "negatives", "unanswerable")
_NOISE = 43
"""Further articles in the store of news, so that the right one must be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsCase:
    """One question with the sentences found; ``group`` keeps questions on one article together."""

    corpus: str
    group: str
    is_answerable: bool
    is_same_language: bool
    words: QuestionWords
    passages: tuple[Passage, ...]
    sentences: tuple[ScoredSentence, ...]
    answers: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    corpus: str
    group: str
    question: str
    gold: tuple[tuple[str, str], ...]
    """Article id and the pattern of what answers in it; none for a question without answer."""


def load_news_cases(bench: Path, cache: Path) -> list[NewsCase]:
    """All cases; articles are embedded on the first call."""
    asked = [*_development(bench), *_seed_cases()]
    found: list[NewsCase] = []
    for corpus in ("five", "news", "seeds"):
        own = [each for each in asked if each.corpus == corpus]
        settings = _indexed(corpus, own, bench, cache)
        with open_deps(settings) as deps:
            for each in own:
                question = Question(text=each.question, language=detect_language(each.question))
                passages = search(question, deps).passages
                case = _case(each, question, passages)
                found += [case] if case.sentences else []
    return found


def fold_of(group: str, folds: int) -> int:
    """The same fold for all questions of a group, in every run."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % folds


def _case(asked: _Asked, question: Question, passages: tuple[Passage, ...]) -> NewsCase:
    words = question_words(question.text, question.language)
    sentences = score_sentences(words, passages)
    return NewsCase(
        corpus=asked.corpus,
        group=asked.group,
        is_answerable=bool(asked.gold),
        is_same_language=bool(passages) and passages[0].article.language == question.language,
        words=words,
        passages=passages,
        sentences=sentences,
        answers=np.array([_is_gold(asked, row) for row in sentences], bool),
    )


def _is_gold(asked: _Asked, row: ScoredSentence) -> bool:
    article_id = row.passage.article.article_id
    return any(
        article_id.endswith(name) and re.search(pattern, row.quote, re.IGNORECASE | re.DOTALL)
        for name, pattern in asked.gold
    )


def _development(bench: Path) -> Iterator[_Asked]:
    for line in (CASES_DIR / "questions_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names, pattern = row["articles"], row["pattern"]
        yield _Asked(
            corpus=row["corpus"],
            group=names[0] if row["corpus"] == "news" else row["id"],
            question=row["question"],
            gold=tuple((name, pattern) for name in names) if pattern else (),
        )
    for line in (bench / "seed_qa_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        vital = [n["pattern"] for n in row["nuggets"] if n["importance"] == "vital"]
        docs = [evidence["doc"] for evidence in row["evidence"]]
        gold = tuple((doc, pattern) for doc in docs for pattern in vital)
        yield _Asked(corpus="five", group=row["id"], question=row["question"], gold=gold)


def _seed_cases() -> Iterator[_Asked]:
    for case in load_cases([CASES_DIR / f"seeds_{name}.yaml" for name in SEED_FILES]).questions:
        gold: list[tuple[str, str]] = []
        if case.expected_status != "not_in_sources":
            vital = [p for n in case.nuggets if n.importance == "vital" for p in n.patterns]
            gold += [(e.article_id, p) for e in case.evidence for p in vital]
            gold += [(e.article_id, re.escape(e.quote)) for e in case.evidence]
        yield _Asked(corpus="seeds", group=case.case_id, question=case.question, gold=tuple(gold))


def _indexed(corpus: str, asked: list[_Asked], bench: Path, cache: Path) -> Settings:
    store = cache / f"store-{corpus}"
    settings = load_settings(store={"path": store})
    if not store.exists():
        paths = {"five": bench.parent / "seeds", "seeds": ROOT / "seeds"}
        path = paths.get(corpus) or _news_file(bench, cache)
        with open_deps(settings, mode="write") as deps:
            ingest([path], deps)
    return settings


def _news_file(bench: Path, cache: Path) -> Path:
    """The articles of the development questions and some others, as JSONL in the cache folder."""
    wanted = {
        json.loads(line)["articles"][0]
        for line in (CASES_DIR / "questions_dev.jsonl").read_text(encoding="utf-8").splitlines()
        if json.loads(line)["corpus"] == "news"
    }
    with gzip.open(bench / "german_news_3k.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    others = [row for row in rows if row["article_id"] not in wanted]
    kept = [row for row in rows if row["article_id"] in wanted]
    kept += Random(3).sample(others, _NOISE)
    path = cache / "news.jsonl"
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in kept)
    path.write_text(text, encoding="utf-8")
    return path
