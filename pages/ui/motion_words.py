"""What the slow motion page says of each step and each arithmetic: plain words, the exact term beside them."""
from __future__ import annotations

INPUT = "The samples of this small batch, as the network gets them."

# name, title, sentence, formula as plain text
STEPS = [
    {"name": "forward", "title": "Forward", "formula": "a = f(W a + b)",
     "sentence": "Numbers flow from the samples through every layer to the answer (forward pass)."},
    {"name": "loss", "title": "Loss", "formula": "L = mean of −log p(truth)",
     "sentence": "The answer is compared with the truth: one number that says how wrong it is (loss)."},
    {"name": "gradients", "title": "Gradients", "formula": "∂L/∂w = Σ δ · a",
     "sentence": "Backwards, layer by layer: how would the loss change if this number were a little larger "
                 "(gradient, by the chain rule)?"},
    {"name": "clip", "title": "Clip", "formula": "g ← g · min(1, line / ‖g‖)",
     "sentence": "If all gradients together are too large, they are made shorter, so that one odd batch cannot "
                 "throw the weights far away (gradient clipping)."},
    {"name": "update", "title": "Update", "formula": "w ← w − step",
     "sentence": "Every weight takes a small step against its gradient; then the same batch is asked again."},
]


def place(index: tuple[int, ...]) -> str:
    """Where a number stands in a layer's output, counted from 0 as in code."""
    match index:
        case (unit,):
            return f"unit {unit}"
        case (step, unit):
            return f"step {step + 1}, unit {unit}"
        case (channel, row, column):
            return f"map {channel}, row {row}, column {column}"
    return ", ".join(map(str, index))
