"""Judged answers as JSONL beside the store, as ``rag eval new --from-feedback`` reads them."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict
from pathlib import Path

from rag.errors import StoreDamagedError
from rag.interchange import answer_to_json
from rag.ui.history import Exchange

_LOCK = threading.Lock()


def keep_feedback(file: Path, exchange: Exchange, *, comment: str = "") -> None:
    """Appends a judged answer with how it was made. Raises where the disk refuses."""
    if exchange.answer is None or exchange.rating is None:
        return
    line = json.dumps(
        {
            "rating": exchange.rating,
            "question": exchange.answer.question.text,
            "asked": exchange.asked,
            "at": exchange.at,
            "filters": asdict(exchange.filters),
            "comment": comment,
            "answer": answer_to_json(exchange.answer),
        },
        ensure_ascii=False,
    )
    try:
        with _LOCK, file.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
    except OSError as error:
        raise StoreDamagedError(
            f"The judgement cannot be kept in {str(file)!r}: {error.strerror}.",
            "Free the folder of the store.",
        ) from error
