"""Whether two ways of keeping one store give the same passages: a folder, and servers.

    python -m evals.bench.modes FOLDER OTHER_FOLDER --url http://… --catalogue postgresql://…

Asks both for the passages of titles of the store, and prints one JSON object: on how many questions
the first ten are the same, and what differs on the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.bench.asking import questions_of
from rag.pipeline import search
from rag.settings import load_settings
from rag.types import Question
from rag.wiring import open_deps

_FIRST = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 where fewer than 95 % are the same."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--catalogue")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args(arguments)
    here = load_settings(store={"path": options.folder})
    there = load_settings(
        store={"path": options.other, "url": options.url, "catalogue": options.catalogue}
    )
    with open_deps(here) as one, open_deps(there) as other:
        asked = questions_of(one, options.questions)
        differing: list[dict[str, Any]] = []
        for text in asked:
            first, second = (
                [passage.chunk.chunk_id for passage in search(Question(text=text), deps).passages]
                for deps in (one, other)
            )
            if first[:_FIRST] != second[:_FIRST]:
                gone = sorted(set(first[:_FIRST]) ^ set(second[:_FIRST]))
                differing.append({"question": text, "only in one": gone})
        notes = [*one.store.notes, *other.store.notes]
    same = 1 - len(differing) / len(asked)
    print(
        json.dumps(
            {"questions": len(asked), "same": round(same, 4), "notes": notes, "differ": differing},
            ensure_ascii=False,
        )
    )
    return 0 if same >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
