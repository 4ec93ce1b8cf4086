"""The learn page's texts. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


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

    # making.py
    MAKE_A_LESSON = _("Make a lesson")
    OF_A_DESIGN = _("Of your design")
    OF_A_LESSON = _("Of another lesson")
    OF_THIS_DESIGN = _("The lesson opens the design that is on the Workbench now: **{name}**, with its task and its "
                       "training settings. It asks, watches a run, and asks why.")
    TITLE = _("Title")
    IDEA = _("The one idea, in a sentence")
    QUESTION = _("What do you ask before the run?")
    ANSWERS = _("Answers to choose from, one a line")
    TASK = _("What is to be done? 60 words at most")
    TICK = _("The step is ticked off when")
    TICKS = table({
        "accuracy": _("a run reaches this validation accuracy"),
        "budget": _("a run reaches it with so few parameters"),
        "diverged": _("a run diverges"),
        "overfitting": _("the doctor finds overfitting"),
    })
    PERCENT = _("Percent")
    PARAMETERS = _("Parameters at most")
    WHY = _("What do you ask after the run?")
    REASONS = _("Reasons to choose from, one a line, the one that fits first")
    REPLY_BEHIND = _("What a learner reads who chooses a reason may stand behind it after two colons: "
                     "The steps were too large :: Yes: each one jumps over the valley.")
    HIDES = _("What the lesson hides")
    HIDEABLE = table({"inspector": _("The panel beside the layers"), "presets": _("The presets"),
                      "places": _("The pages at which the run in focus is opened large"),
                      "learning_rate": _("The learning rate")})
    NOTES = _("Notes for the teacher, never shown to learners")
    FILL_IN = _("Title, idea, question, task and why are still needed.")

    # duplicating.py
    WHICH_LESSON = _("Which lesson")
    DUPLICATE = _("Duplicate it")
    THE_FILE = _("The lesson's file")
    HOW_TO_WRITE = _("A heading with ## is a step. docs/lessons.md has all words.")
    YOUR_LESSON = _("your lesson")

    # giving.py
    TRY_IT = _("Try it as a student")
    TRY_IT_WHY = _("Opens it for you alone. Leave it as any lesson, come back here, change it, and try again.")
    GET_FILE = _("Get the file")
    GET_LINK = _("Get a link")
    LINK_WHY = _("Whoever opens it on this server has the lesson.")
    PUT_HERE = _("Put it on this page")
    PUT_HERE_WHY = _("For everybody on this server, and to be chosen for a class.")
    IS_HERE = _("**{title}** stands on this page now.")
    WHERE_TO_PUT = _("Put it into the folder *{folder}* of the data folder, and it stands on this page, for everybody "
                     "on this server. docs/lessons.md says what else a lesson can do.")


texts = LearnTexts()
