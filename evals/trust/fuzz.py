"""Coverage-guided fuzzing of every parser, by atheris (extra ``fuzz``).

    python -m evals.trust.fuzz                     all targets, 120 s each
    python -m evals.trust.fuzz pdf --seconds 600   one target

Each target takes bytes and must end in a value that keeps its promise or in ``UnreadableError``;
any other exception, a run of more than 10 s or more than 1 GB is a finding. The input is kept in
``fuzz-findings/`` and becomes a test. CI fuzzes each for 30 s (``tests/trust/test_fuzz.py``).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evals.workplace import PROJECT

FINDINGS = PROJECT / "fuzz-findings"
Target = Callable[[bytes], None]
_SECONDS = 120
_RUN = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
"""A small process between: the kernel counts what a parent had at most as its child's own, and the
fuzzer stops at 1 GB."""
_MOST_FINDINGS = 5
_SEEDS = {
    "pdf": [b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\ntrailer\n<</Root 1 0 R>>"],
    "html": [b"<html><head><title>T</title></head><body><article><p>Der Rat tagte.</p></article>"],
    "markers": ["Die Brücke ist zu. [1] Zwölf [2-3] (Quelle 4) <think>x</think>".encode()],
    "front_matter": [
        b"---\ntitle: T\nsource: S\npublished_at: 2025-01-02\n---\nText.",
        b"---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: !!timestamp x\n<<: *b\n? {a: b}\n---\nText.",
    ],
    "records": [b'{"text": "Der Rat tagte.", "title": "T", "authors": ["A"]}'],
    "decode": ["Ärger in Köln".encode("cp1252"), "Ä".encode("utf-16")],
    "clean": [b"Von A. B. | 3. Mai 2025, 10:00 Uhr\nDer Rat tagte. (dpa)"],
}


def decode_target(data: bytes) -> None:
    """Bytes → text that can be stored, or a reason."""
    from rag.ingest.decode import decode

    decoded = decode(data)
    assert decoded.refused or isinstance(decoded.text, str)


def front_matter_target(data: bytes) -> None:
    """Text → head and body; nothing of the body is lost."""
    from rag.ingest.front_matter import plain_markdown, split_front_matter

    text = data.decode("utf-8", "replace")
    stated, body, _ = split_front_matter(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert isinstance(stated, dict) and (body == text or body in plain)
    plain_markdown(body)


def records_target(data: bytes) -> None:
    """A line of JSONL → an article or a rejection."""
    from rag.ingest.records import _read_line

    item = _read_line(data, "f.jsonl", "f", 1)
    assert "\n" not in getattr(item, "reason", "") or item


def html_target(data: bytes) -> None:
    """A page → text, as its own process would answer."""
    _parsed("html", data)


def pdf_target(data: bytes) -> None:
    """A PDF → text, as its own process would answer."""
    _parsed("pdf", data)


def markers_target(data: bytes) -> None:
    """A model's text in pieces → sentences whose numbers are known ones, without markup."""
    from rag.answer.marker_stream import MarkerStream

    text = data.decode("utf-8", "replace")
    stream = MarkerStream(5)
    for start in range(0, len(text), 7):
        stream.feed(text[start : start + 7])
    stream.finish()
    for sentence in stream.sentences("de"):
        assert all(1 <= number <= 5 for number in sentence.numbers)
    assert not re.search(r"!\[[^\]\n]{0,80}\]\([^)\n]{0,80}\)", stream.draft), stream.draft


def clean_target(data: bytes) -> None:
    """Any text → a cleaned one that cleaning leaves as it is, whose chunks are exact."""
    from rag.ingest.chunk import chunk_article
    from rag.ingest.clean import clean_article
    from rag.settings import ChunkSettings
    from rag.types import RawArticle

    raw = RawArticle(
        article_id="f", text=data.decode("utf-8", "replace"), raw_hash="", path="f.txt"
    )
    article = clean_article(raw)
    for chunk in chunk_article(article, ChunkSettings()):
        assert article.text[chunk.start_char : chunk.end_char] == chunk.text


def _parsed(kind: str, data: bytes) -> None:
    from rag.ingest.parse_child import _outcome, _parser

    outcome = _outcome(_parser(kind), data, 20)
    if "parsed" in outcome:
        assert isinstance(json.loads(str(outcome["parsed"]))["text"], str)
    else:
        assert outcome["reason"] and outcome["hint"]


TARGETS: dict[str, Target] = {
    "decode": decode_target,
    "front_matter": front_matter_target,
    "records": records_target,
    "clean": clean_target,
    "html": html_target,
    "pdf": pdf_target,
    "markers": markers_target,
}


def main(argv: Sequence[str]) -> int:
    """Fuzz each target in a process of its own; 1 where something was found."""
    options = argparse.ArgumentParser(prog="python -m evals.trust.fuzz")
    options.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    options.add_argument("--seconds", type=int, default=_SECONDS)
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args(argv)
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed: pip install 'gegenlese[fuzz]'")
        return 2
    if given.inside:
        _fuzz(given.targets[0], given.seconds)
        return 0
    found = {name: fuzz(name, given.seconds) for name in given.targets or TARGETS}
    shown = ", ".join(f"{name} {inputs:,}" for name, (inputs, _) in found.items())
    faults = sum(findings for _, findings in found.values())
    print(f"{given.seconds} s each, inputs: {shown}: {faults} findings")
    return int(faults > 0)


def fuzz(name: str, seconds: int) -> tuple[int, int]:
    """How many inputs a target was given, and how many of them were findings."""
    FINDINGS.mkdir(exist_ok=True)
    end = time.monotonic() + seconds
    inputs = findings = 0
    # The fuzzer stops at the first finding; it goes on from what it has learnt.
    while (left := round(end - time.monotonic())) > 0 and findings < _MOST_FINDINGS:
        tried, error = _fuzz_for(name, left)
        inputs += tried
        findings += error is not None
        if error is not None:
            print(error)
    said = f"{findings} FINDINGS" if findings else "nothing"
    print(f"{name}: {inputs} inputs in {seconds} s, {said}", flush=True)
    return inputs, findings


def _fuzz_for(name: str, seconds: int) -> tuple[int, str | None]:
    """Inputs tried until the end or the first finding, and what was said of that."""
    command = [sys.executable, "-m", "evals.trust.fuzz", name, "--seconds", str(seconds)]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *command, "--inside"],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds * 3 + 120,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    counted = re.findall(r"^(?:#|stat::number_of_executed_units:\s*)(\d+)", done.stderr, re.M)
    last = "\n".join(done.stderr.strip().splitlines()[-12:])
    return max(map(int, counted), default=0), last if done.returncode else None


def _fuzz(name: str, seconds: int) -> None:
    import atheris

    folder = FINDINGS / name
    seeds = folder / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_SEEDS[name]):
        (seeds / str(number)).write_bytes(seed)
    with atheris.instrument_imports(include=["rag", "pypdf", "trafilatura"]):
        _import(name)
    atheris.Setup(
        [
            "fuzz",
            str(seeds),
            f"-max_total_time={seconds}",
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-max_len=8192",
            "-print_final_stats=1",
            f"-artifact_prefix={folder}{os.sep}",
        ],
        TARGETS[name],
    )
    atheris.Fuzz()


def _import(name: str) -> None:
    """What a target imports late, so that it is instrumented."""
    for seed in _SEEDS[name]:
        TARGETS[name](seed)


def findings(name: str) -> list[Path]:
    """Inputs that were found to break a target."""
    return sorted(path for path in (FINDINGS / name).glob("*-*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
