"""Fifth stage: Passages → Evidence. Every sentence gets a probability that it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answer.features import ScoredSentence, score_sentences
from rag.answer.model import linear_model, load_model_data, logistic
from rag.retrieve.matching import question_words
from rag.retrieve.retrieve import Retrieval
from rag.types import Evidence, Question

_ASKING = 6.0
_HEADING = 3.0
_OTHER_EVENT = 2.0
_OTHER_NAMES = 0.5
_SPEAKER = 1.5


def score_evidence(question: Question, retrieval: Retrieval) -> tuple[Evidence, ...]:
    """All sentences of the passages, the most probable answer first.

    ``features`` of each holds what the probability was computed from, and ``score``, its log-odds
    among the sentences found.
    """
    words = question_words(question.text, question.language)
    return weigh(score_sentences(words, retrieval.passages))


def weigh(sentences: Sequence[ScoredSentence]) -> tuple[Evidence, ...]:
    """The sentences as evidence, the most probable answer first; ties keep the order given."""
    data = load_model_data("evidence")
    model, calibration = linear_model(data), data["calibration"]
    found = []
    for place, row in enumerate(sentences):
        score = model.score(row.features) - _rebate(row.features)
        probability = logistic(calibration["slope"] * score + calibration["intercept"])
        evidence = Evidence(
            article=row.passage.article,
            chunk_id=row.passage.chunk.chunk_id,
            quote=row.quote,
            start_char=row.span.start_char,
            end_char=row.span.end_char,
            probability=probability,
            similarity=row.similarity,
            features={**row.features, "score": score},
        )
        found.append((-score, place, evidence))
    return tuple(evidence for _, _, evidence in sorted(found, key=lambda item: item[:2]))


def _rebate(features: Mapping[str, float]) -> float:
    """Log-odds taken from sentences that are about something else, however like the question.

    Rules, because XQuAD, which the weights are fitted on, has no such sentences: the questions of
    articles that answer readers' questions, headings within a text, reports of a similar event that
    lack a name the question gives (the meeting in another city), and what another person said than
    is asked about. On XQuAD they cost nothing.
    """
    is_heading = max(features["is_incomplete"] * features["is_short"], features["is_heading"])
    return (
        _ASKING * features["is_question"]
        + _HEADING * is_heading
        + _OTHER_EVENT * (1 - features["names_held"])
        + _OTHER_NAMES * (1 - features["names_near"])
        - _SPEAKER * features["speaker"]
    )
