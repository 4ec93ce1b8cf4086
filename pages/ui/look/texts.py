"""The interface texts of the page Look, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, table


class LookTexts:
    # compare.py
    RUN_QUEUED = _("The run is queued.")
    OF_CORRECT = _("{correct} of {total} correct")
    CORRECT = _(": correct")
    WRONG = _(": wrong")
    PREDICTS = _("predicts {text}{end}")

    # forecast.py
    APPEARS_FIRST_CAPTURE = _("It appears with the first capture.")
    TARGET = _("target")
    KNOWN = _("known")
    ONE_STEP_AHEAD = _("one step ahead")
    MULTI_STEP = _("multi-step")
    NAIVE_ONE_STEP_AHEAD = _("naive, one step ahead: {method}")
    FORECASTS_IN = _("Forecasts in {unit}")
    FORECASTS = _("Forecasts")
    TARGET_NOT_KNOWN_YET = _("The target is not known yet, so the forecast cannot be evaluated.")
    STEPS_AHEAD = _("{count} steps ahead")
    MEAN_ABSOLUTE_ERROR_ONE = _("Mean absolute error: {one} one step ahead, and {many} for the multi-step forecast "
                                "({steps_ahead}), which continues from its own predictions. The naive forecast, "
                                "which learns nothing, has {naive_one} and {naive_many}.")

    # gradient.py
    UNKNOWN = _("The target is not known here, so there is no loss and no gradient.")
    NORM_STEP_WHERE_ENTERS = _("its norm at the step where it enters")
    ITS_LARGEST_NORM = _("its largest norm")
    GRADIENT_NORM_EACH_STEP = _("{prefix}Gradient norm at each step, relative to {beside}")
    GRADIENT_ZERO_EVERYWHERE = _("{name}: the gradient is zero everywhere.")
    GRADIENT_LARGEST_STEP = _("{name}: the gradient is largest at step {most} “{word}”.")
    GRADIENT_ENTERS_STEP_WHICH = _("{name}: the gradient enters at the {which} step, which was read first, so there "
                                   "is nothing to flow back through.")
    TO_THE_STEP = _("to the {which} step")
    WHICH_READ_FIRST = _(", which was read first")
    GRADIENT_GROWS_TIMES_WAY = _("{name}: the gradient grows {factor:,.0f} times on its way back {addition}.")
    GRADIENT_COMES_BACK = _("{name}: {fraction} of the gradient comes back {addition}.")
    PART_IN = _("1 part in {round:,.0f}")
    LESS_THAN_BILLIONTH = _("less than a billionth")

    # guesses.py
    AT_ONCE = _("This network reads the complete sequence at once and was trained on complete sequences. Each "
                "column is its prediction when only the beginning up to that step is given, followed by silence.")
    STEP_BY_STEP = _("Only the last column is a prediction that the network was trained for: its readout, the "
                     "layers behind {layer}, has learned from the state after the last step only. The other columns "
                     "apply the same readout to earlier states. It was never trained on these, so a wrong "
                     "prediction there is no mistake.")

    # lost.py
    ACCURACY_SO_FAR = _(" Accuracy so far: {number:.0f} % ({metric}).")
    NETWORK_HAS_NO_POSITIONAL = _("This network has no positional encoding (`none`), so attention sees a set of "
                                  "symbols, not a sequence. It cannot learn what depends on their order, however "
                                  "long it trains.{score}")
    TRAIN_POSITIONAL_ENCODING = _("Train with positional encoding")
    SAME_NETWORK_FROM_SAME = _("The same network from the same seed, with the sinusoidal encoding.")
    WITH_POSITIONS = _("with positions")

    # samples.py
    TEMPERATURE = _("Temperature")
    SAMPLES_FROM_PREDICTED = _("1 samples from the predicted probabilities. Lower values favour the most probable "
                               "symbols, higher values give more random samples.")
    TOP_K = _("Top-k")
    SAMPLES_ONLY_FROM_K = _("Samples only from the k most probable symbols.")
    SAMPLE_AGAIN = _("Sample again")
    SAMPLE_OTHER_NAMES_SAME = _("Sample other names with the same weights.")

    # sights.py
    LAST_STEP = _("last step")
    EVERY_STEP = _("every step")

    # states.py
    HIDDEN_STATE = _("Hidden state")
    WHAT_LAYER_CARRIES_FROM = _("What the layer carries from each step to the next and passes to the next layer. "
                                "Each row is one unit.")
    CELL = _("Cell")
    CELL_STATE_LSTM_CHANGES = _("The cell state of the LSTM. It changes only as far as the gates allow.")
    INPUT_GATE = _("Input gate")
    HOW_MUCH_CANDIDATE_WRITTEN = _("How much of the candidate is written into the cell: 1 all of it, 0 nothing "
                                   "(input gate).")
    FORGET_GATE = _("Forget gate")
    HOW_MUCH_OLD_CELL = _("How much of the old cell state is kept: 1 all of it, 0 nothing (forget gate).")
    OUTPUT_GATE = _("Output gate")
    HOW_MUCH_CELL_STATE = _("How much of the cell state is passed on as hidden state: 1 all of it, 0 nothing "
                            "(output gate).")
    CANDIDATE = _("Candidate")
    NEW_VALUES_INPUT_GATE = _("The new values that the input gate can write into the cell (candidate).")
    RESET_GATE = _("Reset gate")
    HOW_MUCH_OLD_HIDDEN = _("How much of the old hidden state is used to compute the new one: 1 all of it, 0 "
                            "nothing (reset gate).")
    UPDATE_GATE = _("Update gate")
    HOW_MUCH_OLD_HIDDEN_STATE = _("How much of the old hidden state is kept: 1 all of it, 0 replaced by the new one "
                                  "(update gate).")
    NEW = _("New")
    PROPOSED_HIDDEN_STATE_UPDATE = _("The proposed hidden state; the update gate decides how much of it is used "
                                     "(new gate).")
    LAYER = _("Layer")
    VIEW = _("View")

    # tables.py
    NEAR_MEANS_ALIKE = _("Near each other means alike. Seen here: {percent:.0%} of how the symbols differ (principal "
                         "component analysis).")
    SYMBOLS_POINTS = _("{count} symbols as points, {used} of them in the question: near each other means alike")
    DIMENSIONS = _("Dimensions")
    NOTHING_SHOW_NETWORK_HAS = _("There is nothing to show: this network has no positional encoding.")

    # trio.py
    TRAIN_THE_MISSING = _("Train the missing: {names}")
    SAME_NETWORK_TASK_FROM = _("The same network and task, from the same seed, with another kind of memory.")
    WHICH = _("Which {kind}")

    # views.py
    TITLES = table({
        "forecast": _("Forecast"),
        "samples": _("Samples"),
        "attention": _("Attention"),
        "guesses": _("Readout over time"),
        "states": _("Hidden state"),
        "compare": _("Side by side"),
        "gradients": _("Gradient"),
        "positions": _("Positions"),
        "embeddings": _("Embeddings"),
    })
    NETWORK_HAS_NO_ATTENTION = _("This network has no attention, no recurrent layer, no positional encoding and no "
                                 "embedding, so only its prediction can be shown.")
    WHAT_DOES_SHOW = _("What does this show?")

    # words.py
    WORDS = table({
        "attention": _("""
Every place of the row sends out a **query** (what am I looking for?) and a **key** (what do I have to
offer?). Where a query and a key fit, the one place takes from the other. How well they fit is a **score**
(dot product), and softmax turns a row of scores into shares that add up to 1, the **attention weights**.
Each **head** learns queries and keys of its own. A head is *sharp* when every place takes from a single
other one, and not from all alike (1 minus the entropy of its rows, as a share of the largest that there can
be).

Attention shows where a head takes from. It is not by itself an explanation of the answer: what is taken,
and what the later layers make of it, is not seen here.
"""),
        "states": _("""
A recurrent layer reads a row from left to right and carries a list of numbers along, its **hidden state**.
Each row of the picture is one of these numbers (a **unit**), each column one step; red is above zero, blue
below. An LSTM and a GRU have **gates**, numbers from 0 to 1 that decide at each step how much is kept, let
in and shown.

Click a unit to see its curve. Drag over some steps to find the units that are on there and nowhere else.
"""),
        "guesses": _("""
This network reads a row step by step and answers at the end: only there has its last part, the **read-out**, been
trained. The same read-out can be put to earlier states, and each column is what it makes of one. That is a look into
the memory and not an answer: an early state may hold everything that is needed in a form that the read-out never
learned to read. Trust the last column, and see in the others when they begin to agree with it.
"""),
        "positions": _("""
Attention by itself does not know the order of what it looks at. So a pattern is added to each symbol,
another one for each place (**positional encoding**). In the first picture each row is the pattern of one
place. The second shows how alike the patterns of any two places are (their **dot product**): if neighbours
are more alike than others, the network can tell near from far.
"""),
        "embeddings": _("""
A network calculates with numbers, so each symbol gets a list of them, which is learned (its **embedding**).
These lists are long; here they are seen from their widest side (**PCA**, principal component analysis).
Symbols that the network has to treat alike often come to lie near each other; those that it must tell apart
move apart.
"""),
        "forecast": _("""
The network is shown the last values and says the next one. **One step ahead**: after each forecast it is told
what really came, and forecasts the next. **From its own answers** (multi-step forecast): it is told nothing
more; each forecast is read as if it were true, and so its errors add up. A network that only repeats the last
value looks good one step ahead, and fails at many. The **naive forecast** needs no learning at all: what does not beat
it is of no use.
"""),
        "samples": _("""
The network guesses the next letter, one letter is drawn from its guess, and so on until it says that the name
is over: that is how every large language model writes, too. **Temperature** bends the chances before drawing:
low makes the likeliest even likelier, high makes all more alike. **Top-k** forgets all but the k likeliest.
Names with a line below them are on the list that it learned from; the others it made up.
"""),
        "compare": _("""
Three networks that differ only in their memory read the same row. A plain **RNN** mixes its whole memory anew
at each step. An **LSTM** and a **GRU** have gates that can leave it alone. Learning sends the error of the
answer back through all these steps (**backpropagation through time**), and at each it is multiplied: by
numbers below 1 it fades (**vanishing gradient**), so that nothing is learned from what was long ago. Watch
the lines from the first step of training: at first all three fade. The gates of the LSTM and the GRU learn to
let the error through; the plain RNN takes far longer, if it finds a way at all.
"""),
        "gradients": _("""
To learn, the error of the answer is sent back through all steps (**backpropagation through time**). Each step
back multiplies it. Each line shows how large the **gradient** of a memory is at each step, beside its size where the
error comes in: the scale is logarithmic, each line down is ten times less. Where it has faded, the network cannot
learn from what stood there (**vanishing gradient**). The error is that of the last answer; a memory that reads
**backwards** goes back through time towards the end of the row, so for it the first answer counts. Where attention or
a layer above brings the error in at many steps, a line is seen beside its largest. Layers that read different rows
have a chart each. Of an LSTM the gradient of its cell is shown, of the others that of the hidden state.
"""),
    })

    # pages/look.py
    LOOK = _("Look")
    NO_NETWORK_SEQUENCES_YET = _("There is no network on sequences yet")
    OPEN_PRESET_UNDER_ATTENTION = _("Open a preset under Attention or Memory, train it, and come back: attention "
                                    "and hidden states can be watched even while it trains.")
    PRESETS = _("Presets")
    RUN_HAS_NO_TRAINED = _("This run has no trained weights")
    ENDED_BEFORE_FIRST_STEP = _("It ended before its first step. Start it again, or choose another run above.")
    GO_TO_TRAIN = _("Go to Train")


texts = LookTexts()
