"""The KV cache: how long each new symbol takes with it and without it, measured in the run itself."""
from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dlviz import layers
from dlviz.figures.theme import themed
from dlviz.network import NetworkReport
from dlviz.probes.caching import CacheTiming
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Observation, Plot, Subject, View
from dlviz.views.texts import texts

MOST = 128  # symbols that are timed
APART = 1e-3  # a difference of probabilities beyond rounding
PER_STEP = {"attention", "sequence", "dense", "activation", "normalization", "regularization", "merge"}  # families


class KeyValueCache(View):
    key = "cache"
    title = _("KV cache")
    sentence = _("How fast the network writes when it remembers keys and values, and when it does not.")
    words = _("""
To name the next symbol a transformer needs, of every earlier symbol, only its **keys** and **values**. They do not
change any more, since no symbol sees later ones: so they can be kept. Without the cache each new symbol costs a pass
over the complete text so far, with it a pass of one symbol that looks back at what is stored. The cache grows with the
length of the text, with each layer and each head; in large models it fills the memory long before the weights do.
""")
    formula = r"\text{without: } \mathcal{O}(t^2) \text{ a symbol}, \qquad \text{with: } \mathcal{O}(t)"
    icon = ":material/speed:"
    places = ("look",)
    order = 165

    def suits(self, report: NetworkReport, task: Task) -> bool:
        kinds = [layers.get(layer.kind) for layer in report.layers]
        alike = task.stepwise is not None and len(report.signature.inputs) == 1
        return alike and any(kind.attends for kind in kinds) and all(kind.family in PER_STEP for kind in kinds)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(timed=MOST)

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing | tuple[Drawing, ...]:
        timing = observation.answered.timing
        if timing is None:
            return texts.APPEARS_FIRST_CAPTURE
        if timing.difference > APART:
            return texts.CACHE_NOT_POSSIBLE
        times = (timing.plain.tobytes(), timing.cached.tobytes())
        plot = Plot(times, lambda: curves(timing, theme="page"), str(self.sentence))
        return summary(timing), plot, texts.CACHE_SAME.format(difference=timing.difference)


def summary(timing: CacheTiming) -> str:
    """Both sums and how many times one is in the other."""
    plain, cached = timing.plain.sum(), timing.cached.sum()
    return texts.CACHE_TIMES.format(count=len(timing.plain), without=texts.MILLISECONDS.format(count=1e3 * plain),
                                    with_cache=texts.MILLISECONDS.format(count=1e3 * cached), factor=plain / cached,
                                    size=timing.stored / 1e3)


@themed
def curves(timing: CacheTiming) -> go.Figure:
    """Milliseconds of each symbol over how many stand before it, both ways."""
    before = np.arange(len(timing.plain))
    figure = go.Figure()
    for seconds, name in ((timing.plain, texts.WITHOUT_CACHE), (timing.cached, texts.WITH_CACHE)):
        figure.add_scatter(x=before, y=np.round(1e3 * seconds, 3), mode="lines", name=str(name))
    return figure.update_xaxes(title_text=str(texts.SYMBOLS_BEFORE)).update_yaxes(
        title_text=str(texts.MILLISECONDS_SYMBOL), rangemode="tozero")
