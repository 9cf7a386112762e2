"""The faces of a PDF: which one can show a letter."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

_FACES = {"Brief": "Vera", "Brief-Bold": "VeraBd", "Brief-Italic": "VeraIt"}
_BEYOND = "Brief-Beyond"
_BEYOND_FILES = {
    _BEYOND: "dejavu-sans-beyond-latin.ttf",
    f"{_BEYOND}-Bold": "dejavu-sans-bold-beyond-latin.ttf",
}
_OWN_FONTS = Path(__file__).resolve().parent.parent / "data" / "fonts"
_FIRST_BEYOND, _FIRST_SIGN = 0x100, 0x2000
_EAST_ASIAN = {
    "HYGothic-Medium": re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]"),
    "HeiseiKakuGo-W5": re.compile(r"[\u3040-\u30ff\uff66-\uff9f]"),
    "STSong-Light": re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uff65]"),
}
"""Every PDF reader knows these names and shows a face of its own: ours would be megabytes."""


@cache
def register() -> tuple[frozenset[int], frozenset[int]]:
    """Makes the faces known to reportlab; the letters of all usual ones, and of the one beside."""
    import reportlab  # type: ignore[import-untyped]
    from reportlab.lib.fonts import addMapping  # type: ignore[import-untyped]
    from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
    from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]

    folder = Path(reportlab.__file__).parent / "fonts"
    for name, face in _FACES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{face}.ttf")))
    for name, file in _BEYOND_FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(_OWN_FONTS / file)))
    for name in _EAST_ASIAN:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    for bold, italic, name in (
        (0, 0, "Brief"),
        (1, 0, "Brief-Bold"),
        (0, 1, "Brief-Italic"),
        (1, 1, "Brief-Bold"),
    ):
        addMapping("Brief", bold, italic, name)
    for bold, italic in ((0, 0), (0, 1), (1, 0), (1, 1)):
        addMapping(_BEYOND, bold, italic, f"{_BEYOND}-Bold" if bold else _BEYOND)
        for name in _EAST_ASIAN:
            addMapping(name, bold, italic, name)
    letters = {name: set(pdfmetrics.getFont(name).face.charToGlyph) for name in (*_FACES, _BEYOND)}
    beyond = letters.pop(_BEYOND)
    return frozenset(set.intersection(*letters.values())), frozenset(beyond)


def in_faces(text: str, *, is_bold: bool = False) -> str:
    """The text as markup: escaped, each run of letters in a face that has them.

    A letter that none has is shown without its accent, or as a box. Where a face is named,
    reportlab forgets that its surroundings are bold.
    """
    shown = [_shown(char) for char in text]
    pieces = []
    for face, run in groupby(shown, key=lambda pair: pair[0]):
        piece = escape("".join(char for _, char in run), quote=False)
        if is_bold and face == _BEYOND:
            face = f"{_BEYOND}-Bold"
        pieces.append(f'<font name="{face}">{piece}</font>' if face else piece)
    return "".join(pieces)


def _shown(char: str) -> tuple[str, str]:
    """The face (empty: the paragraph's) and the letter that it can show."""
    usual, beyond = register()
    # Vera says that it has some letters („Đ“) for which it shows a box.
    if ord(char) in usual and not _FIRST_BEYOND <= ord(char) < _FIRST_SIGN:
        return "", char
    if ord(char) in beyond:
        return _BEYOND, char
    for face, letters in _EAST_ASIAN.items():
        if letters.match(char):
            return face, char
    base = unicodedata.normalize("NFKD", char)[:1]
    return ("", base) if base and ord(base) in usual else ("", "□")
