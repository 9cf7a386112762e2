"""Writes constraints-hashed.txt: every pinned package with the SHA-256 of the file pip takes.

    python -m evals.trust.hashes

It asks pip itself (``pip install --dry-run --report``), and PyPI only: an index of this machine
may hold other builds. torch is left out, as its file differs by index (CPU, CUDA, platform); its
version stays pinned in constraints.txt. The hashes are those of this platform's files.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from evals.workplace import PROJECT

PINNED = PROJECT / "constraints.txt"
HASHED = PROJECT / "constraints-hashed.txt"
LEFT_OUT = frozenset({"torch"})
_HEAD = """\
# Every package of constraints.txt with the SHA-256 of the file pip takes from PyPI
# (Python {python}, {system}). torch is left out: its file differs by index.
# Refresh: python -m evals.trust.hashes. Use, after installing torch:
#   pip install --require-hashes --no-deps -r constraints-hashed.txt
"""


def pinned() -> list[str]:
    """The lines ``name==version`` of the constraints that get a hash."""
    lines = (line.strip() for line in PINNED.read_text(encoding="utf-8").splitlines())
    return [
        line
        for line in lines
        if line and not line.startswith("#") and line.partition("==")[0] not in LEFT_OUT
    ]


def hashed() -> dict[str, str]:
    """The lines that are there, by their pin as the constraints spell it."""
    if not HASHED.exists():
        return {}
    lines = HASHED.read_text(encoding="utf-8").splitlines()
    return {_plain(line.split(" ")[0]): line for line in lines if "--hash" in line}


def missing() -> list[str]:
    """Pins that have no hash yet."""
    known = hashed()
    return [line for line in pinned() if _plain(line) not in known]


def _plain(pin: str) -> str:
    name, _, version = pin.partition("==")
    return f"{re.sub(r'[-_.]+', '-', name).lower()}=={version}"


def main() -> int:
    """Ask pip for what has no hash yet, write the file."""
    asked = missing()
    installs = _resolved(asked) if asked else []
    if installs is None:
        sys.stderr.write("pip could not resolve the pins; nothing was written.\n")
        return 1
    lines = {
        **hashed(),
        **{
            _plain(f"{one['metadata']['name']}=={one['metadata']['version']}"): (
                f"{one['metadata']['name']}=={one['metadata']['version']} "
                f"--hash=sha256:{one['download_info']['archive_info']['hashes']['sha256']}"
            )
            for one in installs
        },
    }
    wanted = sorted(lines[_plain(pin)] for pin in pinned() if _plain(pin) in lines)
    head = _HEAD.format(python=platform.python_version(), system=platform.system())
    HASHED.write_text(head + "\n".join(wanted) + "\n", encoding="utf-8")
    sys.stdout.write(f"{HASHED.name}: {len(wanted)} packages\n")
    return 0


def _resolved(pins: list[str]) -> list[dict[str, Any]] | None:
    """What pip would install for the pins; ``None`` where it cannot say."""
    with tempfile.TemporaryDirectory() as folder:
        report, wanted = Path(folder) / "report.json", Path(folder) / "wanted.txt"
        wanted.write_text("\n".join(pins), encoding="utf-8")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
                *("--no-deps", "--quiet", "--index-url", "https://pypi.org/simple"),
                *("--report", str(report), "-r", str(wanted)),
            ],
            env={**_without_own_index(), "PIP_CONFIG_FILE": os.devnull},
            check=False,
        )
        if done.returncode:
            return None
        installs: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return installs


def _without_own_index() -> dict[str, str]:
    own = ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_CONSTRAINT")
    return {name: value for name, value in os.environ.items() if name not in own}


if __name__ == "__main__":
    sys.exit(main())
