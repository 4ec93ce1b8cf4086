"""What the slow motion page says of steps and layers: plain words, the exact term beside them."""
from __future__ import annotations

INPUT = "The samples of this small batch, as the network gets them."

# name, title, sentence, formula as plain text
STEPS = [
    {"name": "forward", "title": "Forward", "formula": "y = layer(x)",
     "sentence": "Numbers flow from the samples through every layer to the answer (forward pass)."},
    {"name": "loss", "title": "Loss", "formula": "L = mean of −log p(truth)",
     "sentence": "The answer is compared with the truth: one number that says how wrong it is (loss)."},
    {"name": "gradients", "title": "Gradients", "formula": "∂L/∂w = Σ δ · a",
     "sentence": "Backwards, layer by layer: how would the loss change if this number were a little larger "
                 "(gradient, by the chain rule)?"},
    {"name": "clip", "title": "Clip", "formula": "g ← g · min(1, line / ‖g‖)",
     "sentence": "If all gradients together are too large, they are made shorter, so that one odd batch "
                 "cannot throw the weights far away (gradient clipping)."},
    {"name": "update", "title": "Update", "formula": "w ← w − step",
     "sentence": "Every weight takes a small step against its gradient; then the same batch is asked again."},
]


# kind -> what it computes, as plain text
FORWARD = {
    "Linear": "y = W x + b",
    "Conv2d": "y = Σ w · x + b, for each window", "Conv1d": "y = Σ w · x + b, for each window",
    "ReLU": "y = max(0, x)", "LeakyReLU": "y = x, or a little of it below 0", "Tanh": "y = tanh(x)",
    "Sigmoid": "y = 1 / (1 + e^−x)", "GELU": "y = x · Φ(x)", "SiLU": "y = x · sigmoid(x)",
    "Softmax": "y = e^x / Σ e^x", "MaxPool2d": "y = the largest of each window", "Add": "y = x₁ + x₂",
    "AvgPool2d": "y = the mean of each window", "AdaptiveAvgPool2d": "y = the mean of each cell",
    "Flatten": "the same numbers in one row", "Embedding": "y = row of the table for the symbol",
    "BatchNorm1d": "y = γ (x − μ) / σ + β", "BatchNorm2d": "y = γ (x − μ) / σ + β",
    "LayerNorm": "y = γ (x − μ) / σ + β",
    "GroupNorm": "y = γ (x − μ) / σ + β", "MultiheadAttention": "y = softmax(Q Kᵀ / √d) V",
    "PositionalEncoding": "y = x + the pattern of the place",
    "Dropout": "y = x / (1 − p), or 0 where a unit sleeps"}

# kind -> how a gradient comes back through it
BACK = {
    "input": "The gradient has come back to the input itself: which of its numbers the loss listens to.",
    "Linear": "Each unit sends its δ back through its weights; what one input gets from all units adds up.",
    "Conv2d": "Each δ goes back through the kernel to all pixels that its window covered, and adds up there.",
    "ReLU": "Where its input was above 0 the gradient passes unchanged; everywhere else it stops.",
    "LeakyReLU": "Where its input was above 0 the gradient passes unchanged; elsewhere only a little of it.",
    "Tanh": "The gradient is multiplied by the curve's slope, 1 − y²: where the curve is flat, almost none "
            "passes.",
    "Sigmoid": "The gradient is multiplied by the curve's slope, y (1 − y): a quarter at most passes.",
    "MaxPool2d": "Only the winner of each window gets the gradient; the others did not matter.",
    "AvgPool2d": "Every number of a window gets an equal share of the gradient.",
    "AdaptiveAvgPool2d": "Every number of a cell gets an equal share of the gradient.",
    "Flatten": "The gradient is only put back into the form of the maps.",
    "Dropout": "Units that slept get no gradient at all this time.",
    "Add": "Both branches get the whole gradient: that is why skips keep it alive.",
    "Concat": "Each branch gets its own part of the gradient back.",
    "BatchNorm1d": "The gradient is scaled by γ / σ, and less its mean over the batch: samples influence "
                   "each other.",
    "BatchNorm2d": "The gradient is scaled by γ / σ, and less its mean over the batch: samples influence "
                   "each other.",
    "Embedding": "The gradient ends in the rows of the symbols that came in; the others stay as they are.",
    "MultiheadAttention": "The gradient goes where attention went: much to places that were looked at, "
                          "through values, keys and queries.",
    "LSTM": "The gradient walks back through time, step by step; the gates decide how much survives.",
    "GRU": "The gradient walks back through time, step by step; the gates decide how much survives.",
    "RNN": "The gradient walks back through time, times the same weights at each step: it easily vanishes or "
           "explodes."}
ELSEWHERE = "The gradient is passed on to what came in, by the chain rule."


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
