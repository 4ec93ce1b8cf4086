"""A server that has warmed: every page's program is loaded, and a full collection leaves it alone."""
from __future__ import annotations

import gc
import sys
from math import prod
from pathlib import Path

import pytest

from pages.ui.shared import shell, warming

USUAL = (700, 10, 10)  # as Python has them


@pytest.fixture
def collector():
    """The collector as it is in a process that only runs tests, afterwards."""
    before = gc.get_threshold()
    gc.unfreeze()  # another test of this process may have made a server
    gc.set_threshold(*USUAL)
    yield USUAL
    gc.unfreeze()
    gc.set_threshold(*before)


def test_what_a_server_has_loaded_is_never_walked_again(collector):
    gc.collect()  # what tests before have left is not the server's
    before = len(gc.get_objects())
    warming.warm()
    assert gc.get_freeze_count() > 0.9 * before and len(gc.get_objects()) < 0.1 * before


def test_full_collections_are_rare_and_young_garbage_still_goes(collector):
    warming.warm()
    assert prod(gc.get_threshold()) > 10 * prod(collector) and gc.isenabled() and gc.get_threshold()[0] < 10_000


def test_the_first_visit_to_a_page_finds_its_program_loaded(collector):
    warming.warm()
    names = {path.stem for path in Path(shell.__file__).parent.glob("*.py")}
    assert {f"pages.ui.shared.{name}" for name in names} <= set(sys.modules)
