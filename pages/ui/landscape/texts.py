"""The interface texts of the page Landscape, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class LandscapeTexts:
    # map.py
    LINE = _("Blue: the loss on the straight line from the first weights to the last. Dots: the run itself, at the "
             "nearest point of that line.")
    LOSS_STRAIGHT_LINE = _("The loss on the straight line from the run's start to its end")
    HINTS = table({
        "map": _("Point at the map or at the path: each dot is a keyframe of the run, the ring its start, the large "
                 "dot its end."),
        "surface": _("Drag to rotate it. Each dot is a keyframe of the run, the ring its start, the large one its "
                     "end."),
    })
    HOW_DRAWN = _("How it is drawn")
    DRAWN = table({
        "map": _("Map"),
        "surface": _("3D"),
    })
    SCALE_LOSS = _("Scale of the loss")
    SCALES = table({
        "log": _("Log loss"),
        "plain": _("Loss"),
    })
    FIRST_DIRECTION = _("first direction")
    SECOND_DIRECTION = _("second")
    ALONG_RANDOM_DIRECTION_LONG = _("along a random direction (1: as long as the weights)")
    ALONG_ANOTHER_RANDOM = _("along another random direction")
    PATH_S_FIRST_DIRECTION = _("the path's first direction ({first} of its variance)")
    ITS_SECOND = _("its second ({second})")
    FROM_LOSS_TO = _("From loss {start} {start_when} to {end} {end_when}.")
    LOSS = _("Loss {end} {start_when}.")
    TWO_RANDOM_DIRECTIONS_SHOW = _("Two random directions show the shape around these weights; this run has no "
                                   "other keyframes.")
    TWO_RANDOM_DIRECTIONS_SHOW_SHAPE = _("Two random directions show the shape around the end, not the path to it: "
                                         "so little of the path lies in this plane ({percent}) that it shrinks to "
                                         "a point.")
    PROJECTION_PRINCIPAL_COMPONENTS = _("This is a projection (principal components): the two directions hold "
                                        "{both} of the path's variance. The keyframes lie outside the plane, so "
                                        "their own loss can differ from the surface's.")
    AFTER_STEP = _("after step {step:,}")
    BEFORE_FIRST_STEP = _("before the first step")
    STRAIGHT_LINE_FROM_START = _("On the straight line from start to end the loss only falls: there is no hill in "
                                 "between.")
    STRAIGHT_LINE_FROM_START_END = _("On the straight line from start to end the loss rises by {rise:.2g} on the "
                                     "way: there is a hill in between.")
    LESS_THAN = _("less than 0.1 %")
    EACH_HEIGHT_MEAN_LOSS = _("Each height is the mean loss of the same {samples:,} training samples, with dropout "
                              "off.")
    END_STEP_RUN_S = _("{count} and the end at step {steps:,} are the run's own weights; nothing was trained again.")
    RUNNING_STATISTICS_NORMALIZATION = _("Running statistics of normalization layers are those of the end, all over "
                                         "the surface; the loss of each keyframe is with its own.")
    END_STEP_WHOSE_WEIGHTS = _("Its end is step {step:,}, whose weights early stopping has restored.")
    THE_SAME = _("the same")
    ROUNDING_ANOTHER_DEVICE_OR = _("rounding on another device or number of threads explains the difference")
    WHICH_SHOULD_NOT_DIFFER = _("which should not differ")
    CHECK_ALL_VALIDATION_SAMPLES = _("Check: on all {val_samples:,} validation samples the loss at the end is "
                                     "{measured}; the run itself recorded {recorded} ({same}).")
    NO_KEYFRAME_BEFORE = _("No keyframe before it")
    THE_START = _("The start")
    KEYFRAMES_PATH = _("The {count} keyframes of the path")

    # play.py
    NETWORK_HAS_THOUSANDS_WEIGHTS = _("A network has thousands of weights; this one has two, so that you can see "
                                      "every step. Each optimizer follows PyTorch's own rule with the learning rate "
                                      "(the size of its steps) that you give it.")

    # run.py
    TAKES_ABOUT = _(":material/hourglass: That takes about {duration}. It goes on while you look at other pages. A "
                    "coarser detail is quicker.")
    POINTS = table({
        21: _("Coarse (21 × 21)"),
        31: _("Normal (31 × 31)"),
        41: _("Fine (41 × 41)"),
    })
    HELP = _("A landscape over all weights has thousands of directions; a picture has two. **The path's own**: the "
             "two in which this run moved most (principal directions). **Random**: two random directions, scaled "
             "so that each neuron's part has the norm of its weights (filter normalization).")
    PATH_S_OWN = _("The path's own")
    RANDOM = _("Random")
    NO_RUN_YET = _("There is no run yet")
    TRAIN_NETWORK_HERE = _("Train a network here or on the Workbench, to see the loss landscape around its path.")
    TRAIN = _("Train")
    UP_NOW_STEP = _("Up to now (step {latest:,})")
    DIRECTIONS = _("Directions")
    DETAIL = _("Detail")
    OTHER_DIRECTIONS = _("Other directions")
    RUN_DOES_NOT_HAVE = _("This run does not have enough keyframes yet")
    LANDSCAPE_DRAWN_THROUGH = _("Its landscape is drawn through its keyframes. Wait for some more steps, then open "
                                "this page again.")
    WATCH_IT_TRAIN = _("Watch it train")
    RUN_HAS_NO_KEYFRAMES = _("This run has no keyframes")
    LANDSCAPE_DRAWN_THROUGH_KEYFRAMES = _("Its landscape is drawn through its keyframes, and none were saved. Train "
                                          "it again; then come back.")
    NETWORK_LARGE_ONLY_LATEST = _("Its network is so large that only its latest weights are stored.")
    TRAINED_EARLIER_VERSION_DLVIZ = _("It was trained by an earlier version of dlviz, or made too few steps. Train "
                                      "the same experiment again to see its path.")
    RUN_HAS_TOO_FEW = _("This run has too few keyframes")
    CHOOSE_RANDOM_DIRECTIONS = _("{why} Choose random directions above to see the landscape around its current "
                                 "weights.")
    LOSS_LANDSCAPE_RUN = _("#### Loss landscape of this run")
    ALL_WEIGHTS_NETWORK_TOGETHER = _("All the weights of a network together are one point in a space of many "
                                     "dimensions, and the loss is the height over each point. {how}")
    DRAW_THE_LANDSCAPE = _("Draw the landscape")
    RUN_HAS_UP_STEP = _("This run has {count} up to step {step:,}. The loss is evaluated there, and at {points:,} "
                        "points around them. Nothing is trained again.")
    KEYFRAMES = _n("one keyframe", "{count} keyframes")
    TRY_AGAIN = _("Try again")
    CANCEL = _("Cancel")
    ABOUT_LEFT = _(", about {duration} left")

    # pages/landscape.py
    LANDSCAPE = _("Landscape")
    WHAT_IS_SHOWN = _("What is shown")

    # of games
    LEARNT_FROM_GAMES = _("This network learns from games")
    SURVEYS_SAMPLES = _("The landscape is the loss of fixed samples, and a game makes its own; what this network "
                        "plays is to be seen under Play.")


texts = LandscapeTexts()
