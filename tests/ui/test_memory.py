import threading

from rag.ui import memory


def test_memory_is_given_back_while_the_page_is_served_and_not_after(monkeypatch):
    given = threading.Semaphore(0)
    monkeypatch.setattr(memory, "trimmer", lambda: given.release)
    with memory.given_back_regularly(0.001):
        assert given.acquire(timeout=30)
        assert given.acquire(timeout=30)
    assert "memory" not in [thread.name for thread in threading.enumerate()]


def test_where_memory_cannot_be_given_back_nothing_happens(monkeypatch):
    monkeypatch.setattr(memory, "trimmer", lambda: None)
    with memory.given_back_regularly():
        assert "memory" not in [thread.name for thread in threading.enumerate()]


def test_freed_memory_can_be_given_back_here():
    give_back = memory.trimmer()
    if give_back is not None:
        give_back()
