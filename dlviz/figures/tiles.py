"""Pictures from arrays: feature maps side by side, a vector as a grid of squares. NumPy in, RGB and PNG out.

Must not know what a layer, a run or a page is. A card's picture costs less than a millisecond.
"""
from __future__ import annotations

import base64
import io
import math
from functools import cache, lru_cache, reduce
from typing import Literal

import numpy as np
from PIL import Image

Colors = Literal["signed", "grey"]
Normalise = Literal["unit", "layer"]

# (place from -1 to 1, colour). Signed: blue is negative, red positive, and 0 is the colour of the paper.
_LIGHT = ((-1.0, "#1D4A96"), (-0.5, "#7FA5DE"), (0.0, "#FFFFFF"), (0.5, "#EC9C86"), (1.0, "#A62A1E"))
_DARK = ((-1.0, "#A9CBFF"), (-0.5, "#3F6CB5"), (0.0, "#17191F"), (0.5, "#B4513F"), (1.0, "#FFBBA6"))
_GREY = ((-1.0, "#000000"), (1.0, "#FFFFFF"))
_BROKEN = "#E3B008"  # NaN and infinity
_GAP = {False: "#D6D6CE", True: "#3A404B"}  # on a light page, on a dark one


def tile(array: np.ndarray, *, scale: int = 1, gap: int = 1, columns: int | None = None, most: int = 16,
         colors: Colors = "signed", normalise: Normalise = "layer", dark: bool = False) -> np.ndarray:
    """One picture of an array, uint8 RGB `(height, width, 3)`.

    Args:
        array: feature maps `(C, H, W)`, one map or sequence `(H, W)`, or a vector `(D,)`, drawn as squares.
        scale: each number becomes `scale` x `scale` pixels, sharp at the edges.
        gap: pixels between two maps and around all of them; the squares of a vector stand side by side.
        columns: maps (or numbers of a vector) in a row; about as many as rows if left out.
        most: how many maps are shown; further ones are left out. A vector is shown whole.
        colors: `signed` has 0 in the middle (blue below, red above); `grey` runs from the smallest number (black)
            to the largest (white). NaN and infinity are amber in both.
        normalise: one scale for the whole `layer`, or one for each map (`unit`). A vector has one scale.
        dark: for a dark page: 0 is dark, large numbers are bright.

    Raises ValueError for an array without numbers, or with no or more than three axes.
    """
    array = np.asarray(array)
    if array.size == 0 or not 1 <= array.ndim <= 3:
        raise ValueError(f"A picture is made of 1 to 3 axes with numbers, not of the shape {array.shape}.")
    if array.ndim == 1:
        maps, between, normalise = array[:, None, None], 0, "layer"
    else:
        maps, between = (array[None] if array.ndim == 2 else array)[:most], gap
    index = _indices(maps.astype(np.float32, copy=False), colors, normalise)
    if scale > 1:
        index = index.repeat(scale, axis=1).repeat(scale, axis=2)
    painted = _palette(colors, dark).take(index, axis=0, mode="clip")
    return _framed(_grid(painted, columns, between, dark), gap - between, gap, dark)


def thumbnail(array: np.ndarray, width: int, height: int, *, most: int = 16, colors: Colors = "signed",
              normalise: Normalise = "layer", dark: bool = False) -> np.ndarray:
    """The `tile` that fills a box of `width` x `height` pixels best and is never larger than it.

    As many maps as fit (up to `most`) are shown, enlarged by a whole number; what is too large even alone is shrunk
    to the means of its blocks (a map) or cut (a vector).
    """
    array = np.asarray(array)
    style = {"colors": colors, "normalise": normalise, "dark": dark}
    if array.ndim == 1:
        array = array[:(width - 2) * (height - 2)]
        columns, scale = _fit_squares(len(array), width - 2, height - 2)
        return tile(array, columns=columns, scale=scale, **style)
    maps = _shrunk(array if array.ndim == 3 else array[None], width - 2, height - 2)
    columns, count, scale = _fit_maps(maps.shape, width, height, most)
    return tile(maps, columns=columns, most=count, scale=scale, **style)


def levels(array: np.ndarray, width: int, height: int, *, room: int, most: int = 16) -> np.ndarray:
    """What `thumbnail` draws, without colours and not enlarged, uint8 `(rows, columns)`, at most `room` numbers.

    128 is zero, 1 and 255 are the smallest and the largest of a map or a vector; 0 is a gap, or no number. Maps too
    large for the room are shrunk to the means of their blocks, a vector is cut.
    """
    array = np.asarray(array)
    if array.ndim == 1:
        array = array[:min((width - 2) * (height - 2), room)]
        columns, _ = _fit_squares(len(array), min(width - 2, room), height - 2)
        array = array[:room // columns * columns]
        return _packed_grid(_indices(array[:, None, None], "signed", "layer"), columns, 0)
    maps = _shrunk(array if array.ndim == 3 else array[None], width - 2, height - 2)
    columns, count, _ = _fit_maps(maps.shape, width, height, most)
    maps = _blocks(maps[:count], _factor(maps.shape[1:], columns, math.ceil(count / columns), room))
    return _packed_grid(_indices(maps.astype(np.float32, copy=False), "signed", "unit"), columns, 1)


def _factor(shape: tuple[int, ...], columns: int, rows: int, room: int) -> int:
    """By how much maps of this shape must be shrunk so that a grid of them fits into the room."""
    height, width = shape
    return next((by for by in range(1, max(shape))
                 if rows * (max(1, height // by) + 1) * columns * (max(1, width // by) + 1) <= room), max(shape))


def _packed_grid(maps: np.ndarray, columns: int, gap: int) -> np.ndarray:
    """Maps `(N, H, W)` in rows and columns with gaps of zeros between them, as far as there are maps."""
    count, height, width = maps.shape
    down = math.ceil(count / columns)
    cells = np.zeros((down * columns, height + gap, width + gap), np.uint8)
    cells[:count, :height, :width] = maps
    grid = cells.reshape(down, columns, height + gap, width + gap).swapaxes(1, 2)
    picture = grid.reshape(down * (height + gap), columns * (width + gap))
    return picture[:len(picture) - gap, :picture.shape[1] - gap]


def png(picture: np.ndarray) -> bytes:
    """A PNG file of a uint8 picture, RGB `(height, width, 3)` or grey `(height, width)`."""
    image = Image.fromarray(picture) if picture.ndim == 2 else _few_colors(picture) or Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _few_colors(picture: np.ndarray) -> Image.Image | None:
    """The very same pixels with a table of colours, half as large as a file; None for more than 256 colours."""
    counted = Image.fromarray(picture).getcolors(256)
    if counted is None:
        return None
    colors = np.array(sorted(color for _, color in counted), np.uint8)
    image = Image.frombytes("P", picture.shape[1::-1], _places(picture, colors).tobytes())
    image.putpalette(colors.tobytes())
    return image


def _places(picture: np.ndarray, colors: np.ndarray) -> np.ndarray:
    """Of each pixel the place, uint8, of its colour among `colors (N, 3)`, which are in order.

    Looked up by 16 bits that are different for each of them, as they mostly are; a search takes eight times as long.
    """
    keys, known = _folded(picture), _folded(colors)
    if len(set(known.tolist())) < len(colors):
        return np.searchsorted(_packed(colors), _packed(picture)).astype(np.uint8)
    table = np.zeros(1 << 16, np.uint8)
    table[known] = np.arange(len(colors))
    return table.take(keys)


def _folded(colors: np.ndarray) -> np.ndarray:
    """uint16 of RGB `(..., 3)`."""
    red, green, blue = (colors[..., channel].astype(np.uint16) for channel in range(3))
    return red << 8 ^ green << 4 ^ blue


def _packed(colors: np.ndarray) -> np.ndarray:
    """uint32 of RGB `(..., 3)`, one for each colour, in their order."""
    red, green, blue = (colors[..., channel].astype(np.uint32) for channel in range(3))
    return red << 16 | green << 8 | blue


def data_url(picture: np.ndarray) -> str:
    """The picture as a `data:` address, for an `<img>`."""
    return "data:image/png;base64," + base64.b64encode(png(picture)).decode()


def _indices(maps: np.ndarray, colors: Colors, normalise: Normalise) -> np.ndarray:
    """uint8 places in the palette: 1 to 255, 128 for the middle, 0 for what is no number."""
    finite = np.isfinite(maps)
    axes = (1, 2) if normalise == "unit" else (0, 1, 2)
    values = np.where(finite, maps, 0) / 2  # halved, so that no difference overflows
    if colors == "grey":
        low = np.where(finite, values, np.inf).min(axis=axes, keepdims=True)
        high = np.where(finite, values, -np.inf).max(axis=axes, keepdims=True)
        values = np.where(finite, values - (low + high) / 2, 0)
    span = np.abs(values).max(axis=axes, keepdims=True)
    places = np.rint(values / np.where(span > 0, span, 1) * 127) + 128
    return np.where(finite, places, 0).astype(np.uint8)


def _grid(maps: np.ndarray, columns: int | None, gap: int, dark: bool) -> np.ndarray:
    """Coloured maps `(N, H, W, 3)` in rows and columns, with a gap before each row and each column."""
    count, height, width, _ = maps.shape
    across = min(count, columns or math.ceil(math.sqrt(count)))
    down = math.ceil(count / across)
    cells = np.empty((down * across, height + gap, width + gap, 3), np.uint8)
    cells[:] = _rgb(_GAP[dark])
    cells[:count, gap:, gap:] = maps
    cells = cells.reshape(down, across, height + gap, width + gap, 3).swapaxes(1, 2)
    return cells.reshape(down * (height + gap), across * (width + gap), 3)


def _framed(picture: np.ndarray, before: int, after: int, dark: bool) -> np.ndarray:
    """The picture with a gap of `before` pixels above and at its left, of `after` below and at its right."""
    height, width, _ = picture.shape
    framed = np.empty((height + before + after, width + before + after, 3), np.uint8)
    framed[:] = _rgb(_GAP[dark])
    framed[before:before + height, before:before + width] = picture
    return framed


@lru_cache(maxsize=256)
def _fit_squares(count: int, width: int, height: int) -> tuple[int, int]:
    """Columns and scale for `count` squares in the box: the largest, or whole rows where these are nearly as large."""
    def size(columns: int) -> tuple[int, int, int]:
        rows = math.ceil(count / columns)
        return min(width // columns, height // rows), -abs(columns - rows), columns

    choices = range(1, min(count, width) + 1)
    best = max(choices, key=size)
    even = max((columns for columns in choices if count % columns == 0), key=size)
    columns = even if size(even)[0] >= 0.6 * size(best)[0] else best
    return columns, max(1, size(columns)[0])


def _shrunk(maps: np.ndarray, width: int, height: int) -> np.ndarray:
    """Maps `(C, H, W)` that fit the box: the means of whole blocks where they are larger."""
    _, rows, columns = maps.shape
    return _blocks(maps, max(math.ceil(rows / height), math.ceil(columns / width)))


def _blocks(maps: np.ndarray, factor: int) -> np.ndarray:
    """The means of blocks of `factor` x `factor` numbers of each map `(C, H, W)`, as far as these are whole."""
    if factor <= 1:
        return maps
    _, rows, columns = maps.shape
    down, across = min(factor, rows), min(factor, columns)
    maps = maps[:, :rows // down * down, :columns // across * across]
    maps = maps.astype(np.result_type(maps, np.float32), copy=False)  # sums of bytes would overflow
    summed = reduce(np.add, [maps[:, row::down] for row in range(down)])  # quicker than a mean over short axes
    return reduce(np.add, [summed[:, :, column::across] for column in range(across)]) / (down * across)


@lru_cache(maxsize=256)
def _fit_maps(shape: tuple[int, ...], width: int, height: int, most: int) -> tuple[int, int, int]:
    """Columns, number of maps and scale: as many maps as can be, then as large as can be. One always fits."""
    count, rows, columns = shape
    count = min(count, most)

    def fit(across: int, down: int) -> tuple[int, int, int, int]:
        scale = min(((width - 1) // across - 1) // columns, ((height - 1) // down - 1) // rows)
        return (min(across * down, count) if scale >= 1 else 0, scale, -across * down, across)

    shown, scale, _, across = max(fit(across, down) for across in range(1, count + 1)
                                  for down in range(1, math.ceil(count / across) + 1))
    return across, shown, scale


@cache
def _palette(colors: Colors, dark: bool) -> np.ndarray:
    """uint8 `(256, 3)`: 128 is the middle, 0 the colour of what is no number."""
    stops = _GREY if colors == "grey" else _DARK if dark else _LIGHT
    places = (np.arange(256) - 128) / 127
    channels = np.array([_rgb(color) for _, color in stops], float).T
    table = np.stack([np.interp(places, [place for place, _ in stops], channel) for channel in channels], axis=1)
    table[0] = _rgb(_BROKEN)
    return np.rint(table).astype(np.uint8)


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue
