"""The process that parses HTML or PDF: ``python -m rag.ingest.parse_child KIND MEMORY_BYTES``.

Parsers of such formats can be made to hang or to eat the memory. Here that costs this process
only. It reads, again and again, a line ``SIZE LIMIT`` and SIZE bytes, and answers with a line.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import BinaryIO

from rag.ingest.parsed import TOO_MUCH_MEMORY, ParsedFile, UnreadableError

Parser = Callable[[bytes, int], ParsedFile]


def main() -> None:
    """Answer requests until the pipe closes."""
    kind, memory_bytes = sys.argv[1], int(sys.argv[2])
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not be taken for an answer.
    os.dup2(2, 1)
    parser = _parser(kind)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _answer(answers, {"ready": True})
    while line := requests.readline():
        size, limit = map(int, line.split())
        _answer(answers, _outcome(parser, requests.read(size), limit))


def _parser(kind: str) -> Parser:
    if kind == "pdf":
        from rag.ingest.pdf import parse_pdf

        return parse_pdf
    from rag.ingest.html import parse_html

    return lambda data, _limit: parse_html(data)


def _outcome(parser: Parser, data: bytes, limit: int) -> dict[str, object]:
    try:
        return {"parsed": parser(data, limit).to_json()}
    except UnreadableError as error:
        return {"reason": error.reason, "hint": error.hint}
    except MemoryError:
        return {
            "reason": TOO_MUCH_MEMORY,
            "hint": "Save its text.",
            "end": 1,
        }
    except Exception as error:  # noqa: BLE001 - libraries raise anything on broken files
        return {"reason": f"it is broken ({type(error).__name__})", "hint": "Save it again."}


def _answer(answers: BinaryIO, content: dict[str, object]) -> None:
    answers.write(json.dumps(content).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
