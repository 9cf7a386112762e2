"""Known vulnerabilities of what is pinned, by pip-audit; says so where its data cannot be reached.

    python -m evals.trust.audit

Exit codes: 0 nothing known, 1 something known, 3 not checked (pip-audit or its data is missing).
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from evals.trust.hashes import PINNED

CLEAN, VULNERABLE, NOT_CHECKED = 0, 1, 3
ACCEPTED = {
    "CVE-2026-45829": "chromadb's Python server only; this program never starts it (faults.md 0.4)",
}
"""What is known and does not touch this program, with the reason; look again with each release."""
_SECONDS = 300.0


def main() -> int:
    """Run the audit and say what came of it."""
    if not is_installed():
        return _not_checked("pip-audit is not installed: pip install 'gegenlese[audit]'")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(PINNED.read_text(encoding="utf-8"), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(wanted), "--no-deps"),
            *("--disable-pip", "--format", "json", "--progress-spinner", "off"),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return _not_checked("the data of known vulnerabilities did not come in time")
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        return _not_checked(
            f"the data of known vulnerabilities cannot be reached ({last[0][:200]})"
        )
    known = [
        (package["name"], package["version"], found["id"], ", ".join(found["fix_versions"]))
        for package in packages
        for found in package.get("vulns", ())
    ]
    for name, version, identity, fixed in known:
        excuse = f"; accepted: {ACCEPTED[identity]}" if identity in ACCEPTED else ""
        print(f"{name} {version}: {identity} (fixed in {fixed or 'no version yet'}){excuse}")
    print(f"{len(packages)} packages checked, {len(known)} known vulnerabilities")
    return VULNERABLE if any(identity not in ACCEPTED for _, _, identity, _ in known) else CLEAN


def is_installed() -> bool:
    """Whether pip-audit is there."""
    return importlib.util.find_spec("pip_audit") is not None


def _not_checked(why: str) -> int:
    print(f"NOT CHECKED: {why}")
    return NOT_CHECKED


if __name__ == "__main__":
    sys.exit(main())
