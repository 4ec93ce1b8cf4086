"""Something new told by how badly it comes out: a threshold on the errors, and what it finds."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dlviz import english
from dlviz.figures import anomalies
from dlviz.figures.thinning import running_mean
from dlviz.network import NetworkReport
from dlviz.probes.patterns import PatternWatch
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import (
    Beside,
    CaptureRequest,
    Choices,
    Drawing,
    Observation,
    Plot,
    Range,
    Subject,
    View,
)
from dlviz.views.reconstruction import pictured

SAMPLES = 2_000  # test samples whose errors are looked at
TALL = 340  # px


class AnomalyPhrases:
    FALSE_ALARMS = _("False alarms, at most")
    FALSE_ALARMS_HELP = _("Which fraction of the usual samples may lie above the threshold. The threshold follows.")
    ERRORS_LABEL = _("Reconstruction errors of usual samples and of the new ones, with a threshold at {threshold:.3f}.")
    ROC_LABEL = _("ROC curve with an area of {area:.2f} below it.")
    ANOMALIES_NOTE = _("Threshold {threshold:.3f}: {found} of the {name}s are found, which the network has never seen, "
                       "and {alarms} of the others are taken for something new. Area under the ROC curve: {area:.3f} "
                       "(0.5 is guessing). {count:,} test samples, after step {step:,}.")
    SERIES_LABEL = _("The test series, its strange stretches shaded, with a mark at each value that gives an alarm.")
    FORECAST_ERROR = _("error of the last forecasts (RMSE)")
    STRETCHES_NOTE = _("Threshold {threshold:.3f}: {found} of the windows with something strange in them give an "
                       "alarm, and so do {alarms} of the others. Area under the ROC curve: {area:.3f} (0.5 is "
                       "guessing). {count:,} windows of the test series, after step {step:,}.")


phrases = AnomalyPhrases()


class Anomalies(View):
    key = "anomalies"
    title = _("Anomalies")
    sentence = _("How far off the answer is, for usual test samples and for those of a kind that was left out.")
    words = _("""
The network has learned to restore what is usual. What it has never seen comes out badly: it is drawn as if it were
something usual. So the **reconstruction error** says how new a sample is, and above a **threshold** there is an alarm.
A low threshold finds more and gives more false alarms; the **ROC curve** has a point for each threshold.
""")
    icon = ":material/notification_important:"
    places = ("train",)
    order = 1

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return (pictured(task) or task.forecast is not None) and task.unusual is not None

    def choices(self, subject: Subject) -> tuple[Range, ...]:
        return (Range("anomalies.alarms", phrases.FALSE_ALARMS, 0.0, 0.5, 0.01, 0.05, phrases.FALSE_ALARMS_HELP,
                      "%.2f"),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(patterns=PatternWatch(errors=SAMPLES))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        captured, task = observation.captured, subject.task
        labels = task.group_labels("test")
        errors = captured.patterns.errors if captured and captured.patterns else None
        if captured is None or errors is None or labels is None or task.unusual is None:
            return observation.nothing_yet
        new = labels[:len(errors)] == task.unusual
        scores = np.sqrt(running_mean(errors, task.averaged)) if task.averaged > 1 else errors
        threshold = float(np.quantile(scores[~new], 1 - choices["anomalies.alarms"]))
        of = (observation.run, captured.step, threshold)
        return _Scored(task, scores, new, threshold, of).drawings(captured.step)


@dataclass(frozen=True)
class _Scored:
    """Test samples with their scores; `new` marks those of the kind that was left out, `of` names the drawing."""

    task: Task
    scores: np.ndarray
    new: np.ndarray
    threshold: float
    of: tuple[Any, ...]

    def drawings(self, step: int) -> tuple[Drawing, ...]:
        area = anomalies.area(*anomalies.roc_curve(self.scores, self.new))
        beside = Beside((self._plot("histograms", self._histograms, phrases.ERRORS_LABEL.format(
            threshold=self.threshold)),), (self._plot("roc", self._roc, phrases.ROC_LABEL.format(area=area)),))
        series = [self._plot("series", self._series, phrases.SERIES_LABEL)] if self.task.forecast else []
        return (*series, beside, self._note(area, step))

    def _plot(self, name: str, make: Callable[[], go.Figure], label: str) -> Plot:
        return Plot((*self.of, name), make, label, TALL, name=name)

    def _histograms(self) -> go.Figure:
        error = str(phrases.FORECAST_ERROR) if self.task.forecast else ""
        return anomalies.histograms(self.scores, self.new, self.threshold, self._name, error, theme="page")

    def _roc(self) -> go.Figure:
        return anomalies.roc(self.scores, self.new, self.threshold, theme="page")

    def _series(self) -> go.Figure:
        forecast = self.task.forecast
        assert forecast is not None
        values = forecast.target("test", 0, len(self.scores))
        return anomalies.series(values, self.scores, self.new, self.threshold, self._name, theme="page")

    @property
    def _name(self) -> str:
        return self.task.groups[self.task.unusual or 0]

    def _note(self, area: float, step: int) -> str:
        words = phrases.STRETCHES_NOTE if self.task.forecast else phrases.ANOMALIES_NOTE
        above = self.scores > self.threshold
        return words.format(threshold=self.threshold, found=english.percent(float(above[self.new].mean()), 0),
                            name=self._name, alarms=english.percent(float(above[~self.new].mean()), 0), area=area,
                            count=len(self.scores), step=step)
