"""Texts that views share. What one view alone says stands in its own file. Braces are filled in by the view."""
from __future__ import annotations

from dlviz.tasks import Modality
from dlviz.translation import _, _n, table


class ViewTexts:
    # decision_surface.py
    FEATURES = _("features")

    # base.py
    APPEARS_FIRST_CAPTURE = _("It appears with the first capture.")
    NOTHING_STORED = _("None of it was stored.")
    LAYER = _("Layer")

    # layer_weights.py
    WEIGHTS_OF = _("weights of {layer}")
    GRADIENT_OF = _("gradient of {layer}")
    SPREAD_AFTER = _("{count:,} parameters of {layer} after step {step:,}: mean {mean:.2g}, standard deviation "
                     "{deviation:.2g}.")
    GRADIENT_NORM = _("The gradient of test sample {sample} has the norm {norm:.2g}.")

    # pictures.py
    NUMBERS = _n("{count} number", "{count:,} numbers")
    MAPS = _n("{count} map", "{count:,} maps")
    NEURONS = _n("{count} neuron", "{count:,} neurons")
    KERNELS = _n("{count} kernel", "{count:,} kernels")
    THIS_IS = _("Target: {name}")
    TEST_SAMPLE = _("Test sample {index}: {name}")
    NUMBERS_AFTER = _n("{count} number, after step {step:,}. Red is above zero, blue is below.",
                       "{count:,} numbers, after step {step:,}. Red is above zero, blue is below.")
    MAPS_AFTER = _n("{count} map of {height} x {width}, after step {step:,}. Red is above zero, blue is below.",
                    "{count:,} maps of {height} x {width}, after step {step:,}. Red is above zero, blue is below.")
    FIRST_MAPS_AFTER = _n("{count} map of {height} x {width}, the first {most} shown, after step {step:,}. Red is "
                          "above zero, blue is below.",
                          "{count:,} maps of {height} x {width}, the first {most} shown, after step {step:,}. Red is "
                          "above zero, blue is below.")
    NEURONS_AFTER = _n("The weights of each neuron of {name}: {count} neuron of {height} x {width}, after step "
                       "{step:,}. Red is above zero, blue is below.",
                       "The weights of each neuron of {name}: {count:,} neurons of {height} x {width}, after step "
                       "{step:,}. Red is above zero, blue is below.")
    FIRST_NEURONS_AFTER = _n("The weights of each neuron of {name}: {count} neuron of {height} x {width}, the first "
                             "{most} shown, after step {step:,}. Red is above zero, blue is below.",
                             "The weights of each neuron of {name}: {count:,} neurons of {height} x {width}, the first "
                             "{most} shown, after step {step:,}. Red is above zero, blue is below.")
    KERNELS_AFTER = _n("The weights of each kernel of {name}: {count} kernel of {height} x {width}, after step "
                       "{step:,}. Red is above zero, blue is below.",
                       "The weights of each kernel of {name}: {count:,} kernels of {height} x {width}, after step "
                       "{step:,}. Red is above zero, blue is below.")
    FIRST_KERNELS_AFTER = _n("The weights of each kernel of {name}: {count} kernel of {height} x {width}, the first "
                             "{most} shown, after step {step:,}. Red is above zero, blue is below.",
                             "The weights of each kernel of {name}: {count:,} kernels of {height} x {width}, the first "
                             "{most} shown, after step {step:,}. Red is above zero, blue is below.")

    # maps.py
    OUTPUT_OF = _("Output of {layer}")

    # weights.py
    FIRST_LAYER_NETWORK_DOES = _("The first layer of this network does not take an image, so its weights are not "
                                 "shown as images.")

    # confusion.py, mistakes.py
    COMMON_CONFUSIONS = _("Most common confusions")
    EVALUATED_VALIDATION_SAMPLES = _("Evaluated on {samples:,} validation samples after step {step:,}.")
    MOST_CONFIDENT_MISTAKES = _("The most confident mistakes. ")
    NO_MISTAKES = _("No mistakes. ")

    # compare.py
    OF_CORRECT = _("{correct} of {total} correct")
    PREDICTS_CORRECTLY = _("predicts {text}: correct")
    PREDICTS_WRONGLY = _("predicts {text}: wrong")
    PREDICTS = _("predicts {text}")

    # forecast.py
    TARGET = _("target")
    KNOWN = _("known")
    ONE_STEP_AHEAD = _("one step ahead")
    MULTI_STEP = _("multi-step")
    NAIVE_ONE_STEP_AHEAD = _("naive, one step ahead: {method}")
    FORECASTS_IN = _("Forecasts in {unit}")
    FORECASTS = _("Forecasts")
    TARGET_NOT_KNOWN_YET = _("The target is not known yet, so the forecast cannot be evaluated.")
    STEPS_AHEAD = _n("one step ahead", "{count} steps ahead")
    MEAN_ABSOLUTE_ERROR_ONE = _("Mean absolute error: {one} one step ahead, and {many} for the multi-step forecast "
                                "({steps_ahead}), which continues from its own predictions. The naive forecast, "
                                "which learns nothing, has {naive_one} and {naive_many}.")

    # gradients.py
    UNKNOWN = _("The target is not known here, so there is no loss and no gradient.")
    NORM_TO_ENTRY = _("Gradient norm at each step, relative to its norm at the step where it enters")
    NORM_TO_LARGEST = _("Gradient norm at each step, relative to its largest norm")
    NAMED_NORM_TO_ENTRY = _("{name}: Gradient norm at each step, relative to its norm at the step where it enters")
    NAMED_NORM_TO_LARGEST = _("{name}: Gradient norm at each step, relative to its largest norm")
    GRADIENT_ZERO_EVERYWHERE = _("{name}: the gradient is zero everywhere.")
    GRADIENT_LARGEST_STEP = _("{name}: the gradient is largest at step {most} “{word}”.")
    ENTERS_AT_FIRST = _("{name}: the gradient enters at the first step, which was read first, so there is nothing to "
                        "flow back through.")
    ENTERS_AT_LAST = _("{name}: the gradient enters at the last step, which was read first, so there is nothing to "
                       "flow back through.")
    GROWS_TO_FIRST = _("{name}: the gradient grows {factor:,.0f} times on its way back to the first step.")
    GROWS_TO_LAST = _("{name}: the gradient grows {factor:,.0f} times on its way back to the last step, which was "
                      "read first.")
    COMES_BACK_TO_FIRST = _("{name}: {fraction} of the gradient comes back to the first step.")
    COMES_BACK_TO_LAST = _("{name}: {fraction} of the gradient comes back to the last step, which was read first.")
    NOTHING = _("nothing")
    PART_IN = _("1 part in {round:,.0f}")
    LESS_THAN_BILLIONTH = _("less than a billionth")

    # guesses.py
    AT_ONCE = _("This network reads the complete sequence at once and was trained on complete sequences. Each "
                "column is its prediction when only the beginning up to that step is given, followed by silence.")
    STEP_BY_STEP = _("Only the last column is a prediction that the network was trained for: its readout, the "
                     "layers behind {layer}, has learned from the state after the last step only. The other columns "
                     "apply the same readout to earlier states. It was never trained on these, so a wrong "
                     "prediction there does not count.")

    # samples.py
    TEMPERATURE = _("Temperature")
    SAMPLES_FROM_PREDICTED = _("1 samples from the predicted probabilities. Lower values favour the most probable "
                               "symbols, higher values give more random samples.")
    TOP_K = _("Top-k")
    SAMPLES_ONLY_FROM_K = _("Samples only from the k most probable symbols.")
    TOP_P = _("Top-p")
    SAMPLES_ONLY_FROM_P = _("Samples only from the fewest symbols that have the probability p together.")
    SAMPLE_AGAIN = _("Sample again")
    SAMPLE_OTHER_NAMES_SAME = _("Sample other names with the same weights.")

    # merges.py
    MERGES = _("Merges")
    MERGES_HELP = _("How many of the merges are applied, in the order in which they were learned.")

    # beams.py
    BEAM_WIDTH = _("Beam width")
    BEAM_WIDTH_HELP = _("How many beginnings are followed at once; 1 is greedy.")
    BEAM_LENGTH = _("Symbols")
    BEAM_LENGTH_HELP = _("How far the search goes on.")

    # lens.py, rollout.py, residual.py
    ROLLOUT_OF = _("{row} comes from {column}: {fraction}")
    ROLLOUT_LABEL = _("How much of each symbol each output is made of, through all layers up to {layer}")
    RESIDUAL_LABEL = _("Length of the vector of each symbol behind each layer")
    RESIDUAL_CELL = _("{layer}, “{word}”: length {norm}")
    TO_SYMBOL = _("output at")
    FROM_SYMBOL = _("symbol")

    # caching.py
    WITHOUT_CACHE = _("without a cache")
    WITH_CACHE = _("with a KV cache")
    MILLISECONDS_SYMBOL = _("milliseconds per symbol")
    SYMBOLS_BEFORE = _("symbols before it")
    CACHE_SAME = _("Both give the same probabilities (largest difference {difference:.1e}). Seconds of the "
                   "processor, measured just now on this computer.")
    CACHE_TIMES = _("{count} symbols one by one: {without} without a cache, {with_cache} with it, {factor:.1f} times "
                    "as fast. The cache then holds {size:,.0f} kilobytes.")
    MILLISECONDS = _("{count:.1f} ms")
    CACHE_NOT_POSSIBLE = _("This network gives other probabilities with a cache than without, so it cannot use one: a "
                           "layer looks at later symbols, or carries a state of its own.")

    # states.py
    HIDDEN_STATE = _("Hidden state")
    WHAT_LAYER_CARRIES_FROM = _("What the layer carries from each step to the next and passes to the next layer. "
                                "Each row is one unit.")
    CELL = _("Cell")
    CELL_STATE_LSTM_CHANGES = _("The cell state of the LSTM. It changes only as far as the gates allow.")
    INPUT_GATE = _("Input gate")
    HOW_MUCH_CANDIDATE_WRITTEN = _("How much of the candidate is written into the cell: 1 all of it, 0 nothing.")
    FORGET_GATE = _("Forget gate")
    HOW_MUCH_OLD_CELL = _("How much of the old cell state is kept: 1 all of it, 0 nothing.")
    OUTPUT_GATE = _("Output gate")
    HOW_MUCH_CELL_STATE = _("How much of the cell state is passed on as hidden state: 1 all of it, 0 nothing.")
    CANDIDATE = _("Candidate")
    NEW_VALUES_INPUT_GATE = _("The new values that the input gate can write into the cell.")
    RESET_GATE = _("Reset gate")
    HOW_MUCH_OLD_HIDDEN = _("How much of the old hidden state is used to compute the new one: 1 all of it, 0 "
                            "nothing.")
    UPDATE_GATE = _("Update gate")
    HOW_MUCH_OLD_HIDDEN_STATE = _("How much of the old hidden state is kept: 1 all of it, 0 replaced by the new one.")
    NEW = _("New")
    PROPOSED_HIDDEN_STATE_UPDATE = _("The proposed hidden state; the update gate decides how much of it is used.")
    VIEW = _("View")

    # positions.py, embeddings.py
    NEAR_MEANS_ALIKE = _("Similar symbols lie close together. Shown here: {percent} of the variance (principal "
                         "component analysis).")
    SYMBOLS_POINTS = _("{count} symbols as points, {used} of them in the input: similar symbols lie close together")
    DIMENSIONS = _("Dimensions")
    NOTHING_SHOW_NETWORK_HAS = _("There is nothing to show: this network has no positional encoding.")

    # top_activations.py
    BY_NUMBER = _("By number")
    AGREED = _("By class agreement")
    ORDER = _("Order")
    UNITS = _("Units")
    TO = _("{first} to {count}")
    TOP_OF_CHANNELS = _("The test samples, among the first {count:,}, with the highest activation of each channel of "
                        "{layer}, the highest first.")
    TOP_OF_UNITS = _("The test samples, among the first {count:,}, with the highest activation of each unit of "
                     "{layer}, the highest first.")
    FRAME_RECEPTIVE_FIELD_HIGHEST = _("The frame is the receptive field of the highest activation.")
    MARK_STEP_HIGHEST_ACTIVATION = _("The mark is the step with the highest activation.")
    NOT_ALL_IT_RESPONDS_TO = _("Top activations do not show everything that a unit responds to.")
    CHANNEL = _("channel")
    UNIT = _("unit")
    CONSTANT_OUTPUT = _("constant output")
    OF_ARE = _("{count} of {total} are {target}")
    ALL_DIFFERENT_CLASSES = _("all of different classes")

    # why.py
    ANYTHING = _("nothing")
    OUTPUT_NOT_FINITE_WEIGHTS = _("The output is not finite: the weights have diverged. Train again with a smaller "
                                  "learning rate.")
    WHY = _("Why")
    PREDICTION = _("prediction: {name}")
    AGAINST = _("against")
    THE_OUTPUT = _("the output")
    OUTPUT_STEP = _("Output step")
    STEP_PREDICTS = _("{index}: predicts {name}")
    GRAD_CAM_LAYER = _("Grad-CAM layer")
    OCCLUSION_WINDOW = _("Occlusion window")
    THE_PREDICTION = _("the prediction")
    THE_LOGIT_OF = _("the logit of {name}")
    LOGIT_MINUS = _("the logit of {name} minus that of {other}")
    SQUARE_PIXELS = _("a square of {window} pixels")
    A_STEP = _("a step")
    A_SYMBOL = _("a symbol")
    A_NUMBER = _("a number")
    A_FEATURE = _("a feature")
    A_BLACK_PICTURE = _("a black picture")
    THE_AVERAGE_SYMBOL = _("the average symbol")
    ALL_ZEROS = _("all zeros")
    SUM = _("Sum")
    OUTPUT_MINUS = _("Output minus that of {blank}")
    LARGEST_DROP = _("Largest drop")
    SIZE_MAP = _("Size of the map")

    # methods.py
    NO_MAPS = _("This network has no convolution over an image, so there are no feature maps to weight.")
    SALIENCY = _("Saliency")
    SIZE_GRADIENT = _("size of the gradient")
    CHANGES_MOST = table({
        Modality.IMAGE: _("Strong colour: a small change of this pixel would change {of} most."),
        Modality.TOKENS: _("Strong colour: a small change of this symbol would change {of} most."),
        Modality.SERIES: _("Strong colour: a small change of this number would change {of} most."),
        Modality.POINTS: _("Strong colour: a small change of this feature would change {of} most.")})
    NOT_WHICH_WAY = table({
        Modality.IMAGE: _("It does not say in which direction, nor that the pixel was used: a blank place can be "
                          "strong."),
        Modality.TOKENS: _("It does not say in which direction, nor that the symbol was used: a blank place can be "
                           "strong."),
        Modality.SERIES: _("It does not say in which direction, nor that the number was used: a blank place can be "
                           "strong."),
        Modality.POINTS: _("It does not say in which direction, nor that the feature was used: a blank place can be "
                           "strong.")})
    INTEGRATED_GRADIENTS = _("Integrated gradients")
    GRADIENTS_ADDED_UP_WAY = _("gradients summed on the path from {blank}")
    SPLITS = table({
        Modality.IMAGE: _("Splits {of} among the pixels: red ones raise it, blue ones lower it."),
        Modality.TOKENS: _("Splits {of} among the symbols: red ones raise it, blue ones lower it."),
        Modality.SERIES: _("Splits {of} among the numbers: red ones raise it, blue ones lower it."),
        Modality.POINTS: _("Splits {of} among the features: red ones raise it, blue ones lower it.")})
    DOES_NOT_SAY_WHAT = _("It does not say what being blank contributes: the path starts at {blank}, and whatever "
                          "equals that gets nothing.")
    GRAD_CAM = _("Grad-CAM")
    FEATURE_MAPS_WEIGHTED_THEIR = _("feature maps, weighted by their gradients")
    STRONG_COLOUR_FEATURE_MAPS = _("Strong colour: the feature maps of {layer} at this place raise the logit.")
    DOES_NOT_SAY_WHICH_PIXELS = _("It does not say which pixels: one value of a map has a large receptive field. "
                                  "Nor does it show what lowers the logit.")
    OCCLUSION = _("Occlusion")
    HIDE_PLACE_EVALUATE_AGAIN = _("hide a place and evaluate again")
    RED_FALLS_WHEN_HERE = _("Red: {of} falls when {patch} is hidden here. Blue: it rises.")
    MISSES_REDUNDANCY_TWO_PLACES = _("It misses redundancy: two places that can replace each other both look "
                                     "unimportant.")


texts = ViewTexts()
