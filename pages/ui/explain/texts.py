"""The interface texts of the page Explain, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class ExplainTexts:
    # examined.py
    COMPUTING = _("Computing ...")
    RUNNING_TEST_SAMPLES = _("Running the test samples ...")

    # layers.py
    LAYER = _("Layer")

    # question.py
    INPUT = _("Input")
    NUMBER_TEST_SET = _("Number in the test set, 0 to {last:,}")
    ANOTHER = _("Another")

    # source.py
    WEIGHTS_AFTER_STEP = _n("Weights after {count:,} step", "Weights after {count:,} steps")
    THE_RUN_CONTINUES = _("{words}; the run continues")
    USE_STEP = _("Use step {step:,}")

    # switches.py
    ALL_WEIGHTS = _("all weights")
    ALL_OFF = _("{layer}: all off")
    BYPASSED = _("{layer}: bypassed")
    NOISE_ON = _("noise {amount:.2f} on {layer}")
    HEADS = _n("{part}: head {heads}", "{part}: heads {heads}")
    AND_MORE = _n("{first} and {count} more", "{first} and {count} more")

    # ablation.py
    INSTEAD = table({
        "zero": _("zero"),
        "mean": _("their mean"),
    })
    NETWORK_HAS_ONLY_OUTPUT = _("This network has only its output layer: there is no unit to switch off before it.")
    EVALUATING_TEST_SAMPLES = _("Evaluating on the test samples ...")
    ABLATED_UNITS_OUTPUT = _("Ablated units output")
    RESET = _("Reset")
    ABLATE_THE_LAYER = _("Ablate the layer")
    BYPASS_THE_LAYER = _("Bypass the layer")
    ABLATED_HEADS_OF = _("Ablated heads of {part}")
    WEIGHT_NOISE = _("Weight noise")
    STANDARD_DEVIATIONS_WEIGHTS = _("In standard deviations of the weights: at 1 the noise is as large as the "
                                    "weights.")
    ALL_LAYERS = _("all layers")
    NEW_NOISE = _("New noise")
    WHICH_MATTERS_MOST = _("Which {which} is the most important?")
    ABLATING_EACH_TURN = _("Ablating each {which} in turn ...")
    MATTERS_MOST_WITHOUT = _("{title} {name} is the most important: without it, accuracy is {accuracy}.")
    MOST_IMPORTANT_OFF = _("{first} most important off")
    LEAST_IMPORTANT_OFF = _("{first} least important off")
    CONFUSION_MATRIX = _("Confusion matrix")
    TEST_SAMPLES_ON = _n("{count:,} test sample, everything on", "{count:,} test samples, everything on")
    TEST_SAMPLES_OFF = _n("{count:,} test sample, with what is switched off",
                          "{count:,} test samples, with what is switched off")

    # pages/explain.py
    EXPLAIN = _("Explain")
    WHAT_IS_EXPLAINED = _("What is explained")
    RUN_HAS_NOT_MADE = _("The run has not made its first step yet")
    SOON_HAS_TRAINED_WEIGHTS = _("As soon as it has trained weights, its predictions can be explained here.")
    GO_TO_TRAIN = _("Go to Train")
    NO_NETWORK_EXPLAIN_YET = _("There is no network to explain yet")
    TRAIN_ONE_HERE = _("Train one here or on the Workbench, to see why it predicts what it predicts.")
    RUN_HAS_NO_TRAINED = _("This run has no trained weights")
    ENDED_BEFORE_FIRST_STEP = _("It ended before its first step. Start it again, or choose another run above.")
    DRAW_LEFT_EXPLANATION = _("Draw: the explanation of the prediction appears here after each stroke.")

    # of games
    LEARNT_FROM_GAMES = _("This network learns from games")
    EXPLAINS_TARGETS = _("Explain works on samples whose answer is known; what this network plays is to be seen "
                         "under Play.")


texts = ExplainTexts()
