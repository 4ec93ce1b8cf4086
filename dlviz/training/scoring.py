"""How an answer is judged: the loss that is minimised, and how many were right."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional as F

from dlviz.network import Network
from dlviz.tasks import Split
from dlviz.training.events import Evaluated, Mistake

CHUNK = 1_000  # samples judged at a time: large enough to be fast, small enough for a small server
WORST = 24  # mistakes that a gallery shows
FEW_CLASSES = 50  # beyond this a confusion matrix cannot be read

LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "cross_entropy": F.cross_entropy, "mse": F.mse_loss}


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
    predictions = scores.argmax(1)
    accuracy = (predictions == split.targets).float().mean().item()
    if not details or scores.shape[1] > FEW_CLASSES:
        return Evaluated(step, loss, accuracy, len(split))
    return Evaluated(step, loss, accuracy, len(split), confusion(split.targets, predictions, scores.shape[1]),
                     worst(scores, split.targets, predictions))


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
