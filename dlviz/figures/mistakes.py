"""Mistakes as cards: the picture, the truth, the answer, how sure it was. Knows no task and no page."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dlviz.figures.tiles import data_url
from dlviz.training.events import Mistake


@dataclass(frozen=True, slots=True)
class Card:
    """One mistake as a person sees it; `picture` is a `data:` address in the sample's own size."""

    index: int  # in the validation split
    picture: str
    truth: str
    answer: str
    sure: float  # probability that the network gave its wrong answer


def cards(mistakes: Iterable[Mistake], classes: Sequence[str],
          picture: Callable[[int], np.ndarray]) -> list[Card]:
    """A card for each mistake, in their order. `picture(index)` gives uint8 `(H, W)`; 0.1 ms a card."""
    return [Card(mistake.index, data_url(picture(mistake.index)), classes[mistake.target],
                 classes[mistake.prediction], mistake.probability) for mistake in mistakes]
