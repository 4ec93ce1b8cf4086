"""The interface texts of the page Draw, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _


class DrawTexts:
    # pages/draw.py
    DRAW = _("Draw")
    NO_NETWORK_YET = _("There is no network yet")
    TRAIN_ONE_HERE = _("Train one here or on the Workbench: it predicts what you draw, even during training.")
    RUN_DOES_NOT_TAKE = _("This run does not take images")
    ONLY_NETWORK_TAKES_ONE = _("Only a network that takes one greyscale image of 28 x 28 pixels can be given a "
                               "drawing. Choose another run above.")
    RUN_HAS_NO_TRAINED = _("This run has no trained weights")
    ENDED_BEFORE_FIRST_STEP = _("It ended before its first step. Start it again, or choose another run above.")
    GO_TO_TRAIN = _("Go to Train")
    INPUT = _("Input")
    DRAW_LEFT_PREDICTION_APPEARS = _("Draw: the prediction appears here after each stroke.")
    TEST_IMAGES_HAVE_DOWNLOADED = _("The test images have to be downloaded first.")
    NETWORK_INPUT = _("Network input")
    NETWORK_INPUT_X_PIXELS = _("**Network input:** 28 x 28 pixels, your drawing scaled to {box} and centred by its "
                               "mass, as in the training data.")
    INPUT_AS_DRAWN = _("**Network input:** 28 x 28 pixels, your drawing where it stands. Draw as large as the test "
                       "images are: a margin of a seventh on each side.")
    DRAW_MOUSE_OR_FINGER = _("Draw with the mouse or a finger, or")
    TRY_TEST_IMAGE = _("try a test image")
    NO_PREDICTION_YET = _("No prediction yet.")


texts = DrawTexts()
