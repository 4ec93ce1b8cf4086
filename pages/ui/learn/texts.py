"""The learn page's texts. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n


class LearnTexts:
    # learn.py
    LEARN = _("Learn")
    EACH_LESSON_CHECKS = _("Short lessons from one neuron to a transformer. You guess, train a real network, and the "
                           "lesson sees by itself how your run went. You may begin anywhere, and stop anywhere.")

    # path.py
    BEGIN = _("Begin")
    GO_ON = _("Go on")
    AGAIN = _("Again")
    MINUTES = _n("{count} minute", "{count} minutes")
    STEPS_DONE = _("step {number} of {count}")
    FINISHED = _("finished")
    IS_OPEN = _("open beside the page")


texts = LearnTexts()
