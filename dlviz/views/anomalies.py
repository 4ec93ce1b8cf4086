"""Something new told by how badly it comes out: a threshold on the errors, and what it finds."""
from __future__ import annotations

import numpy as np

from dlviz import english
from dlviz.figures import anomalies
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
        return pictured(task) and task.unusual is not None

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
        threshold = float(np.quantile(errors[~new], 1 - choices["anomalies.alarms"]))
        area, name = anomalies.area(*anomalies.roc_curve(errors, new)), task.groups[task.unusual]
        of = (observation.run, captured.step, threshold)
        return (Beside((Plot((*of, "histograms"), lambda: anomalies.histograms(errors, new, threshold, name,
                                                                              theme="page"),
                             phrases.ERRORS_LABEL.format(threshold=threshold), TALL, name="histograms"),),
                       (Plot((*of, "roc"), lambda: anomalies.roc(errors, new, threshold, theme="page"),
                             phrases.ROC_LABEL.format(area=area), TALL, name="roc"),)),
                phrases.ANOMALIES_NOTE.format(
                    threshold=threshold, found=english.percent(float((errors[new] > threshold).mean()), 0), name=name,
                    alarms=english.percent(float((errors[~new] > threshold).mean()), 0), area=area,
                    count=len(errors), step=captured.step))
