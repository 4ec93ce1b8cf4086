"""Vectors that stand for symbols or places, seen in two dimensions or by how alike they are. NumPy only."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Projection:
    """Vectors seen from their widest side.

    Attributes:
        points: `(N, 2)`.
        explained_variance: the fraction of the vectors' variance that the two dimensions hold, 0 to 1.
    """

    points: np.ndarray
    explained_variance: float


def project(vectors: np.ndarray, before: np.ndarray | None = None) -> Projection:
    """Vectors `(N, D)` on the plane in which they differ most (principal component analysis).

    With the points `before` `(N, 2)` the picture is turned (and mirrored) to lie over them: the plane leaves
    that open, and a picture that turns by itself cannot be watched.
    """
    known = np.nan_to_num(vectors.astype(np.float64))
    centred = known - known.mean(0)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(vectors), 2))
    points[:, :min(2, len(sizes))] = (left * sizes)[:, :2]
    total = float((sizes ** 2).sum())
    explained_variance = float((sizes[:2] ** 2).sum() / total) if total else 1.0
    if before is not None and before.shape == points.shape:
        points = points @ _turn(points, before)
    return Projection(points, explained_variance)


def _turn(points: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The rotation or reflection `(2, 2)` that brings `points` closest to `before` (Schoenemann 1966)."""
    left, _, right = np.linalg.svd(points.T @ (before - before.mean(0)))
    return left @ right


def similarity(table: np.ndarray) -> np.ndarray:
    """Dot products between all rows of `(N, D)`, `(N, N)`, divided by the largest; all 0 for zeros."""
    known = np.nan_to_num(table.astype(np.float64))
    products = known @ known.T
    return products / max(float(np.abs(products).max()), 1e-12)
