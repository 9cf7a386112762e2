"""Whatever is altered by hand in an export, `rag verify` tells: many random alterations."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from rag.briefing.export import Form, export
from rag.briefing.read_back import read_back
from rag.pipeline import brief
from rag.types import Briefing
from rag.verify import verify
from rag.wiring import Deps

ALTERATIONS = 40
_NAME = re.compile(r"\b(?:Sandbrücke|Lüderau|Quandt|Nordblatt|Feuerwehr|Altpapier)\b")
_FIGURE = re.compile(r"\b\d+\b")
_WORD = re.compile(r"\b[a-zäöüß]{4,}\b")
# Where the cited text of each form stands: sentences, and the quotes of the footnotes.
_CITED = {
    "md": re.compile(
        r"^- (?:\*\*.*?\*\* — )?(?P<text>[^*\n]+?)\[\^|: (?P<quote>„[^\n]+?“) `", re.M
    ),
    "html": re.compile(r'data-cites="[\d ]*">(?P<text>[^<]+)<|<q>(?P<quote>[^<]+)</q>'),
    "json": re.compile(r'"(?:text|sentence)": "(?P<text>[^"\\]+)"|"quote": "(?P<quote>[^"\\]+)"'),
}


@pytest.fixture(scope="module")
def made(deps: Deps) -> Briefing:
    return brief("Der Brand auf der Sandbrücke in Lüderau", deps)


def spans(page: str, form: Form) -> list[tuple[int, int]]:
    """The cited stretches; the claims of disagreements are shown, and checked, as sentences."""
    end = page.find('"disagreements"') if form == "json" else len(page)
    found = []
    for match in _CITED[form].finditer(page, 0, end):
        name = "text" if match["text"] is not None else "quote"
        found.append(match.span(name))
    return found


def altered(page: str, form: Form, draw: random.Random) -> str | None:
    start, end = draw.choice(spans(page, form))
    pattern, other = draw.choice([(_NAME, "Hamburg"), (_FIGURE, "417"), (_WORD, "niemals")])
    places = list(pattern.finditer(page, start, end))
    if not places:
        return None
    place = draw.choice(places)
    return page[: place.start()] + other + page[place.end() :]


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_every_altered_name_figure_and_word_is_caught(
    made: Briefing, deps: Deps, tmp_path: Path, form: Form
):
    page = export(made, form).decode()
    draw = random.Random(form)
    path = tmp_path / f"page.{form}"
    tried, missed = 0, []
    while tried < ALTERATIONS:
        changed = altered(page, form, draw)
        if changed is None:
            continue
        tried += 1
        path.write_text(changed, encoding="utf-8")
        if verify(read_back(path)[0], deps.store.article).score == 1:
            missed.append(next((a, b) for a, b in zip(
                page.splitlines(), changed.splitlines(), strict=True) if a != b))  # fmt: skip
    assert missed == []


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_a_moved_footnote_and_a_changed_offset_are_caught(
    made: Briefing, deps: Deps, tmp_path: Path, form: Form
):
    page = export(made, form).decode()
    first = made.citations[0]
    start, end = first.start_char, first.end_char
    wrong = {
        "md": (f":{start}-{end}#", f":{start + 1}-{end}#"),
        "html": (f'data-end="{end}"', f'data-end="{end - 2}"'),
        "json": (f'"end_char": {end}', f'"end_char": {end - 2}'),
    }[form]
    assert wrong[0] in page
    path = tmp_path / f"page.{form}"
    path.write_text(page.replace(*wrong, 1), encoding="utf-8")
    assert verify(read_back(path)[0], deps.store.article).score < 1
