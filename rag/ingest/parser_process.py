"""Runs the parsers of HTML and PDF in processes of their own, with limits on time and memory."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import rag
from rag.ingest.parsed import TOO_MUCH_MEMORY, ParsedFile, UnreadableError
from rag.settings import IngestSettings

Kind = Literal["html", "pdf"]

# Importing the parsers can take long on a busy machine and is not the file's fault.
_START_SECONDS = 120.0
_FILES_PER_PROCESS = 500
_NO_ANSWER = "The file may be damaged; save its text as .txt."


class ParserProcesses:
    """One process for each kind of file, started when first needed and used again."""

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings
        self._running: dict[Kind, _Process] = {}

    def __enter__(self) -> ParserProcesses:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for process in self._running.values():
            process.stop()
        self._running.clear()

    def parse(self, kind: Kind, data: bytes) -> ParsedFile:
        """The content of a file. Raises ``UnreadableError``."""
        process = self._running.get(kind)
        if process is None:
            process = _Process(kind, self._settings.parser_memory_bytes)
            self._running[kind] = process
        try:
            answer = process.ask(data, self._settings.max_pdf_pages, self._settings.parser_seconds)
        except BaseException:
            # After a time-out, an interruption or a crash its next answer could be the wrong one.
            self._drop(kind)
            raise
        if answer.get("end") or process.files >= _FILES_PER_PROCESS:
            self._drop(kind)
        if "parsed" in answer:
            return ParsedFile.from_json(answer["parsed"])
        raise UnreadableError(answer["reason"], answer["hint"])

    def _drop(self, kind: Kind) -> None:
        process = self._running.pop(kind, None)
        if process is not None:
            process.stop()


class _Process:
    """A running ``rag.ingest.parse_child``."""

    def __init__(self, kind: Kind, memory_bytes: int) -> None:
        self.files = 0
        self._unread = b""
        root = str(Path(rag.__file__).resolve().parent.parent)
        inherited = os.environ.get("PYTHONPATH")
        path = root if not inherited else os.pathsep.join((root, inherited))
        self._child = subprocess.Popen(
            # -P: a file named like a library in the current folder must not be run.
            [sys.executable, "-P", "-m", "rag.ingest.parse_child", kind, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            # Ctrl-C is for the ingestion, which then ends its parsers.
            start_new_session=True,
        )
        if not self._read_line(_START_SECONDS):
            self.stop()
            raise UnreadableError("its parser does not start", "See `rag doctor`.")

    def ask(self, data: bytes, limit: int, seconds: float) -> dict[str, Any]:
        """The answer about one file. Raises ``UnreadableError`` when none comes in time."""
        self.files += 1
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(b"%d %d\n" % (len(data), limit))
            self._child.stdin.write(data)
            self._child.stdin.flush()
        except OSError as error:
            raise UnreadableError("its parser died", _NO_ANSWER) from error
        line = self._read_line(seconds)
        if line is None:
            raise UnreadableError(
                f"it takes longer than {seconds:g} s to parse (ingest.parser_seconds)", _NO_ANSWER
            )
        if not line:
            raise UnreadableError(TOO_MUCH_MEMORY, _NO_ANSWER)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the process at once."""
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    # A broken pipe cannot be flushed; the process is gone already.
                    continue
        self._child.wait()

    def _read_line(self, seconds: float) -> bytes | None:
        """One line; ``None`` when it does not come in time, empty when the process ended."""
        assert self._child.stdout is not None
        deadline = time.monotonic() + seconds
        pieces = [self._unread]
        while b"\n" not in pieces[-1]:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._child.stdout], [], [], left)[0]:
                return None
            piece = os.read(self._child.stdout.fileno(), 1 << 16)
            if not piece:
                return b""
            pieces.append(piece)
        line, _, self._unread = b"".join(pieces).partition(b"\n")
        return line
