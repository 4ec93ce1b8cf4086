"""Prepares a drawing as the digits of MNIST were prepared, so that a network meets what it has learned on.

Knows no page and no network: a picture goes in, a 28 x 28 picture comes out.
"""
from __future__ import annotations

import numpy as np
from PIL import Image

from dlviz.errors import TaskError
from dlviz.translation import _

SIDE = 28  # of the prepared picture
BOX = 20  # the ink's longer side in MNIST
CENTRE = 14  # row and column of the centre of mass; measured on MNIST: 13.5 to 14.5 in every digit
FAINT = 16  # ink up to this (of 255) is the edge of an eraser or noise, and does not widen the box


def prepare(drawing: np.ndarray, box: int = BOX) -> np.ndarray | None:
    """The drawing as MNIST would hold it, uint8 `(28, 28)`, bright ink on dark; None when nothing is drawn.

    Args:
        drawing: uint8, grey `(H, W)` or RGBA `(H, W, 4)`, bright ink on dark or transparent ground.
        box: how long the ink's longer side becomes; pictures that fill their 28 pixels have 28. 0 leaves the drawing
            where it stands and as large as it is.

    The ink's box is cut out, scaled with its proportions kept so that its longer side is `box`, and placed so
    that its centre of mass lies at (14, 14) to within half a pixel, or as near as the whole ink stays inside.
    TaskError for an array that is no such picture. 1 to 2 ms for 280 x 280.
    """
    ink = _ink(np.asarray(drawing))
    if not box:
        return np.asarray(Image.fromarray(ink).resize((SIDE, SIDE), Image.Resampling.BOX)) if ink.any() else None
    rows, columns = (np.flatnonzero((ink > FAINT).any(axis)) for axis in (1, 0))
    if not len(rows):
        return None
    small = _scaled(ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1], box)
    return _centred(small) if small.any() else None


def _ink(drawing: np.ndarray) -> np.ndarray:
    """How bright each pixel is over black, uint8 `(H, W)`."""
    grey, rgba = drawing.ndim == 2, drawing.ndim == 3 and drawing.shape[-1] == 4
    if drawing.dtype != np.uint8 or not (grey or rgba) or drawing.size == 0:
        raise TaskError(_("A drawing"), _("must be a grey or RGBA picture of numbers from 0 to 255"),
                        _("an array of {dtype} with the shape {shape} was given", dtype=drawing.dtype,
                          shape=drawing.shape),
                        _("Draw it again."))
    if grey:
        return drawing
    black = Image.new("RGBA", drawing.shape[1::-1], "black")
    return np.asarray(Image.alpha_composite(black, Image.fromarray(drawing)).convert("L"))


def _scaled(ink: np.ndarray, box: int) -> np.ndarray:
    """The ink with its longer side `box`: means of areas when it shrinks, smooth steps when it grows."""
    height, width = ink.shape
    factor = box / max(height, width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    method = Image.Resampling.BOX if factor <= 1 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize(size, method))


def _centred(small: np.ndarray) -> np.ndarray:
    """The picture inside 28 x 28, its centre of mass at (14, 14)."""
    mass = small.astype(float)
    starts = []
    for axis, length in enumerate(small.shape):
        centre = mass.sum(axis=1 - axis) @ np.arange(length) / mass.sum()
        starts.append(min(max(0, round(CENTRE - centre)), SIDE - length))
    top, left = starts
    placed = np.zeros((SIDE, SIDE), np.uint8)
    placed[top:top + small.shape[0], left:left + small.shape[1]] = small
    return placed
