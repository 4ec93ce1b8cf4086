"""How it begins: before the first update a network should know nothing, and be sure of nothing."""
from __future__ import annotations

from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding
from dlviz.translation import Words, _

SURE = 3.0  # times the loss of a guess: a network that knows nothing must not be sure of it
WIDE = 3.0  # times what comes in: sums so much larger are too large for any activation
STUCK = 0.5  # share of a layer's outputs that lie where its function is flat


def bad_start(run: RunEvidence) -> Finding | Words | None:
    """First weights so large that the first answers are sure and wrong."""
    guess, wide = run.record.chance_loss, _wide(run)
    if guess is None:
        return None
    if not wide or not run.first_loss > SURE * guess:
        return _("The first loss is {first_loss:.3g}; an untrained network that guesses has {guess:.3g}.",
                 first_loss=run.first_loss, guess=guess)
    return Finding(
        "bad_start",
        _("It starts with confident wrong predictions (initial weights too large)"),
        _("Before its first update a network has learned nothing, so it should be sure of nothing. Here the initial "
          "weights make the outputs of the layers many times larger than their inputs, and the first steps are spent "
          "on undoing that."),
        (_guessed(run, guess), _gain(run, wide),
         _("The training loss is {last_loss:.3g} now.", last_loss=run.last_loss)),
        _("Use smaller initial weights (init default, xavier or kaiming)."), tuple(wide), _cure(run, wide))


def saturated(run: RunEvidence) -> Finding | Words | None:
    """Squashing functions that are flat where their inputs lie, from the first update on."""
    squashing = run.activations(lambda traits: traits.squashes)
    if not squashing:
        return _("No activation saturates.")
    first = run.record.health[:1]
    fractions = {name: run.median(name, lambda layer: layer.saturated, first) for name in squashing}
    known = {name: value for name, value in fractions.items() if value is not None}
    if not known:
        return None
    wide, worst = _wide(run), max(known, key=lambda name: known[name])
    if known[worst] < STUCK or not wide:
        return _("At the first update {percent} of the outputs of {worst} were saturated.",
                 percent=words.percent(known[worst]), worst=worst)
    ill = tuple(name for name, value in known.items() if value >= STUCK)
    return Finding(
        "saturated", _("The activations are saturated ({kind})", kind=run.declared[worst].kind()),
        _("Far from 0 such an activation is flat: its output hardly depends on its input, and it passes back almost no "
          "gradient. The initial weights are so large that most inputs lie there."),
        (*(_("At the first update {percent} of the outputs of {name} were saturated.",
             percent=words.percent(known[name]), name=name)
           for name in ill[:3]), _gain(run, wide)),
        _("Use smaller initial weights (init default or xavier)."), ill, _cure(run, wide))


def _wide(run: RunEvidence) -> list[str]:
    return [name for name, gain in run.gains.items() if gain > WIDE]


def _guessed(run: RunEvidence, guess: float) -> Words:
    """Its first loss beside that of a guess, which is the logarithm of the classes where there are some."""
    if run.report.signature.loss != "cross_entropy":
        return _("The first loss was {loss:.3g}; an untrained network that guesses has {guess:.3g}.",
                 loss=run.first_loss, guess=guess)
    return _("The first loss was {loss:.3g}; an untrained network that guesses has {guess:.3g} (ln {classes}).",
             loss=run.first_loss, guess=guess, classes=run.report.signature.out_shape.axes[-1])


def _gain(run: RunEvidence, wide: list[str]) -> Words:
    most = max(wide, key=lambda name: run.gains[name])
    gain = words.times(run.gains[most])
    return _("At the start the outputs of {layer} are {gain} times as large as its inputs; 1 is usual.", layer=most,
             gain=gain)


def _cure(run: RunEvidence, wide: list[str]) -> tuple:
    return remedies.offered(run, (_("default initial weights"), remedies.drawn(wide)))
