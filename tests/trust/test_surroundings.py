"""Odd surroundings: no network, no home, another locale or time zone, a port that is taken."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from evals.trust.noted import note

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.integration

TEXT = "Der Rat von Hagendorf hat am Dienstag beschlossen, die alte Brücke zu sperren."
CANARY = "Kranichsonde-4711"
SECRET = "sk-TESTKEY-4711-geheim"
SCRIPT = """
import json, sys
import rag.index.embed
from rag.index.fake_embedder import HashEmbedder
rag.index.embed.open_embedder = lambda settings, bulk: HashEmbedder()
from rag.cli.main import _stay_offline_and_quiet, run
_stay_offline_and_quiet()
for arguments in json.loads(sys.argv[1]):
    code = run(arguments)
    sys.stdout.flush()
    sys.stdout.write(f"\\n=== {code}\\n")
    sys.stdout.flush()
"""
"""Several commands in one process of their own, with a fake embedding model: only seconds."""


@dataclass(frozen=True)
class Ran:
    """What commands printed, one by one, and their exit codes."""

    outs: list[str]
    codes: list[int]
    err: str


def commands(tmp_path, *lines, before=(), **environment):
    given = {**os.environ, "RAG_STORE": str(tmp_path / "store"), **environment}
    done = subprocess.run(
        [*before, sys.executable, "-c", SCRIPT, json.dumps(lines)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=ROOT,
        env={name: value for name, value in given.items() if value is not None},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    parts = re.split(r"\n=== (\d+)\n", done.stdout)
    return Ran(parts[0:-1:2], [int(code) for code in parts[1::2]], done.stderr)


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{TEXT} Das Kennwort war {CANARY}.", encoding="utf-8")
    (folder / "b.html").write_text(f"<html><body><article><p>{TEXT} {TEXT}</p></article>")
    return folder


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": None, "PYTHONIOENCODING": None},
        {"TZ": "Pacific/Kiritimati"},
        {"HOME": "/proc/no-home", "XDG_CACHE_HOME": None, "XDG_STATE_HOME": None},
        {"HOME": None, "USER": None},
    ],
    ids=["C locale", "far time zone", "home cannot be written", "no home"],
)
def test_a_command_works_or_says_why_in_odd_surroundings(tmp_path, news, environment):
    ran = commands(
        tmp_path,
        ["ingest", str(news), "--format", "json"],
        ["ask", "Was hat der Rat von Hagendorf beschlossen?", "--format", "json"],
        **environment,
    )
    assert ran.codes == [0, 0], ran.err
    assert json.loads(ran.outs[0])["read"] == 2
    assert json.loads(ran.outs[1])["language"] == "de"
    assert "Traceback" not in ran.err


def without_network():
    """How a command is started where there is no network; a reason where that cannot be done."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    before = ["unshare", "-rn"]
    if subprocess.run([*before, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a user make a network namespace")
    return before


DEFAULT_COMMANDS = (
    ["ask", "Was hat der Rat beschlossen?"],
    ["search", "Brücke"],
    ["compare", "Was wurde gesperrt?"],
    ["articles"],
    ["briefing", "Brücke in Hagendorf", "--format", "md"],
    ["store", "check"],
    ["models"],
    ["doctor"],
    ["prompts"],
)


def test_no_command_tries_to_reach_the_network(tmp_path, news):
    """Every default command in a namespace without network, its connections counted by strace."""
    before = without_network()
    trace = tmp_path / "trace"
    if shutil.which("strace"):
        before = [*before, "strace", "-f", "-qq", "-e", "trace=connect", "-A", "-o", str(trace)]
    ran = commands(tmp_path, ["ingest", str(news)], *DEFAULT_COMMANDS, before=before)
    # What a fake model finds for a briefing may be nothing: that is said with 2.
    assert set(ran.codes) <= {0, 1, 2}, ran.err
    assert len(ran.codes) == 1 + len(DEFAULT_COMMANDS)
    tried = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
    outside = [
        line for line in tried.splitlines()
        if "AF_INET" in line and "127.0.0.1" not in line and '"::1"' not in line
    ]  # fmt: skip
    assert outside == []
    how = "counted by strace" if trace.exists() else "without strace, so none could be counted"
    note(f"{len(ran.codes)} commands without a network, 0 connections tried, {how}")


def test_messages_and_logs_hold_no_article_text_and_no_key(tmp_path, news):
    """With a model that fails and a broken Chroma: neither the article nor the key is printed."""
    environment = {
        "RAG_LLM__URL": "http://127.0.0.1:9/v1",
        "RAG_LLM__MODEL": "m",
        "RAG_LLM_KEY": SECRET,
        "RAG_LLM__CACHE": "false",
        "RAG_LLM__CONNECT_SECONDS": "0.2",
        "RAG_ANSWER__MIN_CONFIDENCE": "0",
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    printed = commands(tmp_path, ["ingest", str(news)], **environment).err
    for damaged in (tmp_path / "store" / "chroma").rglob("*.bin"):
        damaged.write_bytes(b"\x5a" * 100)
    ran = commands(
        tmp_path,
        ["search", "Kennwort", "--format", "json"],
        ["ask", "Wie war das Kennwort?", "--format", "json"],
        ["doctor"],
        **environment,
    )
    assert ran.codes[:2] == [0, 0], ran.err
    assert CANARY not in printed + ran.err + ran.outs[2]
    assert SECRET not in printed + ran.err + "".join(ran.outs)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path for path in kept if SECRET.encode() in path.read_bytes()] == []


def test_a_port_that_is_taken_is_one_clear_line(tmp_path, news):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = commands(
            tmp_path, ["ingest", str(news)], ["ui", "--port", str(taken.getsockname()[1])]
        )
    assert ran.codes[1] not in (0, 70), ran.err
    assert "Traceback" not in ran.err
