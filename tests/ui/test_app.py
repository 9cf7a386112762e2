"""The page as a whole: what follows a change follows the last one, too."""

from __future__ import annotations

import pytest

from rag.ui.gradio_import import import_gradio

import_gradio()

from rag.settings import Settings  # noqa: E402
from rag.ui.app import page  # noqa: E402
from rag.ui.gate import Gate  # noqa: E402
from rag.ui.library import Library  # noqa: E402
from rag.wiring import open_deps  # noqa: E402


@pytest.fixture(scope="module")
def dependencies(tmp_path_factory):
    settings = Settings(store={"path": tmp_path_factory.mktemp("empty") / "store"})
    with open_deps(settings, mode="write") as deps:
        return page("de", Library(deps), Gate()).config["dependencies"]


def test_whatever_shows_a_view_or_follows_a_change_runs_again_after_one_that_still_runs(
    dependencies,
):
    modes = {
        each["trigger_mode"]
        for each in dependencies
        if {event for _, event in each["targets"]} & {"change", "blur"}
    }
    assert modes == {"always_last"}
