"""The interface texts of the Workbench, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class BuildTexts:
    # gallery.py
    SEARCH = _("Search")
    SEARCH_PRESETS = _("Search by words or layers")
    LEVEL = _("Level")
    LEVELS = table({
        "all": _("All"),
        "first": _("First steps"),
        "further": _("Further"),
        "advanced": _("Advanced"),
    })
    LEVEL_SECONDS = _("{level} · {seconds} s")
    PICTURE_OF = _("A sample of the task of {title}, and its layers")
    NOTHING_FOUND = _("No preset fits. Take fewer words, or all levels.")

    # bar.py
    PRESETS = _("Presets")
    OPEN = _("Open")
    OPEN_DESIGN_FROM_FILE = _("Open a design from a file.")
    DATA_HAS_DOWNLOADED_FIRST = _("{title} · :orange[:material/download: the data has to be downloaded first]")
    NETWORK_SEES_TARGETS_CARDS = _("{title} · :orange[:material/visibility: the network sees its targets; the cards "
                                   "say why]")
    READY_TO_TRAIN = _("{title} · :green[:material/check_circle: ready to train]")
    STARTS_FROM = _(" · :material/line_start_arrow: starts from the weights of {name}")
    LAYERS_WRONG = _n("{count} layer has an error", "{count} layers have errors")
    NOT_YET_TASK_UNKNOWN = _("Not yet: its task is unknown.")
    NOT_YET = _("Not yet: {problem}.")
    NOT_YET_DATA_NOT = _("Not yet: the data of {title} is not on this computer. Download it on the Train page.")

    # folds.py
    REPEATED = _("{kinds} x {times}")
    FROM_TO = _("{first} to {last}")

    # editors.py
    STACK = _("Stack")
    CANVAS = _("Canvas")
    VIEW_OF_DESIGN = _("How the network is shown")
    CANVAS_NEEDS_WIDTH = _("The canvas needs a wider window. Here is the same network as a stack.")

    # files.py
    CHOOSE_SAVED_DESIGN_JSON = _("Choose a saved design (a `.json` file). It replaces the current design; Undo "
                                 "restores that.")
    FILE = _("File")
    OPEN_A_FILE = _("Open a file")
    SAVE = _("Save")
    SAVE_DESIGN_FILE = _("Save the design as a file.")
    LINK = _("Link")
    LINK_OPENS_SAME_DESIGN = _("This link opens the same design, with its training settings and its seed.")
    COPY_BUTTON_RIGHT_END = _("Copy it with the button at its right end.")

    # inspector.py
    UNKNOWN_KIND = _("unknown kind")
    BLOCK_OPEN_PARTS_NOW = _("The block is open: its parts are now layers that can be edited one by one. Undo "
                             "closes it.")
    OPEN_THE_BLOCK = _("Open the block")
    REPLACE_BLOCK_LAYERS = _("Replace this block with its layers: attention, skip connections, normalization, "
                             "feed-forward.")
    LAYER_HAS_ERROR_CARD = _("This layer has an error; its card says why.")
    LAYER_ABOVE_HAS_ERROR = _("A layer above has an error, so the input of this layer is unknown.")
    INPUT_GIVEN = _("Gets {inputs}.")
    PARAMETERS_LEARNED_NUMBERS = _("parameters (learned numbers)")
    MULTIPLY_ADDS_PER_SAMPLE = _("multiply-adds per sample")
    TAKES_GIVES = _("Takes {inputs}, gives **{output}**.")
    NAME = _("Name")
    NAME_LAYER = _("The name of this layer.")
    TRAINABLE = _("trainable")
    TRAINABLE_WHY = _("Off: the layer is frozen. Training leaves its weights as they are, and batch normalization "
                      "keeps its running statistics.")
    THE_LAYER_ABOVE = _("the layer above")
    INPUT = _("Input")
    LAYER_WHOSE_OUTPUT_TAKES = _("The layer whose output this layer takes.")
    INPUTS_LAYERS_WHOSE_OUTPUTS = _("**Inputs**  \n:small[The layers whose outputs this layer takes, in this order.]")
    INPUTS = _("Inputs")
    WHAT_GIVES_ONE_TEST = _("The output of {name} for one test sample")
    OF_FEATURE_MAPS = _("{count} of {total} feature maps")
    FEATURE_MAPS = _("Feature maps")
    OUTPUT = _("Output")
    WHAT_GIVES_OWN = _("The output of {name} for your own sample")
    OWN_SAMPLE_BEFORE = _("{what} for your own sample, before training. :red[Red] is above 0, :blue[blue] below.")
    ONE_TEST_SAMPLE_BEFORE = _("{what} for one test sample, before training. :red[Red] is above 0, :blue[blue] below.")
    GROUP_HOLDS = _n("{count} layer: {kinds}.", "{count} layers: {kinds}.")
    SEVERAL_LAYERS = _n("{count} layer is selected", "{count} layers are selected")
    SELECT_ONE_TO_CHANGE = _("Select one of them to see what it does and to change it.")
    NOTHING_WIRED = _("nothing")
    THE_WHOLE_NETWORK = _("The whole network")
    DATA_FLOWS_FROM_FIRST = _("Data flows from the first card to the last. Select a card to see what the layer does "
                              "and to change it.")
    NAME_DESIGN_FILE = _("The name of this design and of its file.")
    PARAMETERS = _("Parameters")
    NUMBER_LEARNED_WEIGHTS_BIASES = _("The number of learned weights and biases.")
    MULTIPLY_ADDS = _("Multiply-adds")
    COST_ONE_FORWARD_PASS = _("The cost of one forward pass for one sample.")
    MEMORY = _("Memory")
    NOT_KNOWN_YET = _("not known yet")
    APPROXIMATELY_TRAINING_STEP = _("Approximately, for a training step with a batch of {size_of_batch}.")
    ONE_TASK = _("One {name} of the task")
    TASK = _("**Task: {title}**")
    OF = _("{kind} of {height}")
    INPUT_OUTPUT_HAS = _("The input is {shapes}. The output has to be {output}: {out_description}.")
    DATA_NOT_COMPUTER_YET = _("The data is not on this computer yet. Download it on the Train page; then the cards "
                              "show images.")
    CHANGE_TASK_OR_TRAINING = _("Change the task or the training settings")
    ONE_UPDATE = _("One update in slow motion")

    # node_views.py
    VIEW_OF_LAYER = _("What is shown of the layer")
    FURTHER_VIEWS = _("{page}: {views}")

    # dock.py
    PLAY = _("Play")
    PLAY_HERE = _("Train this design. Everything on this page shows it.")
    PLAY_ON = _("Go on with the training.")
    PLAY_CHANGED = _("Train the changed design in a new run.")
    PLAY_AGAIN = _("Train this design once more, in a new run.")
    PAUSE = _("Pause")
    PAUSE_AFTER_BATCH = _("Pause after this batch.")
    ONE_BATCH = _("One batch")
    ONE_STEP_THEN_PAUSE = _("One optimizer step, then pause.")
    STOP = _("Stop")
    END_RUN_NOW = _("End this run now. Its weights are saved.")
    LEARNING_RATE = _("Learning rate")
    LEARNING_RATE_OF_DESIGN = _("The learning rate that the next run starts with.")
    ANOTHER_SAMPLE = _("Another sample")
    CURVE_COMES = _("Press Play: the loss appears here")
    NOTHING_TRAINED = _("Nothing is trained yet.")
    OTHER_DESIGN_TRAINS = _("The design was changed. **{name}** still trains the one before; Play pauses it and starts "
                            "a new run.")
    OTHER_DESIGN = _("The curve is that of **{name}**, which trained another design. Play starts a new run.")
    OTHER_DESIGN_NOT_NOW = _("The curve is that of **{name}**, with another design. The design above cannot be trained "
                             "now.")
    SOMEBODY_ELSES = _("**{name}** belongs to somebody else: you can watch it. Play trains the design above in a run "
                       "of your own.")
    SCORE_IS = _("{title}: {figures}")

    # own_sample.py
    DRAW_OWN = _("Draw your own")
    TYPE_OWN = _("Type your own")
    BACK_TO_TEST = _("Back to test samples")
    OWN_RUNS_THROUGH = _("A sample of your own runs through the network, in place of a test sample.")
    DRAW_IT_HERE = _("Draw here: after each stroke it runs through the network.")
    TYPE_LIKE = _("Type for instance {example}: it runs through the network.")


texts = BuildTexts()
