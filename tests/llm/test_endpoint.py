from __future__ import annotations

import pytest

from rag.llm.endpoint import EndpointLLM, is_local, list_models
from rag.llm.http_faults import translated
from rag.llm.open import choose_llm, open_model, patience
from rag.llm.probe import probe
from rag.settings import LLMSettings, load_settings


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:11434/v1", True),
        ("http://localhost:8000/v1", True),
        ("https://api.example.org/v1", False),
    ],
)
def test_a_model_on_this_machine_gets_more_time(url, local):
    settings = LLMSettings(url=url)
    assert is_local(settings) is local
    assert patience(settings).deadline_seconds == (180.0 if local else 45.0)
    assert patience(settings).first_token_seconds == (120.0 if local else 20.0)


def test_what_is_set_goes_before_what_is_usual():
    given = LLMSettings(url="http://127.0.0.1:1/v1", deadline_seconds=7, first_token_seconds=3)
    assert (patience(given).deadline_seconds, patience(given).first_token_seconds) == (7, 3)


@pytest.mark.parametrize(
    "url", ["ftp://x/v1", "x", "http://u:secret@x/v1", "http://x/v1?key=secret"]
)
def test_an_address_with_a_key_or_of_another_kind_is_refused_and_not_repeated(url):
    with pytest.raises(Exception, match=r"'llm\.url' is wrong") as raised:
        load_settings(llm={"url": url})
    assert "secret" not in str(raised.value)


def test_the_key_is_no_part_of_the_settings_or_of_the_identity(monkeypatch):
    monkeypatch.setenv("RAG_LLM_KEY", "sk-TESTKEY")
    settings = load_settings(llm={"url": "https://api.example.org/v1", "model": "m"})
    assert "sk-TESTKEY" not in repr(settings)
    assert "sk-TESTKEY" not in choose_llm(settings.llm).identity


def test_temperature_model_and_address_shape_the_identity():
    base = LLMSettings(url="http://a/v1", model="m")
    others = [
        LLMSettings(url="http://b/v1", model="m"),
        LLMSettings(url="http://a/v1", model="n"),
        LLMSettings(url="http://a/v1", model="m", temperature=0.7),
    ]
    known = EndpointLLM(base).identity
    assert all(EndpointLLM(other).identity != known for other in others)


def test_the_context_is_what_the_endpoint_says_unless_it_is_set(server):
    asked = open_model(LLMSettings(url=server.url, model="m", cache=False))
    told = open_model(LLMSettings(url=server.url, model="m", cache=False, context_tokens=1000))
    assert asked is not None and told is not None
    assert asked.prompt_budget() == 4096 - 400 - 64
    assert told.prompt_budget() == 1000 - 400 - 64


def test_an_endpoint_that_lists_nothing_is_no_error():
    assert list_models(LLMSettings(url="http://127.0.0.1:9/v1"), 0.3) is None


def test_doctor_names_the_models_an_endpoint_has(server):
    found = {f.name: f for f in probe(LLMSettings(url=server.url, model="other", cache=False))}
    assert found["llm model"].state == "note" and "m" in found["llm model"].hint
    assert found["llm trial"].state == "ok"


def test_nothing_configured_is_fine():
    (found,) = probe(LLMSettings())
    assert found.state == "ok"


@pytest.mark.parametrize("error", [ValueError("x"), AttributeError(), IndexError(), KeyError()])
def test_whatever_a_parser_raises_is_a_malformed_answer(error):
    assert translated(error, None).kind == "malformed"
