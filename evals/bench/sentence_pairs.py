"""What the rules say of two sentences alone: contradicting, the same, or only seemingly different.

    python -m evals.bench.sentence_pairs

1,160 sentences with a question and, in other papers' words, what cannot be true beside them, what
says the same, and what is compatible however different it looks (``evals/cases``). Prints by kind
the share called different, and the most frequent reasons for the contradicting ones. In an answer
these sentences stand in articles, and much that is compatible is never compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.case_files import CASES_DIR
from rag.compare.pairs import compare_sentences
from rag.compare.verdict import Verdict
from rag.types import Language, Question

PAIRS = CASES_DIR / "sentence_pairs.jsonl"
DAY = "2025-03-20"
"""Both are read as of one day: „Mittwoch“ means the same in both."""
LABELS = ("contradicting, lightly reworded", "contradicting, reworded", "same", "compatible")
MOST_REASONS = 12


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Two sentences as answers to a question; ``label`` is one of ``LABELS``."""

    kind: str
    label: str
    language: Language
    question: str
    first: str
    second: str

    def verdict(self) -> Verdict:
        """What the rules say."""
        return compare_sentences(
            self.first,
            self.second,
            Question(text=self.question, language=self.language),
            languages=(self.language, self.language),
            published_at=DAY,
        )


def sentence_pairs(path: Path = PAIRS) -> Iterator[SentencePair]:
    """All pairs of the file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        lightly, reworded = case["contradicting"]
        labelled = [(LABELS[0], lightly), (LABELS[1], reworded)]
        labelled += [(LABELS[2], each) for each in case["same"]]
        labelled += [(LABELS[3], each) for each in case["compatible"]]
        for label, second in labelled:
            yield SentencePair(
                case["kind"], label, case["language"], case["question"], case["sentence"], second
            )


def main() -> None:
    """Print the table."""
    seen: Counter[tuple[str, str]] = Counter()
    different: Counter[tuple[str, str]] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    for pair in sentence_pairs():
        verdict = pair.verdict()
        for kind in (pair.kind, "all"):
            seen[kind, pair.label] += 1
            different[kind, pair.label] += verdict.relation == "different"
        if pair.label in LABELS[:2]:
            reasons[verdict.relation, verdict.reason] += 1
    print("called different | " + " | ".join(LABELS))
    for kind in sorted({kind for kind, _ in seen}):
        shares = [f"{different[kind, x] / seen[kind, x]:.2f}" for x in LABELS]
        print(f"{kind} | " + " | ".join(shares))
    for (relation, reason), count in reasons.most_common(MOST_REASONS):
        print(f"{count} contradicting pairs: {relation}, {reason}")


if __name__ == "__main__":
    main()
