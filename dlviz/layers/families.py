"""The families of layers: their order, their titles and their colours, the same everywhere on the pages."""
from __future__ import annotations

from dataclasses import dataclass

from dlviz.translation import declared


@declared("title", "sentence")
@dataclass(frozen=True)
class Family:
    """A family as the palette shows it."""

    title: str
    light: str  # hex colour on light pages
    dark: str  # and on dark ones
    sentence: str


FAMILIES: dict[str, Family] = {
    "dense": Family("Fully connected", "#3B6FD4", "#7FA6F5", "Every output looks at every input."),
    "convolution": Family("Convolution", "#12897B", "#4CC7B6", "Small filters slide over an image."),
    "pooling": Family("Pooling", "#5E8C2B", "#9CCB63", "Makes an image smaller, keeps what matters."),
    "sequence": Family("Symbols and time", "#4E7A94", "#8DB9D1", "Turns symbols into numbers, marks places in time."),
    "recurrent": Family("Recurrent", "#A0522D", "#D9946C", "Reads step by step and remembers."),
    "attention": Family("Attention", "#9A3FB0", "#D08BE0", "Lets every step look at the others."),
    "activation": Family("Activation", "#CF5238", "#F28C74", "Bends the numbers, so that depth is worth something."),
    "normalization": Family("Normalization", "#B17A14", "#E8B850", "Keeps numbers in a range that learns well."),
    "regularization": Family("Regularization", "#7E57C2", "#B497EC", "Makes learning by heart harder."),
    "merge": Family("Joining", "#B8488F", "#E88AC4", "Brings two or more branches together."),
    "reshape": Family("Reshaping", "#6B7280", "#A3ABB9", "Changes the form, not the numbers."),
}
INPUT_COLOR = ("#4B5563", "#C4CAD4")  # the task's input cards: light, dark
