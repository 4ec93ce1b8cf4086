"""Reads how a run went and says in plain words what is wrong, why, and what may help. Pure; knows no page.

    diagnose(experiment, network.check(...), Record.of(history))

Thresholds are rules of thumb, held to runs made to be ill and to runs that are well
(tests/engine/test_doctor.py).
"""
from __future__ import annotations

from dlviz.doctor import fitting, gradients, rates, units
from dlviz.doctor.case import Case, Record
from dlviz.doctor.findings import Check, Checked, Checkup, Finding, Remedy
from dlviz.network import NetworkReport
from dlviz.spec import Experiment

_STUCK = frozenset({"squeezed", "dead", "vanishing", "exploding", "rate_high"})
CHECKS = (  # causes before consequences
    Check("squeezed", "The loss fits the answer", fitting.squeezed),
    Check("exploding", "Exploding gradient", gradients.exploding),
    Check("rate_high", "Learning rate too high", rates.too_high, frozenset({"exploding"})),
    Check("dead", "Dead units", units.dead, frozenset({"exploding"})),
    Check("vanishing", "Vanishing gradient", gradients.vanishing,
          frozenset({"dead", "exploding", "rate_high"})),
    Check("rate_low", "Learning rate too low", rates.too_low, _STUCK),
    Check("overfitting", "Learning by heart (overfitting)", fitting.overfitting),
    Check("one_answer", "Always the same answer", fitting.one_answer, _STUCK | {"rate_low"}),
    Check("small", "Too little room (underfitting)", fitting.too_small, _STUCK | {"rate_low", "one_answer"}),
)
ILLNESSES = tuple(check.illness for check in CHECKS)
_AT_ONCE = ("squeezed", "exploding")  # can be told from the design, or before the first update


def diagnose(experiment: Experiment, report: NetworkReport, record: Record) -> Checkup:
    """Everything that can be said of a run so far; a run that has just begun gets a first word only. About
    1 ms."""
    case = Case(experiment, report, record)
    findings: list[Finding] = []
    checked: list[Checked] = []
    ill: set[str] = set()
    for check in CHECKS:
        if case.early and check.illness not in _AT_ONCE or ill & check.unless or not case.steps:
            continue
        said = check.look(case)
        if isinstance(said, Finding):
            findings.append(said)
            ill.add(said.illness)
        else:
            checked.append(Checked(check.what, said or "It cannot be told yet."))
    return Checkup(tuple(findings), tuple(checked), case.early)


__all__ = ["ILLNESSES", "Checked", "Checkup", "Finding", "Record", "Remedy", "diagnose"]
