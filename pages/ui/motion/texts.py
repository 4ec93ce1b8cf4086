"""The interface texts of the page Motion, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


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
    QUERY_AT_PLACE = _("Query at position")

    # answer_box.py
    CHECK_YOUR_NUMBER = _("Check your own number")
    QUANTITIES = table({"gradient": _("gradient"), "new_weight": _("new weight")})
    YOUR_NUMBER = _("Your number")
    SAME_NUMBER = _("That is what came out here too, within 2 %.")
    OTHER_NUMBER = _("{typed:g} is not what came out here. Which factor is missing, or which sign?")

    # player.py
    BEFORE_FIRST_STEP = _("before the first step")
    AFTER = _n("after {count:,} step", "after {count:,} steps")
    GOES_IN = _("in")
    TO_COME_OUT = _("target")
    CAME_OUT = _("prediction")
    SCORE = _("{percent} of {metric}")
    Y_LAYER_X = _("y = layer(x)")

    # source.py
    DESIGN_UNTRAINED = _("{name} (design, untrained)")
    WEIGHTS_OF = _("Whose weights")
    ANOTHER_BATCH = _("Another batch")
    FOUR_OTHER_TRAINING_SAMPLES = _("Four other training samples")
    NEWEST_WEIGHTS_STEP = _("Newest weights (step {step:,})")

    # weight.py
    NETWORK_HAS_NO_WEIGHTS = _("This network has no weights, so there is none to follow.")
    ONE_WEIGHT = _("One weight")
    LARGEST_GRADIENT = _("Largest gradient")
    WEIGHT_LAYER_LOSS_MOST = _("The weight of this layer that the loss is most sensitive to")
    AXES = table({
        "to_unit": _("To unit"), "from_input": _("From input"), "filter": _("Filter"), "channel": _("Channel"),
        "row": _("Row"), "column": _("Column"), "symbol": _("Symbol"), "feature": _("Feature"), "step": _("Step"),
        "from_channel": _("From channel"), "to_channel": _("To channel"), "gate_row": _("Gate row"),
        "from": _("From"),
    })
    ROW_QUERIES_KEYS_VALUES = _("Row (queries, keys, values)")
    FROM_FEATURE = _("From feature")
    INDEX = _("Index {axis}")
    STEP_2 = _("step {place}")
    ROW_COLUMN = _("row {place}, column {column}")
    QUERY_KEY = _("query at {query}, key at {key}")
    OUTPUT = _("output [{indices}]")

    # words.py
    INPUT = _("The samples of this small batch, as the network receives them.")
    BACK_AT_INPUT = _("The gradient has come back to the input itself: how sensitive the loss is to each of its "
                      "numbers.")
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
    IF_ALL_GRADIENTS_TOGETHER = _("If the norm of all gradients together is too large, they are scaled down, so "
                                  "that one unusual batch cannot move the weights too far (gradient clipping).")
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
    WHAT_IS_SHOWN = _("What is shown")

    # of games
    LEARNT_FROM_GAMES = _("This network learns from games")
    SLOWS_BATCHES = _("Slow motion follows a batch of samples whose answer is known; what this network plays is to "
                      "be seen under Play.")


texts = MotionTexts()
