"""Checks a store as a whole and repairs what can be repaired."""

from __future__ import annotations

from rag.index.records import StoreReport
from rag.index.store import Store
from rag.settings import StoreSettings


def check_store(settings: StoreSettings) -> StoreReport:
    """Everything that is wrong with a store. Raises ``StoreError`` where it cannot be opened."""
    with Store.open(
        settings.path, mode="read", url=settings.url, catalogue_url=settings.catalogue
    ) as store:
        return store.check()


def repair_store(settings: StoreSettings) -> list[str]:
    """Makes anew what is made from articles and vectors; what was done, a line each."""
    Store.open(
        settings.path, mode="read", url=settings.url, catalogue_url=settings.catalogue
    ).close()
    with Store.open(
        settings.path, mode="write", url=settings.url, catalogue_url=settings.catalogue
    ) as store:
        store.repair()
    return ["word lists and Chroma were made anew from the stored articles and vectors"]
