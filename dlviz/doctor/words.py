"""Numbers as the doctor says them."""
from __future__ import annotations

import math
from collections.abc import Sequence

from dlviz.translation import Words, _, series


def percent(value: float) -> str:
    """'37 %'; small ones with a digit more."""
    text = f"{value:.0%}" if value >= 0.1 or value == 0 else f"{value:.1%}"
    return text.replace("%", " %")


COUNTLESS = _("countless")
LARGE = {1e12: _("{number} trillion"), 1e9: _("{number} billion"), 1e6: _("{number} million")}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> Words:
    """'0.0021', '3.2', '4.1·10⁻⁹'."""
    if not math.isfinite(value):
        return _("no number")
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}·10{str(int(power)).translate(RAISED)}"


def times(value: float) -> Words:
    """'40', '3,000', '20 million': how many times, rounded to one digit."""
    if not math.isfinite(value):
        return COUNTLESS
    if value < 10:
        return f"{value:.1f}".removesuffix(".0")
    rounded = round(value, -int(math.log10(value)))
    for size, text in LARGE.items():
        if rounded >= size:
            return text.filled(number=f"{rounded / size:,.0f}")
    return f"{rounded:,.0f}"


def named(names: Sequence[str], most: int = 3) -> Words:
    """'relu1', 'relu1 and relu2', 'relu1, relu2, relu3 and 4 more'."""
    if len(names) > most:
        return series([*names[:most], _("{number} more", number=len(names) - most)])
    return series(names) or _("none")
