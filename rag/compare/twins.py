"""Two articles' sentences in the same words but for one stretch, where the question asks for it.

Whatever the stretch is: a firm, a cause, a "not". No reader of values need know it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from rag.compare.answers import Answer, ArticleAnswers, Sentence, answer_with
from rag.compare.contents import Content, Stretch
from rag.compare.frame import Frame
from rag.compare.lexicon import word_set
from rag.compare.stretch import Token, is_denial, nouns_replaced, replaced_stretch
from rag.types import AnswerKind, DisagreementKind

_NOUNS_ASKED: dict[AnswerKind, DisagreementKind] = {
    "who": "who",
    "place": "place",
    "cause": "cause",
    "what": "outcome",
}
_SIDES_ASKED: dict[AnswerKind, DisagreementKind] = {"yes_no": "negation", "outcome": "outcome"}
_NAME = re.compile(r" [^\W\d_a-zäöüß]\w+")
_LEAST_LIKELY = 0.02
_LONGEST = 7
_READ = frozenset({"place", "cause"})
_LEAST_FIT = 0.55
_FIT = 0.9
_JOINING = frozenset({"und", "oder", "sowie", "aber", "doch", "als"})
_ADJECTIVE_ENDINGS = ("e", "er", "es", "en", "em")


@dataclass(frozen=True, slots=True)
class Twins:
    """Two sentences as answers, with the share of their words that are equal."""

    first: Answer
    second: Answer
    equal: float


def twins(first: ArticleAnswers, second: ArticleAnswers, frame: Frame) -> Twins | None:
    """The likeliest two sentences that differ in nothing but what is asked for."""
    if first.article.language != second.article.language:
        return None
    if frame.kind not in _SIDES_ASKED and frame.kind not in _NOUNS_ASKED:
        return None
    found = [
        pair
        for one, other in product(first.sentences, second.sentences)
        if (pair := _pair(one, other, frame))
    ]
    return max(
        found,
        key=lambda pair: pair.first.likelihood * pair.second.likelihood * pair.equal,
        default=None,
    )


def _pair(one: Sentence, other: Sentence, frame: Frame) -> Twins | None:
    stretch = replaced_stretch(one.evidence.quote, other.evidence.quote)
    if stretch is None:
        return None
    left, right, share = stretch
    if frame.kind == "who" and _titles_of_one(left, right, one, other):
        return None
    kind = _kind(left, right, frame, one.evidence.article.language)
    if kind is None or (kind in _READ and not (_tells(one) and _tells(other))):
        return None
    first, second = _answer(one, left, kind), _answer(other, right, kind)
    if min(first.likelihood, second.likelihood) < _LEAST_LIKELY:
        return None
    return Twins(first, second, share)


def _titles_of_one(
    left: tuple[Token, ...], right: tuple[Token, ...], one: Sentence, other: Sentence
) -> bool:
    """„Machthaber Kim Jong Un“, „Diktator Kim Jong Un“: one person by two titles."""
    if not (left and right):
        return False
    behind = [
        _NAME.match(sentence.evidence.quote, stretch[-1].end_char)
        for stretch, sentence in ((left, one), (right, other))
    ]
    named = [match.group() for match in behind if match]
    return len(named) == len(behind) and named[0] == named[1]


def _tells(sentence: Sentence) -> bool:
    """Whether the sentence tells a place or a cause at all."""
    return sentence.content is not None and sentence.content.fit >= _LEAST_FIT


def _kind(
    left: tuple[Token, ...], right: tuple[Token, ...], frame: Frame, language: str
) -> DisagreementKind | None:
    if frame.kind in _SIDES_ASKED:
        return _SIDES_ASKED[frame.kind] if is_denial(left, right) else None
    if max(len(left), len(right)) > _LONGEST:
        return None
    if frame.kind not in _NOUNS_ASKED or nouns_replaced(left, right) is None:
        return None
    if frame.kind == "who" and not (_may_be_somebody(left) and _may_be_somebody(right)):
        return None
    if language == "de" and not (_is_one_phrase(left) and _is_one_phrase(right)):
        return None
    return _NOUNS_ASKED[frame.kind]


def _is_one_phrase(stretch: tuple[Token, ...]) -> bool:
    """„ein technischer Defekt“ is one; „Sieges über Japan im“, „begrüßt den König“ are pieces."""
    lower = [token.text for token in stretch if token.text[0].islower() and token.is_content]
    return (
        not stretch[-1].text[0].islower()
        and stretch[0].text.lower() not in _JOINING
        and all(word.endswith(_ADJECTIVE_ENDINGS) for word in lower)
    )


def _may_be_somebody(stretch: tuple[Token, ...]) -> bool:
    """„am Dienstag in Peking angekommen“ is nobody."""
    prepositions = word_set("prepositions", "de") | word_set("prepositions", "en")
    return stretch[-1].text[0].isupper() and stretch[0].text.lower() not in prepositions


def _answer(sentence: Sentence, stretch: tuple[Token, ...], kind: DisagreementKind) -> Answer:
    text = sentence.evidence.quote
    start, end = (stretch[0].start_char, stretch[-1].end_char) if stretch else (0, len(text))
    content = Content(kind=kind, value=Stretch(start, end, _FIT), others=(), fit=_FIT)
    return answer_with(sentence, content)
