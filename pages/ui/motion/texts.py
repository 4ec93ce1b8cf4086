"""The interface texts of the page Motion, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, table


class MotionTexts:
    # layer.py
    LOSS = _("softmax in the loss")
    NO_LAYER_NETWORK_CAN = _("No layer of this network can be shown number by number.")
    LAYER = _("Layer")
    SAMPLE = _("Sample")
    OF = _("{number} of {total}")
    TO = _("{label} (0 to {last:,})")
    FILTER = _("Filter")
    MAP = _("Map")
    STEP = _("Step")
    UNIT = _("Unit")
    ROW = _("Row")
    COLUMN = _("Column")
    HEAD = _("Head")
    QUERY_AT_PLACE = _("Query at place")

    # player.py
    BEFORE_FIRST_STEP = _("before the first step")
    AFTER = _("after {count}")
    Y_LAYER_X = _("y = layer(x)")

    # source.py
    DESIGN_UNTRAINED = _("{name} (design, untrained)")
    RUN = _("Run")
    ANOTHER_BATCH = _("Another batch")
    FOUR_OTHER_TRAINING_SAMPLES = _("Four other training samples")
    NEWEST_WEIGHTS_STEP = _("Newest weights (step {step:,})")

    # weight.py
    NETWORK_HAS_NO_WEIGHTS = _("This network has no weights, so there is none to follow.")
    ONE_WEIGHT = _("One weight")
    LARGEST_GRADIENT = _("Largest gradient")
    WEIGHT_LAYER_LOSS_MOST = _("The weight of this layer that the loss is most sensitive to")
    TO_UNIT = _("To unit")
    FROM_INPUT = _("From input")
    CHANNEL = _("Channel")
    SYMBOL = _("Symbol")
    FEATURE = _("Feature")
    FROM_CHANNEL = _("From channel")
    TO_CHANNEL = _("To channel")
    GATE_ROW = _("Gate row")
    FROM = _("From")
    ROW_QUERIES_KEYS_VALUES = _("Row (queries, keys, values)")
    FROM_FEATURE = _("From feature")
    INDEX = _("Index {axis}")
    STEP_2 = _("step {place}")
    ROW_COLUMN = _("row {place}, column {column}")
    OUTPUT = _("output [{indices}]")

    # words.py
    INPUT = _("The samples of this small batch, as the network gets them.")
    FORWARD = table({
        "Linear": _("y = W x + b"),
        "Conv2d": _("y = Σ w · x + b, for each window"),
        "Conv1d": _("y = Σ w · x + b, for each window"),
        "ReLU": _("y = max(0, x)"),
        "LeakyReLU": _("y = x, or a little of it below 0"),
        "Tanh": _("y = tanh(x)"),
        "Sigmoid": _("y = 1 / (1 + e^−x)"),
        "GELU": _("y = x · Φ(x)"),
        "SiLU": _("y = x · sigmoid(x)"),
        "Softmax": _("y = e^x / Σ e^x"),
        "MaxPool2d": _("y = the largest of each window"),
        "Add": _("y = x₁ + x₂"),
        "AvgPool2d": _("y = the mean of each window"),
        "AdaptiveAvgPool2d": _("y = the mean of each cell"),
        "Flatten": _("the same numbers in one row"),
        "Embedding": _("y = row of the table for the symbol"),
        "BatchNorm1d": _("y = γ (x − μ) / σ + β"),
        "BatchNorm2d": _("y = γ (x − μ) / σ + β"),
        "LayerNorm": _("y = γ (x − μ) / σ + β"),
        "GroupNorm": _("y = γ (x − μ) / σ + β"),
        "MultiheadAttention": _("y = softmax(Q Kᵀ / √d) V"),
        "PositionalEncoding": _("y = x + the pattern of the place"),
        "Dropout": _("y = x / (1 − p), or 0 where a unit is dropped"),
    })
    BACK = table({
        "input": _("The gradient has come back to the input itself: how sensitive the loss is to each of its numbers."),
        "Linear": _("Each unit sends its δ back through its weights; what one input gets from all units adds up."),
        "Conv2d": _("Each δ goes back through the kernel to all pixels that its window covered, and adds up there."),
        "ReLU": _("Where its input was above 0 the gradient passes unchanged; everywhere else it stops."),
        "LeakyReLU": _("Where its input was above 0 the gradient passes unchanged; elsewhere only a little of it."),
        "Tanh": _("The gradient is multiplied by the curve's slope, 1 − y²: where the curve is flat, almost none "
                  "passes."),
        "Sigmoid": _("The gradient is multiplied by the curve's slope, y (1 − y): a quarter at most passes."),
        "MaxPool2d": _("Only the winner of each window gets the gradient; the others did not matter."),
        "AvgPool2d": _("Every number of a window gets an equal part of the gradient."),
        "AdaptiveAvgPool2d": _("Every number of a cell gets an equal part of the gradient."),
        "Flatten": _("The gradient is only put back into the form of the maps."),
        "Dropout": _("Dropped units get no gradient in this step."),
        "Add": _("Both branches get the whole gradient: that is why skips keep it alive."),
        "Concat": _("Each branch gets its own part of the gradient back."),
        "BatchNorm1d": _("The gradient is scaled by γ / σ, and less its mean over the batch: samples influence each "
                         "other."),
        "BatchNorm2d": _("The gradient is scaled by γ / σ, and less its mean over the batch: samples influence each "
                         "other."),
        "Embedding": _("The gradient ends in the rows of the symbols that came in; the others stay as they are."),
        "MultiheadAttention": _("The gradient follows the attention weights, through values, keys and queries."),
        "LSTM": _("The gradient walks back through time, step by step; the gates decide how much survives."),
        "GRU": _("The gradient walks back through time, step by step; the gates decide how much survives."),
        "RNN": _("The gradient walks back through time, times the same weights at each step: it easily vanishes or "
                 "explodes."),
    })
    ELSEWHERE = _("The gradient is passed on to what came in, by the chain rule.")
    FORWARD_2 = _("Forward")
    NUMBERS_FLOW_FROM_SAMPLES = _("Numbers flow from the samples through every layer to the output (forward pass).")
    LOSS_2 = _("Loss")
    L_MEAN_LOG_P = _("L = mean of −log p(target)")
    OUTPUT_COMPARED_TARGET_ONE = _("The output is compared with the target: one number that says how wrong it is "
                                   "(loss).")
    GRADIENTS = _("Gradients")
    BACKWARDS_LAYER_LAYER_HOW = _("Backwards, layer by layer: how would the loss change if this number were a "
                                  "little larger (gradient, by the chain rule)?")
    CLIP = _("Clip")
    G_G_MIN_THRESHOLD = _("g ← g · min(1, threshold / ‖g‖)")
    IF_ALL_GRADIENTS_TOGETHER = _("If all gradients together are too large, they are made shorter, so that one odd "
                                  "batch cannot throw the weights far away (gradient clipping).")
    UPDATE = _("Update")
    W_W_STEP = _("w ← w − step")
    EVERY_WEIGHT_TAKES_SMALL = _("Every weight takes a small step against its gradient; then the same batch is "
                                 "evaluated again.")
    UNIT_2 = _("unit {unit}")
    STEP_UNIT = _("step {step}, unit {unit}")
    MAP_ROW_COLUMN = _("map {channel}, row {row}, column {column}")

    # pages/motion.py
    SLOW_MOTION = _("Slow motion")
    NO_NETWORK_YET = _("There is no network yet")
    ADD_SOME_LAYERS_YOUR = _("Add some layers to your design, or open a preset, and come back: you can follow every "
                             "number of one step.")
    BUILD = _("Build")
    WHAT_IS_SHOWN = _("What is shown")


texts = MotionTexts()
