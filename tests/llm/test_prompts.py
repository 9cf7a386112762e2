from __future__ import annotations

import pytest
from click.testing import CliRunner

from rag.cli.main import cli
from rag.llm.prompts import OWN_FOLDER, PromptError, all_prompts, load_prompt, prompt_names

GOOD = (OWN_FOLDER / "de" / "rewrite.md").read_text(encoding="utf-8")


def test_every_prompt_is_there_in_both_languages_with_the_same_variables():
    names = prompt_names()
    assert {"answer", "rewrite", "judge_pair", "judge_support", "briefing_plan",
            "briefing_section", "follow_up"} == set(names)  # fmt: skip
    for name in names:
        german, english = load_prompt(name, "de"), load_prompt(name, "en")
        assert german.variables == english.variables and german.output == english.output
        assert german.prompt_hash != english.prompt_hash


def test_other_languages_are_asked_in_english():
    assert load_prompt("answer", "other").language == "en"


def test_values_are_filled_in_once_and_braces_in_them_stay():
    messages = load_prompt("rewrite", "de").render(history="{question}", question="{x} {history}")
    assert "- " not in messages[1].text
    assert "{question}" in messages[1].text and "{x} {history}" in messages[1].text


@pytest.mark.parametrize("values", [{"history": ""}, {"history": "", "question": "", "x": ""}])
def test_missing_and_additional_values_are_refused(values):
    with pytest.raises(PromptError, match="other variables"):
        load_prompt("rewrite", "de").render(**values)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("{history}", "{hystory}"), "declared and used"),
        (lambda text: text.replace("# user", "# User"), "is no prompt"),
        (lambda text: text.replace("output: question", "output: poem"), "one of the outputs"),
        (lambda text: text.replace("output: question\n", ""), "must have exactly"),
        (lambda text: text.replace("about: ", "about: [", 1), "no YAML"),
        (lambda text: text.replace("[history, question]", "history"), "list of names"),
        (lambda text: text.replace("{history}", "").replace("[history, ", "["), "must declare"),
        (lambda text: text.encode("utf-16"), "cannot be read"),
    ],
)
def test_a_wrong_prompt_is_refused_when_it_is_loaded(change, says, tmp_path):
    (tmp_path / "de").mkdir()
    changed = change(GOOD)
    data = changed if isinstance(changed, bytes) else changed.encode()
    (tmp_path / "de" / "rewrite.md").write_bytes(data)
    with pytest.raises(PromptError, match=says):
        load_prompt("rewrite", "de", tmp_path)


def test_a_folder_replaces_only_the_prompts_it_holds(tmp_path):
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "rewrite.md").write_text(
        GOOD.replace("Nachfrage", "Frage"), encoding="utf-8"
    )
    found = {prompt.key: prompt for prompt in all_prompts(tmp_path)}
    assert found["rewrite.de"].prompt_hash != load_prompt("rewrite", "de").prompt_hash
    assert found["rewrite.en"] == load_prompt("rewrite", "en")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(PromptError, match="There is no folder"):
        load_prompt("answer", "de", tmp_path / "nowhere")


def test_rag_prompts_lists_and_shows():
    listed = CliRunner().invoke(cli, ["prompts"])
    assert "answer.de" in listed.output and load_prompt("answer", "de").prompt_hash in listed.output
    shown = CliRunner().invoke(cli, ["prompts", "rewrite", "--language", "de"])
    assert shown.output.strip() == GOOD.strip()
