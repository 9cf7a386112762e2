"""Checks a store as a whole and repairs what can be repaired."""

from __future__ import annotations

from contextlib import suppress

from rag.errors import StoreDamagedError
from rag.index.checking import named
from rag.index.database import Mode
from rag.index.lock import WriterLock
from rag.index.records import StoreReport
from rag.index.salvage import Saved, salvage
from rag.index.sqlite import CATALOGUE_NAME
from rag.index.store import Store
from rag.settings import StoreSettings

_ANEW = "word lists and Chroma were made anew from the stored articles and vectors"


def check_store(settings: StoreSettings) -> StoreReport:
    """Everything that is wrong with a store. Raises ``StoreError`` where it cannot be opened."""
    with _opened(settings, "read") as store:
        return store.check()


def repair_store(settings: StoreSettings) -> list[str]:
    """Saves whole articles and makes anew what is made from them; what was done, a line each.

    Raises ``StoreDamagedError`` where nothing can be saved.
    """
    done = [] if _is_catalogue_sound(settings) else [_saved(settings)]
    with _opened(settings, "write") as store:
        store.repair()
    return [*done, _ANEW]


def _is_catalogue_sound(settings: StoreSettings) -> bool:
    with suppress(StoreDamagedError), _opened(settings, "read") as store:
        return not store.catalogue_problems()
    return False


def _opened(settings: StoreSettings, mode: Mode) -> Store:
    return Store.open(settings.path, mode=mode, url=settings.url, catalogue_url=settings.catalogue)


def _saved(settings: StoreSettings) -> str:
    if settings.catalogue is not None:
        raise StoreDamagedError(
            "The catalogue in the database is damaged.", "Restore a backup of the database."
        )
    with WriterLock(settings.path):
        saved = salvage(settings.path / CATALOGUE_NAME)
    if saved is None:
        raise StoreDamagedError(
            f"Nothing of the catalogue in {str(settings.path)!r} can be saved.",
            "Restore a backup, or move the folder away and run `rag ingest PATH…` again.",
        )
    return _told(saved)


def _told(saved: Saved) -> str:
    line = f"{saved.articles} articles were saved into a new catalogue"
    if saved.lost_count:
        line += f", {saved.lost_count} are lost: ingest their files again"
        line += f" ({named(saved.lost)})" if saved.lost else ""
    return f"{line}; the broken one is kept as {CATALOGUE_NAME}.damaged"
