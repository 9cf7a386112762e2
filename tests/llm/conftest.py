"""An OpenAI-compatible server that misbehaves on demand, and evidence to write from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evals.trust.chat_server import ChatServer
from rag.answer.extractive import Composed
from rag.types import Article, Citation, CitedSentence, Evidence, Question

KEY = "sk-TESTKEY-4711-secret"
GOOD = "Die Brücke in Dornfeld wurde am Montag gesperrt. [1] Zwölf Pendler saßen fest. [2]"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    monkeypatch.setenv("RAG_LLM_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-OTHER-must-not-leave")
    started = ChatServer(lambda exchange: exchange.whole(GOOD))
    yield started
    started.stop()


def article(article_id: str, source: str, text: str) -> Article:
    return Article(
        article_id=article_id, text=text, content_hash="", raw_hash="", path="", language="de",
        source=source, published_at="2025-05-06",
    )  # fmt: skip


ARTICLES = (
    article("a", "Nordblick", "Die Brücke in Dornfeld wurde am Montag gesperrt."),
    article("b", "Abendkurier", "Zwölf Pendler saßen am Morgen fest."),
    article("c", "Talbote", "Die Sperrung soll bis Freitag dauern."),
)


@pytest.fixture
def question() -> Question:
    return Question(text="Was geschah mit der Brücke in Dornfeld?", language="de")


@pytest.fixture
def evidence() -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            article=each, chunk_id=f"{each.article_id}:0", quote=each.text, start_char=0,
            end_char=len(each.text), probability=0.9 - place / 10, similarity=0.9,
        )
        for place, each in enumerate(ARTICLES)
    )  # fmt: skip


@pytest.fixture
def extractive() -> Composed:
    first = ARTICLES[0]
    return Composed(
        text=f"Nordblick: {first.text} [1]",
        sentences=(CitedSentence(text=f"Nordblick: {first.text}", citations=(1,)),),
        citations=(
            Citation(
                marker=1, article_id="a", source="Nordblick", title=None,
                published_at="2025-05-06", quote=first.text, start_char=0,
                end_char=len(first.text),
            ),
        ),
        disagreements=(),
        notes=(),
    )  # fmt: skip
