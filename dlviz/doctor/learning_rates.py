"""Whether the steps have the right size: a learning rate that is too high or too low."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.case import Case, median
from dlviz.doctor.findings import Finding

WORSE = 1.3  # times the first loss
WILD = 0.1  # of the weights: an update this large, again and again, finds no valley
TIMID = 1e-4  # of the weights: an update this small gets nowhere
USUAL = 3e-3  # what a rate that was too low is raised to
SOUND = 0.03  # of the weights: a first update that is large but bearable
FAR = 4.0  # times the first loss
PULL = 0.01  # of every weight at an update: decay that forgets within a hundred updates
SHRUNK = 0.5  # of their first length: weights that decay has taken
DONE = 0.5  # of the first loss: below it a slow training may simply be nearly done


def too_high(case: Case) -> Finding | str | None:
    """Training that broke off or learns nothing while the weights are thrown about."""
    ratio = case.update_ratio(case.brisk)
    signs = _signs(case, ratio)
    if not signs:
        return None if ratio is None else _usual(ratio)
    factor = _gentler(case)
    said = f"{case.rate * factor:.2g}"
    return Finding(
        "rate_high", "The steps are too large (learning rate too high)",
        "Each update jumps over the valley instead of down into it, so the loss stays high or grows.",
        (*signs, f"The learning rate is {case.rate:g}."), f"Take a learning rate of {said}.", (),
        remedies.offered(case, (f"rate {said}", remedies.rate(factor)),
                         (f"rate {case.rate * factor / 10:.2g}", remedies.rate(factor / 10))))


def _signs(case: Case, ratio: float | None) -> list[str]:
    signs = []
    if case.diverged:
        signs.append(f"The loss was no number any more after step {case.steps:,}.")
    if case.learns and case.last_loss < DONE * case.first_loss:
        return signs
    if case.last_loss > WORSE * case.first_loss:
        signs.append(f"The training loss rose from {case.first_loss:.3g} to {case.last_loss:.3g}.")
    elif case.peak_loss > FAR * case.first_loss:
        signs.append(f"The training loss rose from {case.first_loss:.3g} up to {case.peak_loss:.3g} and is "
                     f"{case.last_loss:.3g} now.")
    first = case.update_ratio(case.brisk[:3])
    if case.ignores and first is not None and first > WILD:
        signs.append(f"The first updates moved the weights by {_percent(first)} of their length; about 0.1 % is usual.")
    elif ratio is not None and ratio > WILD and not case.learns:
        signs.append(f"Each update moved the weights by {_percent(ratio)} of their length; about 0.1 % is "
                     "usual.")
    return signs


def _gentler(case: Case) -> float:
    """A power of ten that brings the first update down to what a sound one is."""
    first = case.update_ratio(case.record.health[:1])
    power = round(math.log10(SOUND / first)) if first else -1
    return 10.0 ** min(-1, max(-4, power))


def too_low(case: Case) -> Finding | str | None:
    """Training that has barely begun because its updates are tiny although gradients arrive."""
    ratio = case.update_ratio(case.brisk)
    if ratio is None:
        return None
    if ratio >= TIMID or case.last_loss < DONE * case.first_loss:
        return _usual(ratio)
    factor = 10.0 ** min(4, max(1, round(math.log10(USUAL / max(ratio, 1e-9)))))
    return Finding(
        "rate_low", "The steps are too small (learning rate too low)",
        "The gradient shows the way, but each update goes so little of it that nothing much changes in this "
        "time.",
        (f"Each update moves the weights by {_percent(ratio)}; about 0.1 % is usual.",
         f"After {case.steps:,} steps the training loss has gone from {case.first_loss:.3g} to "
         f"{case.last_loss:.3g} only.", f"The learning rate is {case.rate:g}."),
        f"Take {words.times(factor)} times the learning rate.", (),
        remedies.offered(case, *((f"{words.times(each)} times the rate", remedies.rate(each))
                                 for each in (factor, factor * 10, factor / 10) if each > 1)))


def decay(case: Case) -> Finding | str | None:
    """A pull towards zero that is stronger than what is learned."""
    strength = getattr(case.experiment.training.optimizer, "weight_decay", 0.0)
    if not strength:
        return "No weight decay pulls at the weights."
    left, pull = median(_shrunk(case, name) for name in case.weighted), case.experiment.training.optimizer.pull()
    signs = [f"The weights of the layer in the middle are {words.share(left)} as long as at first."
             ] if left is not None and left < SHRUNK else []
    if pull is not None and pull > PULL:
        signs.append(f"It takes {words.share(pull)} of every weight away at each update: after {1 / pull:.0f} updates "
                     "most of what was learned is gone.")
    if not signs or case.knows:
        return None if left is None else \
            f"The weights are {words.share(left)} as long as at first, with a weight decay of {strength:g}."
    return Finding(
        "decay", "The weights are pulled to zero (weight decay too strong)",
        "Weight decay pulls every weight a little towards zero at each update. Here it pulls harder than the "
        "gradient pushes, so what is learned is taken away again.",
        (*signs, f"The weight decay is {strength:g}; 0.0001 to 0.05 is usual.",
         f"The training loss was {case.first_loss:.3g} at first and is {case.last_loss:.3g} now."),
        "Take a much weaker decay, or none.", (),
        remedies.offered(case, ("decay / 1,000", remedies.undecayed(1e-3)), ("no decay", remedies.undecayed(0.0))))


def _shrunk(case: Case, name: str) -> float | None:
    """How long a layer's weights are, beside their first length."""
    first = case.median(name, lambda layer: layer.weight_norm, case.record.health[:1])
    now = case.median(name, lambda layer: layer.weight_norm, case.record.health[-2:])
    return now / first if first and now is not None else None


def _usual(ratio: float) -> str:
    return f"An update moves the weights by {_percent(ratio)}; about 0.1 % is usual."


def _percent(ratio: float) -> str:
    return f"{words.number(100 * ratio)} %"
