"""Runs a language model over the seeds' questions and reports what becomes of its answers.

    python -m evals.fit.support_models GGUF_OR_URL [--questions 30] [--store DIR] [--out FILE]
                                       [--model NAME] [--cpu-seconds 900] [--prompts de|en|both]
                                       [--language de|en] [--patience 180]

Nugget recall and citation exactness stand beside the extractive answer to the same questions.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from evals.metrics.citations import citation_precision
from evals.scoring import statements_of
from rag.llm.failures import LLMFailure
from rag.llm.policy import Model
from rag.llm.prompts import Prompt
from rag.llm.prompts import load_prompt as load_any_prompt
from rag.pipeline import ask
from rag.settings import load_settings
from rag.types import Answer, Language, Question
from rag.wiring import Deps, open_deps

CASES = Path(__file__).resolve().parents[1] / "cases"
Row = dict[str, Any]


def main() -> None:
    """Ask, compare, report."""
    options = arguments()
    local = Path(options.model_or_url)
    llm: Row = {
        "cache": False,
        "max_tokens": options.max_tokens,
        "deadline_seconds": options.patience,
        "first_token_seconds": options.patience * 2 / 3,
        "gap_seconds": options.patience / 6,
    }
    llm |= {"gguf": local} if local.is_file() else {"url": options.model_or_url}
    if options.model:
        llm["model"] = options.model
    settings = load_settings(store={"path": options.store}, llm=llm, answer={"mode": "llm"})
    rows = []
    with open_deps(settings) as deps:
        texts = keep_texts(deps)
        for case in cases(options.questions, options.language):
            if resource.getrusage(resource.RUSAGE_SELF).ru_utime > options.cpu_seconds:
                break
            for prompts in prompts_for(case, options.prompts):
                row = asked(case, deps, texts, prompts)
                rows.append(row)
                print(f"{len(rows):>3} {row['mode']:<10} {row['seconds']:>6.1f} s", flush=True)
                keep(rows, options.out)
    print(json.dumps(reports(rows), indent=1, ensure_ascii=False))


def keep(rows: Sequence[Row], out: Path | None) -> None:
    """Written after each answer: such a run takes hours, and may be ended."""
    if out:
        written = {"report": reports(rows), "rows": rows}
        out.write_text(json.dumps(written, indent=1, ensure_ascii=False), encoding="utf-8")


def prompts_for(case: Row, chosen: str | None) -> tuple[Language, ...]:
    """The languages of the prompts a question is asked with."""
    own: Language = case["language"]
    if chosen == "both":
        return ("de", "en") if own == "de" else ("en",)
    return ("de",) if chosen == "de" else ("en",) if chosen == "en" else (own,)


def reports(rows: Sequence[Row]) -> Row:
    """The figures for each language of question and prompt."""
    kinds = sorted({(row["language"], row["prompts"]) for row in rows})
    return {
        f"questions {language}, prompts {prompts}": summary(
            [row for row in rows if (row["language"], row["prompts"]) == (language, prompts)]
        )
        for language, prompts in kinds
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model_or_url")
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--store", type=Path, default=Path(".rag"))
    parser.add_argument("--model")
    parser.add_argument("--max-tokens", type=int, default=200)
    parser.add_argument("--cpu-seconds", type=float, default=900)
    parser.add_argument("--prompts", choices=["de", "en", "both"])
    parser.add_argument("--language", choices=["de", "en"])
    parser.add_argument("--patience", type=float, default=180, help="seconds for an answer")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def cases(limit: int, language: Language | None = None) -> Iterator[Row]:
    """Answerable questions, spread over the files; of one language, those alone."""
    found: list[Row] = []
    for name in ("seeds_de.yaml", "seeds_en.yaml"):
        listed = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["cases"]
        usable = [case for case in listed if case["expected_status"] == "answered"]
        share = limit * 2 // 3 if name == "seeds_de.yaml" else limit - limit * 2 // 3
        step = max(1, len(usable) // max(1, share))
        found += usable[::step][:share]
    yield from (case for case in found if language in (None, case["language"]))


def keep_texts(deps: Deps) -> list[str]:
    """What the model writes, before anything is checked."""
    texts: list[str] = []
    model = deps.model
    assert isinstance(model, Model)
    complete = model.complete

    def watched(*given: Any, **named: Any) -> Any:
        accept = named.get("accept", lambda text: None)

        def keep(text: str) -> None:
            texts.append(text)
            accept(text)

        return complete(*given, **{**named, "accept": keep})

    model.complete = watched  # type: ignore[method-assign]
    return texts


def asked(case: Row, deps: Deps, texts: list[str], prompts: Language) -> Row:
    """One case: the written answer beside the extractive one."""
    language: Language = case["language"]
    force_prompt(prompts)
    about: Row = {"case": case["case_id"], "language": language, "prompts": prompts}
    question = Question(text=case["question"], language=language)
    texts.clear()
    started, used = time.monotonic(), time.process_time()
    try:
        answer = ask(question, deps)
    except LLMFailure as failure:
        return {**about, "mode": failure.kind, "seconds": 0.0}
    seconds, cpu_seconds = time.monotonic() - started, time.process_time() - used
    plain = ask(question, without_model(deps))
    return {
        **about,
        "mode": answer.run.mode,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu_seconds, 1),
        "usage": dict(answer.run.usage),
        "notes": list(answer.run.notes),
        "wrote": list(texts),
        "answer": answer.text,
        "recall": recall(case["nuggets"], answer.text),
        "recall_extractive": recall(case["nuggets"], plain.text),
        "precision": precision(answer),
        "precision_extractive": precision(plain),
        "inexact_quotes": inexact(answer),
        "support": [citation.support for citation in answer.citations],
        "sentences": len(answer.sentences),
    }


def force_prompt(language: Language) -> None:
    """Ask with the prompts of one language whatever the question's."""
    from rag.answer import generate

    setattr(generate, "load_prompt", partial(_load_always, language))  # noqa: B010


def _load_always(
    language: Language, name: str, own: Language, folder: Path | None = None
) -> Prompt:
    return load_any_prompt(name, language, folder)


def without_model(deps: Deps) -> Deps:
    """The same without a language model."""
    from dataclasses import replace

    return replace(deps, model=None)


def recall(nuggets: Sequence[Mapping[str, Any]], text: str) -> float | None:
    """The share of vital nuggets in the text."""
    vital = [nugget for nugget in nuggets if nugget["importance"] == "vital"]
    if not vital:
        return None
    found = [any(re.search(p, text) for p in nugget["patterns"]) for nugget in vital]
    return sum(found) / len(found)


def precision(answer: Answer) -> float | None:
    """The share of citations that bear on their sentence, as `rag eval` counts it."""
    texts = {p.article.article_id: p.article.text for p in answer.passages}
    return citation_precision(statements_of(answer), texts).value


def inexact(answer: Answer) -> int:
    """Quotes that do not stand at their offsets."""
    texts = {p.article.article_id: p.article.text for p in answer.passages}
    return sum(texts[c.article_id][c.start_char : c.end_char] != c.quote for c in answer.citations)


def summary(rows: Sequence[Row]) -> Row:
    """The figures of the report."""
    written = [row for row in rows if row["mode"] == "llm"]
    reasons: dict[str, int] = {}
    dropped = total = 0
    for row in rows:
        for note in row.get("notes", ()):
            if note.startswith("The language model's answer is not used"):
                why = re.sub(r"^.*?: | \(.*|\.$", "", note)
                reasons[why] = reasons.get(why, 0) + 1
            share = re.search(r"\((\d+) of (\d+) sentences\)", note)
            if share:
                dropped += int(share[2]) - int(share[1])
                total += int(share[2])
            lost = re.match(r"Dropped (\d+) sentence", note)
            dropped += int(lost[1]) if lost else 0
            total += int(lost[1]) if lost else 0
        total += row.get("sentences", 0) if row["mode"] == "llm" else 0
    return {
        "questions": len(rows),
        "written_by_model": len(written),
        "fallbacks": reasons,
        "sentences_dropped_share": round(dropped / total, 3) if total else None,
        "recall_shown": mean([row.get("recall") for row in rows]),
        "recall_extractive": mean([row.get("recall_extractive") for row in rows]),
        "recall_written_only": mean([row["recall"] for row in written]),
        "recall_extractive_same": mean([row["recall_extractive"] for row in written]),
        "citation_precision_shown": mean([row.get("precision") for row in rows]),
        "citation_precision_written": mean([row["precision"] for row in written]),
        "citation_precision_extractive": mean([row.get("precision_extractive") for row in rows]),
        "inexact_quotes": sum(row.get("inexact_quotes", 0) for row in rows),
        "seconds_median": sorted(row["seconds"] for row in rows)[len(rows) // 2] if rows else None,
        "cpu_seconds_median_asked": median_of_asked(rows),
        "first_token_median": median_usage(rows, "first_token_seconds"),
        "prompt_tokens_median": median_usage(rows, "prompt_tokens"),
    }


def median_usage(rows: Sequence[Row], name: str) -> float | None:
    """The middle of what the runs say."""
    found = sorted(r["usage"][name] for r in rows if name in r.get("usage", {}))
    return found[len(found) // 2] if found else None


def median_of_asked(rows: Sequence[Row]) -> float | None:
    """Processor time where the model was asked, that of a model in this process with it."""
    found = sorted(row["cpu_seconds"] for row in rows if row.get("usage", {}).get("calls"))
    return found[len(found) // 2] if found else None


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of what is scored."""
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 3) if known else None


if __name__ == "__main__":
    main()
