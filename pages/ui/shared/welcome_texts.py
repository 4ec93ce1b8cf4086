"""The texts of the first visit."""
from __future__ import annotations

from dlviz.translation import _


class WelcomeTexts:
    WELCOME_TITLE = _("Build neural networks, train them, and look inside while they learn")
    WELCOME_LONG = _("dlviz trains real networks on your own computer, within seconds, and shows what goes on inside. "
                     "Begin with a lesson, or open a network and press Play.")
    WELCOME_LINE = _("**New here?** Press *Play* and watch this network learn, or take the first lesson.")
    FIRST_LESSON = _("Take the first lesson")
    OPEN_A_NETWORK = _("Open a network")
    JOIN_A_CLASS = _("Join a class")

    # offers.py, where there is no run yet
    TRAINED_READY = _("A trained network, ready to look into:")
    TRAINED_READY_WHY = _("Its weights came with dlviz. It opens as a finished run of yours.")


texts = WelcomeTexts()
