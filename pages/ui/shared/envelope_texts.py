"""The texts of sealed test results."""
from __future__ import annotations

from dlviz.translation import _


class EnvelopeTexts:
    SEALED = _("The test result is sealed: choose by validation.")
    SEALED_SHORT = _("sealed")
    MEASURES_ON_TEST = _("What is left of a network is measured on the test samples, and the test result is sealed. "
                         "This opens with it.")
    OPEN = _("Open this test result, once")
    OPEN_WHY = _("The lesson opens the test result of one run. Those of the other runs stay sealed.")


texts = EnvelopeTexts()
