import os
import subprocess
import sys
import time

import pytest

from rag.errors import StoreLockedError
from rag.index.lock import LOCK_NAME, WriterLock

HOLDER = """
import sys, time
from pathlib import Path
from rag.index.lock import WriterLock
with WriterLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_writer_is_refused_within_a_second_and_told_who_holds_it(holder, tmp_path):
    started = time.monotonic()
    with pytest.raises(StoreLockedError) as refused, WriterLock(tmp_path):
        pass
    assert time.monotonic() - started < 1.0
    assert str(holder.pid) in refused.value.message
    assert refused.value.retryable


def test_the_lock_of_a_killed_writer_is_free(holder, tmp_path):
    holder.kill()
    holder.wait()
    with WriterLock(tmp_path):
        assert (tmp_path / LOCK_NAME).read_text() == f"{os.getpid()}\n"


def test_a_lock_is_free_again_after_use(tmp_path):
    for _ in range(2):
        with WriterLock(tmp_path):
            pass


def test_a_child_of_the_writer_does_not_keep_the_lock(tmp_path):
    with WriterLock(tmp_path):
        child = subprocess.Popen(["sleep", "30"], close_fds=False)
    try:
        with WriterLock(tmp_path):
            pass
    finally:
        child.kill()
        child.wait()
