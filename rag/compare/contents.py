"""What a sentence says in answer to a question, by the kind of answer asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.compare.choice import Choice, choice
from rag.compare.degree import degree
from rag.compare.figures import Figure, figures
from rag.compare.frame import Frame
from rag.compare.implied import implied_figures
from rag.compare.member import Member, member
from rag.compare.named import Named, named
from rag.compare.office import asks_office, office_held
from rag.compare.said import Said, said
from rag.compare.stance import Stance, stance
from rag.compare.term import Term, terms_for
from rag.compare.when import Moment, moments
from rag.compare.where import Site, sites
from rag.compare.who import Agent, agents
from rag.compare.why import Cause, causes
from rag.language.quantities import quantities
from rag.types import Article, DisagreementKind, Language


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in which a sentence differs from its twin in another article."""

    start_char: int
    end_char: int
    fit: float


Value = (
    Figure
    | Moment
    | Agent
    | Site
    | Cause
    | Stance
    | Said
    | Choice
    | Named
    | Member
    | Term
    | Stretch
)
_SITE_FIT = 0.5
_SCORE_FIT = 0.75


@dataclass(frozen=True, slots=True)
class Content:
    """The typed answer of a sentence: one value and the others it might be."""

    kind: DisagreementKind
    value: Value
    others: tuple[Value, ...]
    fit: float

    def shown(self, sentence: str) -> str:
        """The value in the words of the sentence."""
        if isinstance(self.value, Site):
            return _run_of_sites(self, sentence)
        if isinstance(self.value, Agent):
            return self.value.text
        end = self.value.end_char
        return sentence[self.value.start_char : end]


def _run_of_sites(content: Content, sentence: str) -> str:
    """The place with what directly adjoins it: „in einer Garage in Rottenbek“."""
    start, end = content.value.start_char, content.value.end_char
    for site in sorted(content.others, key=lambda site: site.start_char):
        if site.start_char >= end and not sentence[end : site.start_char].strip():
            end = site.end_char
    for site in sorted(content.others, key=lambda site: -site.start_char):
        if site.end_char <= start and not sentence[site.end_char : start].strip():
            start = site.start_char
    return sentence[start:end]


def content_of(sentence: str, before: str, frame: Frame, article: Article) -> Content | None:
    """What the sentence offers as the answer to the question, ``None`` when nothing."""
    language = article.language
    if asks_office(frame):
        held = office_held(sentence, frame, language)
        return _best("who", (held,) if held else ())
    if frame.kind in ("number", "duration"):
        kind: DisagreementKind = "duration" if frame.kind == "duration" else "number"
        return _best(kind, _amounts(sentence, frame, article))
    if frame.kind == "date":
        return _best("date", moments(sentence, frame, language, article.published_at))
    if frame.kind == "who":
        return _best("who", agents(sentence, frame, language, before))
    if frame.kind == "place":
        found = tuple(site for site in sites(sentence, frame, language) if site.fit >= _SITE_FIT)
        return _best("place", found)
    if frame.kind == "cause":
        return _best("cause", causes(sentence, before, frame, language))
    if frame.kind in ("yes_no", "outcome"):
        return _closed(sentence, frame, article) or _side(sentence, frame, language)
    if frame.kind == "quote":
        return _best("wording", said(sentence, before, frame, language))
    if listed := member(sentence, before, frame):
        return _best("outcome", (listed,))
    return _best("outcome", terms_for(sentence, frame, language) if _asks_what(frame) else ())


def _amounts(sentence: str, frame: Frame, article: Article) -> tuple[Figure, ...]:
    """The figures of a sentence, and what it says of an amount without a number, best first."""
    found = figures(sentence, frame, article.language)
    if article.language == "en":
        return found
    implied = implied_figures(sentence, frame, article.published_at)
    return tuple(sorted((*found, *implied), key=lambda figure: (-figure.fit, figure.start_char)))


def _asks_what(frame: Frame) -> bool:
    """German "was" is left open: its nouns are all capitalised, its answers mostly clauses."""
    return frame.kind == "what" and frame.language == "en"


def _side(sentence: str, frame: Frame, language: Language) -> Content | None:
    taken = stance(sentence, frame, language)
    kind: DisagreementKind = "negation" if frame.kind == "yes_no" else "outcome"
    if taken is None and kind == "outcome" and (result := _result(sentence, language)):
        return _best("number", (result,))
    return _best(kind, (taken,) if taken else ())


def _result(sentence: str, language: Language) -> Figure | None:
    """„Das Derby endete mit einem 4:2“: the score, where it is the only one."""
    scores = [found for found in quantities(sentence, language) if found.score is not None]
    return Figure(quantity=scores[0], fit=_SCORE_FIT) if len(scores) == 1 else None


def _closed(sentence: str, frame: Frame, article: Article) -> Content | None:
    """The side taken on a choice or on a name that an English question offers."""
    if frame.language != "en":
        return None
    if chosen := choice(sentence, frame):
        return _best("outcome", (chosen,))
    if told := degree(sentence, frame, article.language):
        return _best("negation", (told,))
    if frame.kind == "yes_no" and (said_of := named(sentence, frame, article, article.language)):
        return _best("negation", (said_of,))
    return None


def _best(kind: DisagreementKind, found: Sequence[Value]) -> Content | None:
    if not found:
        return None
    return Content(kind=kind, value=found[0], others=tuple(found[1:4]), fit=found[0].fit)
