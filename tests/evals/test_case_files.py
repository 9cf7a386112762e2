"""Case files: what is wrong is named with file and case; the project's own files hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from evals.case_files import CASES_DIR, check_against, load_cases, load_clusters
from evals.suites.disagreement import case_of
from rag.errors import UsageError

GOOD = {
    "case_id": "hafen",
    "question": "Was brannte in Grünau?",
    "nuggets": [{"text": "zwei Schiffe", "importance": "vital", "patterns": ["zwei Schiffe"]}],
    "evidence": [{"article_id": "a", "quote": "brannten zwei Schiffe"}],
}
TEXTS = {"a": "Im Hafen brannten zwei Schiffe.", "b": "Drei Schiffe brannten."}
SIDES = [
    {"article_ids": ["a"], "value": "zwei", "pattern": "zwei", "quote": "zwei Schiffe"},
    {"article_ids": ["b"], "value": "drei", "pattern": "[Dd]rei", "quote": "Drei Schiffe"},
]
CONFLICT = {"aspect": "Zahl der Schiffe", "kind": "number", "status": "conflict", "sides": SIDES}


def written(folder: Path, *cases: dict, **head: object) -> Path:
    path = folder / "own.yaml"
    content = {"suite": "own", "cases": list(cases), **head}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_a_good_file_is_read_with_its_defaults(tmp_path):
    cases = load_cases([written(tmp_path, {**GOOD, "disagreements": [CONFLICT]})])
    check_against(cases, TEXTS, "own.yaml")
    case = cases.questions[0]
    assert (case.expected_status, case.language, case.no_conflict) == ("answered", "de", False)
    assert case.disagreements[0].sides[1].value == "drei"


def test_topics_are_briefing_cases(tmp_path):
    brief = {"case_id": "b", "topic": "Grünau", "nuggets": GOOD["nuggets"]}
    cases = load_cases([written(tmp_path, GOOD, brief)])
    assert [case.case_id for case in cases.briefings] == ["b"]


WRONG = [
    ({**GOOD, "nuggets": [{"text": "x", "patterns": ["("]}]}, "no regular expression"),
    ({**GOOD, "nuggets": [{"text": "x", "patterns": []}]}, "patterns"),
    ({**GOOD, "expected_status": "maybe"}, "expected_status"),
    ({**GOOD, "expected_status": "not_in_sources"}, "has no nuggets"),
    ({**GOOD, "nuggets": [], "evidence": []}, "needs nuggets or evidence"),
    ({**GOOD, "questoin": "Wo?"}, "questoin"),
    ({**GOOD, "question": ""}, "question"),
    ({**GOOD, "disagreements": [{**CONFLICT, "kind": "colour"}]}, "kind"),
    ({**GOOD, "disagreements": [{**CONFLICT, "sides": SIDES[:1]}]}, "sides"),
    ({**GOOD, "disagreements": [CONFLICT], "no_conflict": True}, "no_conflict"),
]


@pytest.mark.parametrize(("case", "problem"), WRONG, ids=[problem for _, problem in WRONG])
def test_a_wrong_case_is_named(tmp_path, case, problem):
    with pytest.raises(UsageError) as caught:
        load_cases([written(tmp_path, case)])
    assert "own.yaml, case hafen" in caught.value.message
    assert problem in caught.value.message


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"evidence": [{"article_id": "z", "quote": "brannten"}]}, "no article 'z'"),
        ({"evidence": [{"article_id": "a", "quote": "brannten elf"}]}, "does not stand"),
        (
            {"disagreements": [{**CONFLICT, "sides": [SIDES[0], {**SIDES[1], "quote": "Vier"}]}]},
            "does not stand",
        ),
        (
            {
                "disagreements": [
                    {**CONFLICT, "sides": [SIDES[0], {**SIDES[1], "article_ids": ["b", "q"]}]}
                ]
            },
            "no article 'q'",
        ),
    ],
)
def test_unknown_articles_and_impossible_quotes_are_errors(tmp_path, change, problem):
    cases = load_cases([written(tmp_path, {**GOOD, **change})])
    with pytest.raises(UsageError) as caught:
        check_against(cases, TEXTS, "own.yaml")
    assert "own.yaml, case hafen" in caught.value.message
    assert problem in caught.value.message


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("cases: [", "no YAML"),
        ("- 1", "list under"),
        ("suite: own\ncases: 3", "list under"),
        ("suite: own\ncases:\n- 7", "no. 1"),
        ("suite: own\nkases: []\ncases: []", "kases"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path, content, problem):
    path = tmp_path / "own.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        load_cases([path])


def test_an_id_is_used_once(tmp_path):
    with pytest.raises(UsageError, match="taken"):
        load_cases([written(tmp_path, GOOD, GOOD)])


def test_missing_and_empty_places_are_named(tmp_path):
    with pytest.raises(UsageError, match="no case file"):
        load_cases([tmp_path / "nowhere.yaml"])
    with pytest.raises(UsageError, match="no case file"):
        load_cases([tmp_path])


def test_the_fingerprint_follows_the_cases(tmp_path):
    one = load_cases([written(tmp_path, GOOD)]).fingerprint
    other = load_cases([written(tmp_path, {**GOOD, "question": "Wo brannte es?"})]).fingerprint
    again = load_cases([written(tmp_path, GOOD)]).fingerprint
    assert one == again != other


def cluster(**changes: object) -> dict:
    return {
        "cluster": "c1",
        "category": "conflict_number",
        "articles": [{"article_id": key, "text": text} for key, text in TEXTS.items()],
        "question": "Wie viele Schiffe brannten?",
        "expect": {"disagreement": True, "kind": "number", "sides": SIDES},
        **changes,
    }


def test_a_cluster_becomes_a_case(tmp_path):
    path = tmp_path / "clusters.jsonl"
    path.write_text(json.dumps(cluster(paraphrase="heavy")) + "\n\n", encoding="utf-8")
    case = case_of(load_clusters(path)[0])
    assert "disagreement:number" in case.tags
    assert "paraphrase:heavy" in case.tags
    assert case.disagreements[0].status == "conflict"
    assert not case.no_conflict


def test_a_negative_cluster_must_not_be_flagged(tmp_path):
    path = tmp_path / "clusters.jsonl"
    expect = {"disagreement": False, "answer_pattern": "zwei", "quotes": []}
    row = cluster(category="neg_rounding", expect=expect)
    row["expect"]["quotes"] = [{"article_id": "a", "quote": "zwei Schiffe"}]
    path.write_text(json.dumps(row), encoding="utf-8")
    case = case_of(load_clusters(path)[0])
    assert case.no_conflict
    assert "trap:rounding" in case.tags


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (cluster(expect={"disagreement": True}), "two sides"),
        (cluster(expect={"disagreement": False}), "answer_pattern"),
        (cluster(articles=[{"article_id": "a", "text": TEXTS["a"]}]), "articles"),
        (
            cluster(
                expect={"disagreement": True, "kind": "number", "sides": [SIDES[0]] * 2},
                articles=[{"article_id": k, "text": "x"} for k in ("a", "b")],
            ),
            "does not stand",
        ),
    ],
)
def test_a_wrong_cluster_is_named(tmp_path, row, problem):
    path = tmp_path / "clusters.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        load_clusters(path)


def test_the_project_has_the_cases_it_promises():
    cases = load_cases([CASES_DIR])
    count = len(cases.questions)
    assert count >= 120
    assert sum(any(d.status == "conflict" for d in c.disagreements) for c in cases.questions) >= 25
    assert sum(c.no_conflict for c in cases.questions) >= 25
    assert sum(c.expected_status != "answered" for c in cases.questions) >= 20
    assert sum(c.language == "en" for c in cases.questions) >= 15
    assert sum(bool(c.history) for c in cases.questions) >= 10
    assert len(cases.briefings) >= 4


@pytest.mark.parametrize("name", ["clusters_dev.jsonl", "clusters_test.jsonl"])
def test_half_of_the_clusters_hold_a_conflict(name):
    clusters = load_clusters(CASES_DIR / name)
    assert sum(c.expect.disagreement for c in clusters) == len(clusters) / 2 == 24
