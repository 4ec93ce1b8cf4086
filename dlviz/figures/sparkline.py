"""A curve as a picture of a few pixels, for a list. Knows no run and no page."""
from __future__ import annotations

import numpy as np

from dlviz.figures.thinning import smooth

POINTS = 48


def sparkline(steps: np.ndarray, values: np.ndarray, planned: int, color: str,
              width: int = 132, height: int = 30) -> str:
    """The curve's average as an SVG of some 700 bytes, as wide as the plan; empty without two points."""
    points = outline(steps, values, planned, width, height)
    if not points:
        return ""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}"><polyline points="{points}" fill="none" stroke="{color}" '
            f'stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round"/></svg>')


def outline(steps: np.ndarray, values: np.ndarray, planned: int, width: int = 100, height: int = 24) -> str:
    """The points of its line, as SVG writes them."""
    steps, values = smooth(steps, values, POINTS)
    finite = np.isfinite(values)
    steps, values = steps[finite], values[finite]
    if len(steps) < 2:
        return ""
    low, high = float(values.min()), float(values.max())
    across = steps / max(planned, int(steps[-1]), 1) * (width - 4) + 2
    down = (high - values) / ((high - low) or 1.0) * (height - 6) + 3
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across.tolist(), down.tolist()))
