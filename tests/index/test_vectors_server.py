import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.index.store import Store

pytestmark = pytest.mark.integration


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_server(folder, port):
    chroma = Path(sys.executable).with_name("chroma")
    if not chroma.exists():
        pytest.skip("the chroma command is not installed beside Python")
    process = subprocess.Popen(
        [str(chroma), "run", "--path", str(folder), "--port", str(port), "--host", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    process.kill()
    raise AssertionError("the Chroma server did not start")


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    port = free_port()
    processes = [run_server(folder, port)]

    class Server:
        url = f"http://127.0.0.1:{port}"

        def stop(self):
            processes[-1].kill()
            processes[-1].wait()

        def start(self):
            processes.append(run_server(folder, port))

    yield Server()
    processes[-1].kill()
    processes[-1].wait()


def finds_itself(store, made, numbers, version=""):
    return all(
        store.search_dense(made.vector(chunk.chunk_id), 1)[0][0] == chunk.chunk_id
        for number in numbers
        for chunk in made.numbered(number, version).chunks
    )


def test_two_stores_share_a_server_without_meeting(made, server, tmp_path):
    for name, version in (("one", "eins"), ("two", "zwei")):
        with Store.open(
            tmp_path / name, mode="write", identity=made.IDENTITY, url=server.url
        ) as store:
            store.write([made.numbered(number, version) for number in range(20)])
    for name, version in (("one", "eins"), ("two", "zwei")):
        with Store.open(tmp_path / name, mode="read", url=server.url) as store:
            assert finds_itself(store, made, range(20), version)
            assert store.notes == ()
            assert store.check().is_sound
        assert not (tmp_path / name / "chroma").exists()


def test_a_server_that_is_gone_is_replaced_by_exact_search_and_asked_again(
    made, server, tmp_path, monkeypatch
):
    monkeypatch.setattr("rag.index.mirror._RETRY_SECONDS", 0.2)
    folder = tmp_path / "store"
    with Store.open(folder, mode="write", identity=made.IDENTITY, url=server.url) as store:
        store.write([made.numbered(number) for number in range(20)])
    with Store.open(folder, mode="read", url=server.url) as store:
        assert finds_itself(store, made, [3])
        server.stop()
        started = time.monotonic()
        assert finds_itself(store, made, [3, 4])
        assert time.monotonic() - started < 6.0
        assert "exactly" in store.notes[0]
        server.start()
        time.sleep(0.3)
        assert finds_itself(store, made, [3, 4])
        assert store.notes == ()


def test_a_server_that_never_answers_holds_up_nobody(made, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.index.vectors._SERVER_SECONDS", 0.5)
    monkeypatch.setattr("rag.index.vectors._WRITER_SECONDS", 0.5)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with Store.open(tmp_path / "store", mode="write", identity=made.IDENTITY, url=url) as store:
            store.write([made.numbered(1)])
            assert finds_itself(store, made, [1])
        assert time.monotonic() - started < 5.0


def test_a_server_that_was_down_while_writing_is_filled_by_the_next_writer(made, server, tmp_path):
    folder = tmp_path / "store"
    server.stop()
    with Store.open(folder, mode="write", identity=made.IDENTITY, url=server.url) as store:
        store.write([made.numbered(number) for number in range(20)])
        store.finish()
        assert "Chroma" in store.notes[0]
    server.start()
    with Store.open(folder, mode="write", identity=made.IDENTITY, url=server.url):
        pass
    with Store.open(folder, mode="read", url=server.url) as store:
        assert finds_itself(store, made, range(20))
        assert store.notes == ()


def test_a_server_that_lost_everything_is_filled_by_the_next_writer(made, server, tmp_path):
    import chromadb

    folder = tmp_path / "store"
    for _ in range(2):
        with Store.open(folder, mode="write", identity=made.IDENTITY, url=server.url) as store:
            store.write([made.numbered(number) for number in range(5)])
    client = chromadb.HttpClient(port=int(server.url.rsplit(":", 1)[1]), host="127.0.0.1")
    (collection,) = client.list_collections()
    client.delete_collection(collection.name)
    with Store.open(folder, mode="write", identity=made.IDENTITY, url=server.url):
        pass
    with Store.open(folder, mode="read", url=server.url) as store:
        assert finds_itself(store, made, range(5))
        assert store.notes == ()


def test_a_store_moves_between_folder_and_server(made, server, tmp_path):
    folder = tmp_path / "store"
    for url in (None, server.url, None):
        with Store.open(folder, mode="write", identity=made.IDENTITY, url=url):
            pass
        with Store.open(folder, mode="write", identity=made.IDENTITY, url=url) as store:
            store.write([made.numbered(1)])
        with Store.open(folder, mode="read", url=url) as store:
            assert finds_itself(store, made, [1])
            assert store.notes == ()
