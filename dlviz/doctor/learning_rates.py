"""Whether the steps have the right size: a learning rate that is too high or too low."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import DONE, FAR, RunEvidence, median
from dlviz.doctor.findings import Finding

WORSE = 1.3  # times the first loss
WILD = 0.1  # of the weights: an update this large, again and again, finds no valley
USUAL = 3e-3  # what a rate that was too low is raised to
SOUND = 0.03  # of the weights: a first update that is large but bearable
PULL = 0.01  # of every weight at an update: decay that forgets within a hundred updates
SHRUNK = 0.5  # of their first length: weights that decay has taken


def too_high(run: RunEvidence) -> Finding | str | None:
    """Training that broke off or learns nothing while the weights are thrown about."""
    ratio = run.update_ratio(run.brisk)
    signs = _signs(run, ratio)
    if not signs:
        return None if ratio is None else _usual(ratio)
    factor = _gentler(run)
    text = f"{run.rate * factor:.2g}"
    return Finding(
        "rate_high", "The steps are too large (learning rate too high)",
        "Each update overshoots the minimum, so the loss stays high or grows.",
        (*signs, f"The learning rate is {run.rate:g}."), f"Use a learning rate of {text}.", (),
        remedies.offered(run, (f"learning rate {text}", remedies.rate(factor)),
                         (f"learning rate {run.rate * factor / 10:.2g}", remedies.rate(factor / 10))))


def _signs(run: RunEvidence, ratio: float | None) -> list[str]:
    signs = []
    if run.diverged:
        signs.append(f"The loss was no longer a finite number after step {run.steps:,}.")
    if run.learns and run.last_loss < DONE * run.first_loss:
        return signs
    if run.last_loss > WORSE * run.first_loss:
        signs.append(f"The training loss rose from {run.first_loss:.3g} to {run.last_loss:.3g}.")
    elif run.peak_loss > FAR * run.first_loss:
        signs.append(f"The training loss rose from {run.first_loss:.3g} up to {run.peak_loss:.3g} and is "
                     f"{run.last_loss:.3g} now.")
    first = run.update_ratio(run.brisk[:3])
    if run.ignores and first is not None and first > WILD:
        signs.append(f"The first updates moved the weights by {_percent(first)} of their norm; about 0.1 % is usual.")
    elif ratio is not None and ratio > WILD and not run.learns:
        signs.append(f"Each update moved the weights by {_percent(ratio)} of their norm; about 0.1 % is "
                     "usual.")
    return signs


def _gentler(run: RunEvidence) -> float:
    """A power of ten that brings the first update down to what a sound one is."""
    first = run.update_ratio(run.record.health[:1])
    power = round(math.log10(SOUND / first)) if first else -1
    return 10.0 ** min(-1, max(-4, power))


def too_low(run: RunEvidence) -> Finding | str | None:
    """Training that has barely begun because its updates are tiny although gradients arrive."""
    ratio = run.update_ratio(run.brisk)
    if ratio is None:
        return None
    if not run.creeps:
        return _usual(ratio)
    factor = 10.0 ** min(4, max(1, round(math.log10(USUAL / max(ratio, 1e-9)))))
    return Finding(
        "rate_low", "The steps are too small (learning rate too low)",
        "The gradient points the way, but each update is so small that almost nothing changes in this "
        "time.",
        (f"Each update moves the weights by {_percent(ratio)}; about 0.1 % is usual.",
         f"After {run.steps:,} steps the training loss has only gone from {run.first_loss:.3g} to "
         f"{run.last_loss:.3g}.", f"The learning rate is {run.rate:g}."),
        f"Use {words.times(factor)} times the learning rate.", (),
        remedies.offered(run, *((f"{words.times(each)} times the learning rate", remedies.rate(each))
                                 for each in (factor, factor * 10, factor / 10) if each > 1)))


def decay(run: RunEvidence) -> Finding | str | None:
    """A pull towards zero that is stronger than what is learned."""
    strength = run.experiment.training.optimizer.live().get("weight_decay", 0.0)
    if not strength:
        return "There is no weight decay."
    left, pull = median(_shrunk(run, name) for name in run.weighted), run.experiment.training.optimizer.pull()
    signs = [f"The weight norm of the median layer is {words.percent(left)} of its first value."
             ] if left is not None and left < SHRUNK else []
    if pull is not None and pull > PULL:
        signs.append(f"It removes {words.percent(pull)} of every weight at each update: after {1 / pull:.0f} "
                     "updates most of what was learned is lost.")
    if not signs or run.knows:
        return None if left is None else \
            f"The weight norm is {words.percent(left)} of its first value, with a weight decay of {strength:g}."
    return Finding(
        "decay", "The weights are pulled to zero (weight decay too strong)",
        "Weight decay pulls every weight a little towards zero at each update. Here it pulls harder than the "
        "gradient pushes, so what is learned is lost again.",
        (*signs, f"The weight decay is {strength:g}; 0.0001 to 0.05 is usual.",
         f"The training loss was {run.first_loss:.3g} at first and is {run.last_loss:.3g} now."),
        "Use a much weaker weight decay, or none.", (),
        remedies.offered(run, ("weight decay / 1,000", remedies.undecayed(1e-3)),
                         ("no weight decay", remedies.undecayed(0.0))))


def _shrunk(run: RunEvidence, name: str) -> float | None:
    """How long a layer's weights are, beside their first length."""
    first = run.median(name, lambda layer: layer.weight_norm, run.record.health[:1])
    now = run.median(name, lambda layer: layer.weight_norm, run.record.health[-2:])
    return now / first if first and now is not None else None


def _usual(ratio: float) -> str:
    return f"Over the run an update moved the weights by {_percent(ratio)} (median); about 0.1 % is usual."


def _percent(ratio: float) -> str:
    return f"{words.number(100 * ratio)} %"
