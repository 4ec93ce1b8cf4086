"""The four ways on a board of rows and columns."""
from __future__ import annotations

import numpy as np

MOVES = np.array([[-1, 0], [0, 1], [1, 0], [0, -1]])  # up, right, down, left
