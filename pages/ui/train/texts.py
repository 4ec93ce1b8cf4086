"""The interface texts of the page Train, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n


class TrainTexts:
    # film.py
    NO_FILM_YET_RUN = _("There is no film yet. A run stores keyframes while it trains; very large networks store "
                        "none.")
    FILM_TRAINING = _("Film of the training")
    ONE_FRAME_EACH_KEYFRAMES = _("One frame for each of the {count} keyframes of this run: the loss so far, the "
                                 "prediction for the pinned sample, and the output of one layer.")
    LAYER = _("Layer")
    MAKE_THE_FILM = _("Make the film")
    SLIDES_MESSAGES_PLAYS_ITSELF = _("For slides and messages; it plays by itself.")
    HTML_PAGE = _("HTML page")
    OPENS_ANY_BROWSER_SLIDER = _("Opens in any browser, with a slider; works offline.")
    LOADING_THE_KEYFRAMES = _("Loading the keyframes ...")
    FRAME_OF = _("Frame {number} of {count}")
    WRITING_THE_FILES = _("Writing the files ...")
    AFTER_STEP_OF = _("after step {step:,} of {total:,}")
    AFTER_STEP_OF_ACCURACY = _("after step {step:,} of {total:,}  ·  validation accuracy {accuracy}")

    # export.py
    EXPORT = _("Export")
    EVERYTHING_WORKS_WITHOUT = _("Everything works without dlviz, in plain PyTorch.")
    PYTORCH_SCRIPT = _("PyTorch script")
    NETWORK_AND_GAME = _("The network and the game, in one file: it plays.")
    NETWORK_DATA_TRAINING_LOOP = _("The network, the data and the training loop, in one file.")
    WEIGHTS = _("Weights")
    LEARNED_PARAMETERS_SAFETENSORS = _("The learned parameters, as safetensors.")
    CURVES = _("Curves")
    LOSS_ACCURACY_EVERY_STEP = _("Loss and accuracy of every step, as a table (CSV).")
    DATA = _("Data")
    GENERATED_TRAINING_DATA_WHICH = _("The generated training data, which the script reads.")
    FILM = _("Film")
    TRAINING_ANIMATED_GIF_OR = _("The training as an animated GIF, or as a page with a slider.")
    SCRIPT_WEIGHTS_ONE_FOLDER = _("With the script and the weights in one folder, this loads the trained network:")

    # mechanisms_form.py
    AUGMENTATION_EACH_TRAINING = _("**augmentation**  \n:small[Each training image is changed at random whenever it "
                                   "is used, up to these amounts, so that the network cannot memorize it. "
                                   "Validation and test images stay as they are.]")
    TRAINING_IMAGES_FIRST_ROW = _("Training images in the first row, augmented copies below")
    TRAINING_IMAGES_BELOW_EACH = _("Training images, and below each one two augmented copies.")

    # rate_finder.py
    FIND_LEARNING_RATE = _("Find a learning rate")
    LEARNING_RATE_RANGE_TEST = _("Learning-rate range test (Smith 2017): a copy trains for 100 batches while the "
                                 "learning rate rises from far too small to far too large, and the loss is "
                                 "recorded. Then each suggested rate is tested for a few batches. The copy is "
                                 "discarded.")
    STOP = _("Stop")
    TESTING_LEARNING_RATES = _("Testing learning rates")
    STARTING = _("Starting")
    LOSS_AGAINST_LEARNING_RATE_SINGLE = _("Loss against learning rate: single batches (faint) and their average.")
    NETWORK_OR_SETTINGS_HAVE = _("The network or its settings have changed since. Run the test again to be sure.")
    SUGGESTIONS = _("Suggestions")
    SHORT_TRIAL_ENDED_LOSS = _(" Its short trial ended with a loss of {loss:.3g}.")
    USE = _("Use {learning_rate:g}")

    # run.py
    SOMEBODY_ELSES = _(":material/visibility: This run belongs to somebody else. You can watch it and start from it, "
                       "but not steer it.")
    THINNED = _(":material/compress: An old run: to make room, only some of its moments were kept.")
    COPY_TO_WORKBENCH = _("Copy to Workbench")
    OPEN_RUN_S_NETWORK = _("Open this run's network and settings on the Workbench, to change them and train again.")
    NEW_RUN = _("New run")
    SET_UP_NEW_RUN = _("Set up a new run of the current design. This run stays as it is.")
    RESUME = _("Resume")
    CONTINUE_PLANNED_END = _("Continue to the planned end.")
    PAUSE = _("Pause")
    PAUSE_AFTER_BATCH = _("Pause after this batch.")
    ONE_BATCH = _("One batch")
    ONE_OPTIMIZER_STEP_THEN = _("One optimizer step, then pause.")
    ONE_EPOCH = _("One epoch")
    END_EPOCH_THEN_PAUSE = _("To the end of this epoch, then pause.")
    END_RUN_NOW_WEIGHTS = _("End this run now. Its weights are saved.")
    START_OVER = _("Start over")
    TRAIN_AGAIN = _("Train again")
    CONTINUE_FROM_LAST_WEIGHTS = _("Continue from the last weights.")
    NEW_RUN_SAME_NETWORK = _("A new run of the same network with the same settings. This one stays under Runs.")
    TRY_LEARNING_RATE = _("Try a learning rate of {learning_rate:g}")
    FROM_NEXT_BATCH = _("{new:g} from the next batch on")

    # schedule.py
    SCHEDULE = _("Schedule")
    HOW_LEARNING_RATE_CHANGES = _("How the learning rate changes over the run.")
    CURRENT_SCHEDULE_NEW_ONE = _("Current schedule: {summary}. A new one takes effect with the next batch, as if it "
                                 "had been used from the start.")
    APPLY = _("Apply")

    # schedule_form.py
    ALT = _("The learning rate over the planned steps")
    WHEN_LEARNING_RATE_FALLS = _("The learning rate falls whenever the validation loss has stopped improving, which is "
                                 "checked after each epoch.")

    # material_form.py
    OWN_MATERIAL = _("Own {noun}")
    PASTE_MATERIAL = _("Paste your own {noun}")
    USE_MATERIAL = _("Use this {noun}")
    UPLOAD_MATERIAL = _("Or upload a file")
    DELETE_MATERIAL = _("Delete it from this server")
    DELETE_MATERIAL_HELP = _("Runs that have learned from it keep their weights and curves, but can no longer be "
                             "asked.")

    # settings_form.py
    OPTIMIZER = _("Optimizer")
    RULE_UPDATES_WEIGHTS_AFTER = _("The rule that updates the weights after each batch.")
    BATCH_SIZE = _("Batch size")
    EPOCHS = _("Epochs")
    LEARNING_RATE_SCHEDULE = _("Learning rate schedule: {summary}")
    MORE_SETTINGS = _("More settings")
    CLIPPING_BY = _("clipping by {clip}")
    LABEL_SMOOTHING = _("label smoothing {amount:g}")
    EARLY_STOPPING = _("early stopping")
    POINTS_FILE = _("Points from a CSV file")
    POINTS_FILE_HELP = _("Three columns: x, y and the class; up to 400 lines. Each axis is scaled to fill the square.")
    REGULARIZATION = _("{name} {amount:g}")
    CLIPPING_EARLY_STOPPING = _("Clipping, regularization, early stopping, augmentation")
    ON = _(" · on: {names}")
    LEARNING_RATE = _("Learning rate")
    SUGGESTED_LEARNING_RATES = _("Suggested learning rates")
    QUAD = _("**{kind}**: {sentence} $\\quad {formula}$")
    WHAT_NETWORK_HAS_LEARN = _("What the network is to learn.")

    # setup.py
    TRAINING_SETTINGS = _("##### Training settings")
    NAME_RUN = _("Name of the run")
    EDIT_THE_NETWORK = _("Edit the network")
    BACK_LAST_RUN = _("Back to the last run")
    FIX_WORKBENCH = _("Fix it on the Workbench")
    MORE = _("{count} more")
    TRAIN = _("Train")
    TRAIN_ONE_THEN_PAUSE = _("Train for one {by}, then pause.")
    NUMBER_OF_EPOCHS = _n("{count:,} epoch", "{count:,} epochs")
    NUMBER_OF_STEPS = _n("{count:,} step", "{count:,} steps")
    PLAN = _("{title} · {parameters} parameters · {epochs} of {steps} over {total:,} {samples}")

    PLAN_OF_GAMES = _("{title} · {parameters} parameters · {epochs} of {steps}, each from {batch:,} {samples}")

    # algorithm_form.py, settings_form.py
    ALGORITHM = _("How it learns from games: {kind}")
    LEARNT_BY = _("algorithm")
    HOW_FROM_GAMES = _("What is made of the games that were played.")
    BATCH_COUNTS = _("The batch size counts {samples}. An epoch is {updates:,} updates; then the network plays by "
                     "itself, without exploring, and is scored.")

    # pages/train.py
    ALL_RUNS = _("All runs")


texts = TrainTexts()
