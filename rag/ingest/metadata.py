"""What a text says about itself: date, authors, agencies, outlet, whom it got the news from.

Nothing is guessed: a field stays empty unless a line or a fixed turn of phrase states it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml

from rag.ingest.boilerplate import cleaning_data
from rag.types import Removal

_HEAD_LINES = 6
_TAIL_LINES = 4

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan",
            "februar february feb febr",
            "märz march mrz mar",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_OF_WEEK = (
    r"(?:(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|"
    r"Sonntag|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
)
_DATE = (
    rf"(?:{_DAY_OF_WEEK},? (?:den |dem )?)?(?:"
    rf"(?P<day>\d{{1,2}})\.? (?P<month>(?i:{_MONTH}))\.? (?P<year>(?:19|20)\d\d)"
    rf"|(?P<month_en>(?i:{_MONTH}))\.? (?P<day_en>\d{{1,2}}),? (?P<year_en>(?:19|20)\d\d)"
    r"|(?P<day_n>\d{1,2})\.\s?(?P<month_n>\d{1,2})\.\s?(?P<year_n>(?:19|20)\d\d|\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?=\D|$)"
    r")"
)
_TIME = (
    r"(?:,? ?(?:[|–—•·-] ?|um |at |T)?(?P<time>\d{1,2}[:.]\d\d)(?: ?Uhr)?"
    r"(?: ?(?:MESZ|MEZ|CET|CEST|GMT|UTC))?)?"
)
_DATE_LABEL = (
    r"(?i:(?P<label>stand|veröffentlicht|erschienen|erstellt|publiziert|datum|date|published|posted|"
    r"(?:zuletzt |last )?(?:aktualisiert|geändert|updated|modified))(?: am| on)?\s?:? ?)?"
)
_DATE_LINE = re.compile(rf"(?:\(|\[)?{_DATE_LABEL}{_DATE}{_TIME}(?:\)|\])?[ |–—•·,-]*")
# "3. September 2025"Die …": glued to the text, or set off by a dash or a bar.
_DATE_BEFORE_TEXT = re.compile(
    rf"{_DATE}{_TIME}(?:(?=[\"„“»A-ZÄÖÜ])| ?[|–—:] |(?= [\"„“»][A-ZÄÖÜ]))"
)
_NAME = r"(?:(?:Dr|Prof)\. )*[A-ZÄÖÜ][\w’'.-]+(?: (?:von|van|de|der|den|zu|al|el|bin))?"
_BYLINE = re.compile(
    r"(?:[Vv]on|VON|By|BY|Text:|Autor(?:in)?:|Author:) "
    rf"(?P<names>(?:{_NAME}(?: und | and |, und |, | )?){{2,9}}?)"
    r"(?:, (?P<place>[A-ZÄÖÜ][\w-]+(?:/[A-ZÄÖÜ][\w-]+)*))?"
)
_NAME_SPLIT = re.compile(r", und |, and |, | und | and ")
_PLACE = r"[A-ZÄÖÜ][\wÄÖÜäöüß.-]*(?:[ /-][A-ZÄÖÜ(][\wÄÖÜäöüß.)-]*){0,4}"
_DATELINE = re.compile(
    rf"{_PLACE}(?:, ?(?:{_DATE}|(?P<short>\d{{1,2}}\. ?\w{{3,9}}\.?)))?[.,]? ?"
    r"\((?P<codes>[A-Za-zÄÖÜäöüß/, +-]{2,40})\)\s?(?:[–—:.-]|--)\s?(?=\S)"
)
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
    r"(?: (?:von|der|des|by|from|vom))?:? ?(?P<codes>[\w /,&+.-]{2,60})\)?\.?"
)
_OUTLET = r"[A-ZÄÖÜ][\w.&-]*(?: [A-ZÄÖÜ][\w.&-]+){0,3}"
# "Darüber berichtet X unter Berufung auf Y." is how an outlet speaks of itself; "Das berichtet
# die Zeitung X" speaks of another and says nothing about whose article this is.
_SELF_REPORT = re.compile(
    rf"Darüber (?:berichtet|informiert|schreibt) (?P<outlet>{_OUTLET}),? "
    r"(?:unter Berufung|mit Verweis|unter Verweis|mit Bezug|unter Bezugnahme) auf "
    rf"(?:die |den |das )?[„\"]?(?P<origin>{_OUTLET})[“\"]?\."
)
_FIRST_PUBLISHED = re.compile(
    r"(?:Dieser|Der) (?:Artikel|Text|Beitrag|Bericht) (?:erschien|ist) zuerst "
    rf"(?:auf|bei|in|im|unter) (?:der |dem |den )?[„\"]?(?P<origin>{_OUTLET})[“\"]?"
    r"(?: erschienen)?\."
)
_SUBSCRIBE = re.compile(r"(?P<outlet>[A-ZÄÖÜ][\w&.-]*(?: [A-ZÄÖÜ][\w&.-]*){0,2}) abonnieren")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a text states about itself."""

    source: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    origin: str | None = None


@cache
def _agencies() -> tuple[dict[str, str], frozenset[str]]:
    """Code → name, and words that may stand beside codes."""
    text = resources.files("rag").joinpath("data/agencies.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    names = {str(code).lower(): name for name, codes in data["agencies"].items() for code in codes}
    return names, frozenset(data["beside"])


def read_head(lines: list[str]) -> tuple[list[str], list[Removal], Stated]:
    """Take date and author lines out of the head; read an agency's dateline, which stays."""
    kept: list[str] = []
    removed: list[Removal] = []
    stated = Stated()
    filled = 0
    for line in lines:
        filled += bool(line)
        if not line or filled > _HEAD_LINES:
            kept.append(line)
            continue
        rest, gone, stated = _read_head_line(line, stated)
        if gone is not None:
            removed.append(gone)
        if rest:
            kept.append(rest)
    return kept, removed, stated


def _read_head_line(line: str, stated: Stated) -> tuple[str, Removal | None, Stated]:
    match = _DATE_LINE.fullmatch(line)
    if match and _iso(match):
        is_update = (match["label"] or "").lower() not in ("", "stand") and bool(
            re.search("(?i)aktual|geänd|updat|modif", match["label"])
        )
        if stated.published_at is None or not is_update:
            stated = replace(stated, published_at=stated.published_at or _iso(match))
        return "", Removal(reason="dateline", text=line), stated
    match = _DATE_BEFORE_TEXT.match(line)
    if match and _iso(match):
        stated = replace(stated, published_at=stated.published_at or _iso(match))
        head = match.group()
        return line[match.end() :].strip(), Removal(reason="dateline", text=head.strip()), stated
    match = _BYLINE.fullmatch(line)
    if match and len(line) <= 90 and not stated.authors:
        names = tuple(name.strip() for name in _NAME_SPLIT.split(match["names"]) if name.strip())
        return "", Removal(reason="agency_line", text=line), replace(stated, authors=names)
    match = _DATELINE.match(line)
    if match and stated.origin is None:
        origin = _agency_names(match["codes"], is_dateline=True)
        stated = replace(stated, origin=origin, published_at=stated.published_at or _iso(match))
    return line, None, stated


def read_tail(lines: list[str]) -> tuple[list[str], list[Removal], Stated]:
    """Take agency and initials lines out of the tail."""
    kept = list(lines)
    removed: list[Removal] = []
    stated = Stated()
    at = len(kept)
    looked = 0
    while at and looked < _TAIL_LINES:
        at -= 1
        line = kept[at]
        if not line:
            continue
        looked += 1
        found = _agency_line(line)
        if found is not None:
            removed.insert(0, Removal(reason="agency_line", text=line))
            stated = _merged(found, stated)
            del kept[at]
            continue
        match = _AGENCY_AT_END.search(line)
        origin = _agency_names(match["codes"] or match["bare"]) if match else None
        if match and origin:
            removed.insert(0, Removal(reason="agency_line", text=match.group().strip()))
            stated = _merged(Stated(origin=origin), stated)
            kept[at] = line[: match.start()]
    return kept, removed, stated


def read_phrases(text: str) -> Stated:
    """What sentences of the text state about its own origin; they stay in the text."""
    match = _SELF_REPORT.search(text)
    if match:
        return Stated(source=match["outlet"], origin=match["origin"])
    match = _FIRST_PUBLISHED.search(text)
    return Stated(origin=match["origin"]) if match else Stated()


def outlet_of_button(removed: list[Removal]) -> str | None:
    """The outlet a "… abonnieren" button names."""
    for removal in removed:
        match = _SUBSCRIBE.fullmatch(removal.text)
        excluded = cleaning_data()["not_an_outlet"]
        if match and not any(word in match["outlet"] for word in excluded):
            return match["outlet"]
    return None


def _merged(first: Stated, second: Stated) -> Stated:
    return Stated(
        source=first.source or second.source,
        published_at=first.published_at or second.published_at,
        authors=first.authors or second.authors,
        origin=first.origin or second.origin,
    )


def _agency_line(line: str) -> Stated | None:
    """What an agency or initials line states; ``None`` for any other line."""
    if len(line) > 80:
        return None
    match = _WITH_AGENCIES.fullmatch(line)
    if match and (names := _agency_names(match["codes"])):
        return Stated(origin=names)
    match = _INITIALS_LINE.fullmatch(line)
    if match and not _agency_names(match["initials"].replace("/", " ")):
        return Stated(authors=tuple(match["initials"].split("/")))
    match = _AGENCY_LINE.fullmatch(line)
    if match and (names := _agency_names(match["codes"])):
        return Stated(origin=names, authors=tuple(match["initials"].split("/")))
    names = _agency_names(line.strip("().[] "))
    return Stated(origin=names) if names else None


def _agency_names(codes: str, *, is_dateline: bool = False) -> str | None:
    """The agencies in "dpa, afp/rtr" by name; ``None`` unless the codes are nothing else.

    Beside a known code, two to four small letters are a writer's initials. In a dateline an
    unknown code in small letters is an agency's too; capitals would as often be a party's.
    """
    names, beside = _agencies()
    found: list[str] = []
    for part in re.split(r"[/,&+ ]+", codes.strip()):
        if not part or part.lower() in beside:
            continue
        if part.lower() in names:
            found.append(names[part.lower()])
        elif not re.fullmatch(r"[a-zäöü]{2,4}|[A-Z]{2,3}", part):
            return None
    if not found and is_dateline and re.fullmatch(r"[a-z]{2,5}", codes.strip()):
        return codes.strip()
    return ", ".join(dict.fromkeys(found)) or None


def _iso(match: re.Match[str]) -> str | None:
    """The date of a match in ISO 8601; ``None`` when there is none or it does not exist."""
    groups = match.groupdict()
    if groups.get("iso"):
        try:
            return date.fromisoformat(groups["iso"]).isoformat()
        except ValueError:
            return None
    for suffix in ("", "_en", "_n"):
        year, month, day = (groups.get(part + suffix) for part in ("year", "month", "day"))
        if year and month and day:
            month_number = _MONTHS.get(month.lower()) or int(month)
            full_year = int(year) + (2000 if len(year) == 2 else 0)
            try:
                return date(full_year, month_number, int(day)).isoformat()
            except ValueError:
                return None
    return None
