"""Numbers as the doctor says them."""
from __future__ import annotations

import math
from collections.abc import Sequence


def percent(value: float) -> str:
    """'37 %'; small ones with a digit more."""
    text = f"{value:.0%}" if value >= 0.1 or value == 0 else f"{value:.1%}"
    return text.replace("%", " %")


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> str:
    """'0.0021', '3.2', '4.1·10⁻⁹'."""
    if not math.isfinite(value):
        return "no number"
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}·10{str(int(power)).translate(RAISED)}"


def times(value: float) -> str:
    """'40', '3,000', '20 million': how many times, rounded to one digit."""
    if not math.isfinite(value):
        return "countless"
    if value < 10:
        return f"{value:.1f}".removesuffix(".0")
    rounded = round(value, -int(math.log10(value)))
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if rounded >= size:
            return f"{rounded / size:,.0f} {word}"
    return f"{rounded:,.0f}"


def named(names: Sequence[str], most: int = 3) -> str:
    """'relu1', 'relu1 and relu2', 'relu1, relu2, relu3 and 4 more'."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else "none"
