"""The interface texts of the page Runs, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, table


class RunsTexts:
    # compare.py
    KINDS = table({
        "val": _("Validation"),
        "train": _("Training"),
    })
    COMPARE = _("Compare")
    ALL_RUNS = _("All runs")
    CURVES_OF = _("Curves of")
    LOG_SCALE = _("Log scale")
    EPOCH = _("epoch")
    THESE_RUNS_HAVE_NO = _("These runs have no points yet")
    BEST_VALIDATION_ACCURACY = _("best validation accuracy")
    TEST_ACCURACY = _("test accuracy")

    # pages/runs.py
    NO_RUNS_YET = _("No runs yet")
    EVERY_RUN_APPEARS_HERE = _("Every run appears here, with its curves, its settings and its weights.")
    TRAIN_CURRENT_DESIGN = _("Train the current design")


texts = RunsTexts()
