"""The interface texts of the page Look, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _


class LookTexts:
    # lost.py
    ACCURACY_SO_FAR = _(" Accuracy so far: {number:.0f} % ({metric}).")
    NETWORK_HAS_NO_POSITIONAL = _("This network has no positional encoding (`none`), so attention sees a set of "
                                  "symbols, not a sequence. It cannot learn what depends on their order, no "
                                  "matter how long it trains.{score}")
    TRAIN_POSITIONAL_ENCODING = _("Train with positional encoding")
    SAME_NETWORK_FROM_SAME = _("The same network from the same seed, with the sinusoidal encoding.")
    WITH_POSITIONS = _("with positions")

    # trio.py
    TRAIN_THE_MISSING = _("Train the missing ones: {names}")
    SAME_NETWORK_TASK_FROM = _("The same network and task, from the same seed, with another kind of recurrent layer.")
    WHICH = _("Which {kind}")

    # views.py
    RUN_QUEUED = _("The run is queued.")
    VIEW = _("View")
    NETWORK_HAS_NO_ATTENTION = _("This network has no attention, no recurrent layer, no positional encoding and no "
                                 "embedding, so only its prediction can be shown.")
    WHAT_DOES_SHOW = _("What does this show?")

    # pages/look.py
    LOOK = _("Look")
    NO_NETWORK_SEQUENCES_YET = _("There is no network on sequences or points yet")
    RUN_READS_IMAGES = _("This run reads images")
    TRAIN_ONE_HERE = _("Look shows networks that read sequences or points. Train one here, or open a preset under "
                       "Attention, Memory or Points in the plane on the Workbench: it can be watched even while it "
                       "trains.")
    RUN_HAS_NO_TRAINED = _("This run has no trained weights")
    ENDED_BEFORE_FIRST_STEP = _("It ended before its first step. Start it again, or choose another run above.")
    GO_TO_TRAIN = _("Go to Train")


texts = LookTexts()
