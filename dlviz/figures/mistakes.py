"""Mistakes as cards: the picture, target and prediction, its probability. Knows no task and no page."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlviz.figures.tiles import data_url
from dlviz.training.events import Mistake


@dataclass(frozen=True, slots=True)
class MistakeCard:
    """One mistake as a person sees it; `picture` is a `data:` address in the sample's own size."""

    index: int  # in the validation split
    picture: str
    target: str
    prediction: str
    probability: float  # probability that the network gave its wrong answer


def cards(mistakes: Iterable[Mistake], classes: Sequence[str],
          picture: Callable[[int], np.ndarray]) -> list[MistakeCard]:
    """A card for each mistake, in their order. `picture(index)` gives uint8 `(H, W)`; 0.1 ms a card."""
    return [MistakeCard(mistake.index, data_url(picture(mistake.index)), classes[mistake.target],
                 classes[mistake.prediction], mistake.probability) for mistake in mistakes]
