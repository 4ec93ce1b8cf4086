"""Whether the steps have the right size: a learning rate that is too high or too low."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import DONE, FAR, RunEvidence, median
from dlviz.doctor.findings import Finding
from dlviz.translation import Words, _

WORSE = 1.3  # times the first loss
WILD = 0.1  # of the weights: an update this large, again and again, finds no valley
USUAL = 3e-3  # what a rate that was too low is raised to
SOUND = 0.03  # of the weights: a first update that is large but bearable
PULL = 0.01  # of every weight at an update: decay that forgets within a hundred updates
SHRUNK = 0.5  # of their first length: weights that decay has taken


def too_high(run: RunEvidence) -> Finding | Words | None:
    """Training that broke off or learns nothing while the weights are thrown about."""
    ratio = run.update_ratio(run.brisk)
    signs = _signs(run, ratio)
    if not signs:
        return None if ratio is None else _usual(ratio)
    factor = _gentler(run)
    text = f"{run.rate * factor:.2g}"
    return Finding(
        "rate_high", _("The steps are too large (learning rate too high)"),
        _("Each update overshoots the minimum, so the loss stays high or grows."),
        (*signs, _("The learning rate is {rate:g}.", rate=run.rate)),
        _("Use a learning rate of {rate}.", rate=text), (),
        remedies.offered(run, (_("learning rate {rate}", rate=text), remedies.rate(factor)),
                         (_("learning rate {rate:.2g}", rate=run.rate * factor / 10), remedies.rate(factor / 10))))


def _signs(run: RunEvidence, ratio: float | None) -> list[Words]:
    signs: list[Words] = []
    if run.diverged:
        signs.append(_("The loss was no longer a finite number after step {steps:,}.", steps=run.steps))
    if run.learns and run.last_loss < DONE * run.first_loss:
        return signs
    if run.last_loss > WORSE * run.first_loss:
        signs.append(_("The training loss rose from {first_loss:.3g} to {last_loss:.3g}.", first_loss=run.first_loss,
                       last_loss=run.last_loss))
    elif run.peak_loss > FAR * run.first_loss:
        signs.append(_("The training loss rose from {first_loss:.3g} up to {peak_loss:.3g} and is {last_loss:.3g} now.",
                       first_loss=run.first_loss, peak_loss=run.peak_loss, last_loss=run.last_loss))
    first = run.update_ratio(run.brisk[:3])
    if run.ignores and first is not None and first > WILD:
        signs.append(_("The first updates moved the weights by {percent} of their norm; about 0.1 % is usual.",
                       percent=_percent(first)))
    elif ratio is not None and ratio > WILD and not run.learns:
        signs.append(_("Each update moved the weights by {percent} of their norm; about 0.1 % is usual.",
                       percent=_percent(ratio)))
    return signs


def _gentler(run: RunEvidence) -> float:
    """A power of ten that brings the first update down to what a sound one is."""
    first = run.update_ratio(run.record.health[:1])
    power = round(math.log10(SOUND / first)) if first else -1
    return 10.0 ** min(-1, max(-4, power))


def too_low(run: RunEvidence) -> Finding | Words | None:
    """Training that has barely begun because its updates are tiny although gradients arrive."""
    ratio = run.update_ratio(run.brisk)
    if ratio is None:
        return None
    if not run.creeps:
        return _usual(ratio)
    factor = 10.0 ** min(4, max(1, round(math.log10(USUAL / max(ratio, 1e-9)))))
    return Finding(
        "rate_low", _("The steps are too small (learning rate too low)"),
        _("The gradient points the way, but each update is so small that almost nothing changes in this time."),
        (_("Each update moves the weights by {percent}; about 0.1 % is usual.", percent=_percent(ratio)),
         _("After {steps:,} steps the training loss has only gone from {first_loss:.3g} to {last_loss:.3g}.",
           steps=run.steps, first_loss=run.first_loss, last_loss=run.last_loss),
         _("The learning rate is {rate:g}.", rate=run.rate)),
        _("Use {times} times the learning rate.", times=words.times(factor)), (),
        remedies.offered(run, *((_("{times} times the learning rate", times=words.times(each)), remedies.rate(each))
                                 for each in (factor, factor * 10, factor / 10) if each > 1)))


def decay(run: RunEvidence) -> Finding | Words | None:
    """A pull towards zero that is stronger than what is learned."""
    strength = run.experiment.training.optimizer.live().get("weight_decay", 0.0)
    if not strength:
        return _("There is no weight decay.")
    left, pull = median(_shrunk(run, name) for name in run.weighted), run.experiment.training.optimizer.pull()
    signs = [_("The weight norm of the median layer is {percent} of its first value.", percent=words.percent(left))
             ] if left is not None and left < SHRUNK else []
    if pull is not None and pull > PULL:
        signs.append(_("It removes {percent} of every weight at each update: after {pull:.0f} updates most of what was "
                       "learned is lost.", percent=words.percent(pull), pull=1 / pull))
    if not signs or run.knows:
        return None if left is None else \
            _("The weight norm is {percent} of its first value, with a weight decay of {strength:g}.",
              percent=words.percent(left), strength=strength)
    return Finding(
        "decay", _("The weights are pulled to zero (weight decay too strong)"),
        _("Weight decay pulls every weight a little towards zero at each update. Here it pulls harder than the "
          "gradient pushes, so what is learned is lost again."),
        (*signs, _("The weight decay is {strength:g}; 0.0001 to 0.05 is usual.", strength=strength),
         _("The training loss was {first_loss:.3g} at first and is {last_loss:.3g} now.", first_loss=run.first_loss,
           last_loss=run.last_loss)),
        _("Use a much weaker weight decay, or none."), (),
        remedies.offered(run, (_("weight decay / 1,000"), remedies.undecayed(1e-3)),
                         (_("no weight decay"), remedies.undecayed(0.0))))


def _shrunk(run: RunEvidence, name: str) -> float | None:
    """How long a layer's weights are, beside their first length."""
    first = run.median(name, lambda layer: layer.weight_norm, run.record.health[:1])
    now = run.median(name, lambda layer: layer.weight_norm, run.record.health[-2:])
    return now / first if first and now is not None else None


def _usual(ratio: float) -> Words:
    return _("Over the run an update moved the weights by {percent} (median); about 0.1 % is usual.",
             percent=_percent(ratio))


def _percent(ratio: float) -> Words:
    return f"{words.number(100 * ratio)} %"
