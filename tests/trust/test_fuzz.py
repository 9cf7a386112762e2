"""Every parser under the fuzzer for half a minute in CI, a few seconds elsewhere."""

from __future__ import annotations

import importlib.util
import os

import pytest

from evals.trust import fuzz

SECONDS = 30 if os.environ.get("CI") else 5


@pytest.mark.parametrize("name", sorted(fuzz.TARGETS))
def test_no_input_the_fuzzer_finds_makes_a_parser_raise_hang_or_swell(name: str) -> None:
    if importlib.util.find_spec("atheris") is None:
        assert not os.environ.get("CI"), "CI must fuzz: make check installs the extra fuzz there"
        pytest.skip("atheris is not installed (pip install -c constraints.txt '.[fuzz]')")
    inputs, findings = fuzz.fuzz(name, SECONDS)
    assert inputs > 0, "the fuzzer did not run"
    assert not findings, f"see fuzz-findings/{name} and the output above"
