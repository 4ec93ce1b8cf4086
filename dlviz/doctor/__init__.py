"""Reads how a run went and says in plain words what is wrong, why, and what may help. Pure; knows no page.

    diagnose(experiment, network.check(...), Record.of(history))

Thresholds are rules of thumb, held to runs made to be ill and to runs that are well
(tests/engine/test_doctor.py, and many more in benchmarks/doctor.py).
"""
from __future__ import annotations

from dlviz.doctor import beginning, design, generalization, gradients, leakage, learning_rates, units
from dlviz.doctor.evidence import STEPS, RunEvidence, RunRecord
from dlviz.doctor.findings import Check, CheckResult, Diagnosis, Finding, Remedy
from dlviz.network import NetworkReport
from dlviz.spec import Experiment
from dlviz.translation import _

_BUILT = frozenset({"squeezed", "symmetry", "linear", "positions", "bottleneck"})  # nothing else can be told then
_FORCED = frozenset({"dropout", "decay", "bad_start", "saturated", "clipped"})  # settings that explain the curve
_STUCK = frozenset({"exploding", "rate_high", "dead", "vanishing"})
CHECKS = (  # causes before consequences
    Check("squeezed", _("The loss fits the output"), design.squeezed, at_once=True),
    Check("peeking", _("Targets in the input"), leakage.peeking, at_once=True, by_targets=True),
    Check("symmetry", _("Initial weights"), design.symmetry, at_once=True),
    Check("linear", _("Activations between the layers"), design.linear, at_once=True),
    Check("positions", _("Positional encoding"), design.positions, frozenset({"symmetry"})),
    Check("bottleneck", _("Bottlenecks"), design.bottleneck, frozenset({"symmetry", "squeezed"})),
    Check("dropout", _("Fraction dropped"), design.dropout, frozenset({"symmetry"})),
    Check("decay", _("Weight decay"), learning_rates.decay, frozenset({"symmetry"})),
    Check("saturated", _("Saturated activations"), beginning.saturated, at_once=True),
    Check("bad_start", _("The first loss"), beginning.bad_start, frozenset({"saturated"}), at_once=True,
          by_targets=True),
    Check("exploding", _("Exploding gradient"), gradients.exploding, _BUILT | _FORCED, at_once=True),
    Check("clipped", _("Gradient clipping"), gradients.clipped, _BUILT | {"exploding"}),
    Check("rate_high", _("Learning rate too high"), learning_rates.too_high, _BUILT | _FORCED | {"exploding"},
          by_targets=True),
    Check("dead", _("Dead units"), units.dead, _BUILT | _FORCED | {"exploding"}),
    Check("vanishing", _("Vanishing gradient"), gradients.vanishing, _BUILT | _FORCED | (_STUCK - {"vanishing"})),
    Check("rate_low", _("Learning rate too low"), learning_rates.too_low, _BUILT | _FORCED | _STUCK, by_targets=True),
    Check("overfitting", _("Overfitting"), generalization.overfitting, _BUILT - {"linear"}, by_targets=True),
    Check("constant", _("Constant predictions"), generalization.constant, _BUILT | _FORCED | _STUCK | {"rate_low"},
          by_targets=True),
    Check("small", _("Underfitting"), generalization.too_small,
          _BUILT | _FORCED | _STUCK | {"rate_low", "constant"}, by_targets=True),
)
WAITING = _("Not known yet.")
UNKNOWN = _("This run does not show enough to tell.")
PROBLEMS = tuple(check.problem for check in CHECKS)


def diagnose(experiment: Experiment, report: NetworkReport, record: RunRecord) -> Diagnosis:
    """Everything that can be said of a run so far; of one that has just begun, what its design says. About 1 ms."""
    run = RunEvidence(experiment, report, record)
    findings: list[Finding] = []
    results: list[CheckResult] = []
    ill: set[str] = set()
    for check in CHECKS:
        if (run.young and not check.at_once) or ill & check.unless or not run.steps \
                or (check.by_targets and not report.signature.has_targets):
            continue
        result = check.rule(run)
        if isinstance(result, Finding):
            findings.append(result)
            ill.add(result.problem)
        else:
            results.append(CheckResult(check.title, result or (UNKNOWN if run.over else WAITING), result is not None))
    return Diagnosis(tuple(findings), tuple(results), run.young and not run.over, run.young and run.over)


__all__ = ["PROBLEMS", "STEPS", "CheckResult", "Diagnosis", "Finding", "Remedy", "RunRecord", "diagnose"]
