"""How it begins: before the first update a network should know nothing, and be sure of nothing."""
from __future__ import annotations

from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding

SURE = 3.0  # times the loss of a guess: a network that knows nothing must not be sure of it
WIDE = 3.0  # times what comes in: sums so much larger are too large for any activation
STUCK = 0.5  # share of a layer's outputs that lie where its function is flat


def bad_start(run: RunEvidence) -> Finding | str | None:
    """First weights so large that the first answers are sure and wrong."""
    guess, wide = run.record.chance_loss, _wide(run)
    if guess is None:
        return None
    if not wide or not run.first_loss > SURE * guess:
        return f"The first loss is {run.first_loss:.3g}; an untrained network that guesses has {guess:.3g}."
    return Finding(
        "bad_start", "It starts with confident wrong predictions (initial weights too large)",
        "Before its first update a network has learned nothing, so it should be sure of nothing. Here the initial "
        "weights make the outputs of the layers many times larger than their inputs, and the first steps are "
        "spent on undoing that.",
        (f"The first loss was {run.first_loss:.3g}; an untrained network that guesses has {guess:.3g}"
         + (f" (ln {run.report.signature.out_shape.axes[-1]})." if run.report.signature.loss == "cross_entropy"
            else "."),
         _gain(run, wide), f"The training loss is {run.last_loss:.3g} now."),
        "Use smaller initial weights (init default, xavier or kaiming).", tuple(wide), _cure(run, wide))


def saturated(run: RunEvidence) -> Finding | str | None:
    """Squashing functions that are flat where their inputs lie, from the first update on."""
    squashing = run.activations(lambda traits: traits.squashes)
    if not squashing:
        return "No activation saturates."
    first = run.record.health[:1]
    fractions = {name: run.median(name, lambda layer: layer.saturated, first) for name in squashing}
    known = {name: value for name, value in fractions.items() if value is not None}
    if not known:
        return None
    wide, worst = _wide(run), max(known, key=lambda name: known[name])
    if known[worst] < STUCK or not wide:
        return f"At the first update {words.percent(known[worst])} of the outputs of {worst} were saturated."
    ill = tuple(name for name, value in known.items() if value >= STUCK)
    return Finding(
        "saturated", f"The activations are saturated ({run.declared[worst].kind()})",
        "Far from 0 such an activation is flat: its output hardly depends on its input, and it passes back almost no "
        "gradient. The initial weights are so large that most inputs lie there.",
        (*(f"At the first update {words.percent(known[name])} of the outputs of {name} were saturated."
           for name in ill[:3]), _gain(run, wide)),
        "Use smaller initial weights (init default or xavier).", ill, _cure(run, wide))


def _wide(run: RunEvidence) -> list[str]:
    return [name for name, gain in run.gains.items() if gain > WIDE]


def _gain(run: RunEvidence, wide: list[str]) -> str:
    most = max(wide, key=lambda name: run.gains[name])
    gain = words.times(run.gains[most])
    return f"At the start the outputs of {most} are {gain} times as large as its inputs; 1 is usual."


def _cure(run: RunEvidence, wide: list[str]) -> tuple:
    return remedies.offered(run, ("default initial weights", remedies.drawn(wide)))
