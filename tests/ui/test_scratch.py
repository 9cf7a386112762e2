"""Exports lie in one folder of the process, and not for ever."""

from __future__ import annotations

import os
import time

from rag.ui.scratch import KEPT_SECONDS, Scratch


def test_each_export_has_a_folder_of_its_own_and_old_ones_go():
    scratch = Scratch()
    old, kept = scratch.folder(), scratch.folder()
    (old / "briefing.md").write_text("alt", encoding="utf-8")
    past = time.time() - KEPT_SECONDS - 60
    os.utime(old, (past, past))
    fresh = scratch.folder()
    assert not old.exists()
    assert kept.exists()
    assert fresh.parent == kept.parent
