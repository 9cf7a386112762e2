"""The licences of everything that is installed with this program, as docs/licences.md lists them.

python -m evals.trust.licences        writes docs/licences.md
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any

from evals.workplace import PROJECT

PAGE = PROJECT / "docs" / "licences.md"
OWN = "gegenlese"

# What Apache-2.0 software may depend on without changing its own licence, by words of the licence.
COMPATIBLE = re.compile(
    r"\b(?:MIT|BSD|Apache|ISC|PSF|Python|Zlib|0BSD|Unlicense|HPND|CC0|Public Domain|"
    r"BSL-1\.0|Boost|WTFPL|CNRI|MIT-CMU|Historical|OFL)\b",
    re.I,
)
# Fine for a library that is imported as it is and not changed; named on the page.
WEAK_COPYLEFT = re.compile(r"\b(?:LGPL|Lesser|MPL|Mozilla)\b", re.I)
REFUSED = re.compile(
    r"\b(?:AGPL|Affero|GPL|General Public|SSPL|Commons Clause|Proprietary)\b", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licensed:
    """A package with the licence its metadata states."""

    name: str
    version: str
    licence: str

    @property
    def verdict(self) -> str:
        """``compatible``, ``weak copyleft``, ``refused`` or ``unknown``."""
        if WEAK_COPYLEFT.search(self.licence):
            return "weak copyleft"
        if COMPATIBLE.search(self.licence):
            # "GPL or MIT": one of them is enough.
            return "compatible"
        return "refused" if REFUSED.search(self.licence) else "unknown"


def runtime_packages() -> list[Licensed]:
    """This program's dependencies, theirs, and so on, without the extras for developers."""
    found: dict[str, Licensed] = {}
    waiting = [OWN]
    while waiting:
        name = _canonical(waiting.pop())
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[name] = Licensed(
            name=str(distribution.metadata["Name"]),
            version=distribution.version,
            licence=licence_of(distribution),
        )
        waiting += _required(distribution)
    found.pop(OWN, None)
    return sorted(found.values(), key=lambda one: one.name.lower())


def licence_of(distribution: metadata.Distribution) -> str:
    """The licence expression, else the classifiers, else the first line of the licence field."""
    # It is an email message, whatever its type says.
    stated: Any = distribution.metadata
    if stated.get("License-Expression"):
        return str(stated["License-Expression"])
    classified = [
        value.rpartition("::")[2].strip()
        for value in stated.get_all("Classifier") or []
        if value.startswith("License ::") and value != "License :: OSI Approved"
    ]
    if classified:
        return " / ".join(classified)
    lines = str(stated.get("License") or "").strip().splitlines()
    return lines[0][:60] if lines and lines[0] != "UNKNOWN" else _from_file(distribution)


def _from_file(distribution: metadata.Distribution) -> str:
    for path in distribution.files or ():
        if re.match(r"(?:LICEN[CS]E|COPYING)", path.name, re.I):
            text = path.read_text(encoding="utf-8")[:400]
            for name in ("MIT License", "Apache License", "BSD", "Permission is hereby granted"):
                if name in text:
                    return "MIT License" if name.startswith("Permission") else name
    return "not stated"


def _required(distribution: metadata.Distribution) -> Iterator[str]:
    from packaging.requirements import Requirement

    for line in distribution.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
            yield wanted.name


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def page() -> str:
    """The page in Markdown."""
    packages = runtime_packages()
    weak = [one for one in packages if one.verdict == "weak copyleft"]
    lines = [
        "# Licences of what is installed with it",
        "",
        f"Gegenlese is Apache-2.0. These {len(packages)} packages are installed with it (without "
        "those for developers), with the licence their metadata states. Made by "
        "`python -m evals.trust.licences`; a test refuses a licence that is not compatible.",
        "",
        "Weak copyleft, used unchanged as libraries: "
        + ", ".join(f"{one.name} ({one.licence})" for one in weak)
        + ".",
        "",
        "| package | licence |",
        "| --- | --- |",
        *(f"| {one.name} | {one.licence} |" for one in packages),
        "",
        "Data files and fonts inside this repository: see `NOTICE`.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(PROJECT)}\n")
