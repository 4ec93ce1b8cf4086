"""Whether the steps have the right size: a learning rate that is too high or too low."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.case import Case
from dlviz.doctor.findings import Finding

WORSE = 1.3  # times the first loss
WILD = 0.1  # of the weights: an update this large, again and again, finds no valley
TIMID = 1e-4  # of the weights: an update this small gets nowhere
USUAL = 3e-3  # what a rate that was too low is raised to
SOUND = 0.03  # of the weights: a first update that is large but bearable
FAR = 4.0  # times the first loss
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
        remedies.remedy(f"rate {said}", case.experiment, case.report, remedies.rate(factor)))


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
    if ratio is not None and ratio > WILD and not case.learns:
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
        remedies.remedy(f"{words.times(factor)} times the rate", case.experiment, case.report,
                        remedies.rate(factor)))


def _usual(ratio: float) -> str:
    return f"An update moves the weights by {_percent(ratio)}; about 0.1 % is usual."


def _percent(ratio: float) -> str:
    return f"{words.number(100 * ratio)} %"
