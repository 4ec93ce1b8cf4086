"""Whether a network is given the very symbols that it has to name, so that its accuracy says nothing."""
from __future__ import annotations

from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding
from dlviz.network import causality


def peeking(run: RunEvidence) -> Finding | str | None:
    """Layers that let a network taught by teacher forcing see its own targets."""
    forcing = run.report.signature.teacher_forcing
    if forcing is None:
        return "No input holds the targets."
    found = causality.peeking(run.experiment.network, run.report.signature)
    if not found:
        return f"Each output depends only on what stands before its target in {forcing.input}."
    return Finding(
        "peeking", "The network sees its targets (no causal mask)",
        f"In training {forcing.input} holds the symbols that are to be predicted, and this network looks ahead to "
        "them. It learns to copy them, and when it answers by itself there is nothing to copy.",
        (*(f"{error.what} {error.came.partition(':')[0].removeprefix('it ')}." for error in found.values()),
         f"{100 * run.accuracy:.0f} % of its predictions are correct in training, with the targets in sight."),
        " ".join(dict.fromkeys(error.fix for error in found.values()))
        + " The Workbench offers the change on its card.",
        tuple(found))
