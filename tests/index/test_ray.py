"""Ingestion on a cluster gives the index of one machine, even if a machine is lost half-way."""

import json
import time

import pytest

from rag.errors import UsageError
from rag.index.build import build
from rag.index.fake_embedder import HashEmbedder
from rag.index.store import IndexIdentity, Store
from rag.settings import Settings

pytest.importorskip("ray", reason="ray is not installed (pip install -e '.[ray]')")
pytestmark = pytest.mark.slow

ARTICLES = 60


class SlowEmbedder(HashEmbedder):
    """Leaves time to lose a machine in."""

    def embed_with_sentences(self, texts, spans, progress=None):
        time.sleep(0.3)
        return super().embed_with_sentences(texts, spans, progress)


def identity():
    embedder = HashEmbedder()
    return IndexIdentity(
        model=embedder.model_name,
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=Settings().chunk.model_dump(),
    )


@pytest.fixture
def news(tmp_path):
    rows = [
        {"article_id": f"n{n:03}", "text": f"Der Kahn {n} sank im Hafen. Niemand ertrank. " * 9}
        for n in range(ARTICLES)
    ]
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def cluster():
    from ray.cluster_utils import Cluster

    memory = 100 * 2**20
    started = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 2, "object_store_memory": memory, "include_dashboard": False},
    )
    started.second = started.add_node(num_cpus=2, object_store_memory=memory)
    started.wait_for_nodes()
    yield started
    started.shutdown()


def ingest(news, folder, prepare=None):
    with Store.open(folder, mode="write", identity=identity()) as store:
        options = {"prepare_all": prepare} if prepare else {}
        return build([news], store=store, embedder=HashEmbedder(), settings=Settings(), **options)


def everything(folder):
    with Store.open(folder, mode="read") as store:
        ids = [chunk.chunk_id for one in store.raw_hashes() for chunk in store.chunks_of(one)]
        assert store.check().is_sound
        return (
            store.articles(),
            [(one.chunk, one.vector.tobytes(), one.sentence_vectors.tobytes())
             for one in store.load(sorted(ids))],
            store.search_lexical(["kahn", "7"], 50),
            (store.signatures(), store.links()),
        )  # fmt: skip


def test_a_cluster_that_loses_a_machine_gives_the_index_of_one_machine(
    news, cluster, tmp_path, monkeypatch
):
    from rag.index.ray_prepare import ray_preparer

    monkeypatch.setattr("rag.index.build.BATCH_CHARS", 1200)
    ingest(news, tmp_path / "one")
    fingerprint = HashEmbedder().fingerprint
    written = []
    with ray_preparer(cluster.address, SlowEmbedder, fingerprint, Settings().chunk) as prepare:

        def losing_a_machine(batches):
            for prepared in prepare(batches):
                written.append(prepared)
                if len(written) == 4:
                    cluster.remove_node(cluster.second, allow_graceful=False)
                yield prepared

        report = ingest(news, tmp_path / "many", losing_a_machine)
    assert len(written) > 12
    assert len(report.new) == ARTICLES
    assert everything(tmp_path / "one") == everything(tmp_path / "many")


def test_a_cluster_that_is_not_there_is_named():
    from rag.index.ray_prepare import ray_preparer

    with pytest.raises(UsageError) as refused, ray_preparer(
        "127.0.0.1:9", HashEmbedder, "", Settings().chunk
    ):  # fmt: skip
        pass
    assert "ray start" in refused.value.hint
