"""How an exported script judges answers, as `dlviz.training.metrics` does: the loss, and what was correct."""
from __future__ import annotations

from dlviz.layers.base import literal
from dlviz.shapes import Signature

LOSSES = {"cross_entropy": "F.cross_entropy", "mse": "F.mse_loss"}
IMPORT = "from torch.nn import functional as F"
STEPS_LOSS = f'''\
{IMPORT}


def mean_loss(logits, targets):
    """Over all steps: logits (B, T, classes), targets (B, T), -100 for steps that do not count."""
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)
'''
SMOOTH_STEPS_LOSS = STEPS_LOSS.replace("logits, targets)", "logits, targets, label_smoothing=0.0)").replace(
    "targets.flatten(), ignore_index=-100)", "targets.flatten(), ignore_index=-100,\n"
    "                           label_smoothing=label_smoothing)")


def _by_steps(signature: Signature) -> bool:
    return signature.loss == "cross_entropy" and signature.out_shape.kind == "sequence"


def loss_source(signature: Signature, label_smoothing: float = 0.0) -> str:
    """The imports that the loss needs, and its function where torch has none that fits."""
    if not _by_steps(signature):
        return IMPORT
    return SMOOTH_STEPS_LOSS if label_smoothing else STEPS_LOSS


def loss_name(signature: Signature) -> str:
    """The function that a script calls for its loss: torch's, or that of `loss_source`."""
    return "mean_loss" if _by_steps(signature) else LOSSES[signature.loss]


def correct_lines(signature: Signature, targets: str) -> list[str]:
    """Statements that leave in `correct` how correct each answer of `outputs` is, `(N,)`."""
    if signature.loss == "mse":
        if signature.score == "overlap":
            return [f"found, meant = outputs.flatten(1) >= 0.5, {targets}.flatten(1) >= 0.5",
                    "both, either = (found & meant).sum(1), (found | meant).sum(1)",
                    "correct = torch.where(either > 0, both / either.clamp(min=1), 1.0)  # IoU"]
        if signature.score == "explained":
            return [f"error = (outputs - {targets}).square().flatten(1).mean(1)",
                    f"variance = {targets}.flatten(1).var(1, correction=0)",
                    "correct = (1 - error / variance.clamp(min=1e-12)).clamp(min=0)  # explained variance"]
        return [f"correct = (outputs - {targets}).abs().flatten(1).amax(1) <= {literal(signature.tolerance)}"]
    if not _by_steps(signature):
        return [f"correct = outputs.argmax(1) == {targets}"]
    if signature.exact_match:
        return [f"correct = ((outputs.argmax(-1) == {targets}) | ({targets} == -100)).all(-1)"]
    return [f"mask = {targets} != -100", f"hits = (outputs.argmax(-1) == {targets}) & mask",
            "correct = hits.sum(-1) / mask.sum(-1).clamp(min=1)"]
