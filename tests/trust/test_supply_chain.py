"""What is installed is pinned, hashed where it can be, and under a licence that allows it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from evals.trust import audit, hashes, licences
from evals.trust.noted import note
from rag.index.weights import SOURCE_SHA256, find_damage

ROOT = Path(__file__).resolve().parents[2]


def names(lines):
    return {licences._canonical(line.partition("==")[0]) for line in lines}


def test_every_installed_package_has_a_licence_that_allows_it():
    packages = licences.runtime_packages()
    assert len(packages) > 50
    assert [one for one in packages if one.verdict in ("refused", "unknown")] == []
    note(f"{len(packages)} packages under licences that allow it")


@pytest.mark.parametrize(
    ("licence", "verdict"),
    [
        ("MIT", "compatible"),
        ("BSD-3-Clause AND Apache-2.0", "compatible"),
        ("GPL-3.0-only", "refused"),
        ("GNU Affero General Public License v3", "refused"),
        ("LGPL-3.0-or-later", "weak copyleft"),
        ("GPL-2.0-only OR MIT", "compatible"),
        ("not stated", "unknown"),
        ("Proprietary", "refused"),
    ],
)
def test_a_licence_is_judged_by_its_name(licence, verdict):
    assert licences.Licensed(name="x", version="1", licence=licence).verdict == verdict


def test_the_page_of_licences_names_every_package():
    page = licences.PAGE.read_text(encoding="utf-8")
    listed = {licences._canonical(name) for name in re.findall(r"^\| ([\w.-]+) \|", page, re.M)}
    missing = {licences._canonical(one.name) for one in licences.runtime_packages()} - listed
    assert missing == set(), "run python -m evals.trust.licences"


def test_every_pin_has_the_hash_of_its_file():
    lines = hashes.hashed().values()
    assert all(re.fullmatch(r"\S+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)
    assert hashes.missing() == [], "run python -m evals.trust.hashes"
    note(f"{len(lines)} pins hashed")


def test_every_direct_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = [re.split(r"[^\w.-]", line)[0] for line in project["dependencies"]]
    pins = names((ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines())
    assert {licences._canonical(name) for name in direct} <= pins


def test_versions_with_known_holes_are_excluded():
    wanted = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "gradio>=6.31" in wanted and "chromadb>=1.5.9" in wanted


def test_altered_weights_are_not_used(tmp_path):
    assert re.fullmatch(r"[0-9a-f]{64}", SOURCE_SHA256)
    (tmp_path / "gegenlese.json").write_text('{"files": {}, "source_sha256": "0", "version": 1}')
    assert find_damage(tmp_path)


def test_an_audit_without_its_data_says_so_and_does_not_pass(monkeypatch, capsys):
    def unreachable(arguments, **_):
        class Done:
            returncode = 1
            stdout = ""
            stderr = "requests.exceptions.ConnectionError: Failed to establish a new connection"

        return Done()

    monkeypatch.setattr("evals.trust.audit.subprocess.run", unreachable)
    monkeypatch.setattr("evals.trust.audit.is_installed", lambda: True)
    assert audit.main() == audit.NOT_CHECKED
    assert "NOT CHECKED" in capsys.readouterr().out


def test_an_audit_reports_what_it_found(monkeypatch, capsys):
    found = (
        '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-1",'
        ' "fix_versions": ["2"]}]}]}'
    )

    def finds(arguments, **_):
        class Done:
            returncode = 1
            stdout = found
            stderr = "Found 1 known vulnerability in 1 package"

        return Done()

    monkeypatch.setattr("evals.trust.audit.subprocess.run", finds)
    monkeypatch.setattr("evals.trust.audit.is_installed", lambda: True)
    assert audit.main() == audit.VULNERABLE
    assert "a 1: CVE-1 (fixed in 2)" in capsys.readouterr().out
