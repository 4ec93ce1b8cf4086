"""What figures say: titles, legends, what is read under the pointer, and one sentence for those who cannot see them.

`%{x}` is filled in by Plotly, `{name}` by the figure.
"""
from __future__ import annotations

from dlviz.translation import _, _n, table


class FigureTexts:
    """All of them; read as attributes they are in the current language."""

    LOSS = _("loss")
    ACCURACY = _("accuracy")
    LENGTH = _("length")
    AS_LONG_AS_TRAINED = _("as long as in training")
    LONGER_THAN_TRAINED = _("longer")
    LENGTH_ACCURACY = _("length %{x}: %{y:.1%}")
    VALIDATION_ACCURACY = _("validation accuracy")
    STEP = _("step")
    EPOCH = _("epoch")
    DENSITY = _("density")
    LEARNING_RATE = _("learning rate")
    SAMPLES = _("samples")

    # anomalies.py
    USUAL = _("usual")
    ERROR_OF = _("{title}: error %{{x:.3f}}")
    RECONSTRUCTION_ERROR = _("reconstruction error (MSE)")
    GUESSING = _("guessing")
    ALL_THRESHOLDS = _("all thresholds")
    THIS_THRESHOLD = _("this threshold")
    FALSE_ALARMS = _("false alarms")
    FOUND = _("found")
    SERIES = _("series")
    ALARM = _("alarm")
    ALARM_AT = _("step %{x}: error %{customdata:.3f}")
    STEP_OF_SERIES = _("step of the test series")
    FALSE_ALARMS_FOUND = _("false alarms %{x:.1%}, found %{y:.1%}")

    # calibration.py
    SAMPLES_SURE_CORRECT = _("%{customdata[1]:,} samples, on average %{customdata[0]:.1%} sure:<br>%{y:.1%} are "
                             "correct")
    AS_SURE_AS_CORRECT = _("as sure as it is correct")
    SAMPLES_PERCENT = _("%{customdata:,} samples, %{y:.1%}")
    PROBABILITY = _("probability of the prediction")
    CALIBRATION_ERROR = _("Expected calibration error {error}")
    CALIBRATED = _("Calibration: on average the network is {sure} sure and {correct} of its predictions are "
                   "correct; it "
                   "is as often correct as it says")
    TOO_SURE = _("Calibration: on average the network is {sure} sure and {correct} of its predictions are correct; it "
                 "is too sure of itself")
    NOT_SURE_ENOUGH = _("Calibration: on average the network is {sure} sure and {correct} of its predictions are "
                        "correct; it is not sure enough of itself")

    # confusion.py
    PREDICTION = _("prediction")
    TARGET = _("target")
    CONFUSED = _("target %{y}, prediction %{x}:<br>%{customdata[0]:,} times, %{customdata[1]:.1%} of %{y}")
    RECALL_OF = _("recall of %{y}: %{text}")
    CONFUSION = _("Confusion matrix: {correct:,} of {total:,} samples are predicted correctly")
    CONFUSION_MOST = _("Confusion matrix: {correct:,} of {total:,} samples are predicted correctly; most often "
                       "{target} "
                       "is taken for {prediction}, {times}")
    TIMES = _n("once", "{count:,} times")

    # elbo.py
    THE_LOSS = _("the loss")
    DIVERGENCE_OF_EACH = _("KL divergence of each number of the code, in nats")
    RECONSTRUCTION = _("reconstruction (MSE)")
    DIVERGENCE = _("KL divergence, weighted")
    NATS = _("number %{x}: %{y:.2f} nats")

    # embedding.py
    OTHER_SYMBOLS = _("other symbols")
    IN_THE_ROW = _("in the row above")

    # film.py
    LOSS_UP_TO = _("loss, from step 1 to {last:,}")

    # histograms.py
    AROUND = _("step %{x:,}, around %{y:.3~g}: %{customdata:.1%}")
    SPREAD = _("{what} from {low:.3g} to {high:.3g}")
    SPREADS = _("{name} over the steps; at step {last:,} {spreads}")

    # landscape.py
    ON_THE_PATH = _("step %{customdata[0]:,}: loss %{customdata[1]:.3~g} with the run's weights,<br>"
                    "%{customdata[2]:.3~g} on this surface below them")
    LOSS_HERE = _("loss %{customdata:.3~g}")
    STRAIGHT_LINE = _("straight line")
    STRAIGHT_WAY = _("%{x:.0%} of the straight way: loss %{y:.3~g}")
    RUN_ITSELF = _("the run itself")
    LOSS_AT_STEP = _("step %{customdata:,}: loss %{y:.3~g}")
    WAY = _("way from start to end")
    STRAIGHT = _("Straight from start to end")
    LIES_BETWEEN = _("The loss around the run's weights lies between {low:.3g} and {high:.3g}")
    NO_NUMBER = _("The loss around the run's weights is no number")
    AT_ONE_STEP = _("{where}; {loss:.3g} at step {step:,}")
    WALKS = _("{where}; the run walks from {first:.3g} at step {first_step:,} to {last:.3g} at step {last_step:,}")
    THE_RUN = _("the run")
    LOSS_LOG = _("loss (log scale)")

    # normalization.py
    SPREAD_NAMES = table({"entering": _("input"), "training": _("output in training"),
                          "evaluation": _("output in evaluation")})
    STATISTICS = table({"mean": _("mean"), "std": _("standard deviation")})
    VALUE = _("value")
    NAME_AROUND = _("{name} around %{{x:.3~g}}")
    OF_A_CHANNEL = _("{statistic} of a channel")
    CHANNEL = _("channel %{{customdata}}, {statistic}:<br>batch %{{x:.3~g}}, running %{{y:.3~g}}")
    OF_THE_BATCH = _("of the batch")
    RUNNING = _("running")
    BEFORE_AND_AFTER = _("{name}: the numbers before and after the normalization")
    MEANS_APART = _("{name}: the numbers before and after the normalization; the batch's means and the running ones "
                    "are "
                    "at most {apart:.3g} apart")

    # projector.py
    SAMPLE_OF = _("{group}, test sample %{{text}}")
    NEAREST = _("nearest")

    # rates.py
    RATE_AT_STEP = _("step %{x:,}: learning rate %{y:.3~g}")
    EACH_BATCH = _("each batch")
    AVERAGE = _("average")
    LOSS_AT_RATE = _("learning rate %{x:.3~g}: loss %{y:.3~g}")
    LABEL_LOSS = _("{label}, loss %{{y:.3~g}}")
    SEARCH = _("Loss against learning rate, from {first} to {last}; lowest at {best}")
    SEARCH_WITH = _("Loss against learning rate, from {first} to {last}; lowest at {best}; suggestions: {suggestions}")

    # run_curves.py
    LOSSES = table({"val": _("validation loss"), "train": _("training loss")})
    ACCURACIES = table({"val": _("validation accuracy"), "train": _("training accuracy")})
    NONE_EVALUATED = _n("Loss and accuracy of {count} run, which has not been evaluated yet",
                        "Loss and accuracy of {count} runs, none of which has been evaluated yet")
    HIGHEST = _n("Loss and accuracy of {count} run; {name} has the highest validation accuracy, {accuracy}",
                 "Loss and accuracy of {count} runs; {name} has the highest validation accuracy, {accuracy}")

    # study.py
    VALUES_TO_SCORE = _("Each run from its values to its score")
    ACCURACY_AGAINST = _("Validation accuracy against {title}")
    LEAST_TO_GREATEST = _("least to greatest")
    MEAN = _("mean")
    MEAN_FROM_TO = table({".1%": _("mean %{y:.1%}, from %{customdata[0]:.1%} to %{customdata[1]:.1%}"),
                          ".3~g": _("mean %{y:.3~g}, from %{customdata[0]:.3~g} to %{customdata[1]:.3~g}")})
    MEAN_OF = table({"loss": _("Training loss: mean of {runs} runs"),
                     "accuracy": _("Training accuracy: mean of {runs} runs")})
    TRAINING = table({"loss": _("training loss"), "accuracy": _("training accuracy")})


texts = FigureTexts()
BARE = "<extra></extra>"  # behind a hover text: no name of the trace beside it
