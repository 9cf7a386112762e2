"""Expands the table of opposite outcomes into the word forms that occur in texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from rag.language.folding import fold
from rag.language.lexicon import lexicon_lines

Form = Literal["finite", "infinitive", "participle", "noun", "word", "phrase"]
_WEAK_ENDINGS = ("e", "st", "t", "en", "te", "ten", "test", "tet")
_DENTAL_ENDINGS = ("e", "est", "et", "en", "ete", "eten", "te", "ten")
_NOUN_ENDINGS = ("", "s", "es", "e", "en", "n", "er", "ern", "se", "sen")
_NOUN = "^"
_SHORTEST_FIRST_PART = 2
_NO_GE = ("be", "ver", "ent", "er", "zer", "miss", "ge", "emp", "wider", "unter", "über", "voll")


class Outcome(NamedTuple):
    """One side of a topic."""

    topic: str
    side: int
    lemma: str
    form: Form


class Idiom(NamedTuple):
    """A verb with words that belong to it, in any order of verb and words.

    ``particle`` is what must end the clause behind this form of a separable verb ("" where the form
    has it). ``companions`` are written as ``companion_keys`` gives them.
    """

    companions: tuple[str, ...]
    particle: str
    outcome: Outcome


class Table(NamedTuple):
    """Word forms of one language.

    ``separable`` maps a finite form to its (particle, outcome) pairs, ``phrases`` starts with the
    first word of each phrase, ``bags`` are words that belong together in any order, ``idioms`` are
    found by a form of the verb, then by their first companion.
    """

    words: dict[str, list[Outcome]]
    nouns: dict[str, list[Outcome]]
    separable: dict[str, list[tuple[str, Outcome]]]
    phrases: dict[str, list[tuple[tuple[str, ...], Outcome]]]
    bags: list[tuple[frozenset[str], Outcome]]
    idioms: dict[str, dict[str, list[Idiom]]]


@cache
def outcome_table(tongue: str) -> Table:
    """All forms of the outcome lexicon in German (``de``) or English (``en``)."""
    table = Table(
        defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list), [], {}
    )
    for topic, side, kind, entry in _entries(tongue):
        if kind == "verb":
            adder = _add_german_verb if tongue == "de" else _add_english_verb
            adder(table, topic, side, entry)
        elif kind == "noun":
            _add_noun(table, Outcome(topic, side, entry, "noun"), tongue)
        elif kind == "word":
            table.words[entry.lower()].append(Outcome(topic, side, entry, "word"))
        elif kind == "idiom":
            _add_idiom(table, Outcome(topic, side, entry, "phrase"), tongue)
        else:
            _add_phrase(table, Outcome(topic, side, entry, "phrase"))
    for form in [form for form, listed in table.words.items() if _is_ignored(listed)]:
        del table.words[form]
    return table


def _is_ignored(listed: list[Outcome]) -> bool:
    return any(outcome.topic == "ignored" for outcome in listed)


def _lines() -> tuple[str, ...]:
    return lexicon_lines("outcomes") + lexicon_lines("idioms")


def _entries(tongue: str) -> Iterator[tuple[str, int, str, str]]:
    topic = ""
    for line in _lines():
        if line.startswith("["):
            topic = line.strip("[]")
            continue
        head, _, listed = line.partition(":")
        side, language, kind = head.split()
        if kind == "forms":
            continue
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


def _add_idiom(table: Table, outcome: Outcome, tongue: str) -> None:
    """An entry in its citation form: „ins Wasser fallen“, „Klage ab|weisen“, "give the nod"."""
    words = outcome.lemma.split()
    verb, rest = (words[0], words[1:]) if tongue == "en" else (words[-1], words[:-1])
    companions = tuple(_companion(word) for word in rest)
    for form, particle in _idiom_forms(verb, tongue):
        listed = table.idioms.setdefault(form, {})
        listed.setdefault(companions[0], []).append(Idiom(companions, particle, outcome))


def _idiom_forms(verb: str, tongue: str) -> set[tuple[str, str]]:
    """The forms of a verb, each with the particle that must stand apart from it."""
    if tongue == "en":
        listed = _irregular(tongue).get(verb, [])
        if len(listed) > 2:  # all forms of "be"
            return {(form, "") for form in (verb, *listed)}
        return {(form, "") for form, _ in _english_forms(verb, listed)}
    prefix, _, base = verb.rpartition("|")
    finite, participle = _finite_and_participle(base, bool(prefix))
    forms = {(prefix + form, "") for form in (*finite, participle)}
    if prefix:
        forms |= {(f"{prefix}zu{base}", ""), *((form, prefix) for form in finite)}
    return forms


def _finite_and_participle(base: str, is_separable: bool) -> tuple[set[str], str]:
    listed = _irregular("de").get(base)
    if listed and len(listed) > 3:  # all forms of „sein“, the participle last
        return {base, *listed}, listed[-1]
    if not listed and not is_separable:  # „besteht“ goes like „steht“, but has no „ge“
        for prefix in _NO_GE:
            inner = _irregular("de").get(base.removeprefix(prefix))
            if inner and base.startswith(prefix) and len(inner) == 3:
                past, participle, present = inner
                listed = [prefix + past, prefix + participle.removeprefix("ge"), prefix + present]
                break
    return _german_forms(base, listed or [], is_separable)


@cache
def _irregular(tongue: str) -> dict[str, list[str]]:
    """Principal parts by infinitive: those of the lines "forms" and of all verbs listed."""
    found: dict[str, list[str]] = {}
    for line in _lines():
        head, _, listed = line.partition(":")
        if not head.endswith((f"{tongue} verb", f"{tongue} forms")):
            continue
        for entry in listed.split(","):
            infinitive, *principal = entry.split()
            if principal:
                found.setdefault(infinitive.rpartition("|")[2], principal)
    return found


@lru_cache(maxsize=65536)
def companion_keys(word: str) -> frozenset[str]:
    """What a word of a text may be listed as in an idiom: itself, and the nouns it ends with."""
    lower = word.lower()
    if not word[0].isupper():
        return frozenset([lower])
    folded = fold(word)
    stems = {folded.removesuffix(ending) for ending in _NOUN_ENDINGS}
    ends = {
        _NOUN + stem[start:]
        for stem in stems
        for start in range(max(1, len(stem) - 2))
        if start == 0 or start > _SHORTEST_FIRST_PART
    }
    return frozenset({lower, *(ends & _companion_nouns())})


@cache
def _companion_nouns() -> frozenset[str]:
    return frozenset(
        _companion(word)
        for tongue in ("de", "en")
        for _, _, kind, entry in _entries(tongue)
        if kind == "idiom"
        for word in entry.split()
        if word[0].isupper()
    )


def _companion(word: str) -> str:
    return _NOUN + fold(word) if word[0].isupper() else word


def _add_german_verb(table: Table, topic: str, side: int, entry: str) -> None:
    infinitive, *principal = entry.split()
    prefix, _, base = infinitive.rpartition("|")
    lemma = prefix + base
    if principal:
        finite, participle = _german_forms(base, principal, bool(prefix))
    else:
        finite, participle = _finite_and_participle(base, bool(prefix))

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
    for form, kind in _english_forms(base, irregular):
        outcome = Outcome(topic, side, base, kind)
        if outcome not in table.words[form]:
            table.words[form].append(outcome)


def _english_forms(base: str, irregular: list[str]) -> tuple[tuple[str, Form], ...]:
    """The forms of a verb, each with what it is."""
    past, participle = irregular or [_english_past(base)] * 2
    stem = base.removesuffix("e") if base.endswith("e") and not base.endswith("ee") else base
    doubled = base + base[-1] if _doubles(base) else stem
    third = base + ("es" if base.endswith(("s", "sh", "ch", "x")) else "s")
    if base.endswith("y") and base[-2] not in "aeou":
        third = base[:-1] + "ies"
    return (
        (base, "infinitive"),
        (third, "finite"),
        (past, "finite"),
        (participle, "participle"),
        (doubled + "ing", "participle"),
    )


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
