"""Measures the promises and writes docs/promises.md.

python -m evals.trust                 all, the long ones too
python -m evals.trust kills errors    these
python -m evals.trust --page          only the page, from the figures that are there
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from evals.trust.noted import NOTES
from evals.workplace import PROJECT

FIGURES = Path(__file__).with_name("figures.json")
PAGE = PROJECT / "docs" / "promises.md"
Promise = Mapping[str, Any]
_HEAD = """\
# What is promised, and what was measured

Made by `make trust` (`python -m evals.trust`), which runs every command below and writes down what
came of it. CI runs the tests without the long ones. Measured on {cores} cores.
"""


def promises() -> list[Promise]:
    """All promises, in the order of the page."""
    content = (files("evals") / "trust" / "promises.yaml").read_text(encoding="utf-8")
    found: list[Promise] = yaml.safe_load(content)
    return found


def figures() -> dict[str, dict[str, Any]]:
    """The latest figure of each promise that was ever measured."""
    if not FIGURES.exists():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def command_of(promise: Promise) -> str:
    """How a promise is measured, as a user would type it."""
    setting = "".join(f"{name}={value} " for name, value in _environment(promise).items())
    if "module" in promise:
        return f"{setting}python -m {' '.join([promise['module'], *_arguments(promise)])}"
    return f"{setting}pytest {' '.join(promise['pytest'])}"


def measure(promise: Promise) -> dict[str, Any]:
    """Runs a promise's command; its figure, and whether the promise was kept."""
    started = time.monotonic()
    if "module" in promise:
        arguments = ["-m", promise["module"], *_arguments(promise)]
    else:
        paths = [path for path in promise["pytest"] if (PROJECT / path).exists()]
        arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", prefix="trust-") as notes:
        done = subprocess.run(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=PROJECT,
            env={**os.environ, **_environment(promise), NOTES: notes.name},
            check=False,
        )
        noted = notes.read().splitlines()
    lines = done.stdout.strip().splitlines() or ["no output"]
    figure = lines[-1] if "module" in promise else "; ".join([_checks(lines[-1]), *noted])
    sys.stdout.write(f"{promise['name']}: {figure}\n")
    if done.returncode:
        sys.stdout.write("\n".join(lines[-15:]) + "\n")
    return {
        "figure": figure,
        "kept": done.returncode == 0,
        "command": command_of(promise),
        "seconds": round(time.monotonic() - started),
        "load": round(os.getloadavg()[0], 1),
        "at": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def page() -> str:
    """The page in Markdown."""
    measured = figures()
    rows = [
        _HEAD.format(cores=os.cpu_count()),
        "| promise | goal | latest figure |",
        "| --- | --- | --- |",
    ]
    detail = []
    for promise in promises():
        found = measured.get(promise["name"])
        shown = "not measured yet"
        if found:
            shown = f"{'' if found['kept'] else '**missed**: '}{found['figure']} ({found['at']})"
            shown += f". {found['reason']}" if found.get("reason") else ""
            shown += "" if "command" in found else ". Written down by hand"
        rows.append(f"| {promise['promise']} | {promise['goal']} | {shown} |")
        note = f" {promise['note']}." if "note" in promise else ""
        detail.append(
            f"- **{promise['promise']}.** {promise['how']}.{note} `{command_of(promise)}`"
        )
    return "\n".join([*rows, "", "## How each is tested", "", *detail, ""])


def main(argv: Sequence[str]) -> int:
    """Measure what is asked for; 1 where a promise was not kept."""
    options = argparse.ArgumentParser(prog="python -m evals.trust")
    options.add_argument("names", nargs="*", metavar="NAME")
    options.add_argument("--page", action="store_true", help="write the page only")
    given = options.parse_args(argv)
    known = {promise["name"]: promise for promise in promises()}
    if unknown := set(given.names) - set(known):
        options.error(
            f"no such promise: {', '.join(sorted(unknown))}; there are {', '.join(known)}"
        )
    measured = figures()
    names = [] if given.page else given.names or list(known)
    for name in names:
        before = measured.get(name, {})
        measured[name] = measure(known[name])
        if before.get("reason") and not measured[name]["kept"]:
            measured[name]["reason"] = before["reason"]
        FIGURES.write_text(
            json.dumps(measured, indent=1, ensure_ascii=False, sort_keys=True) + "\n",
            encoding="utf-8",
        )
    PAGE.write_text(page(), encoding="utf-8")
    return int(any(not measured[name]["kept"] for name in names))


def _environment(promise: Promise) -> dict[str, str]:
    return {name: str(value) for name, value in promise.get("environment", {}).items()}


def _arguments(promise: Promise) -> list[str]:
    return [str(argument) for argument in promise.get("arguments", ())]


def _checks(line: str) -> str:
    counts = {kind: int(number) for number, kind in re.findall(r"(\d+) (\w+)", line)}
    passed, failed = counts.get("passed", 0), counts.get("failed", 0) + counts.get("error", 0)
    skipped = f", {counts['skipped']} skipped" if counts.get("skipped") else ""
    return f"{passed} of {passed + failed} checks{skipped}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
