"""Texts that views share. What one view alone says stands in its own file. Braces are filled in by the view."""
from __future__ import annotations

from dlviz.translation import _


class ViewTexts:
    # base.py
    APPEARS_FIRST_CAPTURE = _("It appears with the first capture.")
    NOTHING_STORED = _("Nothing of it was stored.")
    LAYER = _("Layer")

    # pictures.py
    TIMES = _("{count} times {noun}")
    THIS_IS = _("This is {name}")
    TEST_SAMPLE = _("Test sample {index}: {name}")
    OF_X = _(" of {height} x {width}")
    THE_FIRST_SHOWN = _(", the first {most} shown")
    CAPTURE_NOTE = _("{count}{last}{count_2}, after step {step:,}. {signs}")
    SIGNS = _("Red is above zero, blue is below.")

    # weights.py
    FIRST_LAYER_NETWORK_DOES = _("The first layer of this network does not take an image, so its weights are not "
                                 "shown as images.")
    WEIGHTS_EACH = _("The weights of each {noun} of {name}: {note}")

    # confusion.py, mistakes.py
    COMMON_CONFUSIONS = _("Most common confusions")
    EVALUATED_VALIDATION_SAMPLES = _("Evaluated on {samples:,} validation samples after step {step:,}.")
    MOST_CONFIDENT_MISTAKES = _("The most confident mistakes. ")
    NO_MISTAKES = _("No mistakes. ")


texts = ViewTexts()
