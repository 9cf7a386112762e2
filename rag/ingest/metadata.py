"""What a text says about itself: date, authors, agencies, outlet, whom it got the news from.

Nothing is guessed: a field stays empty unless a line or a fixed turn of phrase states it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.ingest.agencies import agency_data, agency_line, agency_names
from rag.ingest.boilerplate import cleaning_data
from rag.ingest.datelines import DATE, head_date, iso_day
from rag.types import Removal

_HEAD_LINES = 6
_TAIL_LINES = 4

_NAME = r"(?:(?:Dr|Prof)\. )*[A-ZÄÖÜ][\w’'.-]+(?: (?:von|van|de|der|den|zu|al|el|bin))?"
_BYLINE = re.compile(
    r"(?:[Vv]on|VON|By|BY|Text:|Autor(?:in)?:|Author:) "
    rf"(?P<names>(?:{_NAME}(?: und | and |, und |, | )?){{1,9}}?)"
)
_NAME_SPLIT = re.compile(r", und |, and |, | und | and ")
_PLACE = r"[A-ZÄÖÜ][\wÄÖÜäöüß.-]*(?:[ /-][A-ZÄÖÜ(][\wÄÖÜäöüß.)-]*){0,4}"
_DATELINE = re.compile(
    rf"{_PLACE}(?:, ?(?:{DATE}|(?P<short>\d{{1,2}}\. ?\w{{3,9}}\.?)))?[.,]? ?"
    r"\((?P<codes>[A-Za-zÄÖÜäöüß/, +-]{2,40})\)\s?(?:[–—:.-]|--)\s?(?=\S)"
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


_TITLE_END = re.compile(r"(?P<title>.{8,}?) (?P<mark>[|–—-]|::) (?P<outlet>[^|–—]{2,40})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a text states about itself; ``updated_at`` counts only where nothing else is stated."""

    source: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    authors: tuple[str, ...] = ()
    origin: str | None = None

    def filled_from(self, other: Stated) -> Stated:
        """This, with what it lacks from ``other``."""
        return Stated(
            source=self.source or other.source,
            published_at=self.published_at or other.published_at,
            updated_at=self.updated_at or other.updated_at,
            authors=self.authors or other.authors,
            origin=self.origin or other.origin,
        )


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
        rest, gone, found = _read_head_line(line)
        stated = stated.filled_from(found)
        if gone is not None:
            removed.append(gone)
        if rest:
            kept.append(rest)
    return kept, removed, stated


def _read_head_line(line: str) -> tuple[str, Removal | None, Stated]:
    found = head_date(line)
    if found:
        stated = Stated(updated_at=found.day) if found.is_update else Stated(published_at=found.day)
        return found.rest, Removal(reason="dateline", text=found.read), stated
    match = _BYLINE.fullmatch(line)
    if match and len(line) <= 90 and (of_byline := _byline(match["names"])):
        return "", Removal(reason="agency_line", text=line), of_byline
    match = _DATELINE.match(line)
    if match and (origin := agency_names(match["codes"], is_dateline=True)):
        return line, None, Stated(origin=origin, published_at=iso_day(match))
    return line, None, Stated()


def _byline(text: str) -> Stated | None:
    """Who a byline names: agencies, the editors, or people by first and last name.

    "Von Booten und Brücken" is a headline.
    """
    agencies = agency_names(text)
    if agencies:
        return Stated(origin=agencies)
    names = tuple(name.strip() for name in _NAME_SPLIT.split(text) if name.strip())
    if names == ("Redaktion",):
        return Stated()
    if len(names) > 1 and " " not in names[-1]:
        # "Von Jana Moll, Hagendorf": where she writes from.
        names = names[:-1]
    return Stated(authors=names) if all(" " in name for name in names) else None


def read_tail(lines: list[str]) -> tuple[list[str], list[Removal], Stated]:
    """Take agency and initials lines out of the tail."""
    kept: list[str] = []
    removed: list[Removal] = []
    stated = Stated()
    looked = 0
    for line in reversed(lines):
        found = agency_line(line) if line and looked < _TAIL_LINES else None
        looked += bool(line)
        if found is None:
            kept.insert(0, line)
            continue
        removed.insert(0, Removal(reason="agency_line", text=found.read))
        stated = stated.filled_from(
            Stated(origin=found.agencies, authors=found.authors, source=found.outlet)
        )
        if found.rest:
            kept.insert(0, found.rest)
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


def split_title(title: str, source: str | None) -> tuple[str, Stated]:
    """A title without the outlet (and day) that page titles end in, and what that states."""
    stated = Stated()
    for _ in range(2):
        match = _TITLE_END.fullmatch(title)
        if match is None:
            break
        end = match["outlet"].strip()
        day = head_date(end)
        if day is not None and not day.rest:
            stated = stated.filled_from(Stated(published_at=day.day))
        elif end == source or _is_outlet(end):
            stated = stated.filled_from(Stated(source=end))
        else:
            break
        title = match["title"].rstrip()
    return title, stated


def _is_outlet(name: str) -> bool:
    is_domain = re.fullmatch(r"[\w-]+\.(?:de|com|tv|net|org|at|ch|info|news|eu)", name, re.I)
    return bool(is_domain) or name in agency_data()["outlets"]
