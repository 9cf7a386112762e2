"""The command line as a stranger uses it: sample corpus, real model, the contract's JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
pytestmark = pytest.mark.integration


def rag(*args: str, store: Path, stdin: str | None = None, **environment: str):
    """One run of the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "rag", *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=stdin,
        cwd=ROOT,
        env={**os.environ, "RAG_STORE": str(store), **environment},
        timeout=600,
    )


@pytest.fixture(scope="session")
def seeds_store(tmp_path_factory) -> Path:
    store = tmp_path_factory.mktemp("seeds") / "store"
    done = rag("ingest", "seeds", "--format", "json", store=store)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["read"] == 20
    assert [Path(one["path"]).name for one in report["rejected"]] == ["README.md"]
    return store


def ask(question: str, store: Path, *flags: str) -> dict:
    done = rag("ask", question, "--format", "json", *flags, store=store)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def quotes_of(answer: dict):
    yield from answer["citations"]
    for found in answer["disagreements"]:
        for position in found["positions"]:
            yield from position["claims"]


def test_an_answer_has_every_field_of_the_contract(seeds_store):
    answer = ask("Wo sprachen Putin und Kim nach der Parade?", seeds_store)
    assert answer["schema"] == 1
    assert (answer["status"], answer["language"]) == ("answered", "de")
    assert set(answer["coverage"]) == {
        "articles_considered",
        "articles_cited",
        "outlets",
        "independent_origins",
        "pairs_compared",
        "pairs_not_compared",
    }
    assert {"mode", "llm", "embedding_model", "index_fingerprint", "prompt_hashes", "seconds"} <= (
        set(answer["run"])
    )
    assert answer["run"]["mode"] == "extractive"
    markers = [citation["marker"] for citation in answer["citations"]]
    assert markers == list(range(1, len(markers) + 1))
    for sentence in answer["sentences"]:
        assert sentence["citations"]
        assert set(sentence["citations"]) <= set(markers)


def test_every_quote_stands_at_its_offsets(seeds_store):
    checked = 0
    texts: dict[str, str] = {}
    for question in (
        "Wie viele nordkoreanische Soldaten wurden getötet?",
        "Wo fand das Treffen von Putin und Kim 2023 statt?",
        "How long did the talks last?",
    ):
        for claim in quotes_of(ask(question, seeds_store)):
            article_id = claim["article_id"]
            if article_id not in texts:
                shown = rag("articles", "show", article_id, "--format", "json", store=seeds_store)
                texts[article_id] = json.loads(shown.stdout)["text"]
            assert texts[article_id][claim["start_char"] : claim["end_char"]] == claim["quote"]
            checked += 1
    assert checked >= 5


def test_a_question_nobody_writes_about_is_not_answered(seeds_store):
    answer = ask("Welche Temperatur hat die Oberfläche der Venus?", seeds_store)
    assert answer["status"] == "not_in_sources"
    assert answer["sentences"] == []
    assert answer["citations"] == []


def test_filters_keep_other_outlets_and_dates_out(seeds_store):
    answer = ask("Wo fand das Treffen statt?", seeds_store, "--outlet", "Depesche24")
    assert {citation["source"] for citation in answer["citations"]} <= {"Depesche24"}
    answer = ask("Wo fand das Treffen statt?", seeds_store, "--to", "2023-12-31")
    assert all(citation["published_at"] < "2024" for citation in answer["citations"])


def test_a_batch_answers_in_order_and_from_stdin(seeds_store):
    questions = [{"id": f"q{n}", "question": f"Wer traf wen im Jahr {2021 + n}?"} for n in range(3)]
    done = rag(
        "ask",
        "--batch",
        "-",
        "--format",
        "json",
        store=seeds_store,
        stdin="\n".join(json.dumps(one) for one in questions),
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["q0", "q1", "q2"]


def test_the_same_question_gets_the_same_answer(seeds_store):
    first, second = (ask("Wer begleitete Kim?", seeds_store) for _ in range(2))
    for answer in (first, second):
        answer["run"].pop("seconds")
    assert first == second


def test_search_ranks_without_gaps_and_shows_its_scores(seeds_store):
    done = rag("search", "Militärparade", "--top-k", "5", "--format", "json", store=seeds_store)
    passages = json.loads(done.stdout)["passages"]
    assert [passage["rank"] for passage in passages] == [1, 2, 3, 4, 5]
    for passage in passages:
        assert {"dense", "lexical", "fused"} <= set(passage["scores"])
        assert len(passage["text"]) == passage["end_char"] - passage["start_char"]


def test_a_cold_question_loads_neither_torch_nor_transformers_nor_gradio(seeds_store):
    script = (
        "import sys; from rag.cli.main import run; run(['ask', 'Wer traf wen?', '--quiet']);"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'gradio', 'sklearn', 'scipy'};"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "RAG_STORE": str(seeds_store)},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", ""], 2),
        (["ask", "Wer?", "--from", "gestern"], 2),
        (["frobnicate"], 2),
        (["ingest", "no/such/path"], 2),
        (["articles", "show", "nobody"], 2),
    ],
)
def test_an_expected_failure_is_two_lines_and_a_code(seeds_store, arguments, code):
    done = rag(*arguments, store=seeds_store)
    assert done.returncode == code
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    assert "Traceback" not in done.stderr


def test_a_missing_store_and_other_settings_are_refused_with_the_way_out(seeds_store, tmp_path):
    missing = rag("ask", "Wer?", store=tmp_path / "nothing")
    assert missing.returncode == 3
    assert "rag ingest" in missing.stderr
    other = rag("ask", "Wer?", store=seeds_store, RAG_CHUNK__TARGET_CHARS="500")
    assert other.returncode == 3
    assert "--rebuild" in other.stderr


def test_an_unreadable_folder_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    done = rag("ingest", str(tmp_path / "empty"), store=tmp_path / "store")
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not there")
def test_the_five_real_documents_are_answered_from(tmp_path):
    done = rag("ingest", str(SHARED / "seeds"), "--quiet", store=tmp_path / "store")
    assert done.returncode == 0, done.stderr
    answer = ask(
        "In welchem Gebäude sprachen Putin und Kim nach der Parade miteinander?", tmp_path / "store"
    )
    assert answer["status"] == "answered"
    assert "Diaoyutai" in " ".join(claim["quote"] for claim in quotes_of(answer))
