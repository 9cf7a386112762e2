from __future__ import annotations

import time

import pytest

from rag.llm.cache import AnswerCache, cache_key
from rag.llm.failures import LLMFailure, hint, llm_data, reason
from rag.llm.policy import Completion, Model, Patience
from rag.llm.scripted import ScriptedLLM
from rag.protocols import Message

ASKED = (Message(role="user", text="Was geschah?"),)


def model(*replies, cache=None, waits=None, **patience) -> tuple[Model, ScriptedLLM]:
    llm = ScriptedLLM(list(replies))
    slept = waits if waits is not None else []
    return Model(llm, patience=Patience(**patience), max_tokens=50, cache=cache,
                 sleep=slept.append), llm  # fmt: skip


def ask(asked: Model) -> Completion:
    return asked.complete(lambda budget: ASKED, asked.allowance())


@pytest.mark.parametrize("kind", ["unreachable", "rate_limited", "server_error", "cut", "empty"])
def test_what_may_pass_is_tried_again(kind):
    asked, llm = model(LLMFailure(kind), "Gut.")
    assert ask(asked).text == "Gut."
    assert len(llm.calls) == 2


@pytest.mark.parametrize(
    "kind", ["rejected_key", "unknown_model", "length", "filtered", "refused", "repetition"]
)
def test_what_will_not_pass_is_not(kind):
    asked, llm = model(LLMFailure(kind), "Gut.")
    with pytest.raises(LLMFailure):
        ask(asked)
    assert len(llm.calls) == 1


def test_retry_after_is_honoured():
    waits: list[float] = []
    asked, _ = model(LLMFailure("rate_limited", retry_after=7.5), "Gut.", waits=waits)
    ask(asked)
    assert waits == [7.5]


def test_a_wait_beyond_the_deadline_is_not_begun():
    waits: list[float] = []
    asked, llm = model(LLMFailure("rate_limited", retry_after=60), "Gut.", waits=waits)
    with pytest.raises(LLMFailure):
        ask(asked)
    assert waits == [] and len(llm.calls) == 1


def test_calls_of_one_question_share_one_allowance():
    asked, llm = model("Gut.", max_calls=2)
    allowance = asked.allowance()
    for _ in range(2):
        asked.complete(lambda budget: ASKED, allowance)
    with pytest.raises(LLMFailure) as raised:
        asked.complete(lambda budget: ASKED, allowance)
    assert raised.value.kind == "deadline" and len(llm.calls) == 2


def test_after_overflow_less_is_built_once():
    budgets: list[int] = []

    def build(budget: int):
        budgets.append(budget)
        return ASKED

    overflow = LLMFailure("context_overflow", context_tokens=1000, prompt_tokens=2000)
    asked, llm = model(overflow, overflow, "Gut.")
    with pytest.raises(LLMFailure):
        asked.complete(build, asked.allowance())
    assert len(llm.calls) == 2 and budgets[1] < budgets[0] / 2


def test_a_whole_answer_is_kept_and_an_unusable_one_is_not(tmp_path):
    cache = AnswerCache(tmp_path)
    asked, llm = model("Gut.", cache=cache)
    first, again = ask(asked), ask(asked)
    assert (first.is_cached, again.is_cached, again.text) == (False, True, "Gut.")
    assert len(llm.calls) == 1

    def refuse(text: str) -> None:
        raise LLMFailure("refused")

    other, _ = model("Nein.", cache=AnswerCache(tmp_path / "other"))
    with pytest.raises(LLMFailure):
        other.complete(lambda budget: ASKED, other.allowance(), accept=refuse)
    assert not (tmp_path / "other").exists()


def test_what_turned_out_to_be_no_answer_is_asked_for_anew(tmp_path):
    asked, llm = model("Nein.", "Gut.", "Besser.", cache=AnswerCache(tmp_path))
    asked.forget(ask(asked))
    assert ask(asked).text == "Gut."

    def refuse(text: str) -> None:
        if text == "Gut.":
            raise LLMFailure("wrong_language")

    again = asked.complete(lambda budget: ASKED, asked.allowance(), accept=refuse)
    assert (again.text, again.is_cached) == ("Besser.", False) and len(llm.calls) == 3


def test_a_broken_or_read_only_cache_is_as_none(tmp_path):
    key = cache_key("m", ASKED, 50)
    (tmp_path / f"{key}.json").write_text('{"text": 1', encoding="utf-8")
    assert AnswerCache(tmp_path).get(key) is None
    (tmp_path / "file").write_text("", encoding="utf-8")
    AnswerCache(tmp_path / "file").put(key, Completion(text="Gut."))


def test_the_cache_keeps_no_prompt_and_is_private(tmp_path):
    asked, _ = model("Gut.", cache=AnswerCache(tmp_path))
    ask(asked)
    (kept,) = tmp_path.glob("*.json")
    assert "Was geschah" not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "changed", [("other", ASKED, 50), ("m", (*ASKED, *ASKED), 50), ("m", ASKED, 51)]
)
def test_whatever_shapes_an_answer_shapes_its_key(changed):
    assert cache_key(*changed) != cache_key("m", ASKED, 50)


def test_every_failure_has_a_reason_in_both_languages_and_something_to_do():
    for kind in llm_data("reasons"):
        assert reason(kind, "de") != reason(kind, "en")
        assert hint(kind).endswith(".")


def test_a_pause_ends_at_once_for_the_reader():
    asked, llm = model(*[LLMFailure("server_error")] * 3, max_calls=3)
    with pytest.raises(LLMFailure):
        ask(asked)
    started = time.monotonic()
    with pytest.raises(LLMFailure) as raised:
        ask(asked)
    assert raised.value.kind == "paused" and len(llm.calls) == 3
    assert time.monotonic() - started < 0.1
