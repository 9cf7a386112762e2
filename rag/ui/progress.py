"""Long work of a callback, streamed: it runs in a thread, and its progress is yielded."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from rag.ui.markup import element, text
from rag.ui.texts import Say, has

T = TypeVar("T")
Report = Callable[[str, int, int], None]
_PAUSE_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class Step:
    """How far a piece of work is; ``total`` is 0 where that is not known."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What the work came to."""

    value: T


def streamed(work: Callable[[Report], T]) -> Iterator[Step | Done[T]]:
    """The latest step now and then, and at last the result; what ``work`` raises is raised here."""
    latest: queue.SimpleQueue[Step] = queue.SimpleQueue()
    outcome: list[Done[T]] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(
                Done(work(lambda stage, done, total: latest.put(Step(stage, done, total))))
            )
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            failure.append(error)

    thread = threading.Thread(target=run, name="page-work", daemon=True)
    thread.start()
    yield Step("start", 0, 0)
    while thread.is_alive():
        thread.join(_PAUSE_SECONDS)
        step = None
        while not latest.empty():
            step = latest.get()
        if step is not None:
            yield step
    if failure:
        raise failure[0]
    yield outcome[0]


def progress_html(step: Step, say: Say) -> str:
    """A labelled bar; it swings where the end is not known."""
    key = f"work.{step.stage}"
    label = say(key) if has(key) else step.stage
    is_known = step.total > 0
    count = say("work.of", min(step.done, step.total), step.total) if is_known else ""
    if not is_known and step.done:
        count = str(step.done)
    bar = element(
        "progress",
        "",
        max=step.total if is_known else None,
        value=min(step.done, step.total) if is_known else None,
        aria_label=label,
    )
    return element(
        "div",
        element("span", text(label), class_="stage")
        + bar
        + element("span", text(count), class_="count"),
        class_="work",
        role="status",
    )
