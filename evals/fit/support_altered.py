"""Altered quotes: does the support check notice one changed number, name, date or negation?

    python -m evals.fit.support_altered [--around 300] [--seed N]

Sentences of the news set, changed by rule (200) and unchanged (200, half of them with an
attribution around them). No embedding: the rules on facts and words alone. ``--around`` quotes
each with so many characters of the article before and behind it, where a rule has more to slip on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rag.answer.support import Quoted, check_support
from rag.language.compounds import german_splitter
from rag.language.folding import fold
from rag.language.sentences import split_sentences
from rag.language.typography import format_date
from rag.types import Article

SET = Path(__file__).resolve().parents[3] / "shared" / "bench" / "german_news_3k.jsonl.gz"
SEED = 20261122
EACH = 50
UNCHANGED = 200
# fmt: off
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
          "Oktober", "November", "Dezember")
DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
# fmt: on
_NUMBER = re.compile(
    r"(?<![\d.,:])(\d{2,3}|\d{1,3}\.\d{3})(?![\d.,:%]|\. [A-Z]|-)(?= [a-zäöüA-ZÄÖÜ])"
)
_DATE = re.compile(rf"\b(\d{{1,2}})\. ({'|'.join(MONTHS)})\b|\b({'|'.join(DAYS)})\b")
_NAME = re.compile(r"(?<=[a-zäöüß,] )([A-ZÄÖÜ][a-zäöüß]{2,}) ([A-ZÄÖÜ][a-zäöüß]{3,})(?= [a-zäöüß])")
_VERB = re.compile(
    r"\b(ist|sind|war|waren|hat|haben|wird|werden|wurde|wurden|kann|können|soll|sollen)\b"
    r" (?!nicht|kein)"
)
_NEGATION = re.compile(r" nicht\b(?! nur| mehr als)")
Change = Callable[[str, random.Random, Sequence[str]], str | None]


def main() -> None:
    """Make the sentences, check them, report by kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--around", type=int, default=0, metavar="CHARS")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    pool = list(sentences())
    draw.shuffle(pool)
    names = sorted({name for _, text in pool[:4000] for name in full_names(text)})
    caught: Counter[str] = Counter()
    made: Counter[str] = Counter()
    started, checked = time.perf_counter(), 0
    slips = []
    for kind, change in CHANGES.items():
        for article, text in pool:
            altered = change(text, draw, names) if made[kind] < EACH else None
            if altered is None or altered == text:
                continue
            made[kind] += 1
            checked += 1
            if (
                check_support(altered, "de", [quoted(text, article, options.around)]).support
                == "unsupported"
            ):
                caught[kind] += 1
            else:
                slips.append((kind, text, altered))
    kept, lost = 0, []
    for place, (article, text) in enumerate(pool[-UNCHANGED:]):
        said = attributed(article, text, place)
        checked += 1
        verdict = check_support(said, "de", [quoted(text, article, options.around)])
        kept += verdict.support in ("supported", "verbatim")
        if verdict.support == "unsupported":
            lost.append((said, verdict.missing))
    total = sum(made.values())
    print(json.dumps({
        "changed": total,
        "caught": round(sum(caught.values()) / total, 3),
        "by_kind": {kind: f"{caught[kind]}/{made[kind]}" for kind in CHANGES},
        "unchanged": UNCHANGED,
        "kept": round(kept / UNCHANGED, 3),
        "ms_a_sentence": round(1000 * (time.perf_counter() - started) / checked, 2),
    }, indent=1))  # fmt: skip
    for row in [*slips[:10], *lost[:10]]:
        print("-", *row, sep="\n    ")


def quoted(text: str, article: Article, around: int) -> Quoted:
    """The sentence as a quote, with whole neighbours within so many characters."""
    place = article.text.index(text)
    spans = split_sentences(article.text, "de")
    near = [
        span
        for span in spans
        if span.end_char > place - around and span.start_char < place + len(text) + around
    ]
    if not around or not near:
        return Quoted(text, article)
    return Quoted(article.text[near[0].start_char : near[-1].end_char], article)


def sentences() -> Iterator[tuple[Article, str]]:
    """Whole sentences of a middling length."""
    with gzip.open(SET, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            article = Article(
                article_id=row.get("article_id") or "x", text=row["text"], content_hash="",
                raw_hash="", path="", language="de", title=row.get("title"),
                source=row.get("source"), published_at=row.get("published_at"),
            )  # fmt: skip
            for span in split_sentences(row["text"], "de"):
                text = row["text"][span.start_char : span.end_char]
                if 50 <= len(text) <= 250 and text[-1] == "." and text[0].isupper():
                    yield article, text


def full_names(text: str) -> list[str]:
    """First name and surname, as far as capitals and the lexicon of nouns tell."""
    return [
        found[0]
        for found in _NAME.finditer(text)
        if not any(is_noun(part) for part in found.groups())
    ]


def is_noun(word: str) -> bool:
    """Whether the lexicon of compounds knows the word."""
    return bool(german_splitter().parts("haus" + fold(word)))


def change_number(text: str, draw: random.Random, names: Sequence[str]) -> str | None:
    """Another number of the same length."""
    found = _NUMBER.search(text)
    if not found or 1900 <= int(found[1].replace(".", "")) <= 2100:
        return None
    value = int(found[1].replace(".", ""))
    other = max(2, value + draw.choice([-1, 1]) * max(1, round(value * draw.uniform(0.05, 0.6))))
    written = f"{other:,}".replace(",", ".") if "." in found[1] else str(other)
    return text[: found.start(1)] + written + text[found.end(1) :]


def change_name(text: str, draw: random.Random, names: Sequence[str]) -> str | None:
    """Another person of the news set."""
    own = full_names(text)
    return text.replace(own[0], draw.choice(names)) if own else None


def change_date(text: str, draw: random.Random, names: Sequence[str]) -> str | None:
    """Another day, month or weekday."""
    found = _DATE.search(text)
    if not found:
        return None
    if found[3]:
        other = draw.choice([day for day in DAYS if day != found[3]])
    elif draw.random() < 0.5:
        other = f"{found[1]}. {draw.choice([m for m in MONTHS if m != found[2]])}"
    else:
        other = f"{draw.choice([d for d in range(1, 28) if str(d) != found[1]])}. {found[2]}"
    return text[: found.start()] + other + text[found.end() :]


def change_negation(text: str, draw: random.Random, names: Sequence[str]) -> str | None:
    """A "nicht" taken out, or put behind the verb."""
    found = _NEGATION.search(text)
    if found:
        return text[: found.start()] + text[found.end() :]
    verb = _VERB.search(text)
    if not verb or draw.random() < 0.9:
        return None
    return f"{text[: verb.end(1)]} nicht{text[verb.end(1) :]}"


def attributed(article: Article, text: str, place: int) -> str:
    """Every second one with the words a writer puts around a quote."""
    outlet = article.outlet
    ways = (
        text,
        f"{outlet} berichtet: „{text}“",
        text,
        f"{outlet}, {format_date(article.published_at, 'de')}: {text}",
    )
    return ways[place % len(ways)]


CHANGES: dict[str, Change] = {
    "number": change_number,
    "name": change_name,
    "date": change_date,
    "negation": change_negation,
}


if __name__ == "__main__":
    main()
