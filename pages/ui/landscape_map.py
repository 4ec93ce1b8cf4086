"""A survey as the plain data of the component `landscape`, with what it means in plain words."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st

from dlviz import layers
from dlviz.figures import packing
from dlviz.runs.service import RunInfo
from dlviz.runs.survey import Survey, Wish, key
from pages.ui.landscape_play import LANDSCAPE

KEY = "landscape.map"
SAME = 1e-4  # share of the weights' length that rounding explains
ARRAYS = ("x", "y", "loss", "places", "losses", "line_at", "line_loss", "along")
LINE = ("Blue: the loss on the straight line from the first weights to the last, which the run never walked. "
        "Dots: the run itself, as far along as it was then.")


def show(run: RunInfo, wish: Wish, found: Survey, foreign: tuple[str, ...]) -> None:
    LANDSCAPE(key=KEY, data=payload(wish, found))
    st.caption(" ".join(remarks(run, wish, found, foreign)))


def payload(wish: Wish, found: Survey) -> dict[str, Any]:
    return {"view": "survey", "of": f"{key(wish)} {found.seconds}", "steps": found.steps.tolist(),
            **{name: packing.floats(getattr(found, name)) for name in ARRAYS},
            "titles": titles(found), "words": words(wish, found), "line": LINE,
            "hint": "Point at the map, or at the path: each dot is a moment of the run, the ring its start, "
                    "the ball its end."}


def titles(found: Survey) -> tuple[str, str]:
    if found.shares is None:
        return "along a random direction (1: as long as the weights)", "along another random direction"
    first, second = (f"{share:.0%}".replace("%", " %") for share in found.shares)
    return (f"the path's first direction ({first} of its variance)", f"its second ({second})")


def words(wish: Wish, found: Survey) -> list[str]:
    start, end = (f"{loss:.3g}" for loss in found.losses[[0, -1]])
    said = [f"From loss {start} before the first step to {end} after step {int(found.steps[-1]):,}."]
    if found.shares is None:
        said.append("Two random directions show the shape around the end, not the way there: so little of "
                    f"the way lies in this plane ({percent(found.inside)}) that the path shrinks to a point.")
    else:
        both = percent(float(found.shares.sum()))
        said.append(f"This is a projection (principal components): the two directions hold {both} of the "
                    "path's variance. Its moments lie above and below the plane, so their own loss can "
                    "differ from the surface's.")
    if (note := straight(found)):
        said.append(note)
    return said


def straight(found: Survey) -> str:
    """What the straight line says, where it says something clear."""
    inside = found.line_loss[found.line_at <= 1.0]
    if len(inside) < 3 or not np.isfinite(inside).all():
        return ""
    rise = float(np.max(inside - np.minimum.accumulate(inside)))
    if rise <= 0.02 * float(inside.max() - inside.min() or 1):
        return "On the straight line from start to end the loss only falls: no hill stood in between."
    return (f"On the straight line from start to end the loss rises by {rise:.2g} on the way: there is "
            "a hill in between.")


def percent(share: float) -> str:
    return "less than 0.1 %" if share < 1e-3 else f"{share:.1%}".replace("%", " %")


def remarks(run: RunInfo, wish: Wish, found: Survey, foreign: tuple[str, ...]) -> list[str]:
    """How it was measured, and how far it can be trusted."""
    said = [f"Each height is the mean loss of the same {found.samples:,} training samples, with dropout off."]
    if not wish.retraced:
        return [*said, "Start and end are the run's own weights; training it once more to see the way "
                       "between them would take long."]
    again = _again(wish, foreign)
    said.append(f"The path is that of the run's experiment, trained once more from its seed{again}")
    if not math.isnan(found.apart):
        said.append("It ends in the run's own weights." if found.apart < SAME else
                    f"Its end is {percent(found.apart)} of the weights' length away from the run's own: on "
                    "another number of processor threads sums are rounded otherwise, and training enlarges "
                    "that.")
    if any(layers.get(layer.kind).family == "normalization" for layer in run.experiment.network.layers):
        said.append("Running statistics of normalization layers are those of the end, all over the surface.")
    if run.experiment.training.early_stopping and found.steps[-1] == run.step:
        said.append("Its end is at the best weights, which early stopping has put back.")
    return said


def _again(wish: Wish, foreign: tuple[str, ...]) -> str:
    if foreign:
        return f"; what was changed by hand while it ran ({', '.join(foreign)}) is not in it."
    if wish.changes:
        return ", with what was changed by hand changed again at the same steps."
    return "."
