from __future__ import annotations

from rag.answer.extractive import Composed
from rag.answer.generate import generate
from rag.llm.failures import LLMFailure
from rag.llm.policy import Model, Patience
from rag.llm.scripted import ScriptedLLM
from rag.settings import load_settings
from rag.types import Article, Disagreement, Evidence, Position, PositionClaim, Question

TEXTS = {
    "Nordblick": "Bei dem Unglück in Dornfeld starben zwölf Menschen.",
    "Abendkurier": "In Dornfeld kamen neun Menschen ums Leben.",
    "Talbote": "Die Brücke bleibt bis Freitag gesperrt.",
}
QUESTION = Question(text="Wie viele Menschen starben in Dornfeld?", language="de")


def rows() -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            article=Article(
                article_id=source.lower(), text=text, content_hash="", raw_hash="", path="",
                language="de", source=source, published_at="2025-05-06",
            ),
            chunk_id=source, quote=text, start_char=0, end_char=len(text), probability=0.8,
            similarity=0.9,
        )
        for source, text in TEXTS.items()
    )  # fmt: skip


def side(value: str, source: str) -> Position:
    text = TEXTS[source]
    claim = PositionClaim(
        article_id=source.lower(), source=source, published_at="2025-05-06", quote=text,
        start_char=0, end_char=len(text),
    )  # fmt: skip
    return Position(value=value, claims=(claim,))


CONFLICT = Disagreement(
    aspect="Zahl der Toten",
    kind="number",
    status="conflict",
    positions=(side("zwölf", "Nordblick"), side("neun", "Abendkurier")),
    explanation="",
)


def write(reply, *, disagreements=(), answer=None, llm=None, max_calls=3):
    scripted = ScriptedLLM(reply if isinstance(reply, list) else [reply])
    model = Model(
        scripted, patience=Patience(max_calls=max_calls), max_tokens=300, sleep=lambda seconds: None
    )
    extractive = Composed(
        text="Nordblick: … [1]", sentences=(), citations=(), disagreements=tuple(disagreements),
        notes=(),
    )  # fmt: skip
    settings = load_settings(answer=answer or {}, llm=llm or {})
    return generate(QUESTION, rows(), extractive, model, settings), scripted


def test_the_model_sees_numbered_quotes_with_outlet_and_date_and_the_conflicts():
    _, scripted = write(f"{TEXTS['Nordblick']} [1]", disagreements=[CONFLICT])
    prompt = scripted.calls[0][1].text
    assert "[1] Nordblick, 6. Mai 2025: „Bei dem Unglück in Dornfeld starben" in prompt
    assert "- Zahl der Toten: Nordblick: zwölf; Abendkurier: neun" in prompt


def test_a_conflict_passed_over_is_added_with_both_sides():
    found, _ = write(f"{TEXTS['Nordblick']} [1]", disagreements=[CONFLICT])
    assert "Die Quellen widersprechen sich bei „Zahl der Toten“" in found.composed.text
    assert {c.article_id for c in found.composed.citations} == {"nordblick", "abendkurier"}
    assert any("passed over 1 contradiction" in note for note in found.composed.notes)


def test_a_conflict_that_is_told_is_not_told_twice():
    reply = f"{TEXTS['Nordblick']} [1] {TEXTS['Abendkurier']} [2]"
    found, _ = write(reply, disagreements=[CONFLICT])
    assert "widersprechen" not in found.composed.text


def test_an_update_is_not_appended():
    update = Disagreement(
        aspect="Zahl", kind="number", status="update", positions=CONFLICT.positions, explanation=""
    )
    found, _ = write(f"{TEXTS['Nordblick']} [1]", disagreements=[update])
    assert len(found.composed.sentences) == 1


INVENTED = f"{TEXTS['Nordblick']} [1] {TEXTS['Talbote']} [3] In Dornfeld starben 40 Menschen. [2]"


def test_an_unsupported_sentence_is_dropped():
    found, _ = write(INVENTED)
    assert "40" not in found.composed.text
    assert "Dropped 1 sentence(s) that their quotes do not support." in found.composed.notes


def test_or_shown_as_such():
    found, _ = write(INVENTED, answer={"unsupported": "show"})
    assert "In Dornfeld starben 40 Menschen. (nicht belegt)" in found.composed.text
    support = {c.article_id: c.support for c in found.composed.citations}
    assert support["abendkurier"] == "unsupported"
    assert support["nordblick"] == "verbatim"


def test_when_less_than_half_survives_the_sources_speak():
    found, _ = write("In Dornfeld starben 40 Menschen. [1] Es war ein Erdbeben in Bergau. [2]")
    assert found.mode == "extractive"
    assert "weniger als die Hälfte der Sätze" in found.composed.text


def test_a_true_sentence_that_misses_the_question_is_no_answer():
    found, _ = write(f"{TEXTS['Talbote']} [3]")
    assert found.mode == "extractive"
    assert "geht an der Frage vorbei" in found.composed.text


def test_a_disclaimer_beside_an_answer_is_left_out():
    found, _ = write(f"{TEXTS['Nordblick']} [1] NICHT IN DEN QUELLEN")
    assert found.mode == "llm" and "QUELLEN" not in found.composed.text
    assert not found.composed.notes


def test_a_model_that_goes_on_is_cut_short():
    reply = f"{TEXTS['Nordblick']} [1] {TEXTS['Abendkurier']} [2] {TEXTS['Talbote']} [3]"
    found, _ = write(reply, answer={"max_sentences": 1})
    assert len(found.composed.sentences) == 2


def test_the_model_is_asked_for_its_own_opinion_when_wanted():
    reply = [f"{TEXTS['Nordblick'][:-1]}, heißt es. [1] {TEXTS['Talbote']} [3]", "nein"]
    found, scripted = write(reply, llm={"judge": True})
    assert len(scripted.calls) == 2
    assert "heißt es" not in found.composed.text


def test_a_run_tells_what_the_model_cost():
    found, _ = write(f"{TEXTS['Nordblick']} [1]")
    assert found.usage["calls"] == 1
    assert found.usage["completion_tokens"] > 0
    assert found.usage["first_token_seconds"] >= 0
    assert set(found.prompt_hashes) == {"answer.de"}


def test_another_language_is_asked_for_once_more():
    english = "Twelve people died in the accident, and nine others were hurt on the bridge. [1]"
    found, scripted = write([english, f"{TEXTS['Nordblick']} [1]"])
    assert found.mode == "llm" and len(scripted.calls) == 2


def test_no_more_than_three_calls_are_made():
    found, scripted = write([LLMFailure("server_error")])
    assert found.mode == "extractive" and len(scripted.calls) == 3


def test_drafts_grow_and_hold_no_half_marker():
    drafts: list[str] = []
    model = Model(
        ScriptedLLM([f"{TEXTS['Nordblick']} [1] {TEXTS['Talbote']} [3]\n"], piece_chars=1),
        patience=Patience(), max_tokens=300,
    )  # fmt: skip
    extractive = Composed(text="", sentences=(), citations=(), disagreements=(), notes=())
    generate(QUESTION, rows(), extractive, model, load_settings(), on_draft=drafts.append)
    assert drafts == sorted(drafts, key=len) and len(drafts) > 5
    assert all(draft.count("[") == draft.count("]") for draft in drafts)
    assert "[2]" in drafts[-1] and "[3]" not in drafts[-1]


def test_of_all_quotes_cited_those_stay_that_hold_the_sentence():
    found, _ = write(f"{TEXTS['Nordblick']} [1][2][3]")
    (citation,) = found.composed.citations
    assert citation.source == "Nordblick"
    assert "Removed 2 citation(s) that do not hold their sentence." in found.composed.notes


def test_quotes_that_hold_a_sentence_together_all_stay():
    found, _ = write(
        "Bei dem Unglück in Dornfeld starben zwölf Menschen, laut Abendkurier kamen in Dornfeld"
        " neun Menschen ums Leben. [1][2][3]"
    )
    assert {each.source for each in found.composed.citations} == {"Nordblick", "Abendkurier"}
