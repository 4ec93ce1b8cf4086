"""Which values a search tries next, and whether a run is worth ending early: Optuna, used as pure functions.

TPE: Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011. Each trial's sampler is seeded with
search seed + trial number, so that what comes next depends on what is known alone: a search that goes on
after a restart tries what it would have tried without one.
"""
from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dlviz.errors import RunError
from dlviz.spec import Scalar
from dlviz.studies.study import Search, Span
from dlviz.translation import _

if TYPE_CHECKING:
    import optuna

RANDOM = 4  # trials by chance before the sampler begins to learn
WARM = 2  # judgements of a run before it may be ended early


@dataclass(frozen=True)
class TrialRecord:
    """What is known of a trial: its values, its score when it is over, its accuracy when judged."""

    values: tuple[Scalar, ...]
    score: float | None = None
    accuracies: Mapping[int, float] = field(default_factory=dict)


def available() -> bool:
    return importlib.util.find_spec("optuna") is not None


def propose(search: Search, past: Sequence[TrialRecord]) -> tuple[Scalar, ...]:
    """The values of trial `len(past)`. About 10 ms. RunError where Optuna is not installed."""
    optuna = _optuna()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(seed=search.seed + len(past), n_startup_trials=RANDOM,
                                             constant_liar=True, multivariate=len(search.spans) > 1)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    spaces = {f"{index}": _space(span) for index, span in enumerate(search.spans)}
    study.add_trials([_trial(trial, spaces) for trial in past])
    asked = study.ask(spaces)
    return tuple(_rounded(asked.params[name], span) for name, span in zip(spaces, search.spans))


def hopeless(accuracies: Mapping[int, float], others: Sequence[TrialRecord]) -> bool:
    """Whether a run is, at its last judged step, below the median of those that are over (median pruning)."""
    over = [other for other in others if other.score is not None and other.accuracies]
    if len(over) < RANDOM or len(accuracies) < WARM:
        return False
    optuna = _optuna()
    pruner = optuna.pruners.MedianPruner(n_startup_trials=RANDOM, n_warmup_steps=0)
    study = optuna.create_study(direction="maximize", pruner=pruner)
    study.add_trials([_trial(other, {}) for other in over])
    return pruner.prune(study, _trial(TrialRecord((), None, accuracies), {}))


def _optuna() -> Any:
    if not available():
        raise RunError(_("A search"), _("needs the package optuna"), _("it is not installed"),
                       _("Install it with: pip install optuna. Or sweep over a list of values instead."))
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _space(span: Span) -> optuna.distributions.BaseDistribution:
    optuna = _optuna()
    if span.choices:
        return optuna.distributions.CategoricalDistribution(span.choices)
    if span.integer:
        return optuna.distributions.IntDistribution(round(span.low), round(span.high), log=span.log)
    return optuna.distributions.FloatDistribution(span.low, span.high, log=span.log)


def _trial(past: TrialRecord, spaces: Mapping[str, Any]) -> optuna.trial.FrozenTrial:
    optuna = _optuna()
    states = optuna.trial.TrialState
    return optuna.trial.create_trial(
        state=states.RUNNING if past.score is None else states.COMPLETE, value=past.score,
        params=dict(zip(spaces, past.values)), distributions=dict(spaces),
        intermediate_values=dict(past.accuracies))


def _rounded(value: Scalar, span: Span) -> Scalar:
    """Four digits are enough for a person, and stay within the range."""
    if not isinstance(value, float) or span.choices:
        return value
    return min(max(float(f"{value:.4g}"), span.low), span.high)
