"""The interface texts of the page Lab, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class LabTexts:
    # blocks.py
    TRAINING_LOSS = _("Training loss")
    TRAINING_ACCURACY = _("Training accuracy")
    VALIDATION_LOSS = _("Validation loss")
    VALIDATION_ACCURACY = _("Validation accuracy")
    ALL_RUNS_AT_STEP = _("All runs at step {at:,}")
    ALL_RUNS_AT_SAMPLES = _n("All runs at {count:,} sample seen", "All runs at {count:,} samples seen")
    ALL_RUNS_LATEST = _("All runs where they are")
    TRAINING_NUMBERS_MEAN_STEPS = _("Training numbers are the mean of {count} steps up to there, here and beside "
                                    "the curves.")
    AT_STEP = _("{words} at step {step:,}")
    AT_STEP_READ = _("{words} at step {step:,}, read at its step {at:,}")

    # figures.py
    ACCURACY_AGAINST = _("Validation accuracy against {title}: {between}")
    RUN = _("run")
    VALIDATION_ACCURACY_COLUMN = _("validation accuracy")
    RUNS_TO_ACCURACY = _n("{count} run from its values to its validation accuracy: {between}",
                          "{count} runs from their values to their validation accuracy: {between}")
    BETWEEN = _("between {low} and {high}")
    BANDS = table({
        "loss": _("Training loss of {count} runs up to step {step:,}: the mean ends at {mean:.3g}, the runs between "
                  "{low:.3g} and {high:.3g}"),
        "accuracy": _("Training accuracy of {count} runs up to step {step:,}: the mean ends at {mean:.3g}, the runs "
                      "between {low:.3g} and {high:.3g}")})
    RING = table({
        True: _("the ring marks the best"),
        False: _("none is ringed, as the best differ by noise"),
    })
    ONE_DOT_RUN_POINT = _("One dot for each run; {ring}. Point at a dot to read it.")
    STRONGER_LINE_BETTER_RUN = _("{best}; the darker a line, the better the run. Drag along an axis to see only the "
                                 "runs that pass there; drag a title to reorder.")
    BEST_LINE = table({
        True: _("The orange line is the best run"),
        False: _("No line stands out, as the best runs differ by noise only"),
    })
    FIRST_SCORE_FIRST_EVALUATION = _("The first accuracy appears with the first evaluation.")
    BAND_FIRST_STEPS = _("The band appears with the first steps of all runs.")
    BEST_OF = _("**Best {count} of {total}**")
    LINE_MEAN_BAND_REACHES = _("The line is the mean; the band reaches from the minimum to the maximum.")
    VALIDATION_ACCURACY_2 = _("validation accuracy")

    # form.py
    GROUPS = table({
        "training": _("Training"),
        "recipe": _("Training"),
        "seed": _("Training"),
        "mechanism": _("Mechanisms"),
        "toggle": _("With and without"),
        "activations": _("Network"),
        "every": _("Network"),
        "layer": _("Network"),
        "present": _("With and without"),
    })
    EVERYTHING_ELSE_STAYS_YOUR = _("Everything else is as in your design, **{name}**.")
    SECOND_HYPERPARAMETER_GRID = _("A second hyperparameter (grid)")
    START_THE_STUDY = _("Start the study")
    RUNS = _n("{count:,} run", "{count:,} runs")
    STUDY_NEEDS_TWO_OR = _("A study needs two or more values.")
    WHAT_IS_VARIED = _("What is varied")
    VALUES = _("Values")
    A_LIST = _("A list")
    A_RANGE = _("A range")
    LIST_COMMAS_BETWEEN = _("A list, separated by commas")
    FROM = _("From")
    TO = _("To")
    HOW_MANY = _("How many")
    LOGARITHMIC = _("Logarithmic")
    LOGARITHMIC_RANGE_NOT = _("A logarithmic range: 0.001, 0.01, 0.1 instead of 0.001, 0.05, 0.1.")
    IN_LOCK_STEP = _("In lock-step")
    ALL_TRAIN_ONCE_MEET = _("All train at once and wait for each other every {lead} steps.")
    RUNS_AT_ONCE = _("Runs at once")

    # gallery.py
    STUDY_PRESETS = _("Study presets")
    ON_PRESETS = _("On presets")
    ON_MY_DESIGN = _("On my design: {name}")
    NETWORK = _("Network")
    EACH_TRAINED_ABOUT_MINUTE = _("Each run trains for about a minute, if necessary on a part of your data and for "
                                  "fewer epochs. Your design itself does not change.")
    START = _("Start")
    START_2 = _("Start: {title}")

    # list.py
    YOUR_STUDIES = _("Your studies")
    NONE_YET_START_ONE = _("None yet. Start one above: it stays here with its runs.")
    THE_NEWEST_OF = _("The newest {count} of {total}.")
    FINISHED_RUNS = _("Finished: {total} runs")
    PAUSED_RUNS_FINISHED = _("Paused: {finished} of {total} runs finished")
    OF_RUNS_FINISHED = _("{finished} of {total} runs finished")
    DELETE_THIS_STUDY = _("Delete this study")
    DELETE = _("Delete **{name}**?")
    DELETE_STUDY_ONLY = _("Delete the study only")
    DELETE_STUDY_RUNS = _("Delete the study and its runs")

    # pictures.py
    WEIGHTS = _("First-layer weights")
    IMAGES_APPEAR_NEXT_STEP = _("The images appear with the next step.")
    WHAT_IS_SHOWN = _("What is shown")
    OUTPUT_OF = _("Output of {name}")
    TEST_IMAGE = _("Test image")
    TEST_SAMPLE = _("Test sample")
    STEP = _("step {step:,}")
    AFTER_STEP = _("{label}: {picture} after step {step:,}")

    # result.py
    FIRST_THEM = _("the first of them")
    COPIED_DESIGN_CHANGES = _(" Copied to the design, {which} changes {changes}.")
    HOW_BEGIN = _(" The design has this value already.")
    COPY_TO_WORKBENCH = _("Copy to Workbench")

    # search.py
    BEST_SEARCHED = _("Best {names}")
    SEARCH_NEEDS_PACKAGE_OPTUNA = _("A search needs the package optuna: pip install optuna. Comparing values works "
                                    "without it.")
    RESULTS_EARLIER_RUNS_GUIDE = _("The results of earlier runs guide the search (Optuna, tree-structured Parzen "
                                   "estimator). Objective: best validation accuracy.")
    WHAT_IS_SEARCHED = _("What is searched")
    START_THE_SEARCH = _("Start the search")
    CHOICES = _("Choices")
    SAMPLES_LOGARITHMIC_SCALE = _("Samples on a logarithmic scale: as densely between 0.001 and 0.01 as between "
                                  "0.01 and 0.1.")
    NUMBER_OF_RUNS = _("Number of runs")
    PRUNE_BAD_RUNS = _("Prune bad runs")
    RUN_BELOW_MEDIAN_EARLIER = _("A run below the median of the earlier runs at the same step is stopped (median "
                                 "pruning).")

    # study.py
    ALL_STUDIES = _("All studies")
    WHAT_TO_WATCH = _("**What to watch:** {text}")
    SAME_FIRST_WEIGHTS = _(" the same first weights and")
    THE_SAME_BATCHES = _(",{first} the same batches")
    FOR_THIS_STUDY = _(" For this study: {fitted}.")
    ALL_RUNS_DIFFER_ONLY = _("All runs are “{name}” and differ in {names} only: the same data{seed}.{note}")
    PAUSE_ALL = _("Pause all")
    RESUME = _("Resume")
    STOP = _("Stop")
    END_ALL_RUNS_NOW = _("End all its runs now and start no others.")
    COMPARE_IN_RUNS = _("Compare in Runs")
    LOCK_STEP = _("Lock-step")
    NO_LOCK_STEP = _("No lock-step")
    LOCK_STEP_EVERY_STEPS = _n("Lock-step, every step", "Lock-step, every {count} steps")

    # views.py
    KINDS = table({
        "train": _("Training"),
        "val": _("Validation"),
    })
    VIEWS = table({
        "pictures": _("Images side by side"),
        "scores": _("Accuracy against value"),
        "parallel": _("Parallel coordinates"),
        "band": _("Mean and band"),
    })
    FIRST_RUN_STARTING = _("The first run is starting.")
    RUNS_WERE_DELETED = _("Its runs were deleted.")
    CURVES_OF = _("Curves of")
    LOG_SCALE = _("Log scale")
    READ_ALL_RUNS = _("Read all runs at {by}")
    FAR_RIGHT_LATEST_LOCK = _("At the far right: the latest step. In lock-step all runs have reached it.")
    READ_HERE = _("read here")
    FIRST_POINTS_WILL_APPEAR = _("The first points will appear shortly")
    CURVES_BEST_RUNS = _("The curves of the best {count} of {total} runs.")
    LOSS_EXPLODES_WHERE_LIES = _("The loss of {name} explodes: where it lies above {top:.2g} it is drawn as a "
                                 "horizontal line. The log scale shows all of it.")
    LOSS = _("Loss")
    ACCURACY = _("Accuracy")
    LEARNING_RATE = _("Learning rate")
    VIEW = _("View")

    # pages/lab.py
    LAB = _("Lab")
    TRAIN_NETWORK_SEVERAL_TIMES = _("Train a network several times with one thing changed, from the same first "
                                    "weights and with the same batches, and see what that one thing does.")
    STUDY_YOUR_OWN = _("A study of your own")
    COMPARE_VALUES = _("Compare values")
    SEARCH_BEST = _("Search for the best")


texts = LabTexts()
