"""A survey as the plain data of the component `landscape`, with what it means in plain words."""
from __future__ import annotations

import math
from typing import Any

import numpy as np
import streamlit as st

from dlviz import layers
from dlviz.figures import packing
from dlviz.runs.service import RunInfo
from dlviz.landscape.survey import Survey, SurveyRequest, key
from dlviz.training.events import Evaluated
from pages.ui.landscape.play import LANDSCAPE

KEY = "landscape.map"
SAME = 1e-4  # share of a loss that rounding explains
ARRAYS = ("x", "y", "loss", "places", "losses", "line_at", "line_loss", "along")
LINE = ("Blue: the loss on the straight line from the first weights to the last, which the run never walked. "
        "Dots: the run itself, as far along as it was then.")


def show(run: RunInfo, request: SurveyRequest, found: Survey, val: Evaluated | None) -> None:
    LANDSCAPE(key=KEY, data=payload(request, found))
    st.caption(" ".join(remarks(run, request, found, val)))


def payload(request: SurveyRequest, found: Survey) -> dict[str, Any]:
    return {"view": "survey", "of": f"{key(request)} {found.seconds}", "steps": found.steps.tolist(),
            **{name: packing.floats(getattr(found, name)) for name in ARRAYS},
            "titles": titles(found), "words": words(request, found), "line": LINE,
            "hint": "Point at the map, or at the path: each dot is a moment of the run, the ring its start, "
                    "the ball its end."}


def titles(found: Survey) -> tuple[str, str]:
    if found.explained_variance is None:
        return "along a random direction (1: as long as the weights)", "along another random direction"
    first, second = (f"{fraction:.0%}".replace("%", " %") for fraction in found.explained_variance)
    return (f"the path's first direction ({first} of its variance)", f"its second ({second})")


def words(request: SurveyRequest, found: Survey) -> list[str]:
    start, end = (f"{loss:.3g}" for loss in found.losses[[0, -1]])
    said = [f"From loss {start} {_when(found.steps[0])} to {end} {_when(found.steps[-1])}."
            if len(found.steps) > 1 else f"Loss {end} {_when(found.steps[-1])}."]
    if len(found.steps) == 1:
        said.append("Two random directions show the shape around these weights; this run has kept no others.")
    elif found.explained_variance is None:
        said.append("Two random directions show the shape around the end, not the way there: so little of "
                    f"the way lies in this plane ({percent(found.explained_total)}) that the path shrinks to a point.")
    else:
        both = percent(float(found.explained_variance.sum()))
        said.append(f"This is a projection (principal components): the two directions hold {both} of the "
                    "path's variance. Its moments lie above and below the plane, so their own loss can "
                    "differ from the surface's.")
    if (note := straight(found)):
        said.append(note)
    return said


def _when(step: int) -> str:
    return f"after step {int(step):,}" if step else "before the first step"


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


def percent(fraction: float) -> str:
    return "less than 0.1 %" if fraction < 1e-3 else f"{fraction:.1%}".replace("%", " %")


def remarks(run: RunInfo, request: SurveyRequest, found: Survey, val: Evaluated | None) -> list[str]:
    """How it was measured, and how far it can be trusted."""
    said = [f"Each height is the mean loss of the same {found.samples:,} training samples, with dropout off.",
            f"{_moments(len(found.steps))} and the end at step {int(found.steps[-1]):,} are the run's own weights; "
            "nothing was trained again."]
    if val is not None and val.samples == found.val_samples:
        said.append(_check(found, val))
    if any(layers.get(layer.kind).family == "normalization" for layer in run.experiment.network.layers):
        said.append("Running statistics of normalization layers are those of the end, all over the surface; each "
                    "moment's own loss has its own.")
    if run.experiment.training.early_stopping and request.step < run.step:
        said.append(f"Its end is step {request.step:,}, whose weights early stopping has restored.")
    return said


def _check(found: Survey, val: Evaluated) -> str:
    """Whether these are the run's weights can be told: judged again, they give the run's own number."""
    here, own = f"{found.val_loss:.6f}", f"{val.val_loss:.6f}"
    same = "the same" if here == own else "rounding on another device or number of threads explains the difference" \
        if math.isclose(found.val_loss, val.val_loss, rel_tol=SAME) else "which should not differ"
    return (f"Check: on all {found.val_samples:,} validation samples the end's loss is {here}; the run itself "
            f"measured {own} ({same}).")


def _moments(count: int) -> str:
    return {1: "No moment before it", 2: "The start"}.get(count, f"The {count - 1} moments of the path")
