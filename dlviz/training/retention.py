"""How many moments of a run are kept, and which goes when there are too many. Knows nothing of what they
hold."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LIMIT = 120  # moments of one run; of health one takes about 1 KB for six layers


def most_redundant(steps: Sequence[int]) -> int:
    """Place of the moment whose going leaves the smallest gap; never the first or the last. Ascending
    steps."""
    gaps = [(steps[at + 1] - steps[at - 1], at) for at in range(1, len(steps) - 1)]
    return min(gaps)[1]


def geometric_steps(planned: int, most: int) -> list[int]:
    """At most so many steps from 1 to `planned_steps`, each the same number of times as far as the one before."""
    return sorted({int(step) for step in np.geomspace(1, max(1, planned), most).round()})
