"""A small invented collection in a real store, embedded by the fake model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag.index.fake_embedder import HashEmbedder
from rag.pipeline import ingest
from rag.protocols import FloatArray
from rag.settings import load_settings
from rag.wiring import Deps

ARTICLES = [
    {
        "article_id": "a",
        "source": "Nordblatt",
        "title": "Brücke in Lüderau gesperrt",
        "published_at": "2025-03-04",
        "url": "https://nordblatt.example/bruecke",
        "text": "Die Sandbrücke in Lüderau ist am Dienstag nach einem Brand gesperrt worden. "
        "Bei dem Brand auf der Sandbrücke wurden 12 Menschen verletzt. "
        "Anfang 2026 soll die Sanierung der Sandbrücke beendet sein. "
        "„Wir werden die Brücke so schnell wie möglich öffnen“, sagte Bürgermeisterin Ilse Quandt. "
        "Die Feuerwehr war mit vierzig Fahrzeugen vor Ort.",
    },
    {
        "article_id": "b",
        "source": "Talkurier",
        "title": "Brand auf der Sandbrücke",
        "published_at": "2025-03-05",
        "url": "javascript:alert(1)",
        "text": "Die Sandbrücke in Lüderau ist nach einem Brand am Dienstag gesperrt. "
        "Bei dem Brand auf der Sandbrücke wurden 30 Menschen verletzt. "
        "Ursache des Brandes war ein brennender Lastwagen <b>mit Altpapier</b>. "
        "Die Umleitung führt über die Alte Furt im Westen der Stadt.",
    },
    {
        "article_id": "c",
        "source": "Hafenbote",
        "title": "Sandbrücke eröffnet",
        "published_at": "2019-06-01",
        "text": "Die Sandbrücke in Lüderau ist am Samstag feierlich eröffnet worden. "
        "Tausend Gäste feierten auf der neuen Sandbrücke bis in die Nacht.",
    },
]


class CrowdedEmbedder(HashEmbedder):
    """Word hashes pushed together as real models do: unrelated texts have a cosine of 0.8."""

    def _text_vector(self, text: str) -> FloatArray:
        own = super()._text_vector(text)
        shared = np.full(len(own), 2 / np.sqrt(len(own)), dtype=np.float32)
        moved = own + shared
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


@pytest.fixture(scope="session")
def deps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deps]:
    from rag.index.store import IndexIdentity, Store

    folder: Path = tmp_path_factory.mktemp("briefing")
    listed = folder / "articles.jsonl"
    listed.write_text("\n".join(json.dumps(each) for each in ARTICLES), encoding="utf-8")
    settings = load_settings(store={"path": folder / "store"})
    embedder = CrowdedEmbedder()
    identity = IndexIdentity(
        model=embedder.model_name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=settings.chunk.model_dump(),
    )
    for mode in ("write", "read"):
        with Store.open(folder / "store", mode=mode, identity=identity) as store:
            made = Deps(
                settings=settings,
                store=store,
                embedder=embedder,
                fingerprint=identity.fingerprint,
            )
            if mode == "write":
                ingest([listed], made)
            else:
                yield made
