"""Expected failures as one clear sentence on the page; unexpected ones logged, never shown."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import gradio as gr

from rag.errors import RagError
from rag.ui.markup import text
from rag.ui.texts import Say, has

_LOG = logging.getLogger("rag.ui")

F = TypeVar("F", bound=Callable[..., Any])


class BusyError(RagError):
    """Too many computations wait already."""

    retryable = True

    def __init__(self) -> None:
        super().__init__("Too many questions at once.", "Try again in a moment.")


def sentence(error: Exception, say: Say) -> str:
    """What happened and what to do, for readers. Only expected failures are described."""
    if not isinstance(error, RagError):
        return say("error.unexpected")
    key = f"error.{type(error).__name__}"
    if has(key):
        return say(key)
    return f"{error.message} {error.hint}"


def log_unexpected(error: Exception) -> None:
    """Into the server's log, unless it is an expected failure."""
    if not isinstance(error, RagError):
        _LOG.error("a callback of the page failed", exc_info=error)


def told(say: Say) -> Callable[[F], F]:
    """Wraps a callback: what fails in it is shown as one sentence, without a traceback."""

    def wrap(callback: F) -> F:
        wrapped: Callable[..., Any]
        if inspect.isasyncgenfunction(callback):
            wrapped = _async_stream(callback, say)
        elif inspect.isgeneratorfunction(callback):
            wrapped = _stream(callback, say)
        else:
            wrapped = _call(callback, say)
        return cast(F, wrapped)

    return wrap


def _async_stream(
    callback: Callable[..., AsyncIterator[Any]], say: Say
) -> Callable[..., AsyncIterator[Any]]:
    @functools.wraps(callback)
    async def stream(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        with _shown(say):
            async for found in callback(*args, **kwargs):
                yield found

    return stream


def _stream(callback: Callable[..., Iterator[Any]], say: Say) -> Callable[..., Iterator[Any]]:
    @functools.wraps(callback)
    def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
        with _shown(say):
            yield from callback(*args, **kwargs)

    return stream


def _call(callback: Callable[..., Any], say: Say) -> Callable[..., Any]:
    @functools.wraps(callback)
    def call(*args: Any, **kwargs: Any) -> Any:
        with _shown(say):
            return callback(*args, **kwargs)

    return call


@contextmanager
def _shown(say: Say) -> Iterator[None]:
    try:
        yield
    except gr.Error:
        raise
    except Exception as error:
        log_unexpected(error)
        # A toast shows HTML, and a message may name a file.
        message = text(sentence(error, say))
        raise gr.Error(
            message, title=say("error.title"), duration=10, print_exception=False
        ) from error
