"""The page of promises is what was measured, and every command on it exists."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from evals.trust import __main__ as trust

ROOT = Path(__file__).resolve().parents[2]
PROMISES = trust.promises()


def test_the_page_shows_the_latest_figures():
    shown = trust.PAGE.read_text(encoding="utf-8").splitlines()
    made = trust.page().splitlines()
    assert [line for line in made if line.startswith(("|", "-"))] == [
        line for line in shown if line.startswith(("|", "-"))
    ]


@pytest.mark.parametrize("promise", PROMISES, ids=[one["name"] for one in PROMISES])
def test_a_promise_names_a_command_that_exists(promise):
    assert {"promise", "goal", "how"} <= set(promise)
    if "module" in promise:
        assert importlib.util.find_spec(promise["module"]), promise["module"]
    else:
        assert any((ROOT / path).exists() for path in promise["pytest"])


def test_a_missed_promise_says_so_and_why(monkeypatch):
    found = {"kills": {"figure": "3 of 5 checks", "kept": False, "at": "2026-01-01",
                       "reason": "Not yet."}}  # fmt: skip
    monkeypatch.setattr(trust, "figures", lambda: found)
    assert "**missed**: 3 of 5 checks (2026-01-01). Not yet." in trust.page()


def test_every_missed_promise_has_its_reason():
    missed = [name for name, one in trust.figures().items() if not one["kept"]]
    assert [name for name in missed if not trust.figures()[name].get("reason")] == []


def test_checks_are_counted_from_the_last_line():
    line = "1 failed, 41 passed, 2 skipped, 3 warnings in 9.1s"
    assert trust._checks(line) == "41 of 42 checks, 2 skipped"
