"""When: the dates and times of day a sentence offers as the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.compare.frame import Frame, last_question, mentions, names_its_date, word_bag
from rag.compare.lexicon import word_set
from rag.compare.phrases import tag
from rag.compare.sources import source_clauses
from rag.compare.tense import asks_what_is_to_come, tells_what_was
from rag.language.dates import DateMention, dates
from rag.language.folding import fold
from rag.language.polarity import negations
from rag.types import Language

_CLOCK_ASKED = re.compile(r"\b(?:uhr\w*|uhrzeit|what time|at what hour|wie spät)\b", re.IGNORECASE)
_YEAR_ASKED = re.compile(r"\b(?:jahr\w*|year)\b", re.IGNORECASE)
_ASKS_FOR_YEAR = re.compile(
    r"\bwelche[mns]\s+(?:\w+)?jahr(?:e?s|e|en)?\b|\bwelches\s+(?:\w+)?jahr\b|\b(?:what|which)\s+year\b",
    re.IGNORECASE,
)
_RESOLVED_YEARS = frozenset({"year", "relative"})
"""„vor drei Jahren“ names a year, „am Mittwoch“ takes its year for granted."""
_OF_NOUN = re.compile(
    r"\b(?:[Ss]eit|[Nn]ach|[Vv]or|[Ww]ährend|[Ss]ince|[Aa]fter|[Bb]efore)\s+(?:de[rmn]|the)\s+"
    r"(?P<noun>(?:\w+\s+){1,7}?)(?:(?:im|am|vom|in|of)\s+)?(?:Jahre?\s+)?$"
)
_GONE_BY = re.compile(
    r"\b(?:wurden?|worden|war(?:en)?|fand(?:en)?|starb(?:en)?|brach|geschah|ereignete\w*|kam(?:en)?|"
    r"ging(?:en)?|begann(?:en)?|endete\w*|eröffnete\w*|schloss|hat(?:te)?|haben|did|was|were)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(r"\b(?:urteil|recht|machtwort|gebet)\b", re.IGNORECASE)
_AGE_ASKED = re.compile(
    r"\b(?:stamm\w*|entst[aä]\w*|(?:ge|er|an)baut\w*|errichtet\w*|gegründet\w*|epoche|zeitalter|ära|"
    r"jahrhundert\w*|jahrzehnt\w*|built|founded|established|century|decade|era)\b",
    re.IGNORECASE,
)
_ERA_DAYS = 700
_LONG_AGO = re.compile(
    r"\b(?:gegossen|gebaut|erbaut|errichtet|gegründet|gestiftet|erfunden|gemalt|komponiert|geboren|"
    r"angelegt|urkundlich|entstand(?:en)?|built|founded|born|painted|invented)\b",
    re.IGNORECASE,
)
_OF_THE_WEEK = frozenset({"weekday", "part_of_day", "time"})
_HARDLY = 0.4
"""Of a bell cast long ago the paper tells what was done with it on Wednesday."""
_NEAR = 12
_LATELY = 45
"""Days; a day and month further back is as likely that of the coming year."""
_BEFORE = re.compile(
    r"\b(?:bereits|schon|zuvor|vorher|zuletzt|earlier|previously|already)\b", re.IGNORECASE
)
_HAD = re.compile(r"\b(?:hatten?|had)\b", re.IGNORECASE)
_PRECISION = {
    "day": 0.9,
    "month": 0.7,
    "season": 0.65,
    "year": 0.65,
    "weekday": 0.55,
    "part_of_day": 0.35,
    "relative": 0.5,
    "time": 0.4,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time with how well it fits the question, 0..1."""

    date: DateMention
    fit: float

    @property
    def start_char(self) -> int:
        """Where it starts in the sentence."""
        return self.date.start_char

    @property
    def end_char(self) -> int:
        """Where it ends in the sentence."""
        return self.date.end_char


def moments(
    sentence: str, frame: Frame, language: Language, published_at: str | None
) -> tuple[Moment, ...]:
    """The dates of a sentence that can answer the question, best first."""
    given = () if names_its_date(frame) else dates(frame.question.text, frame.language, None)
    sources = source_clauses(sentence, language)
    is_to_come = asks_what_is_to_come(last_question(frame.question.text), frame.language)
    found = []
    for stated in dates(sentence, language, published_at):
        mention = _turned(stated, sentence, language)
        fit = _fit(mention, frame)
        if any(_repeats(mention, other) for other in given):
            fit = 0.0
        if fit > 0 and not is_to_come and _is_ahead(mention, frame, published_at):
            fit *= 0.35
        if fit > 0 and _dates_another(sentence, mention, frame):
            fit *= 0.35
        if fit > 0 and is_to_come and _is_past(mention, sentence, language, published_at):
            fit *= 0.35
        if fit > 0 and _tells_what_came_before(sentence, frame):
            fit *= 0.35
        is_told = _dates_a_statement(sentence, mention, frame, language)
        if fit > 0 and (is_told or any(a <= mention.start_char < b for a, b in sources)):
            fit *= 0.35
        if fit > 0:
            found.append(Moment(date=mention, fit=fit))
    found.sort(key=lambda moment: (-moment.fit, moment.start_char))
    return tuple(found)


def _is_past(
    mention: DateMention, sentence: str, language: Language, published_at: str | None
) -> bool:
    """„Das Gericht ließ am Mittwoch die Anklage zu“; „setzte die Wahl auf den 10. Mai“ is not."""
    day = (published_at or "")[:10]
    if day and mention.end and mention.bound == "at" and mention.end < day:
        # „am 14. Dezember“, read in October, may be the one to come: no year is told.
        days_ago = (date.fromisoformat(day) - date.fromisoformat(mention.end)).days
        if mention.basis == "stated" or days_ago <= _LATELY:
            return True
    is_ahead = mention.end and day and mention.end > day
    return not is_ahead and tells_what_was(sentence, language)


def _is_ahead(mention: DateMention, frame: Frame, published_at: str | None) -> bool:
    """A day to come where the question asks when something was."""
    day = (published_at or "")[:10]
    is_ahead = bool(day and mention.start and mention.bound == "at" and mention.start > day)
    return is_ahead and bool(_GONE_BY.search(frame.question.text))


def _turned(mention: DateMention, sentence: str, language: Language) -> DateMention:
    """„Vor Weihnachten fährt kein Zug“: not before means then or at any time after."""
    if mention.bound == "before" and negations(sentence, language):
        return replace(mention, bound="at", end=date.max.isoformat())
    return mention


def _fit(mention: DateMention, frame: Frame) -> float:
    text = frame.question.text
    if _CLOCK_ASKED.search(text):
        return 0.95 if mention.precision == "time" else 0.3 if mention.clock else 0.0
    if _YEAR_ASKED.search(text) and not mention.year and not mention.start:
        return 0.1
    if _ASKS_FOR_YEAR.search(text):
        return 0.8 if mention.year else 0.5 if mention.precision in _RESOLVED_YEARS else 0.1
    if _is_era(mention) and not _AGE_ASKED.search(text):
        return 0.0  # „zum Ende des Zweiten Weltkriegs“ names a parade's occasion, not its day
    fit = _PRECISION[mention.precision]
    if _LONG_AGO.search(text) and not mention.year and mention.precision in _OF_THE_WEEK:
        fit *= _HARDLY
    if mention.bound in ("since", "until"):
        asked = frame.question.text.lower()
        fit *= 1.0 if re.search(r"\b(?:seit|bis|since|until|till)\b", asked) else 0.7
    return fit


def _is_era(mention: DateMention) -> bool:
    """„im Zweiten Weltkrieg“, „in den Neunzigern“: years, and no figure tells which."""
    if not (mention.start and mention.end) or any(char.isdigit() for char in mention.text):
        return False
    span = date.fromisoformat(mention.end) - date.fromisoformat(mention.start)
    return span.days > _ERA_DAYS


def _repeats(mention: DateMention, given: DateMention) -> bool:
    """The question names this date already."""
    named = [getattr(given, name) for name in ("day", "month", "year", "weekday")]
    said = [getattr(mention, name) for name in ("day", "month", "year", "weekday")]
    pairs = [(one, other) for one, other in zip(named, said, strict=True) if other is not None]
    return bool(pairs) and all(one == other for one, other in pairs)


def _dates_another(sentence: str, mention: DateMention, frame: Frame) -> bool:
    """„Seit der Invasion in die Ukraine im Jahr 2022“: the date of what the question is not on."""
    match = _OF_NOUN.search(sentence[: mention.start_char])
    if match is None:
        return False
    return not any(
        mentions(fold(word), frame.topic) or mentions(topic, frozenset({fold(word)}))
        for word in re.findall(r"[A-ZÄÖÜ]\w+", match["noun"])[:1]
        for topic in frame.topic
    )


def _tells_what_came_before(sentence: str, frame: Frame) -> bool:
    """„Bereits im Juni hatten sie ein Abkommen unterzeichnet“ dates no meeting.

    Unless it names the thing the question is on.
    """
    if not (_BEFORE.search(sentence) and _HAD.search(sentence)):
        return False
    bag = word_bag(sentence)
    things = frame.names - frame.places - frame.proper or frame.names - frame.places
    return not any(mentions(name, bag) for name in things)


def _dates_a_statement(
    sentence: str, mention: DateMention, frame: Frame, language: Language
) -> bool:
    """„…, sagte sie am Mittwoch“: the date says when it was said.

    Unless that is what the question asks: „Wann meldete … Insolvenz an?“
    """
    tongue: Language = "en" if language == "en" else "de"
    says = word_set("verbs_of_saying", tongue) - frame.verbs
    if _VERDICT.search(sentence):
        says -= {"sprechen"}  # „will ihr Urteil am 14. März sprechen“
    for word in tag(sentence, tongue):
        if word.category in ("verb", "part") and word.lemma in says:
            between = sentence[
                min(word.end_char, mention.end_char) : max(word.start_char, mention.start_char)
            ]
            # „schließt am 28. Februar, teilte sie mit“: the comma keeps the two apart.
            if len(between) <= _NEAR and "," not in between:
                return True
    return False
