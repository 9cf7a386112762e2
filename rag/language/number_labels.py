"""Numbers that name something and measure nothing: „§ 3“, „Nr. 7“, „A-7“, „5G“, „0221 4711“."""

from __future__ import annotations

from rag.language.lexicon import lexicon, word_set
from rag.language.numerals import Numeral
from rag.language.words import Word, lower_at

COMPACT_SCALES = {"m": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3, "tn": 1e12}


def is_label(found: tuple[Word, ...], numeral: Numeral) -> bool:
    """Whether a number names something: „§ 3“, „Nr. 7“, „A-7“, „5G“, „0221 4711“."""
    first = found[numeral.first]
    if first.is_number and len(first.text) > 1 and first.text[0] == "0" and first.text.isdigit():
        return True
    if numeral.first and _is_label_before(found, numeral.first):
        return True
    if numeral.last >= len(found):
        return False
    after = found[numeral.last]
    if _is_cut_off(found, numeral.last):
        return True
    if first.is_number and after.start_char == found[numeral.last - 1].end_char:
        is_unit = (
            after.text in frozenset(lexicon("units")["glued"]) or after.lower in COMPACT_SCALES
        )
        return (after.is_word and not is_unit) or after.text in "/_@"
    return [first.lower, after.lower] in lexicon("labels")["no_amounts"]


def _is_cut_off(found: tuple[Word, ...], index: int) -> bool:
    """Whether a hyphen cuts the word off: „drei- bis vierstellig“."""
    mark = found[index]
    is_glued = mark.text in "-‑" and mark.start_char == found[index - 1].end_char
    if not is_glued or index + 1 >= len(found):
        return is_glued
    after = found[index + 1]
    # „drei- bis vierstellig“, and „90-Grad-Winkel“; „10-12“ goes on with a number.
    return after.start_char > mark.end_char or after.is_word


def _is_label_before(found: tuple[Word, ...], index: int) -> bool:
    first, before = found[index], found[index - 1]
    is_glued = before.end_char == first.start_char
    if is_glued and (before.text in "-/_#@&=§" or before.is_word):
        return True
    name = lower_at(found, index - 2) if before.text == "." else before.lower
    if name in word_set("labels", "rank"):
        return False
    if name in word_set("labels", "before"):
        return True
    is_phone = before.is_number and before.text[0] == "0" and before.text.isdigit()
    return is_phone or (first.is_number and name.endswith(("straße", "platz", "allee", "weg")))
