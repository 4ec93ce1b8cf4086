"""How each layer is while it learns: gradients, updates, dead and saturated units, a row a layer that opens."""
from __future__ import annotations

from typing import Any

from dlviz.figures import health, histograms, normalization
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Json, Observation, Plot, Subject, View

HEAT_MAP, AROUND, NORMALIZATION = 170, 50, 300  # px


class HealthView(View):
    key = "health"
    title = _("Health")
    sentence = _("Gradients, updates, and dead or saturated units of each layer, from the first step on.")
    order = 30
    script = "health/main.js"
    answers = ("open",)
    diagnosed = True

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return True

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(health=True)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Json | str:
        if not observation.health:
            return observation.nothing_yet
        name = _opened(choices.get("open"))
        return {"run": observation.run, "open": name, "waiting": not observation.over,
                "detail": _detail(name, observation) if name else None,
                **health.rows(subject.report, observation.health)}


def _opened(layer: Any) -> str | None:
    """The layer whose row the browser says is open."""
    return layer if isinstance(layer, str) else None


def _detail(name: str, observation: Observation) -> Json:
    """What the row of the layer `name` opens to: figures, and which units are dropped."""
    step = observation.health[-1].step
    found: Json = {"name": name, "step": step, "dropped": health.dropped(name, observation.health)}
    of = (observation.run, name, step, len(observation.health))
    if spreads := health.spreads(name, observation.health):
        found["spreads"] = Plot(of, lambda: histograms.heat_maps(spreads, theme="page"),
                                histograms.describe(name, spreads), AROUND + HEAT_MAP * len(spreads), name=name)
    if (norm := health.normalized(name, observation.health)) is not None:
        found["normalized"] = Plot(of, lambda: normalization.batch_norm(norm, theme="page"),
                                   normalization.describe(name, norm), NORMALIZATION, name=name)
    return found
