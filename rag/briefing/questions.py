"""What all articles of a topic are asked, to see where they contradict each other.

Only whole questions in natural words find their answers: „Wie viele nordkoreanische Soldaten
starben?“ does, „Wie viele Tote gab es?“ does not where the articles count soldiers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from rag.briefing.sentences import Sentence
from rag.briefing.statements import Difference, Statement
from rag.briefing.texts import question_texts
from rag.language.dates import dates
from rag.language.names import names
from rag.language.quantities import Quantity, quantities
from rag.language.terms import terms
from rag.types import Language, Question

Asked = tuple[str, Language]
"""A question and its language."""
_FIGURE_QUESTIONS = 8
_GROUPS, _HARM_QUESTIONS, _PLACE_QUESTIONS, _OFFICE_QUESTIONS = 2, 4, 3, 3
_OFFICE_START = 8
_FEWEST_REPORTING = 2
_START = 5
_FEWEST_COUNTED = 4
"""„Die drei Staatschefs“ counts nothing that a reader would ask for."""


def usual_questions(topic: Question | None) -> list[Asked]:
    """What is asked of any event."""
    if topic is None:
        return []
    return [(each.format(topic.text), topic.language)
            for each in question_texts(topic.language, "usual")]  # fmt: skip


def natural_questions(topic: Question | None, statements: Sequence[Statement]) -> list[Asked]:
    """Who was hurt, who was where when, who holds which office: whole questions, fit to print."""
    if topic is None:
        return []
    sentences = [s for each in statements for s in each.sentences]
    harm = islice(_harm_questions(sentences), _HARM_QUESTIONS)
    places = islice(_place_questions(topic, sentences), _PLACE_QUESTIONS)
    offices = islice(_office_questions(topic, sentences), _OFFICE_QUESTIONS)
    return list(dict.fromkeys([*harm, *places, *offices]))


def figure_questions(
    statements: Sequence[Statement], differences: Sequence[Difference]
) -> list[Asked]:
    """One on each thing that is counted, pieced together from the words around the figure."""
    pairs = [sentence for each in differences for sentence in (each.first, each.second)]
    found = _figure_questions([*pairs, *(each.best for each in statements)])
    return list(dict.fromkeys(islice(found, _FIGURE_QUESTIONS)))


def _harm_questions(sentences: Sequence[Sentence]) -> Iterator[Asked]:
    """„Wie viele nordkoreanische Soldaten starben?“ where anybody died, and so on."""
    for language in dict.fromkeys(each.article.language for each in sentences):
        own = [each for each in sentences if each.article.language == language]
        for signs, text in question_texts(language, "harm").items():
            known = frozenset(signs.split("|"))
            telling = [each for each in own if known & _starts(each.quote)]
            if len(telling) < _FEWEST_REPORTING:
                continue
            # Whom nothing is told of was not hurt: rockets are not arrested.
            # „Wie viele Todesfälle starben?“ asks nothing.
            groups = [e for e in _counted_groups(telling, language) if not known & _starts(e)]
            for group in groups[:_GROUPS]:
                yield text.format(group), language


def _starts(text: str) -> frozenset[str]:
    """The words of a text by their first letters: „getöteten“ as „getöt“."""
    return frozenset(word.lower().strip('.,;:„“"')[:_START] for word in text.split())


def _counted_groups(sentences: Sequence[Sentence], language: Language) -> list[str]:
    """Who is counted, with the adjective they go by most: „nordkoreanische Soldaten“."""
    nouns: Counter[str] = Counter()
    phrases: dict[str, Counter[str]] = {}
    counted = {
        str(quantity.counted)
        for each in sentences
        for quantity in quantities(each.quote, language)
        if quantity.kind == "count" and quantity.counted and not quantity.is_weak
    }
    endings = question_texts(language, "origin_endings")
    for each in sentences:
        words = [word.strip('.,;:„“"()') for word in each.quote.split()]
        for before, word in pairwise(["", *words]):
            if word not in counted:
                continue
            nouns[word] += 1
            stem = next((before[: -len(e)] for e in endings if e and before.endswith(e)), "")
            if before.islower() and stem:
                phrases.setdefault(word, Counter())[stem + endings[0]] += 1
    ranked = [noun for noun, _ in nouns.most_common()]
    named = [f"{phrases[noun].most_common(1)[0][0]} {noun}" for noun in ranked if noun in phrases]
    return [*named, *(noun for noun in ranked if noun not in phrases)]


def _place_questions(topic: Question, sentences: Sequence[Sentence]) -> Iterator[Asked]:
    """„Wo war Kim im Jahr 2023?“ for years other than the report's that several origins name."""
    language = topic.language
    common = _named_by_most(sentences)
    origins: dict[tuple[str, str], set[str]] = {}
    for each in sentences:
        reported = (each.article.published_at or "")[:4]
        years = {
            str(found.start)[:4]
            for found in dates(each.quote, language)
            if found.start and found.basis == "stated" and found.precision == "year"
        }
        named = {
            name.text.split()[0] for name in names(each.quote, language) if name.kind != "place"
        }
        for year in years - {reported}:
            for name in named:
                if name in topic.text or name in common:
                    origins.setdefault((name, year), set()).add(each.origin)
            origins.setdefault(("", year), set()).add(each.origin)
    for (name, year), found in sorted(origins.items(), key=lambda item: (-len(item[1]), item[0])):
        if name and len(origins["", year]) >= _FEWEST_REPORTING and found:
            yield question_texts(language, "where")["then"].format(name, year), language


def _named_by_most(sentences: Sequence[Sentence]) -> frozenset[str]:
    """First words of the persons whom most origins name in full."""
    named: dict[str, set[str]] = {}
    for each in sentences:
        for name in names(each.quote, each.article.language):
            if name.kind == "person" and " " in name.text:
                named.setdefault(name.text.split()[0], set()).add(each.origin)
    most = len({each.origin for each in sentences}) / 2
    return frozenset(name for name, origins in named.items() if len(origins) > most)


def _office_questions(topic: Question, sentences: Sequence[Sentence]) -> Iterator[Asked]:
    """„Ist Donald Trump amtierender oder ehemaliger US-Präsident?“ where one calls him former."""
    former: dict[tuple[str, str], set[str]] = {}
    current: dict[tuple[str, str], set[str]] = {}
    shown: dict[tuple[str, str], tuple[str, str]] = {}
    for each in sentences:
        for name in names(each.quote, each.article.language):
            if name.kind != "person" or not name.office or " " not in name.text:
                continue
            key = (name.key, name.office.lower()[:_OFFICE_START])
            origins = former if name.office_tense == "former" else current
            origins.setdefault(key, set()).add(each.origin)
            spelt = (name.text, name.office)
            # „Präsidenten“ bends, „Präsident“ does not.
            shown[key] = min(shown.get(key, spelt), spelt, key=lambda pair: len(pair[1]))
    for key in sorted(former.keys() & current.keys()):
        if len(former[key] | current[key]) > 1:
            text = question_texts(topic.language, "office").format(*shown[key])
            yield text, topic.language


def _figure_questions(sentences: Iterable[Sentence]) -> Iterable[Asked]:
    """One question for each thing that is counted, in the words of its sentence."""
    seen: set[tuple[str, frozenset[str]]] = set()
    for sentence in sentences:
        for quantity in quantities(sentence.quote, sentence.article.language):
            if quantity.kind not in ("count", "money") or not quantity.counted or quantity.is_weak:
                continue
            if quantity.value < _FEWEST_COUNTED:
                continue
            text = _how_many(sentence, quantity)
            key = (str(quantity.counted_stem), frozenset(terms(text, sentence.article.language)))
            if any(key[0] == known and _alike(key[1], words) for known, words in seen):
                continue
            seen.add(key)
            yield text, sentence.article.language


def _how_many(sentence: Sentence, quantity: Quantity) -> str:
    """„Wie viele Nordkoreaner …“ with the clause around the figure."""
    from rag.briefing.dated import clause_around

    start, end = clause_around(sentence.quote, quantity.start_char, quantity.end_char)
    before = sentence.quote[start : quantity.start_char].strip(' ,;:–—„“"')
    after = sentence.quote[quantity.end_char : end].strip(' ,;:–—„“".')
    after = after.removeprefix(str(quantity.counted)).strip()
    return str(question_texts(sentence.article.language, "figures")["how_many"]).format(
        quantity.counted, f"{after} {before}".strip()
    )


def _alike(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) >= 0.6 * max(1, min(len(first), len(second)))
