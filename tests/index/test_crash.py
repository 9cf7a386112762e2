"""Writers killed with SIGKILL at random, and while Chroma writes its files.

``RAG_KILLS`` sets how many of each kind; the long tier runs 50.
"""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evals.trust.noted import note
from rag.errors import StoreDamagedError, StoreMissingError
from rag.index.store import Store

pytestmark = pytest.mark.integration

KILLS = int(os.environ.get("RAG_KILLS", "5"))
CHILD = Path(__file__).with_name("made_articles.py")
COUNT = 400
A_STORE = 10
"""Kills that one store survives before the next is begun: a large one takes long to check."""


def limits(file_bytes=2_000_000_000):
    def apply():
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        resource.setrlimit(resource.RLIMIT_AS, (16_000_000_000, 16_000_000_000))

    return apply


def start(store, first, count=COUNT, **options):
    return subprocess.Popen(
        [sys.executable, str(CHILD), str(store), str(first), str(count)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limits(**options),
    )


def kill_after(process, seconds):
    """So long after it began to write: before, there is nothing to lose."""
    process.stdout.readline()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return acknowledged(process)


def acknowledged(process):
    said, _ = process.communicate()
    return max((int(line.split()[1]) for line in said.splitlines() if "stored" in line), default=0)


def native_files(store):
    found = {}
    for path in (store / "chroma").rglob("*.bin"):
        try:
            found[path] = (path.stat().st_size, path.stat().st_mtime_ns)
        except FileNotFoundError:
            continue
    return found


def kill_while_chroma_writes(process, store, delay):
    """Waits for the first change of a vector file, then kills within milliseconds."""
    before = native_files(store)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if native_files(store) != before:
            time.sleep(delay)
            break
    process.send_signal(signal.SIGKILL)
    return acknowledged(process)


def is_served_exactly(folder, made):
    with Store.open(folder, mode="read", identity=made.IDENTITY) as store:
        store.search_dense(made.vector("question"), 1)
        return bool(store.notes)


def assert_whole(store, made, first, stored, *, version=""):
    """Every acknowledged article is in, every other one whole or absent; all is findable."""
    present = {int(article_id[1:]) for article_id in store.raw_hashes()}
    assert set(range(first, stored)) <= present
    for number in sorted(present):
        assert len(store.chunks_of(f"a{number:05}")) == 3
    for number in random.Random(7).sample(sorted(present), min(25, len(present))):
        expected = made.numbered(number, version)
        (found,) = store.search_lexical([f"zq{number:05}"], 3)
        assert found[0] == expected.chunks[1].chunk_id
        for chunk in expected.chunks:
            assert store.search_dense(made.vector(chunk.chunk_id), 1)[0][0] == chunk.chunk_id


def assert_recovers(folder, made, first, stored):
    try:
        with Store.open(folder, mode="read", identity=made.IDENTITY) as store:
            assert_whole(store, made, first, stored)
    except StoreMissingError:
        assert stored == 0
    with Store.open(folder, mode="write", identity=made.IDENTITY):
        pass
    with Store.open(folder, mode="read", identity=made.IDENTITY) as store:
        assert_whole(store, made, first, stored)
        assert store.notes == ()
        assert store.check().is_sound


def test_a_writer_killed_at_random_loses_nothing_it_acknowledged(tmp_path, made):
    chance = random.Random(1)
    stored = [0] * (1 + KILLS // A_STORE)
    for number in range(KILLS):
        at = number // A_STORE
        folder = tmp_path / f"store{at}"
        process = start(folder, stored[at])
        stored[at] = max(stored[at], kill_after(process, chance.uniform(0, 3.0)))
        assert_recovers(folder, made, 0, stored[at])
    assert sum(stored), "no kill met a writer: the test would prove nothing"
    note(f"{KILLS} kills at random: 0 of {sum(stored)} acknowledged articles lost")


def test_a_writer_killed_while_chroma_writes_its_files_loses_nothing(tmp_path, made):
    chance = random.Random(2)
    stored = [0] * (1 + KILLS // A_STORE)
    hit = 0
    for number in range(KILLS):
        at = number // A_STORE
        folder = tmp_path / f"store{at}"
        process = start(folder, stored[at], 60)
        delay = chance.uniform(0, 0.03)
        stored[at] = max(stored[at], kill_while_chroma_writes(process, folder, delay))
        hit += is_served_exactly(folder, made)
        assert_recovers(folder, made, 0, stored[at])
    assert sum(stored) and hit, "no kill met Chroma while it was writing"
    note(
        f"{KILLS} kills when Chroma began to write, {hit} of them before it was done: "
        f"0 of {sum(stored)} acknowledged articles lost"
    )


def test_an_ingestion_goes_on_where_it_was_killed(tmp_path, made):
    folder = tmp_path / "store"
    process = start(folder, 0)
    while not process.stdout.readline().startswith("stored 50"):
        assert process.poll() is None
    process.kill()
    process.communicate()
    process = start(folder, 0, 60)
    said, _ = process.communicate(timeout=60)
    assert said.splitlines()[-1] == "finished"
    with Store.open(folder, mode="read", identity=made.IDENTITY) as store:
        assert_whole(store, made, 0, 60)
        assert store.check().is_sound


def test_ctrl_c_keeps_what_was_stored_and_frees_the_lock(tmp_path, made):
    process = start(tmp_path / "store", 0, 4000)
    while not process.stdout.readline().startswith("stored 30"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert_recovers(tmp_path / "store", made, 0, 30)


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path, made):
    folder = tmp_path / "store"
    with Store.open(folder, mode="write", identity=made.IDENTITY) as store:
        store.write([made.numbered(number) for number in range(20)])
    size = (folder / "catalogue.sqlite3").stat().st_size
    process = start(folder, 20, 4000, file_bytes=size + 200_000)
    _, complaint = process.communicate(timeout=60)
    assert StoreDamagedError.__name__ in complaint
    assert "Free some space" in complaint or "disk" in complaint
    assert_recovers(folder, made, 0, 20)
