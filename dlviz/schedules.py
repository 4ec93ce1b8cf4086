"""How the learning rate changes over a run: factors of the optimizer's own rate. Knows neither torch nor specs."""
from __future__ import annotations

import math
from collections.abc import Callable

SCHEDULES: dict[str, tuple[str, Callable[[float], float]]] = {  # name -> sentence, factor of progress (0 to 1)
    "constant": ("The learning rate stays as it is.", lambda progress: 1.0),
    "cosine": ("The learning rate glides down to zero in half a cosine wave, so that training ends calmly.",
               lambda progress: (1 + math.cos(math.pi * progress)) / 2),
}


def factor(name: str, progress: float) -> float:
    """What the optimizer's learning rate is multiplied with after `progress` (0 to 1) of the planned steps."""
    return SCHEDULES[name][1](progress)
