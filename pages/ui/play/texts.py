"""The interface texts of the page Play, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _


class PlayTexts:
    # pages/play.py
    PLAY = _("Play")
    NO_NETWORK_YET = _("There is no network that plays yet")
    TRAIN_ONE_HERE = _("Train one here, or open a preset under Games on the Workbench: it can be watched while it "
                       "learns, and you can play on the same board.")
    RUN_PLAYS_NOTHING = _("This run has not learnt a game")
    RUN_HAS_NO_TRAINED = _("This run has no trained weights")
    ENDED_BEFORE_FIRST_STEP = _("It ended before its first step. Start it again, or choose another run above.")
    GO_TO_TRAIN = _("Go to Train")

    # ui/play/game.py
    ANOTHER_GAME = _("Another game")
    ANY_OTHER_GAME = _("Another beginning, for the network and for you")
    BEGIN = _("You begin")
    SECOND = _("The network begins")
    WHO_BEGINS = _("Who begins")
    STANDS_FOR = _("{sentence} It stands for: {large}")


texts = PlayTexts()
