"""How an answer is judged: the loss that is minimised, and how many were right."""
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
from dlviz.training.events import Evaluated, Mistake

CHUNK = settings.JUDGED_AT_ONCE
WORST = 24  # mistakes that a gallery shows
FEW_CLASSES = 50  # beyond this a confusion matrix cannot be read

IGNORE = -100  # a target that is not judged, as torch has it


def cross_entropy(scores: torch.Tensor, targets: torch.Tensor, label_smoothing: float = 0.0) -> torch.Tensor:
    """Mean over all judged steps; scores `(B, classes)` or `(B, T, classes)`, targets `(B,)` or `(B, T)`."""
    if scores.ndim == 3:
        scores, targets = scores.flatten(0, 1), targets.flatten()
    return F.cross_entropy(scores, targets, ignore_index=IGNORE, label_smoothing=label_smoothing)


Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
LOSSES: dict[str, Loss] = {"cross_entropy": cross_entropy, "mse": F.mse_loss}


def minimised(signature: Signature, label_smoothing: float) -> Loss:
    """What training minimises; evaluations have the loss without smoothing."""
    if not label_smoothing:
        return LOSSES[signature.loss]
    return partial(cross_entropy, label_smoothing=label_smoothing)


def right(scores: torch.Tensor, targets: torch.Tensor, signature: Signature) -> torch.Tensor:
    """How right each sample's answer is, 0 to 1, `(B,)`; see `Signature.whole` and `.tolerance`."""
    if signature.loss == "mse":
        return ((scores - targets).abs().flatten(1).amax(1) <= signature.tolerance).float()
    hits = scores.argmax(-1) == targets
    if targets.ndim == 1:
        return hits.float()
    judged = targets != IGNORE
    if signature.whole:
        return (hits | ~judged).all(-1).float()
    return (hits & judged).sum(-1) / judged.sum(-1).clamp(min=1)


def share_right(scores: torch.Tensor, targets: torch.Tensor, signature: Signature) -> float:
    """The mean of `right`, half as long for one class a sample: 7 us for a batch of 64."""
    if targets.ndim == 1 and signature.loss == "cross_entropy":
        return torch.count_nonzero(scores.argmax(-1) == targets).item() / len(targets)
    return right(scores, targets, signature).mean().item()


@torch.no_grad()
def logits(network: Network, split: Split, device: torch.device) -> torch.Tensor:
    """The network's raw scores for every sample `(N, classes)`, in evaluation mode, on the CPU."""
    was_training = network.training
    network.eval()
    parts = [network(*[x[i:i + CHUNK].to(device) for x in split.inputs]).cpu() for i in range(0, len(split), CHUNK)]
    network.train(was_training)
    return torch.cat(parts)


def evaluate(network: Network, split: Split, device: torch.device, step: int, details: bool) -> Evaluated:
    """Loss and accuracy on a split; with `details` also the confusion matrix and the worst mistakes."""
    scores = logits(network, split, device)
    loss = LOSSES[network.signature.loss](scores, split.targets).item()
    accuracy = right(scores, split.targets, network.signature).mean().item()
    if not details or not _few_classes(scores, split.targets, network.signature):
        return Evaluated(step, loss, accuracy, len(split))
    predictions = scores.argmax(1)
    return Evaluated(step, loss, accuracy, len(split), confusion(split.targets, predictions, scores.shape[1]),
                     worst(scores, split.targets, predictions))


def _few_classes(scores: torch.Tensor, targets: torch.Tensor, signature: Signature) -> bool:
    return signature.loss == "cross_entropy" and targets.ndim == 1 and scores.shape[1] <= FEW_CLASSES


def confusion(targets: torch.Tensor, predictions: torch.Tensor, classes: int) -> np.ndarray:
    """How often each class (row) was taken for each class (column), int32 `(classes, classes)`."""
    pairs = torch.bincount(targets * classes + predictions, minlength=classes * classes)
    return pairs.view(classes, classes).to(torch.int32).numpy()


def worst(scores: torch.Tensor, targets: torch.Tensor, predictions: torch.Tensor) -> tuple[Mistake, ...]:
    """The mistakes that the network was surest of, the surest first."""
    probabilities = scores.softmax(1).amax(1)
    wrong = (predictions != targets).nonzero().flatten()
    order = wrong[probabilities[wrong].argsort(descending=True, stable=True)][:WORST].tolist()
    return tuple(Mistake(i, int(targets[i]), int(predictions[i]), float(probabilities[i])) for i in order)
