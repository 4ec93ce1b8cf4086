"""The two parts of a variational autoencoder's loss, and what each number of its code carries."""
from __future__ import annotations

import numpy as np

from dlviz import layers
from dlviz.figures import elbo
from dlviz.network import NetworkReport
from dlviz.probes.patterns import PatternWatch
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Observation, Plot, Subject, View


class ElboPhrases:
    ELBO_LABEL = _("The loss has two parts: reconstruction {loss:.4f} and KL divergence {cost:.4f}.")
    ELBO_NOTE = _("Loss {total:.4f} = mean squared error {loss:.4f} + {cost:.4f} for the {kl:.2f} nats that {layer} "
                  "carries of each sample: on 600 test samples after step {step:,}, each code at its mean.")


phrases = ElboPhrases()


class Elbo(View):
    key = "elbo"
    title = _("ELBO")
    sentence = _("The two parts of the loss: how far off the picture is, and how much of the digit the code may carry.")
    words = _("""
The loss is the negative **ELBO** (evidence lower bound), up to a factor and a constant. Its first part is the
**reconstruction**: how far the picture that comes out is from the one that went in. The second is the **KL
divergence**: how far the bell curve of each code is from the standard one, which is the same for all digits. A code
that says nothing costs nothing; whatever it says of a digit is paid in nats, so only what helps the picture is kept.
""")
    formula = (r"-\text{ELBO} = \mathbb{E}_{q(z|x)}[-\ln p(x|z)] + \text{KL}\big(q(z|x)\,\|\,\mathcal{N}(0, 1)\big), "
               r"\qquad \text{loss} = \text{MSE} + w\,\text{KL}")
    icon = ":material/balance:"
    places = ("train",)
    order = 6

    def suits(self, report: NetworkReport, task: Task) -> tuple[str, ...]:
        return tuple(layer.name for layer in report.layers if layers.get(layer.kind).costs)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(patterns=PatternWatch(divergence=self.suits(subject.report, subject.task)[0]))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        captured = observation.captured
        found = captured.patterns if captured else None
        if captured is None or found is None or found.divergence is None or found.loss is None:
            return observation.nothing_yet
        name = self.suits(subject.report, subject.task)[0]
        divergence, loss, cost = np.asarray(found.divergence), found.loss, found.cost
        return (Plot((observation.run, captured.step), lambda: elbo.parts(loss, cost, divergence, theme="page"),
                     phrases.ELBO_LABEL.format(loss=loss, cost=cost), 300),
                phrases.ELBO_NOTE.format(loss=loss, kl=float(divergence.sum()), cost=cost, total=loss + cost,
                                         layer=name, step=captured.step))
