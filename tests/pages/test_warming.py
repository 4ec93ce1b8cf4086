"""A server that has warmed: every page's program is loaded, and a full collection leaves it alone."""
from __future__ import annotations

import gc
import sys
from pathlib import Path

from pages.ui import shell, warming


def test_what_a_server_has_loaded_is_never_walked_again():
    before = len(gc.get_objects())
    try:
        warming.warm()
        assert gc.get_freeze_count() > 0.9 * before and len(gc.get_objects()) < 0.1 * before
    finally:
        gc.unfreeze()


def test_the_first_visit_to_a_page_finds_its_program_loaded():
    try:
        warming.warm()
    finally:
        gc.unfreeze()
    names = {path.stem for path in Path(shell.__file__).parent.glob("*.py")}
    assert {f"pages.ui.{name}" for name in names} <= set(sys.modules)
