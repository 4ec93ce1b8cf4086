"""The interface texts of the page Explain, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, table


class ExplainTexts:
    # examined.py
    RUNNING_TEST_SAMPLES = _("Running the test samples ...")

    # layers.py
    LAYER = _("Layer")

    # question.py
    INPUT = _("Input")
    NUMBER_TEST_SET = _("Number in the test set, 0 to {last:,}")
    ANOTHER = _("Another")

    # source.py
    WEIGHTS_AFTER_STEP = _("Weights after {step:,} step{number}")
    ENDED = _("ended")
    THE_RUN_CONTINUES = _("{words}; the run continues")
    USE_STEP = _("Use step {step:,}")

    # switches.py
    ALL_OFF = _("{layer}: all off")
    BYPASSED = _("{layer}: bypassed")
    NOISE_ON = _("noise {amount:.2f} on {layer}")
    AND_MORE = _("{first} and {count} more")

    # why.py
    ANYTHING = _("nothing")
    OUTPUT_NOT_FINITE_WEIGHTS = _("The output is not finite: the weights have diverged. Train again with a smaller "
                                  "learning rate.")
    COMPUTING = _("Computing ...")
    WHY = _("Why")
    PREDICTION = _("prediction: {name}")
    AGAINST = _("against")
    THE_OUTPUT = _("the output")
    OUTPUT_STEP = _("Output step")
    PREDICTS = _("{index}: predicts {name}")
    GRAD_CAM_LAYER = _("Grad-CAM layer")
    OCCLUSION_WINDOW = _("Occlusion window")
    BEFORE_SOFTMAX = _(" (before softmax)")
    THE_PREDICTION = _("the prediction")
    THE_LOGIT_OF = _("the logit of {name}")
    LOGIT_MINUS = _("the logit of {name} minus that of {other}")
    SQUARE_PIXELS = _("a square of {window} pixels")
    A_STEP = _("a step")
    WHAT_IS = _("what is")
    A_BLACK_PICTURE = _("a black picture")
    THE_AVERAGE_SYMBOL = _("the average symbol")
    ALL_ZEROS = _("all zeros")
    SUM = _("Sum")
    OUTPUT_MINUS = _("Output minus that of {blank}")
    LARGEST_DROP = _("Largest drop")
    SIZE_MAP = _("Size of the map")

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
    ABLATED_HEADS_OF = _("Ablated heads of {suffix}")
    WEIGHT_NOISE = _("Weight noise")
    STANDARD_DEVIATIONS_WEIGHTS = _("In standard deviations of the weights: at 1 the noise is as large as the "
                                    "weights.")
    ALL_LAYERS = _("all layers")
    NEW_NOISE = _("New noise")
    WHICH_MATTERS_MOST = _("Which {which} matters most?")
    ABLATING_EACH_TURN = _("Ablating each {which} in turn ...")
    MATTERS_MOST_WITHOUT = _("{title} {name} matters most: without it, {accuracy:.1%}.")
    MOST_IMPORTANT_OFF = _("{first} most important off")
    LEAST_IMPORTANT_OFF = _("{first} least important off")
    CONFUSION_MATRIX = _("Confusion matrix")
    TEST_SAMPLES = _("{count:,} test samples{suffix}")

    # words.py
    NO_MAPS = _("This network has no convolution over an image, so there are no feature maps to weight.")
    SIGNS = _("red ones raise it, blue ones lower it")
    SIGNS_OF_A_NUMBER = _("red ones raise it, blue ones lower it")
    SALIENCY = _("Saliency")
    SIZE_GRADIENT = _("size of the gradient")
    STRONG_COLOUR_SMALL_CHANGE = _("Strong colour: a small change of this {thing} would change {of} most.")
    DOES_NOT_SAY_WHICH = _("It does not say which way, nor that the {thing} was used: a blank place can be strong.")
    INTEGRATED_GRADIENTS = _("Integrated gradients")
    GRADIENTS_ADDED_UP_WAY = _("gradients added up on the way from {blank}")
    SPLITS_AMONG_S = _("Splits {of} among the {thing}s: {signs}.")
    DOES_NOT_SAY_WHAT = _("It does not say what being blank adds: it measures from {blank}, and what equals that "
                          "gets nothing.")
    GRAD_CAM = _("Grad-CAM")
    FEATURE_MAPS_WEIGHTED_THEIR = _("feature maps, weighted by their gradients")
    STRONG_COLOUR_FEATURE_MAPS = _("Strong colour: the feature maps of {layer} at this place raise the logit.")
    DOES_NOT_SAY_WHICH_PIXELS = _("It does not say which pixels: one square of a map sees a wide patch. Nor what "
                                  "speaks against.")
    OCCLUSION = _("Occlusion")
    HIDE_PLACE_EVALUATE_AGAIN = _("hide a place and evaluate again")
    RED_FALLS_WHEN_HERE = _("Red: {of} falls when {patch} here is hidden. Blue: it rises.")
    MISSES_REDUNDANCY_TWO_PLACES = _("It misses redundancy: two places that can replace each other both look "
                                     "unimportant.")

    # pages/explain.py
    EXPLAIN = _("Explain")
    WHAT_IS_EXPLAINED = _("What is explained")
    RUN_HAS_NOT_MADE = _("The run has not made its first step yet")
    SOON_HAS_TRAINED_WEIGHTS = _("As soon as it has trained weights, its predictions can be explained here.")
    GO_TO_TRAIN = _("Go to Train")
    NO_NETWORK_EXPLAIN_YET = _("There is no network to explain yet")
    TRAIN_ONE_EXAMPLE_MLP = _("Train one, for example the MLP that is open in Build or the small CNN, then come "
                              "back to see why it predicts what it predicts.")
    TRAIN_A_NETWORK = _("Train a network")
    DRAW_LEFT_EXPLANATION = _("Draw on the left: the explanation of the prediction appears after each stroke.")


texts = ExplainTexts()
