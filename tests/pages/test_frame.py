"""What goes wrong behind the pages: it is said in a sentence, and loses nothing that can be kept."""
from __future__ import annotations

import errno

from dlviz import files, presets
from dlviz.errors import RunError
from pages.ui.shared import shell
from pages.ui.shared.design import Design

MLP = presets.get("mlp").experiment


def test_a_design_that_cannot_be_kept_is_changed_all_the_same(monkeypatch):
    def refuse(path, write):
        raise OSError(errno.ENOSPC, "No space left on device")

    design = Design("me", MLP)
    with monkeypatch.context() as full:
        full.setattr(files, "replace", refuse)
        design.replace(MLP.model_copy(update={"name": "Changed"}))
    assert design.experiment.name == "Changed" and "the disk is full" in design.trouble
    design.undo()
    assert not design.trouble


def test_only_what_is_meant_for_users_is_said():
    assert shell.show_error(RunError("A run", "is there", "it is not", "Choose another."))
    assert not shell.show_error(KeyError("x"))
