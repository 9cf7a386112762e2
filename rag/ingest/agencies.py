"""News agencies in the lines and datelines that name them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

_INITIALS = r"[a-zäöü]{2,4}(?:/[a-zäöü]{2,4}){0,4}"
_AGENCY_LINE = re.compile(rf"(?P<initials>{_INITIALS}) ?\((?P<codes>[\w /,&+.-]{{2,60}})\)\.?")
_INITIALS_LINE = re.compile(rf"\((?P<initials>{_INITIALS}|[A-Z]{{2,3}})\)")
_AGENCY_AT_END = re.compile(
    r"(?<=[.!?“”\"»«]) ?"
    r"(?:\((?P<codes>[A-Za-z][\w /,+-]{1,40})\)|(?P<bare>(?:mit )?[\w/,+-]{2,25}))$"
)
_WITH_AGENCIES = re.compile(
    r"\(?(?:[Mm]it|Quellen?:|[Uu]nter Verwendung von|Sources?:|[Ww]ith)"
    r"(?: (?:Material|Informationen|Agenturmaterial|Agenturen|reporting|files|material))?"
    r"(?: (?:von|der|des|by|from|vom|den))*:? ?(?P<codes>[\w /,&+.-]{2,60})\)?\.?"
)
_INFOCOM = re.compile(r"(?:©|\(c\))? ?dpa-infocom, ?dpa:[\d/-]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:www\.)?[a-z0-9-]+\.(?:de|com|tv|net|org|at|ch|info|news|eu)")
_MAX_LINE_CHARS = 100


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """What an agency line names; ``rest`` is what stands before it on its line."""

    agencies: str | None
    authors: tuple[str, ...] = ()
    outlet: str | None = None
    read: str = ""
    rest: str = ""


@cache
def agency_data() -> dict[str, Any]:
    """The content of ``agencies.yaml``."""
    text = resources.files("rag").joinpath("data/agencies.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


@cache
def _names() -> dict[str, str]:
    """Code in small letters → name."""
    return {
        str(code).lower(): name
        for name, codes in agency_data()["agencies"].items()
        for code in codes
    }


def agency_line(line: str) -> AgencyLine | None:
    """What a line names that is an agency line, or ends in one; ``None`` for any other."""
    if len(line) <= _MAX_LINE_CHARS and (whole := _whole_line(line)):
        return whole
    match = _AGENCY_AT_END.search(line)
    names = agency_names(match["codes"] or match["bare"]) if match else None
    if match is None or names is None:
        return None
    return AgencyLine(names, read=match.group().strip(), rest=line[: match.start()])


def _whole_line(line: str) -> AgencyLine | None:
    if _INFOCOM.fullmatch(line):
        return AgencyLine("dpa", read=line)
    match = _WITH_AGENCIES.fullmatch(line)
    if match and (names := agency_names(match["codes"])):
        domain = next((p for p in re.split("[ ,/]+", line) if _DOMAIN.fullmatch(p)), None)
        return AgencyLine(names, outlet=domain, read=line)
    match = _INITIALS_LINE.fullmatch(line)
    if match and not agency_names(match["initials"].replace("/", " ")):
        return AgencyLine(None, tuple(match["initials"].split("/")), read=line)
    match = _AGENCY_LINE.fullmatch(line)
    if match and (names := agency_names(match["codes"])):
        return AgencyLine(names, tuple(match["initials"].split("/")), read=line)
    names = agency_names(line.strip("().[] "))
    return AgencyLine(names, read=line) if names else None


def agency_names(codes: str, *, is_dateline: bool = False) -> str | None:
    """The agencies in "dpa, afp/rtr" by name; ``None`` unless the codes are nothing else.

    Beside a known code, two to four small letters are a writer's initials. In a dateline an
    unknown code in small letters is an agency's too; capitals would as often be a party's.
    """
    names, beside = _names(), agency_data()["beside"]
    found: list[str] = []
    for part in re.split(r"[/,&+ ]+", codes.strip()):
        if not part or part.lower() in beside or _DOMAIN.fullmatch(part):
            continue
        if part.lower() in names:
            found.append(names[part.lower()])
        elif not re.fullmatch(r"[a-zäöü]{2,4}|[A-Z]{2,3}", part):
            return None
    if not found and is_dateline and re.fullmatch(r"[a-z]{2,5}", codes.strip()):
        return codes.strip()
    return ", ".join(dict.fromkeys(found)) or None
