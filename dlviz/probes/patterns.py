"""What viewers ask of a network whose answers are pictures: where samples lie by their codes, and what a code becomes.

Plain values in and out, so that runs can be watched and asked for it. Knows no task.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

NEIGHBOURS = 10  # nearest samples that are named
FRAMES = 8  # of the way from noise to a picture that are shown
MAP = 12  # places of the plane in a row whose pictures are drawn behind the points
EDGE = 0.02  # fraction of the samples that may lie outside the plane on each side: a few lie far off


@dataclass(frozen=True, slots=True)
class PatternWatch:
    """What is wanted, beside the answer to one sample; nothing costs nothing.

    Args:
        examples: test samples whose answers are wanted.
        codes: a layer; where test samples lie by its output is wanted.
        walk: a place in the plane of the codes; what the network makes of it is wanted.
        plane: whether what it makes of places all over that plane is wanted.
        drawn: groups of which the network is to draw one each, where it takes noise off pictures.
        seed: decides the noise that it begins with.
        errors: of so many test samples it is wanted how far off the answer is.
        scores: of so many test samples it is wanted how far the answer is correct.
        divergence: a layer that draws codes from bell curves; how far these are from the standard one is wanted.
    """

    examples: tuple[int, ...] = ()
    codes: str = ""
    walk: tuple[float, float] | None = None
    plane: bool = False
    drawn: tuple[int, ...] = ()
    seed: int = 0
    divergence: str = ""
    errors: int = 0
    scores: int = 0

    @property
    def active(self) -> bool:
        """Whether anything is wanted."""
        return bool(self.examples or self.codes or self.drawn or self.divergence or self.errors
                    or self.scores)


NO_PATTERNS = PatternWatch()


@dataclass(frozen=True)
class CodePlane:
    """Where samples lie by what a layer gives for them: the plane in which they differ most (PCA).

    With two numbers a sample it is the plane of these numbers themselves.

    Attributes:
        points: float32 `(N, 2)`, of the first test samples.
        centre, axes: a place `p` of the plane is the code `centre + p @ axes`; `(D,)` and `(2, D)`.
        explained_variance: the fraction of the codes' variance that the plane holds, 0 to 1.
        low, high: the corners of a rectangle that holds nearly all points.
    """

    points: np.ndarray
    centre: np.ndarray
    axes: np.ndarray
    explained_variance: float
    low: tuple[float, float]
    high: tuple[float, float]

    def code(self, place: np.ndarray) -> np.ndarray:
        """The codes `(..., D)` of places `(..., 2)`, float32."""
        return (self.centre + place @ self.axes).astype(np.float32)

    def grid(self, side: int) -> np.ndarray:
        """The middles of `side` x `side` cells that fill the rectangle `(side * side, 2)`, the top row first."""
        middle = (np.arange(side) + 0.5) / side
        x, y = (low + middle * (high - low) for low, high in zip(self.low, self.high))
        columns, rows = np.meshgrid(x, y[::-1])
        return np.stack([columns.ravel(), rows.ravel()], 1)


@dataclass(frozen=True)
class PatternCapture:
    """What was wanted, as far as the network has it.

    Attributes:
        examples: float32 `(N, *out)`, the network's answers.
        codes: the plane of the layer that was asked for.
        nearest: the test samples, among those of the plane, whose codes are nearest to that of the sample that is
            looked at, in all their numbers; the nearest first.
        walked: float32 `(*out)`, what the network makes of the place asked for.
        plane: float32 `(MAP * MAP, *out)`, what it makes of the grid of the plane.
        errors: float32 `(N,)`, the mean squared error of each of the first test samples.
        scores: float32 `(N,)`, how far the answer to each of them is correct, 0 to 1.
        divergence: float32 `(D,)`, in nats, the mean over test samples.
        loss, cost: of the answers to these samples, and what that layer adds to it.
        drawn: uint8 `(N, FRAMES, H, W)`, as people see it: the way from noise to each picture asked for.
    """

    examples: np.ndarray | None = None
    codes: CodePlane | None = None
    nearest: tuple[int, ...] = ()
    walked: np.ndarray | None = None
    plane: np.ndarray | None = None
    drawn: np.ndarray | None = None
    divergence: np.ndarray | None = None
    errors: np.ndarray | None = None
    scores: np.ndarray | None = None
    loss: float | None = None
    cost: float = 0.0


def merged(watches: Iterable[PatternWatch]) -> PatternWatch:
    """What several viewers together want; where only one can be served, the last of them is."""
    union = NO_PATTERNS
    for each in watches:
        codes = each.codes or union.codes
        union = PatternWatch(tuple(sorted({*union.examples, *each.examples})), codes,
                             union.walk if each.walk is None else each.walk, union.plane or each.plane,
                             each.drawn or union.drawn, each.seed if each.drawn else union.seed,
                             each.divergence or union.divergence, max(each.errors, union.errors),
                             max(each.scores, union.scores))
    return union


def nearest(codes: np.ndarray, code: np.ndarray) -> tuple[int, ...]:
    """The places of the codes `(N, D)` that lie nearest to one `(D,)`, the nearest first."""
    away = np.square(np.nan_to_num(codes.astype(np.float64)) - np.nan_to_num(code.astype(np.float64))).sum(1)
    return tuple(int(place) for place in np.argsort(away, kind="stable")[:NEIGHBOURS + 1])


def code_plane(codes: np.ndarray) -> CodePlane:
    """The plane of codes `(N, D)`; numbers that are none count as 0."""
    known = np.nan_to_num(codes.astype(np.float32))
    width = known.shape[1]
    if width <= 2:
        centre, axes, explained = np.zeros(width), np.eye(2, width), 1.0
        points = np.pad(known, ((0, 0), (0, 2 - width)))
    else:
        centre = known.mean(0)
        axes, explained = _widest(known - centre)
        points = (known - centre) @ axes.T
    low, high = np.quantile(points, EDGE, axis=0), np.quantile(points, 1 - EDGE, axis=0)
    room = np.maximum(0.1 * (high - low), 1e-3)
    return CodePlane(points.astype(np.float32), centre, axes, explained,
                     (float(low[0] - room[0]), float(low[1] - room[1])),
                     (float(high[0] + room[0]), float(high[1] + room[1])))


def _widest(centred: np.ndarray) -> tuple[np.ndarray, float]:
    """The two directions `(2, D)` in which `(N, D)` differ most, and the fraction of their variance that is in these.

    From the products of columns, or of rows where these are fewer: a convolution's outputs have 25,000 columns, and a
    singular value decomposition of 600 rows of them takes seconds.
    """
    wide = centred.shape[1] > centred.shape[0]
    products = centred @ centred.T if wide else centred.T @ centred
    sizes, vectors = np.linalg.eigh(products.astype(np.float64))
    axes = vectors[:, :-3:-1].T @ centred if wide else vectors[:, :-3:-1].T
    axes = axes / np.maximum(np.linalg.norm(axes, axis=1, keepdims=True), 1e-12)
    fraction = float(sizes[-2:].sum() / max(float(sizes.sum()), 1e-12))
    return axes * _signs(axes)[:, None], min(fraction, 1.0)


def _signs(directions: np.ndarray) -> np.ndarray:
    """So that the largest number of each direction is positive: the sign is free, and a picture must not flip."""
    largest = np.abs(directions).argmax(1)
    return np.sign(directions[np.arange(len(directions)), largest])
