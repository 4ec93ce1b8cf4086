"""Whether a network is given the very symbols that it has to name, so that its accuracy says nothing."""
from __future__ import annotations

from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding
from dlviz.network import causality
from dlviz.translation import Words, _


def peeking(run: RunEvidence) -> Finding | Words | None:
    """Layers that let a network taught by teacher forcing see its own targets."""
    forcing = run.report.signature.teacher_forcing
    if forcing is None:
        return _("No input holds the targets.")
    found = causality.peeking(run.experiment.network, run.report.signature)
    if not found:
        return _("Each output depends only on what stands before its target in {input}.", input=forcing.input)
    return Finding(
        "peeking", _("The network sees its targets (no causal mask)"),
        _("In training {input} holds the symbols that are to be predicted, and this network looks ahead to them. It "
          "learns to copy them, and when it answers by itself there is nothing to copy.", input=forcing.input),
        (*(_("{layer} lets each step see later ones.", layer=error.what) for error in found.values()),
         _("{accuracy:.0f} % of its predictions are correct in training, with the targets in sight.",
           accuracy=100 * run.accuracy)),
        _("{changes} The Workbench offers the change on its card.",
          changes=" ".join(dict.fromkeys(error.fix for error in found.values()))),
        tuple(found))
