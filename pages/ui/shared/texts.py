"""The interface texts that several pages share, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table
from pages.ui.shared.game_texts import GameTexts
from pages.ui.shared.score_texts import ScoreTexts


class SharedTexts(GameTexts, ScoreTexts):
    # canvas.py
    TOOL = _("Tool")
    UNDO = _("Undo")
    CLEAR = _("Clear")
    LINE_WIDTH = _("Line width")

    # cure_trial.py
    DOCTOR_TESTING_SHORT_COPY = _("The doctor is testing in a short copy of the run whether this helps")
    DOCTOR_TESTING_ANOTHER_COPY = _("The doctor is testing another copy first")
    WHAT_TO_TRY = _("**What to try:** {advice}")
    WHAT_TO_DO = _("**What to do:** {advice}")
    TESTED_SHORT_COPY_STEPS = _("Tested in a short copy of {steps:,} steps: {label} brings the validation loss to "
                                "{loss}; unchanged, it is {unchanged}.")
    SHORT_COPY_STEPS_NO = _("In a short copy of {steps:,} steps no change clearly helped (validation loss unchanged "
                            "{loss}, {trials}), so none is offered.")
    TRAINING_SINGLE_BATCH_BROUGHT = _("Training on a single batch brought its loss from {batch_first:.3g} to "
                                      "{batch_loss:.3g}")
    NETWORK_CAN_MEMORIZE = _("{result}. The network can memorize it, so the gradients reach the layers that need "
                             "them.")
    NETWORK_CANNOT_MEMORIZE_EVEN = _("{result}. The network cannot memorize even one batch: the cause is in the design "
                                     "or the settings, not in the data.")
    TRY_COPY = _("Try it in a copy: {label}")
    NEW_RUN_CHANGED_NETWORK = _("A new run of the changed network and settings starts at once. This one stays as it "
                                "is; then compare before and after.")

    # curves.py
    EMPTY = _("No points yet: press Train")

    # design.py
    DESIGN_WILL_LOST_WHEN = _("This design will be lost when you close the page ({reason}). Save it as a file.")

    # fetch.py
    NOT_COMPUTER_YET = _("**{title} is not on this computer yet**")
    DOWNLOAD_MB_NEEDED_ONLY = _("{sentence} The download is {megabytes:.0f} MB and is needed only once.")
    DOWNLOAD = _("Download")
    DOWNLOADING = _("Downloading ...")
    DOWNLOADING_2 = _("Downloading ... {fraction}")

    # forms.py
    MORE_FIELDS = _("More fields")
    CURRENT_VALUE_NOT_VALID = _(":red[The current value {value} is not valid.]")

    # health.py
    RUN_ENDED_BEFORE_FIRST = _("This run ended before its first step, so there is nothing to show.")
    DOCTOR_NEEDS = _n("The doctor needs {count} step before it can say more.",
                      "The doctor needs {count} steps before it can say more.")
    ENDED_EARLY = _n("This run ended after {count:,} step. Its design and its first step show nothing wrong; to say "
                     "more the doctor needs {needed} steps.",
                     "This run ended after {count:,} steps. Its design and its first step show nothing wrong; to say "
                     "more the doctor needs {needed} steps.")
    FIRST_HEALTH_CHECK_COMES = _("The first health check comes with the first step.")
    FIRST_HEALTH_CHECK_STEP = _("The first health check is at step {step:,}: choose a later step.")
    NO_HEALTH_CHECK_STORED = _("No health check was stored.")
    WHAT_DOCTOR_CHECKED = _("What the doctor checked")
    DOCTOR_CHECKED_EVERYTHING = _("The doctor checked everything and found no problem.")
    DOCTOR_FOUND_NOTHING = _("The doctor found no problem. Not all of its checks can be decided from what this run "
                             "shows.")
    MADE_FROM = _("Made from {name}.")
    COMPARE_BEFORE_AFTER = _("Compare before and after")

    # live.py
    SOON = _("The first points will appear shortly")
    NOTHING = _("The run ended before its first point")
    HORIZONTAL_AXIS = _("Horizontal axis")
    LOG_SCALE = _("Log scale")
    LOSS_LOGARITHMIC_SCALE = _("The loss on a logarithmic scale: each halving has the same height.")

    # live_settings.py
    TAKES_EFFECT_NEXT_BATCH = _("It takes effect with the next batch and is marked on the curves.")

    # mechanism_panels.py
    RATE_PANEL = _("Learning rate")
    NAMES = table({
        "norm": _("Gradient norm"),
        "value": _("Largest gradient"),
    })
    RATE_CURVE = _("Rate curve")
    LEARNING_RATE_OVER_RUN = _("The learning rate over the run, with the schedule and your changes.")
    GRADIENTS_WERE_CLIPPED_LAST = _("Gradients were clipped in {fraction} of the last {step:,} steps: the largest "
                                    "before clipping was {norm:.3g}, the threshold is {line:g}.")
    BEFORE_CLIPPING, AFTER_CLIPPING = _("before clipping"), _("after")
    THRESHOLD = _("threshold")

    # offers.py
    OPEN_RUN = _("Open {name}")
    TRAIN_PRESET = _("Train {name} for me")

    # places.py
    PLACES = table({
        "build": _("Workbench"),
        "lab": _("Lab"),
        "runs": _("Runs"),
        "classroom": _("Class"),
        "train": _("Train"),
        "look": _("Look"),
        "play": _("Play"), "draw": _("Draw"),
        "motion": _("Slow motion"),
        "explain": _("Explain"), "landscape": _("Landscape"),
        "learn": _("Learn"),
    })

    # reply.py
    OVERFLOWN = _("The output is not finite: the training has diverged. Train again with a smaller learning rate.")

    # run_list.py
    SHOW_MORE = _("Show more ({count:,})")
    RUNS = _("Runs")
    COMPARE = _("Compare")
    COMPARE_RUNS = _("Compare {count} runs")
    MOST_RUNS_FIT_ONE = _("At most {most} runs fit in one chart.")
    SELECT_TWO_OR_MORE = _("Select two or more runs to compare them.")
    NAME = _("Name")
    STATE = _("State")
    TRAINING_LOSS = _("Training loss")
    VALIDATION = _("Validation")
    TEST = _("Test")
    STARTED = _("Started")
    COMPARE_2 = _("Compare {name}")
    MORE = _("More")
    TRAINING_LOSS_OF = _("Training loss of {name}")
    RUN_FACTS = _("{title} · {parameters} parameters · {epochs} · {kind} {learning_rate:g}")
    RUN_MENU = table({
        "open": _("Open"),
        "rename": _("Rename"),
        "copy": _("Copy to Workbench"),
        "delete": _("Delete"),
    })
    SEES_ITS_TARGETS = _(":orange[:material/visibility: The network sees its targets: these accuracies mean nothing.]")
    EPOCHS = _n("{count:,} epoch", "{count:,} epochs")
    DAYS_AGO = _n("{count:,} day ago", "{count:,} days ago")
    HOURS_AGO = _n("{count} h ago", "{count} h ago")
    MINUTES_AGO = _n("{count} min ago", "{count} min ago")
    JUST_NOW = _("just now")

    # run_picker.py
    RUN_IN_FOCUS = _("Run in focus")
    BEFORE_FIRST_STEP = _("before the first step")
    AFTER = _n("after {count:,} step", "after {count:,} steps")
    AFTER_OF = _n("after {count:,} step of {planned:,}", "after {count:,} steps of {planned:,}")
    KEYFRAME = _("{after}, keyframe")
    TRAINING = _("{after}, training")
    PAUSED = _("{after}, paused")
    FINISHED = _("{after}, finished")
    ENDED = _("{after}, ended")

    # run_views.py
    VIEW = _("View")
    LAYER = _("Layer")
    TEST_SAMPLE_2 = _("Test sample")
    NUMBER_TEST_SAMPLE = _("Number of the test sample")
    ANOTHER = _("Another")
    ANY_OTHER_TEST_SAMPLE = _("Any other test sample")

    # run_words.py
    QUEUED = _("Queued")
    OTHER_RUNS_TRAINING_ONE = _("Other runs are training. This one starts as soon as there is room.")
    STARTING = _("Starting")
    NETWORK_BEING_BUILT_DATA = _("The network is being built and the data is being loaded. The first points "
                                 "will appear shortly.")
    TRAINING_2 = _("Training")
    PAUSED_2 = _("Paused")
    TRAINING_PAUSED_RESUME_OR = _("Training is paused. Resume it, or continue by one batch or one epoch.")
    FINISHED_2 = _("Finished")
    STOPPED = _("Stopped")
    WEIGHTS_STEP_SAVED_RUN = _("Its weights at that step are saved, so the run can be used and resumed.")
    DIVERGED = _("Diverged")
    FAILED = _("Failed")
    NUMBER_QUEUE = _("{sentence} It is number {position} in the queue.")
    TEST_ACCURACY_WERE_NOT = _("Test accuracy: {accuracy}, on {samples} that were not used for training.")
    TEST_SCORE_WERE_NOT = _("Test: {accuracy}, on {samples} that were not used for training.")
    PLANNED = _n("{count:,} epoch planned", "{count:,} epochs planned")
    STEP_OF = _("Step {step:,} of {total:,}")
    EPOCH_OF = _("epoch {number} of {epochs}")
    A_SECOND = _("{rate_of_samples:,.0f} {samples} per second")
    LEFT = _("{duration} left")
    ON_NODE = _("on {node}")
    TRAIN_ON = _("Train on")
    WHEREVER_THERE_IS_ROOM = _("Wherever there is room")
    CPU = _("CPU")
    GPU = _("GPU")
    TRAIN_ON_WHY = _("A GPU is faster for large networks and large batches; small ones are as fast on a CPU. A run "
                     "that insists on a GPU waits until one is free.")
    SCHEDULE = _("schedule {old} → {new}")
    SCHEDULE_OTHER_VALUES = _("schedule {new}, other values")

    # runs_dialogs.py
    RENAME = _("Rename")
    WILL_DELETED_CURVES_WEIGHTS = _("**{name}** will be deleted with its curves and its weights. This cannot be "
                                    "undone.")
    WILL_STOPPED_AND_DELETED = _("**{name}** will be deleted with its curves and its weights. This cannot be "
                                 "undone. It will be stopped first.")
    CANCEL = _("Cancel")
    DELETE = _("Delete")
    DELETE_THIS_RUN = _("Delete this run?")

    # sample_picker.py
    ANY = _("Any class")
    TEST_IMAGE = _("Test image {index}: {target}")
    TARGET = _("Target: **{target}**")
    CLASS = _("Class")
    NUMBER_TEST_SET = _("Number in the test set, 0 to {last:,}")

    # sequence_question.py
    STEP_BY_STEP = _("At each step it predicts the next symbol and is then given the target (teacher forcing).")
    INPUT = _("Input")
    YOUR_OWN = _("Your own")
    NUMBER_TEST_SAMPLE_2 = _("Number of the test sample, 0 to {last:,}")
    NUMBER_SAMPLE_NONE_THESE = _("Number of the sample, 0 to {last:,}. None of these is in the training data.")
    EXAMPLE_BOX_SHOWN_TYPE = _("The example in the box is shown. Type over it and press Enter.")
    TEMPERATURE = _("Temperature")
    GREEDY_DECODING_SAMPLES_FROM = _("0 is greedy decoding. 1 samples from the predicted probabilities; higher "
                                     "values give more random samples.")
    TOP_K = _("Top-k")
    SAMPLES_ONLY_FROM_K = _("Samples only from the k most probable symbols.")
    TOP_P = _("Top-p")
    SAMPLES_ONLY_FROM_P = _("Samples only from the fewest symbols that have the probability p together.")
    SAMPLE_AGAIN = _("Sample again")

    # shell.py
    MINUTES = _("{large} min {small} s")
    HOURS = _("{large} h {small} min")
    IS_OPEN = _("**{name}** is open.")
    IS_OPEN_UNDO = _("**{name}** is open. Undo restores the previous design.")

    # seat.py
    FRIENDLY_NAME = _("{colour} {animal}")
    COLOURS = table({
        "red": _("Red"), "orange": _("Orange"), "gold": _("Gold"), "green": _("Green"), "teal": _("Teal"),
        "blue": _("Blue"), "violet": _("Violet"), "pink": _("Pink"), "brown": _("Brown"), "grey": _("Grey"),
    })
    ANIMALS = table({
        "otter": _("otter"), "owl": _("owl"), "fox": _("fox"), "heron": _("heron"), "badger": _("badger"),
        "lynx": _("lynx"), "beaver": _("beaver"), "falcon": _("falcon"), "hare": _("hare"), "dolphin": _("dolphin"),
        "panda": _("panda"), "tiger": _("tiger"), "robin": _("robin"), "turtle": _("turtle"), "koala": _("koala"),
        "penguin": _("penguin"), "zebra": _("zebra"), "camel": _("camel"), "raven": _("raven"), "salmon": _("salmon"),
        "squirrel": _("squirrel"), "moose": _("moose"), "gecko": _("gecko"), "llama": _("llama"),
        "puffin": _("puffin"), "walrus": _("walrus"), "bison": _("bison"), "crane": _("crane"), "ibex": _("ibex"),
        "marten": _("marten"),
    })

    # strip.py
    LOSS_IS = _("loss {loss:.3g}")

    # state.py
    STARTING_2 = _("Starting ...")

    # poll.py
    VOTE_ONCE = _("One tap is your vote. Nobody is shown who chose what.")
    VOTE_CHANGE = _("This is your vote; you can change it until the vote is closed.")
    VOTE_CLOSED = _("The vote is closed.")

    # run_words.py: weights edited by hand
    WEIGHT_EDITED = _("weight {weight} {old:.3g} → {new:.3g}")
    REWARD_CHANGED = _("reward of row {row}, column {column} {old:g} → {new:g}")
    WEIGHTS_EDITED = _n("Weights were edited by hand at step {steps}.",
                        "Weights were edited by hand at the steps {steps}.")

    # first_weights.py
    INITIAL_WEIGHTS = _("Initial weights")
    INITIAL_WEIGHTS_WHY = _("A layer with the same name, kind and shapes as in an earlier run can start from the "
                            "weights that it had learned there, instead of random ones.")
    NEW_WEIGHTS = _("Random, from the seed")
    WEIGHTS_OF_RUN = _("From {name}, step {step:,} ({count} of {of} layers)")
    LAYERS_TAKEN = _("**Start from that run:** {layers}")
    LAYERS_NEW = _("**New, random weights:** {layers}")
    LAYERS_CHANGED = _("**Other kind or shape, random weights:** {layers}")
    AND_MORE = _("{names} and {count} more")
    FREEZE_TAKEN = _n("Freeze the layer from that run", "Freeze the {count} layers from that run")
    UNFREEZE_TAKEN = _n("Train the layer from that run too", "Train the {count} layers from that run too")
    FREEZE_TAKEN_WHY = _("Transfer learning: the layers from that run stay as they are, and only the others learn. "
                         "Each layer has the switch trainable on the Workbench.")
    NOTHING_LEFT_TO_LEARN = _("No other layer has weights to learn, so at least one of these has to be trainable.")
    BEGAN_WITH_WEIGHTS = _("Started from the weights of the run {name} after step {step:,}: {layers}.")
    OTHERS_BEGAN_ANEW = _("Random weights: {layers}.")
    OPEN_THAT_RUN = _("Open that run")


texts = SharedTexts()
