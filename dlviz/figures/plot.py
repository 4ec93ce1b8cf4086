"""A small chart at rest as an SVG: lines, a few ticks, marks. For what is drawn once, not for what moves.

Knows no run and no page.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

INK = {False: ("#5A6070", "#D9DCE3"), True: ("#B4BAC8", "#3A404B")}  # words and grid, on a light page, on a dark one
ROW = 15  # px between the words of two marks
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 16, 26  # px around the lines


@dataclass(frozen=True)
class PlotLine:
    """Points `(n,)` in rising order of `x`; faint lines lie behind clear ones."""

    x: np.ndarray
    y: np.ndarray
    color: str
    faint: bool = False


@dataclass(frozen=True)
class PlotAxis:
    """A stretch of numbers, and the ticks on it as (number, word). Logarithmic where `log`."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]] = ()
    log: bool = False

    def place(self, values: np.ndarray | float) -> np.ndarray:
        """0 to 1 along the axis."""
        low, high, at = (np.log10(v) if self.log else np.asarray(v, float) for v in (self.low, self.high, values))
        return np.clip((at - low) / ((high - low) or 1.0), 0, 1)


def plot(lines: Sequence[PlotLine], across: PlotAxis, up: PlotAxis, *, marks: Sequence[tuple[float, str]] = (),
         dark: bool = False,
         width: int = 640, height: int = 170) -> str:
    """The chart; a mark is a number on the axis across with its word, a dashed line from top to bottom."""
    inner, tall = width - LEFT - RIGHT, height - TOP - BOTTOM
    word, grid = INK[dark]

    def x(value: np.ndarray | float) -> np.ndarray:
        return LEFT + across.place(value) * inner

    def y(value: np.ndarray | float) -> np.ndarray:
        return TOP + (1 - up.place(value)) * tall

    parts = [f'<line x1="{LEFT}" x2="{width - RIGHT}" y1="{y(at):.1f}" y2="{y(at):.1f}" stroke="{grid}"/>'
             f'{_text(LEFT - 8, float(y(at)) + 4, said, word, "end")}' for at, said in up.ticks]
    parts += [_text(float(x(at)), height - 8, said, word, "middle") for at, said in across.ticks]
    parts += [_polyline(x(line.x), y(line.y), line) for line in lines if len(line.x) > 1]
    for row, (value, said) in enumerate(marks):
        at = float(x(value))
        anchor, aside = ("start", 6) if at < width / 2 else ("end", -6)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{TOP + tall}" stroke="{word}" '
                     f'stroke-dasharray="{"4 3" if row else "none"}"/>'
                     f'{_text(at + aside, TOP + 10 + ROW * row, said, word, anchor)}')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">{"".join(parts)}</svg>')


def powers(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks at the powers of ten of a logarithmic axis."""
    exponents = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    return [(10.0 ** e, f"{10.0 ** e:g}" if e >= -4 else f"1e{e}") for e in exponents]


def _polyline(x: np.ndarray, y: np.ndarray, line: PlotLine) -> str:
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x.tolist(), y.tolist()))
    look = 'stroke-width="1" stroke-opacity="0.35"' if line.faint else 'stroke-width="2.2"'
    return (f'<polyline points="{points}" fill="none" stroke="{line.color}" {look} stroke-linejoin="round" '
            'stroke-linecap="round"/>')


def _text(x: float, y: float, text: str, color: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}">{escape(text)}</text>'
