"""However an endpoint misbehaves, the reader gets a cited answer in time, and nothing invented."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from rag.answer.generate import Generated, generate
from rag.llm.failures import LLMFailure
from rag.llm.open import open_model
from rag.settings import Settings, load_settings

KEY = "sk-TESTKEY-4711-secret"
GOOD = "Die Brücke in Dornfeld wurde am Montag gesperrt. [1] Zwölf Pendler saßen fest. [2]"
INVENTED = ("Erdbeben", "[99]", "[0]", "http", "<img", "evil", "17 Tote", "```", KEY)
LATEST_SECONDS = 10.0
Behaviour = Callable[[Any], None]


def settings_for(url: str, **llm: Any) -> Settings:
    return load_settings(
        llm={
            "url": url,
            "model": "m",
            "cache": False,
            "deadline_seconds": 8.0,
            "first_token_seconds": 0.5,
            "gap_seconds": 0.4,
            "connect_seconds": 0.5,
            **llm,
        }
    )


def hang(exchange: Any) -> None:
    time.sleep(1.2)


def stall_after_headers(exchange: Any) -> None:
    exchange.start()
    time.sleep(1.2)


def stall_after_words(exchange: Any) -> None:
    exchange.start()
    exchange.say("Die Brücke in ")
    time.sleep(1.2)


def drip_comments(exchange: Any) -> None:
    exchange.start()
    for _ in range(60):
        exchange.raw(b": still here\n\n")
        time.sleep(0.05)


def drop(exchange: Any) -> None:
    exchange.start()
    exchange.say("Die Brücke in Dornfeld wurde ")


def null_deltas(exchange: Any) -> None:
    exchange.start()
    for _ in range(3):
        exchange.say(None)
    exchange.say(None, "stop")
    exchange.event("[DONE]")


def no_choices(exchange: Any) -> None:
    exchange.start()
    exchange.event({"id": "x", "object": "chat.completion.chunk", "created": 1, "choices": []})
    exchange.event("[DONE]")


def broken_json(exchange: Any) -> None:
    exchange.start()
    exchange.say("Die Brücke ")
    exchange.event('{"choices": [{"delta": {"con')


def error_event(exchange: Any) -> None:
    exchange.start()
    exchange.event({"error": {"message": f"overloaded, key {KEY}", "type": "server_error"}})


def html(exchange: Any) -> None:
    exchange.status(200, b"<html><body>Login: Erdbeben</body></html>")


def html_as_stream(exchange: Any) -> None:
    exchange.start()
    exchange.raw(b"<html><body>Erdbeben</body></html>\n\n")


def json_instead_of_stream(exchange: Any) -> None:
    message = {"role": "assistant", "content": GOOD}
    exchange.status(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def ten_megabytes(exchange: Any) -> None:
    exchange.start()
    for place in range(2000):
        exchange.say(" ".join(f"Wort{place}x{number}" for number in range(500)))


def one_endless_line(exchange: Any) -> None:
    exchange.start()
    exchange.raw(b'data: {"choices": [{"delta": {"content": "')
    for _ in range(160):
        exchange.raw(b"x" * 65536)


def endless_loop(exchange: Any) -> None:
    exchange.start()
    for _ in range(400):
        exchange.say("Die Brücke ist zu und ")


def overflow_always(exchange: Any) -> None:
    exchange.status(
        400,
        {"object": "error", "message": "This model's maximum context length is 600 tokens. However,"
         " you requested 900 tokens (500 in the messages, 400 in the completion).",
         "type": "BadRequestError", "code": 400},
    )  # fmt: skip


def redirect(exchange: Any) -> None:
    exchange.status(302, b"", {"Location": "http://evil.example/v1/chat/completions"})


def says(text: str, finish: str | None = "stop", done: bool = True) -> Behaviour:
    return lambda exchange: exchange.whole(text, finish, done=done)


def refuses(code: int, message: str = "no", headers: dict[str, str] | None = None) -> Behaviour:
    return lambda exchange: exchange.status(code, {"error": {"message": message}}, headers)


def then_good(times: int, bad: Behaviour) -> Behaviour:
    return lambda exchange: bad(exchange) if exchange.number <= times else exchange.whole(GOOD)


FALLS_BACK: dict[str, tuple[Behaviour, str, int]] = {
    "500 always": (refuses(500), "reports an error", 3),
    "503 always": (refuses(503), "reports an error", 3),
    "429 for an hour": (refuses(429, headers={"Retry-After": "3600"}), "429", 1),
    "429 with a date": (
        refuses(429, headers={"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"}), "429", 1),
    "401 repeats the key": (refuses(401, f"Incorrect API key: {KEY}"), "rejects the key", 1),
    "403": (refuses(403), "rejects the key", 1),
    "404": (refuses(404), "does not know the model", 1),
    "400": (refuses(400, f"bad {KEY}"), "refuses the request", 2),
    "redirect": (redirect, "refuses the request", 2),
    "context overflow twice": (overflow_always, "does not fit", 2),
    "hang": (hang, "sent nothing", 3),
    "stall after headers": (stall_after_headers, "sent nothing", 3),
    "stall after words": (stall_after_words, "sent nothing", 3),
    "comments for ever": (drip_comments, "sent nothing", 3),
    "dropped mid-stream": (drop, "broke off", 3),
    "no end, no reason": (says(GOOD, finish=None, done=False), "broke off", 3),
    "cut by length": (says(GOOD, finish="length"), "not finished", 1),
    "filtered": (says(GOOD, finish="content_filter"), "filter", 1),
    "tool call instead": (says("Erdbeben", finish="tool_calls"), "broke off", 3),
    "empty": (says(""), "empty", 3),
    "blank": (says(" \n \n"), "empty", 3),
    "null deltas": (null_deltas, "empty", 3),
    "no choices": (no_choices, "empty", 3),
    "broken JSON": (broken_json, "cannot be read", 3),
    "error event": (error_event, "reports an error", 3),
    "HTML": (html, "not used", 3),
    "HTML as stream": (html_as_stream, "not used", 3),
    "JSON instead of a stream": (json_instead_of_stream, "not used", 3),
    "ten megabytes": (ten_megabytes, "far too long", 1),
    "one endless line": (one_endless_line, "far too long", 1),
    "endless repetition": (endless_loop, "repeated itself", 1),
    "refusal": (says("Es tut mir leid, aber dabei kann ich nicht helfen."), "refused", 1),
    "refusal in English": (says("I'm sorry, I can't help with that."), "refused", 1),
    "found nothing": (says("NICHT IN DEN QUELLEN"), "found no answer", 1),
    "another language": (
        says("The bridge in the town was closed on Monday after the flood came down. [1]"),
        "another language", 3),
    "invented": (says("Ein Erdbeben forderte 17 Tote in Dornfeld. [1]"), "half of its", 1),
    "no markers, no support": (says("Ein Erdbeben erschütterte die Gegend sehr."), "half of", 1),
    "only unknown markers": (says("Ein Erdbeben traf alle Orte. [99] [0]"), "half of its", 1),
    "prompt echo": (lambda exchange: exchange.whole(exchange.body["messages"][0]["content"]),
                    "not used", 3),
}  # fmt: skip

SURVIVES: dict[str, tuple[Behaviour, int]] = {
    "good": (says(GOOD), 1),
    "503 once": (then_good(1, refuses(503)), 2),
    "429 twice, a moment": (then_good(2, refuses(429, headers={"Retry-After": "0.05"})), 3),
    "dropped once": (then_good(1, drop), 2),
    "HTML once": (then_good(1, html), 2),
    "hang once": (then_good(1, hang), 2),
    "end mark without a reason": (says(GOOD, finish=None, done=True), 1),
    "a reason without an end mark": (says(GOOD, finish="stop", done=False), 1),
    "token counts refused": (then_good(1, refuses(400, "unknown field stream_options")), 2),
    "context overflow once": (then_good(1, overflow_always), 2),
    "invented markers": (says(GOOD.replace("[1]", "[1] [99] [0]")), 1),
    "code block": (says(f"```text\n{GOOD}\n```"), 1),
    "thinking aloud": (says(f"<think>Ein Erdbeben? [3]</think>\n{GOOD}"), 1),
    "links and images": (
        says("![x](http://evil.example/?q=1) <img src=http://evil.example/a> "
             "[Die Brücke](http://evil.example) in Dornfeld wurde am Montag gesperrt. [1]"), 1),
    "one sentence invented": (says(f"{GOOD} Ein Erdbeben war es. [3]"), 1),
    "markers before": (says("[1] Die Brücke in Dornfeld wurde am Montag gesperrt."), 1),
    "lost markers": (says("Die Brücke in Dornfeld wurde am Montag gesperrt."), 1),
    "wrong markers": (says("Die Brücke in Dornfeld wurde am Montag gesperrt. [3]"), 1),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """The client and the lexicons load once, outside the measured time."""
    import llama_index.llms.openai_like  # noqa: F401

    from rag.language.detect import detect_language
    from rag.language.quantities import quantities
    from rag.language.terms import terms

    for text in ("Zwölf Pendler saßen am Montag in Dornfeld fest.", "Three people were hurt."):
        detect_language(text)
        quantities(text, "de")
        terms(text, "de")


@pytest.fixture
def run(server, question, evidence, extractive):
    def go(behave: Behaviour, **llm: Any) -> tuple[Generated, float]:
        server.behave = behave
        settings = settings_for(server.url, **llm)
        model = open_model(settings.llm)
        assert model is not None
        started = time.monotonic()
        found = generate(question, evidence, extractive, model, settings)
        return found, time.monotonic() - started

    return go


def assert_sound(found: Generated, evidence: Any) -> None:
    """Whatever happened: every quote stands in its article, and nothing invented is shown."""
    texts = {each.article.article_id: each.article.text for each in evidence}
    markers = [citation.marker for citation in found.composed.citations]
    assert markers == list(range(1, len(markers) + 1))
    for citation in found.composed.citations:
        assert texts[citation.article_id][citation.start_char : citation.end_char] == citation.quote
    for sentence in found.composed.sentences:
        assert sentence.citations and set(sentence.citations) <= set(markers)
    shown = {int(number) for number in re.findall(r"\[(\d+)\]", found.composed.text)}
    assert shown <= set(markers)
    for word in INVENTED:
        assert word not in found.composed.text
    assert KEY not in repr(found)


@pytest.mark.parametrize("name", FALLS_BACK)
def test_a_fault_ends_in_the_extractive_answer_with_its_reason(name, run, server, evidence):
    behave, why, calls = FALLS_BACK[name]
    found, seconds = run(behave)
    assert found.mode == "extractive"
    assert seconds < LATEST_SECONDS
    assert 1 <= server.calls <= calls
    assert_sound(found, evidence)
    assert why in " ".join(found.composed.notes)
    assert found.composed.text.startswith("Die Antwort des Sprachmodells wird nicht verwendet: ")
    assert "Die Brücke in Dornfeld wurde am Montag gesperrt. [1]" in found.composed.text


@pytest.mark.parametrize("name", SURVIVES)
def test_a_fault_that_passes_ends_in_the_written_answer(name, run, server, evidence):
    behave, calls = SURVIVES[name]
    found, seconds = run(behave)
    assert found.mode == "llm", found.composed.notes
    assert seconds < LATEST_SECONDS
    assert server.calls == calls
    assert_sound(found, evidence)
    assert found.composed.citations[0].quote == "Die Brücke in Dornfeld wurde am Montag gesperrt."


def test_unknown_markers_are_named_in_the_notes(run):
    found, _ = run(says(GOOD.replace("[1]", "[1] [99] [0]")))
    assert "Removed markers that point to nothing: [99], [0]." in found.composed.notes


def test_a_wrong_citation_is_moved_to_the_quote_that_says_it(run):
    found, _ = run(says("Die Brücke in Dornfeld wurde am Montag gesperrt. [3]"))
    assert [c.article_id for c in found.composed.citations] == ["a"]
    assert "Citations of 1 sentence(s) were found by the program." in found.composed.notes


def test_a_dropped_sentence_is_counted(run):
    found, _ = run(says(f"{GOOD} Ein Erdbeben war es. [3]"))
    assert "Dropped 1 sentence(s) that their quotes do not support." in found.composed.notes


def test_less_is_packed_after_an_overflow(run, server, evidence):
    prompts: list[int] = []

    def behave(exchange):
        prompts.append(exchange.prompt.count("Nordblick") + exchange.prompt.count("Talbote"))
        if exchange.number == 1:
            exchange.status(
                400,
                {"error": {"code": 400, "type": "exceed_context_size_error", "message": "too long",
                           "n_prompt_tokens": 2000, "n_ctx": 1000}},
            )  # fmt: skip
        else:
            exchange.whole("Die Brücke in Dornfeld wurde am Montag gesperrt. [1]")

    found, _ = run(behave, context_tokens=2000)
    assert found.mode == "llm"
    assert prompts[1] < prompts[0]
    assert any("not shown to the model" in note for note in found.composed.notes)


def test_only_the_configured_key_leaves_and_it_is_never_shown(run, server):
    run(says(GOOD))
    assert server.keys == [f"Bearer {KEY}"]


def test_nothing_listens(server, question, evidence, extractive):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = settings_for(f"http://127.0.0.1:{port}/v1")
    model = open_model(settings.llm)
    assert model is not None
    found = generate(question, evidence, extractive, model, settings)
    assert found.mode == "extractive"
    assert "cannot be reached" in found.composed.notes[0]


def test_without_fallback_the_failure_is_raised_with_exit_code_5(
    server, question, evidence, extractive
):
    server.behave = refuses(500)
    settings = settings_for(server.url)
    settings = settings.model_copy(
        update={"answer": settings.answer.model_copy(update={"fallback": False})}
    )
    model = open_model(settings.llm)
    assert model is not None
    with pytest.raises(LLMFailure) as raised:
        generate(question, evidence, extractive, model, settings)
    assert raised.value.exit_code == 5


def test_after_three_outages_the_model_is_left_alone_for_a_while(
    server, question, evidence, extractive
):
    server.behave = refuses(500)
    settings = settings_for(server.url)
    model = open_model(settings.llm)
    assert model is not None
    for _ in range(3):
        found = generate(question, evidence, extractive, model, settings)
    assert server.calls == 3
    assert "is not asked for a moment" in found.composed.notes[0]


def test_first_words_are_shown_while_the_model_is_still_writing(
    server, question, evidence, extractive
):
    drawn = threading.Event()
    was_drawn: list[bool] = []

    def behave(exchange):
        exchange.start()
        exchange.say("Die Brücke ")
        was_drawn.append(drawn.wait(5))
        exchange.say("in Dornfeld wurde am Montag gesperrt. [1]")
        exchange.say(None, "stop")
        exchange.event("[DONE]")

    server.behave = behave
    settings = settings_for(server.url, first_token_seconds=6, gap_seconds=6)
    model = open_model(settings.llm)
    assert model is not None
    shown: list[str] = []

    def on_draft(draft: str) -> None:
        shown.append(draft)
        drawn.set()

    generate(question, evidence, extractive, model, settings, on_draft=on_draft)
    assert shown[0].startswith("Die") and was_drawn == [True]


def test_only_a_whole_answer_that_holds_is_ever_kept(run, tmp_path):
    for name in ("dropped mid-stream", "no end, no reason", "cut by length", "filtered", "empty",
                 "endless repetition", "stall after words", "HTML", "prompt echo", "invented",
                 "only unknown markers", "another language", "refusal"):  # fmt: skip
        run(FALLS_BACK[name][0], cache=True, cache_dir=tmp_path)
        assert list(tmp_path.glob("*")) == [], name
    run(says(GOOD), cache=True, cache_dir=tmp_path)
    assert len(list(tmp_path.glob("*.json"))) == 1
    kept = next(tmp_path.glob("*.json"))
    assert kept.stat().st_mode & 0o077 == 0
    assert KEY not in kept.read_text(encoding="utf-8")
