"""The lesson panel's texts. What stands in braces is filled in by the panel."""
from __future__ import annotations

from dlviz.translation import _, table


class LessonPanelTexts:
    # panel.py
    LESSON = _("Lesson {number}")
    OWN_LESSON = _("Lesson")
    STEP_OF = _("Step {number} of {count}")
    KINDS = table({
        "predict": _(":material/psychology_alt: Predict"),
        "do": _(":material/touch_app: Do"),
        "observe": _(":material/visibility: Observe"),
        "explain": _(":material/forum: Explain"),
    })
    BACK = _("Back")
    NEXT = _("Next")
    SKIP = _("Skip")
    FINISH = _("Finish")
    PACED = _("Your teacher opens the next step for all. Try something else meanwhile.")
    FOLD = _("Fold the lesson away; it stays open.")
    LEAVE = _("Leave the lesson. You can go on with it later, from the page Learn.")
    UNFOLD = _("Lesson: {title}")
    FINISHED = _("You have finished **{title}**.")
    OPEN_DESIGN = _("Open {name}")
    GO_TO = _("Go to {page}")
    WAITING = _(":material/radio_button_unchecked: Not yet. The lesson watches your runs and notes it by itself.")
    COUNTED = _(":material/radio_button_unchecked: {number} of {count} so far.")
    DONE = _("Done")
    BY_RUN = _("{name}, step {step:,}")

    # asking.py
    YOUR_ANSWER = _("Your answer")
    IN_ORDER = _("Choose all, in your order: first comes the first.")
    STORED = _("Your prediction is kept.")
    STANDS = _("You predicted this before the run, so it stays as it was.")

    # sketching.py
    RUN_GONE = _("The run whose curve belongs here was deleted.")

    # comparing.py
    EXPECTED_NUMBER = _("You expected **{expected}** {unit}; it was **{found}**.")
    EXPECTED_EXACTLY = _("You expected **{expected}** {unit}, and so it was.")
    EXPECTED_CHOICE = _("You expected: *{expected}*")
    EXPECTED_RANKING = _("You expected this order: {expected}")
    NO_PREDICTION = _("You made no prediction here. Next time, guess first: you will see more.")


texts = LessonPanelTexts()
