"""Whether the steps have the right size: a learning rate that is too high or too low."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.case import Case
from dlviz.doctor.findings import Finding

WORSE = 1.3  # times the first loss
WILD = 0.02  # of the weights: an update this large, again and again, finds no valley
TIMID = 1e-4  # of the weights: an update this small gets nowhere
USUAL = 1e-3
DONE = 0.5  # of the first loss: below it a slow training may simply be nearly done


def too_high(case: Case) -> Finding | str | None:
    """Training that broke off or learns nothing while the weights are thrown about."""
    ratio = case.update_ratio(case.brisk[-max(3, len(case.brisk) // 3):])
    signs = []
    if case.diverged:
        signs.append(f"The loss was no number any more after step {case.steps:,}.")
    if case.last_loss > WORSE * case.first_loss:
        signs.append(f"The training loss rose from {case.first_loss:.3g} to {case.last_loss:.3g}.")
    if ratio is not None and ratio > WILD and not case.learns:
        signs.append(f"Each update moves the weights by {words.share(ratio)} of their length; about 0.1 % is usual.")
    if not signs:
        return None if ratio is None else f"An update moves the weights by {_percent(ratio)}; about 0.1 % is usual."
    if case.rate:
        signs.append(f"The learning rate is {case.rate:g}.")
    return Finding(
        "rate_high", "The steps are too large (learning rate too high)",
        "Each update jumps over the valley instead of down into it, so the loss stays high or grows.",
        tuple(signs), "Take a tenth of the learning rate.", (),
        remedies.remedy("a tenth of the rate", case.experiment, case.report, remedies.rate(0.1)))


def too_low(case: Case) -> Finding | str | None:
    """Training that has barely begun because its updates are tiny although gradients arrive."""
    ratio = case.update_ratio(case.brisk)
    if ratio is None:
        return None
    if ratio >= TIMID or case.last_loss < DONE * case.first_loss:
        return f"An update moves the weights by {_percent(ratio)}; about 0.1 % is usual."
    factor = 10.0 ** min(3, max(1, round(math.log10(USUAL / max(ratio, 1e-9)))))
    return Finding(
        "rate_low", "The steps are too small (learning rate too low)",
        "The gradient shows the way, but each update goes so little of it that nothing much changes in this time.",
        (f"Each update moves the weights by {_percent(ratio)}; about 0.1 % is usual.",
         f"After {case.steps:,} steps the training loss has gone from {case.first_loss:.3g} to "
         f"{case.last_loss:.3g} only.", f"The learning rate is {case.rate:g}."),
        f"Take {words.times(factor)} times the learning rate.", (),
        remedies.remedy(f"{words.times(factor)} times the rate", case.experiment, case.report, remedies.rate(factor)))


def _percent(ratio: float) -> str:
    """Ratios are small: '0.0012 %'."""
    return f"{100 * ratio:.2g} %"
