"""Whether two articles name the same person or group: variants, offices, descriptions."""

from __future__ import annotations

from functools import cache
from typing import Literal

from rag.compare.frame import mentions, stem_of, word_bag
from rag.compare.lexicon import rules, word_set
from rag.compare.persons import is_person_noun, noun_ends_in
from rag.compare.role_groups import role_groups_of, sharing
from rag.compare.roles import roles_of
from rag.compare.who import Agent
from rag.language.folding import fold
from rag.language.names_alike import name_key
from rag.types import Article, Language

_SHORT_NAME = 3
_UNKNOWN_ROLE = 0.35
_FOREIGN = {"none": 0.75, "perhaps": 0.4, "one": 0.0}
EXCLUSIVE = 0.9
"""How sure it is where one cannot be both, by role or because a group is no person."""
_OTHER_AXIS = 0.5
_APART = {"none": EXCLUSIVE, "perhaps": 0.5, "one": 0.0, None: 0.75}
"""How sure two are not one by how their roles relate."""
Sameness = Literal["same", "different", "unknown"]


def same_agent(
    first: Agent, second: Agent, in_first: Article, in_second: Article
) -> tuple[Sameness, float]:
    """Whether two agents are one, and how sure that is."""
    names = _names(first, in_first), _names(second, in_second)
    if _share_name(*names):
        return "same", 1.0
    if all(names):
        return "different", 1.0
    one, other = _both_roles(first, second, in_first, in_second)
    if _share_role(one, other):
        return "same", 0.8
    shared = sharing(role_groups_of(one), role_groups_of(other))
    sexes = {_sex(agent, article) for agent, article in ((first, in_first), (second, in_second))}
    are_of_two_sexes = len(sexes) == 2 and None not in sexes
    if shared == "one" and not are_of_two_sexes:
        return "same", 0.8
    if in_first.language != in_second.language:
        return _across_languages(one, other) if shared is None else ("different", _FOREIGN[shared])
    if shared == "none":
        return "different", EXCLUSIVE
    if are_of_two_sexes:
        return "different", 0.75
    if _is_group(first, in_first) != _is_group(second, in_second):
        is_person = bool(names[0] or names[1]) and not (_is_town(first) or _is_town(second))
        return "different", EXCLUSIVE if is_person else 0.6
    if not one or not other:
        return "different", _UNKNOWN_ROLE
    is_known = bool(role_groups_of(one) and role_groups_of(other))
    return "different", _OTHER_AXIS if is_known and shared is None else _APART[shared]


def _names(agent: Agent, article: Article) -> tuple[str, ...]:
    """Its names, also those that are words: „die Schreinerei Holzapfel“."""
    if agent.names:
        return agent.names
    tongue: Language = "en" if article.language == "en" else "de"
    words = agent.text.split()
    for place, word in enumerate(words[:-1]):
        rest = tuple(words[place + 1 :])
        if noun_ends_in(word, "group_endings", tongue) and all(one[:1].isupper() for one in rest):
            return rest
    return ()


def _is_group(agent: Agent, article: Article) -> bool:
    tongue: Language = "en" if article.language == "en" else "de"
    return not agent.names and any(
        noun_ends_in(head, "group_endings", tongue) for head in agent.heads
    )


def _sex(agent: Agent, article: Article) -> str | None:
    """Sex "m" or "f" of one German person, by article and ending; ``None`` where neither tells."""
    if article.language == "en" or _is_group(agent, article):
        return None
    determiner, _, rest = agent.text.partition(" ")
    noun = agent.heads[0] if agent.heads else ""
    person = bool(agent.names) or is_person_noun(noun, "de")
    if not person or not rest:
        return None
    if determiner in ("der", "Der", "ein", "Ein"):
        return "m" if not noun.endswith("in") else None
    is_one = rest.split()[0].endswith("e") and bool(agent.names)  # „die zwölfjährige Leni“
    if determiner in ("die", "Die", "eine", "Eine") and (noun.endswith("in") or is_one):
        return "f"
    return None


def _is_town(agent: Agent) -> bool:
    """A body that acts through an office: "die Stadt" may be its mayor."""
    return any(head in word_set("bodies", "all") for head in agent.heads)


def _across_languages(first: frozenset[str], second: frozenset[str]) -> tuple[Sameness, float]:
    one, other = concepts_of(first), concepts_of(second)
    if not one or not other:
        return "unknown", 0.0
    return ("same", 0.8) if one & other else ("different", 0.6)


def concepts_of(words: frozenset[str]) -> frozenset[int]:
    """The rows of the table of concepts that folded German or English words belong to."""
    return frozenset(
        row
        for word in words
        for row, ending in _concept_endings()
        if word == ending or (len(ending) >= 4 and word.endswith(ending))
    )


@cache
def _concept_endings() -> tuple[tuple[int, str], ...]:
    listed: list[list[str]] = rules()["concepts"]
    return tuple((row, fold(entry)) for row, entries in enumerate(listed) for entry in entries)


def _share_name(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    if not first or not second:
        return False
    one, other = [fold(name) for name in first], [fold(name) for name in second]
    return _alike(one[-1], other[-1]) or one[-1] in other or other[-1] in one


def _alike(first: str, second: str) -> bool:
    """Equal up to a genitive s, transliteration or, for long names, one or two letters."""
    if len(first) > _SHORT_NAME and name_key(first) == name_key(second):
        return True
    one, other = first.rstrip("s"), second.rstrip("s")
    if one == other:
        return True
    allowed = 0 if min(len(one), len(other)) < 5 else 1 if min(len(one), len(other)) < 8 else 2
    return allowed > 0 and one[0] == other[0] and edit_distance(one, other) <= allowed


def edit_distance(first: str, second: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(second) + 1))
    for i, char in enumerate(first, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(second, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (char != other))
    return row[-1]


def _both_roles(
    first: Agent, second: Agent, in_first: Article, in_second: Article
) -> tuple[frozenset[str], frozenset[str]]:
    """What two agents are, of whom not both have names; neither where the nameless is nothing.

    An article is read for what a name is; whether it is known matters only beside another's.
    """
    if not (first.names or _roles(first, in_first)) or not (
        second.names or _roles(second, in_second)
    ):
        return frozenset(), frozenset()
    return _roles(first, in_first), _roles(second, in_second)


def _roles(agent: Agent, article: Article) -> frozenset[str]:
    """What the agent is: the nouns at its name, here or elsewhere in its article."""
    tongue: Language = "en" if article.language == "en" else "de"
    generic = word_set("generic_persons", tongue)
    heads = {head for head in agent.heads if is_person_noun(head, tongue)}
    if agent.names:
        heads |= roles_of(agent.names[-1], article.text, tongue)
    return frozenset(fold(head) for head in heads if head not in generic)


def _share_role(first: frozenset[str], second: frozenset[str]) -> bool:
    return any(mentions(stem_of(role), second) for role in first) or any(
        mentions(stem_of(role), first) for role in second
    )


def knows_name(agent: Agent, text: str) -> bool:
    """Whether the text mentions the agent's last name anywhere."""
    return bool(agent.names) and mentions(fold(agent.names[-1]), word_bag(text))
