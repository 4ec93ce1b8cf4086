"""What the engine answers on the Explain page, computed once for a session."""
from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, SupportsFloat

import numpy as np

from dlviz.inspect.explanation import Explainer
from dlviz.views.question import ExplainedInput
from pages.ui.shared import state

MOST = 24  # answers of the engine that a session keeps


def remembered(key: Hashable, compute: Callable[[], Any]) -> Any:
    """What `compute` gives, computed once for this session while it is among the last few."""
    cache: OrderedDict[Hashable, Any] = state.session_value("explain.answers", OrderedDict)
    if key not in cache:
        cache[key] = compute()
    cache.move_to_end(key)
    while len(cache) > MOST:
        cache.popitem(last=False)
    return cache[key]


def answer(subject: Explainer, question: ExplainedInput) -> np.ndarray:
    """The raw scores for the question, `(classes,)` or `(T, classes)`."""
    return remembered((subject.key, question.key, "scores"), lambda: subject.scores(question.inputs))


def finite(value: SupportsFloat) -> float | None:
    """NaN in a component's data breaks it for good."""
    return float(value) if math.isfinite(value) else None
