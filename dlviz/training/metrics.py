"""The loss that training minimizes, and accuracy. Knows no loop."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from torch.nn import functional as F

from dlviz import settings
from dlviz.network import Network
from dlviz.shapes import Signature
from dlviz.tasks import Split
from dlviz.tasks.pixel_scores import explained_variance, overlap
from dlviz.training.calibration import calibration
from dlviz.training.events import FEW_CLASSES, Evaluated, Mistake

CHUNK = settings.EVALUATION_BATCH
MAX_MISTAKES = 24  # mistakes that a gallery shows

IGNORE = -100  # a target that does not count, as torch has it


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor, label_smoothing: float = 0.0) -> torch.Tensor:
    """Mean over all targets that count; logits `(B, classes)` or `(B, T, classes)`, targets `(B,)` or `(B, T)`."""
    if logits.ndim == 3:
        logits, targets = logits.flatten(0, 1), targets.flatten()
    return F.cross_entropy(logits, targets, ignore_index=IGNORE, label_smoothing=label_smoothing)


Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
LOSSES: dict[str, Loss] = {"cross_entropy": cross_entropy, "mse": F.mse_loss}


def training_loss(signature: Signature, label_smoothing: float) -> Loss:
    """What training minimizes; evaluations have the loss without smoothing."""
    if not label_smoothing:
        return LOSSES[signature.loss]
    return partial(cross_entropy, label_smoothing=label_smoothing)


def correct(outputs: torch.Tensor, targets: torch.Tensor, signature: Signature) -> torch.Tensor:
    """How far each sample's prediction is correct, 0 to 1, `(B,)`; see `Signature.exact_match` and `.tolerance`."""
    if signature.loss == "mse":
        match signature.score:
            case "explained":
                return explained_variance(outputs, targets)
            case "overlap":
                return overlap(outputs, targets)
            case "within":
                return ((outputs - targets).abs().flatten(1).amax(1) <= signature.tolerance).float()
    matches = outputs.argmax(-1) == targets
    if targets.ndim == 1:
        return matches.float()
    counted = targets != IGNORE
    if signature.exact_match:
        return (matches | ~counted).all(-1).float()
    return (matches & counted).sum(-1) / counted.sum(-1).clamp(min=1)


def accuracy(outputs: torch.Tensor, targets: torch.Tensor, signature: Signature) -> float:
    """The mean of `correct`, half as long for one class a sample: 7 us for a batch of 64."""
    if targets.ndim == 1 and signature.loss == "cross_entropy":
        return torch.count_nonzero(outputs.argmax(-1) == targets).item() / len(targets)
    return correct(outputs, targets, signature).mean().item()


@torch.no_grad()
def predict(network: Network, split: Split, device: torch.device) -> torch.Tensor:
    """The network's raw outputs for every sample, `(N, *out)`, in evaluation mode, on the CPU."""
    return predicted(network, split, device)[0]


@torch.no_grad()
def predicted(network: Network, split: Split, device: torch.device) -> tuple[torch.Tensor, float]:
    """The same, and what its layers add to the loss in the mean."""
    was_training, parts, cost = network.training, list[torch.Tensor](), 0.0
    network.eval()
    for start in range(0, len(split), CHUNK):
        inputs = [x[start:start + CHUNK].to(device) for x in split.inputs]
        parts.append(network(*inputs).cpu())
        if (added := network.cost()) is not None:
            cost += added.item() * len(inputs[0]) / len(split)
    network.train(was_training)
    return torch.cat(parts), cost


def evaluate(network: Network, split: Split, device: torch.device, step: int, details: bool) -> Evaluated:
    """Loss and accuracy on a split; with `details` also confusion matrix, worst mistakes and calibration."""
    outputs, cost = predicted(network, split, device)
    loss = LOSSES[network.signature.loss](outputs, split.targets).item() + cost
    mean_correct = correct(outputs, split.targets, network.signature).mean().item()
    if not details or not _few_classes(outputs, split.targets, network.signature):
        return Evaluated(step, loss, mean_correct, len(split))
    confidences, predictions = outputs.softmax(1).max(1)
    return Evaluated(step, loss, mean_correct, len(split), confusion(split.targets, predictions, outputs.shape[1]),
                     worst_mistakes(confidences, split.targets, predictions),
                     calibration(confidences, predictions == split.targets))


def _few_classes(outputs: torch.Tensor, targets: torch.Tensor, signature: Signature) -> bool:
    return signature.loss == "cross_entropy" and targets.ndim == 1 and outputs.shape[1] <= FEW_CLASSES


def confusion(targets: torch.Tensor, predictions: torch.Tensor, classes: int) -> np.ndarray:
    """How often each class (row) was predicted as each class (column), int32 `(classes, classes)`."""
    pairs = torch.bincount(targets * classes + predictions, minlength=classes * classes)
    return pairs.view(classes, classes).to(torch.int32).numpy()


def worst_mistakes(confidences: torch.Tensor, targets: torch.Tensor, predictions: torch.Tensor) -> tuple[Mistake, ...]:
    """The mistakes that the network was surest of, the surest first; all `(N,)`."""
    wrong = (predictions != targets).nonzero().flatten()
    order = wrong[confidences[wrong].argsort(descending=True, stable=True)][:MAX_MISTAKES].numpy()
    return tuple(Mistake(int(i), int(targets[i]), int(predictions[i]), float(confidences[i])) for i in order)
