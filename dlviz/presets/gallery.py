"""What the gallery says of a preset beside its sentence: how far one must be for it, and how long it trains.

Seconds are measured (`python -m benchmarks.gallery`) and read from a file beside this one.
"""
from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Literal

Level = Literal["first", "further", "advanced"]
LEVELS: tuple[Level, ...] = ("first", "further", "advanced")
SECONDS = Path(__file__).parent / "seconds.json"

FIRST = frozenset({"mlp", "cnn", "lenet", "spiral", "circles", "circles_linear", "xor", "xor_linear", "moons",
                   "gaussians", "tilted_plane", "reverse", "brackets_rnn", "names", "new_words", "sine",
                   "catch", "gridworld"})
ADVANCED = frozenset({"resnet", "sort", "addition", "induction", "adding_gru", "adding_lstm", "adding_rnn", "dates",
                      "dates_transformer", "pairs", "names_transformer", "book_words", "book_words_gru", "book_pieces",
                      "masked", "recall_learned", "recall_sinusoidal", "recall_rotary", "recall_alibi"})


def level(key: str) -> Level:
    """How far one must be for a preset."""
    return "first" if key in FIRST else "advanced" if key in ADVANCED else "further"


def seconds(key: str) -> float | None:
    """Seconds of one processor core that a preset trains, as measured; None for one that was not."""
    return _measured().get(key)


@lru_cache(maxsize=1)
def _measured() -> dict[str, float]:
    return json.loads(SECONDS.read_text()) if SECONDS.exists() else {}
