"""Expands the table of opposite outcomes into the word forms that occur in texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

from rag.language.lexicon import lexicon_lines

Form = Literal["finite", "infinitive", "participle", "noun", "word", "phrase"]
_WEAK_ENDINGS = ("e", "st", "t", "en", "te", "ten", "test", "tet")
_DENTAL_ENDINGS = ("e", "est", "et", "en", "ete", "eten", "te", "ten")
_NO_GE = ("be", "ver", "ent", "er", "zer", "miss", "ge", "emp", "wider", "unter", "über", "voll")


class Outcome(NamedTuple):
    """One side of a topic."""

    topic: str
    side: int
    lemma: str
    form: Form


class Table(NamedTuple):
    """Word forms of one language.

    ``separable`` maps a finite form to its (particle, outcome) pairs, ``phrases`` starts with the
    first word of each phrase, ``bags`` are words that belong together in any order.
    """

    words: dict[str, list[Outcome]]
    nouns: dict[str, list[Outcome]]
    separable: dict[str, list[tuple[str, Outcome]]]
    phrases: dict[str, list[tuple[tuple[str, ...], Outcome]]]
    bags: list[tuple[frozenset[str], Outcome]]


@cache
def outcome_table(tongue: str) -> Table:
    """All forms of the outcome lexicon in German (``de``) or English (``en``)."""
    table = Table(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list), [])
    for topic, side, kind, entry in _entries(tongue):
        if kind == "verb":
            adder = _add_german_verb if tongue == "de" else _add_english_verb
            adder(table, topic, side, entry)
        elif kind == "noun":
            _add_noun(table, Outcome(topic, side, entry, "noun"), tongue)
        elif kind == "word":
            table.words[entry.lower()].append(Outcome(topic, side, entry, "word"))
        else:
            _add_phrase(table, Outcome(topic, side, entry, "phrase"))
    for form in [form for form, listed in table.words.items() if _is_ignored(listed)]:
        del table.words[form]
    return table


def _is_ignored(listed: list[Outcome]) -> bool:
    return any(outcome.topic == "ignored" for outcome in listed)


def _entries(tongue: str) -> Iterator[tuple[str, int, str, str]]:
    topic = ""
    for line in lexicon_lines("outcomes"):
        if line.startswith("["):
            topic = line.strip("[]")
            continue
        head, _, listed = line.partition(":")
        side, language, kind = head.split()
        if language == tongue:
            for entry in listed.split(","):
                yield topic, 1 if side == "+" else -1, kind, entry.strip()


def _add_noun(table: Table, outcome: Outcome, tongue: str) -> None:
    lower = outcome.lemma.lower()
    for form in (lower, lower + "s", lower + "es", lower + "en", lower + "e"):
        if tongue == "de" or form in (lower, lower + "s"):
            table.nouns[form].append(outcome)


def _add_phrase(table: Table, outcome: Outcome) -> None:
    lower = outcome.lemma.lower()
    if "+" in lower:
        table.bags.append((frozenset(lower.replace("+", " ").split()), outcome))
    else:
        words = tuple(lower.split())
        table.phrases[words[0]].append((words, outcome))


def _add_german_verb(table: Table, topic: str, side: int, entry: str) -> None:
    infinitive, *principal = entry.split()
    prefix, _, base = infinitive.rpartition("|")
    lemma = prefix + base
    finite, participle = _german_forms(base, principal, bool(prefix))

    def outcome(form: Form) -> Outcome:
        return Outcome(topic, side, lemma, form)

    for form in finite:
        if prefix:
            table.separable[form].append((prefix, outcome("finite")))
        table.words[prefix + form].append(outcome("infinitive" if form == base else "finite"))
    if prefix:
        table.words[f"{prefix}zu{base}"].append(outcome("infinitive"))
    table.words[prefix + participle].append(outcome("participle"))


def _german_forms(base: str, principal: list[str], is_separable: bool) -> tuple[set[str], str]:
    """Finite forms with the infinitive, and the participle without a separable prefix."""
    stem = base.removesuffix("en") if base.endswith("en") else base.removesuffix("n")
    if principal:
        past, participle, present = principal
        finite = {base, stem + "e", present, past, past + "en", past + "t", past.rstrip("e") + "en"}
        return finite, participle
    is_dental = stem.endswith(("t", "d", "gn", "chn", "ffn"))
    finite = {base} | {
        stem + ending for ending in (_DENTAL_ENDINGS if is_dental else _WEAK_ENDINGS)
    }
    participle = stem + ("et" if is_dental else "t")
    takes_ge = not (base.endswith("ieren") or base.startswith(_NO_GE)) or is_separable
    if base.startswith(("eröffn", "be", "ver", "ent")):
        takes_ge = False
    return finite, ("ge" if takes_ge else "") + participle


def _add_english_verb(table: Table, topic: str, side: int, entry: str) -> None:
    base, *irregular = entry.split()
    past, participle = irregular or [_english_past(base)] * 2
    stem = base.removesuffix("e") if base.endswith("e") and not base.endswith("ee") else base
    doubled = base + base[-1] if _doubles(base) else stem
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
    if base.endswith("y") and base[-2] not in "aeou":
        third = base[:-1] + "ies"
    forms: tuple[tuple[str, Form], ...] = (
        (base, "infinitive"),
        (third, "finite"),
        (past, "finite"),
        (participle, "participle"),
        (doubled + "ing", "participle"),
    )
    for form, kind in forms:
        outcome = Outcome(topic, side, base, kind)
        if outcome not in table.words[form]:
            table.words[form].append(outcome)


def _english_past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in "aeou":
        return base[:-1] + "ied"
    return base + (base[-1] if _doubles(base) else "") + "ed"


def _doubles(base: str) -> bool:
    """Whether a verb doubles its last letter: drop, ban, admit; not fail, open, veto."""
    return base in ("drop", "ban", "bar", "scrap", "admit", "permit", "acquit", "shut", "quit",
                    "win", "stop", "begin", "cancel", "ship", "forbid", "rebut")  # fmt: skip
