"""Two writers and readers share a store on a Chroma server and PostgreSQL and lose no vector.

``RAG_VECTORS=10000 pytest tests/index/test_shared_servers.py`` for the number promised.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from evals.trust.noted import note
from rag.index.store import Store

pytestmark = pytest.mark.integration

VECTORS = int(os.environ.get("RAG_VECTORS", "600"))
CHUNKS = 3
BATCH = 20

WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import made_articles as made
from rag.index.store import Store

url, catalogue, folder = sys.argv[2], sys.argv[3], Path(sys.argv[4])
first, last, batch = map(int, sys.argv[5:])
with Store.open(
    folder, mode="write", identity=made.IDENTITY, url=url, catalogue_url=catalogue
) as store:
    for start in range(first, last, batch):
        store.write([made.numbered(number) for number in range(start, min(start + batch, last))])
    store.finish()
"""


@pytest.fixture
def chroma(servers, tmp_path):
    started = servers.ChromaServer(tmp_path / "chroma")
    yield started
    started.stop()


def test_two_writers_and_a_reader_through_both_servers_lose_no_vector(
    made, postgres, chroma, tmp_path
):
    catalogue = postgres.new_database()
    each = -(-VECTORS // (2 * CHUNKS))
    spans = [(1, 1 + each), (1 + each, 1 + 2 * each)]

    def opened(mode):
        return Store.open(
            tmp_path / "here",
            mode=mode,
            identity=made.IDENTITY,
            url=chroma.url,
            catalogue_url=catalogue,
        )

    with opened("write") as store:
        store.write([made.numbered(0)])
        store.finish()
    command = [sys.executable, "-c", WRITER, str(Path(made.__file__).parent), chroma.url, catalogue]
    writers = [
        subprocess.Popen(
            [*command, str(tmp_path / "here"), *map(str, (*span, BATCH))], stdout=subprocess.PIPE
        )
        for span in spans
    ]
    first = made.numbered(0).chunks[0].chunk_id
    with opened("read") as reader:
        while any(writer.poll() is None for writer in writers):
            assert reader.search_dense(made.vector(first), 1)[0][0] == first
    assert [writer.wait() for writer in writers] == [0, 0]
    with opened("read") as reader:
        assert reader.counts().chunks == CHUNKS * (1 + 2 * each)
        lost = [
            chunk.chunk_id
            for number in range(1 + 2 * each)
            for chunk in made.numbered(number).chunks
            if reader.search_dense(made.vector(chunk.chunk_id), 1)[0][0] != chunk.chunk_id
        ]
        assert lost == []
        note(f"2 writers, {CHUNKS * (1 + 2 * each)} vectors: {len(lost)} lost")
        assert reader.notes == ()
        assert reader.check().is_sound
