"""A store gets the vectors of another model while it is asked, and is never without an answer."""

import threading

import numpy as np
import pytest

from rag.errors import StoreMismatchError
from rag.index.build import build
from rag.index.fake_embedder import HashEmbedder
from rag.index.following import FollowingEmbedder, in_one_space
from rag.index.reembedding import reembed
from rag.index.store import IndexIdentity, Store
from rag.retrieve.retrieve import retrieve
from rag.settings import RetrieveSettings, Settings
from rag.types import Question

pytestmark = pytest.mark.integration
OLD, NEW = HashEmbedder(64), HashEmbedder(96)


def identity(embedder):
    return IndexIdentity(
        model=f"hash/{embedder.dimension}",
        embedder_fingerprint=embedder.fingerprint,
        dimension=embedder.dimension,
        chunk=Settings().chunk.model_dump(),
    )


@pytest.fixture
def folder(tmp_path):
    news = tmp_path / "news"
    news.mkdir()
    for number in range(40):
        text = f"Der Kahn {number} sank im Hafen. Niemand ertrank. Das Kennwort war zq{number:03}. "
        (news / f"{number}.txt").write_text(text * 4, encoding="utf-8")
    with Store.open(tmp_path / "store", mode="write", identity=identity(OLD)) as store:
        build([news], store=store, embedder=OLD, settings=Settings())
    return tmp_path / "store"


def ask(store, embedder, number):
    question = Question(text=f"Wie war das Kennwort zq{number:03}?", language="de")
    return in_one_space(store, lambda: retrieve(question, store, embedder, RetrieveSettings()))


def following(store):
    return FollowingEmbedder(store, OLD, lambda name: HashEmbedder(int(name.rpartition("/")[2])))


def test_after_the_switch_everything_is_in_the_new_space(folder):
    with Store.open(folder, mode="write") as store:
        chunks = store.counts().chunks
        assert reembed(store, NEW, identity(NEW)) == chunks
    with Store.open(folder, mode="read", identity=identity(NEW)) as store:
        assert store.check().is_sound
        for chunk in store.chunks_of("7"):
            (loaded,) = store.load([chunk.chunk_id])
            sentences = [chunk.text[s.start_char - chunk.start_char : s.end_char - chunk.start_char]
                         for s in chunk.sentences]  # fmt: skip
            expected = NEW.embed_passages(sentences)
            assert np.allclose(loaded.sentence_vectors, expected, atol=2e-3)
            assert store.search_dense(loaded.vector, 1)[0][1] > 0.999
        assert store.notes == ()
    with pytest.raises(StoreMismatchError):
        Store.open(folder, mode="read", identity=identity(OLD))


def test_questions_are_answered_all_along(folder, monkeypatch):
    monkeypatch.setattr("rag.index.reembedding._BATCH", 8)
    asked, failures, done = [], [], threading.Event()

    def keep_asking():
        with Store.open(folder, mode="read") as store:
            embedder = following(store)
            while not done.is_set() or len(asked) < 5:
                number = len(asked) % 40
                try:
                    found = ask(store, embedder, number)
                    first = found.passages[0].article.article_id
                    asked.append((store.identity_now().dimension, first == str(number)))
                except Exception as error:  # noqa: BLE001  whatever a user would have seen
                    failures.append(error)
                    return

    asker = threading.Thread(target=keep_asking)
    asker.start()
    while asker.is_alive() and len(asked) < 3:
        done.wait(0.02)
    with Store.open(folder, mode="write") as store:
        reembed(store, NEW, identity(NEW))
    seen = len(asked)
    while asker.is_alive() and len(asked) < seen + 5:
        done.wait(0.02)
    done.set()
    asker.join()
    assert failures == []
    assert {dimension for dimension, _ in asked} == {64, 96}
    assert all(is_right for _, is_right in asked)


class Stopping(HashEmbedder):
    """Is stopped after some batches, as by Ctrl-C."""

    left = 2
    embedded = 0

    def embed_with_sentences(self, texts, spans, progress=None):
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        self.embedded += len(texts)
        return super().embed_with_sentences(texts, spans, progress)


def test_what_was_stopped_goes_on_and_is_not_seen_before_its_end(folder, monkeypatch):
    monkeypatch.setattr("rag.index.reembedding._BATCH", 8)
    embedder = Stopping(96)
    with pytest.raises(KeyboardInterrupt), Store.open(folder, mode="write") as store:
        reembed(store, embedder, identity(embedder))
    with Store.open(folder, mode="read", identity=identity(OLD)) as store:
        assert ask(store, OLD, 3).passages[0].article.article_id == "3"
        chunks = store.counts().chunks
    embedder.left = 1000
    with Store.open(folder, mode="write") as store:
        reembed(store, embedder, identity(embedder))
    assert embedder.embedded == chunks
    with Store.open(folder, mode="read", identity=identity(NEW)) as store:
        assert store.check().is_sound
