"""What a run's weights show on test samples, worked out when a tick asks for it and remembered. Knows no page."""
from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from dlviz.errors import DlvizError
from dlviz.inspect.explanation import Explainer, Explainers
from dlviz.lessons.moments import Measure
from dlviz.runs.info import RunInfo
from dlviz.runs.service import RunService

REMEMBERED = 256  # results

_lock = threading.Lock()
_known: OrderedDict[tuple[str, str, float], float | None] = OrderedDict()
_networks = Explainers()


def of(service: RunService) -> Measure:
    """What measures runs of this service."""
    return partial(_remembered, service)


def _remembered(service: RunService, name: str, info: RunInfo) -> float | None:
    """Once for the weights of one moment: a weight set by hand is an update of the run."""
    key = name, info.id, info.updated
    if key not in _known:
        found = _measured(service, name, info)
        with _lock:
            _known[key] = found
            while len(_known) > REMEMBERED:
                _known.popitem(last=False)
    return _known.get(key)


def _measured(service: RunService, name: str, info: RunInfo) -> float | None:
    try:
        path = service.weights_path(info.id)
        return MEASURES[name](_networks.get(info.experiment, path)) if path else None
    except DlvizError:
        return None  # too busy, or deleted meanwhile: nothing is known of it, as of a run that has not begun


def _accuracy(network: Explainer) -> float:
    return network.outcome(()).accuracy


MEASURES: dict[str, Callable[[Explainer], float | None]] = {"accuracy_now": _accuracy}
