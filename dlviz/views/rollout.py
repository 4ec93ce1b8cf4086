"""Attention rollout and the residual stream: what reaches each output through all layers, and how long vectors grow."""
from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
import torch

from dlviz.english import percent
from dlviz.figures.theme import ink_scale, themed
from dlviz.network import NetworkReport
from dlviz.probes import lens
from dlviz.tasks import Task
from dlviz.translation import _, numeral
from dlviz.views.base import CaptureRequest, Choice, Choices, Drawing, Observation, Plot, Subject, View, Widget
from dlviz.views.layers import layer_choice, shown_layers
from dlviz.views.lens import read_layers
from dlviz.views.question import step_words
from dlviz.views.texts import texts

CELL, LEAST, MOST = 18, 300, 640  # px of a symbol, and of a figure


class Rollout(View):
    key = "rollout"
    title = _("Rollout")
    sentence = _("How much of each symbol reaches each output through all layers together.")
    words = _("""
One layer's map shows where that layer reads. After several layers a vector is a mixture of mixtures. **Attention
rollout** multiplies the maps of all layers up to the chosen one: heads are averaged, and half of every vector is taken
to stay where it is, since the skip around each attention adds it unchanged (Abnar and Zuidema 2020). It follows
attention only: what the feed-forward parts make of a vector, and how long the values are, it does not know.
""")
    formula = r"R_\ell = \tfrac{1}{2}\left(I + \tfrac{1}{H}\sum_h A_{\ell,h}\right) R_{\ell-1}"
    icon = ":material/stacked_line_chart:"
    places = ("look",)
    order = 127

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return len(read_layers(report)) > 1 and len(report.signature.inputs) == 1

    def choices(self, subject: Subject) -> tuple[Widget, ...]:
        found = shown_layers(subject.report).attention
        choice = layer_choice("rollout.layer", found)
        return (Choice(choice.key, choice.label, choice.options, choice.words, found[-1].name, width=choice.width),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(attention=tuple(layer.name for layer in shown_layers(subject.report).attention))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        maps = observation.answered.attention
        names = list(dict.fromkeys(name.split(".")[0] for name in maps))
        if choices["rollout.layer"] not in names:
            return texts.APPEARS_FIRST_CAPTURE
        place = names.index(choices["rollout.layer"])
        found = lens.rollout([torch.from_numpy(each.weights) for each in maps.values()])[place].numpy()
        words = step_words(subject.asked, 0, len(found))
        label = texts.ROLLOUT_LABEL.format(layer=names[place])
        return Plot((found.tobytes(), tuple(words)), lambda: heat(found, words, words, theme="page"), label,
                    height=_height(len(found)))


class Residual(View):
    key = "residual"
    title = _("Residual stream")
    sentence = _("How long the vector of each symbol is behind each layer.")
    words = _("""
Blocks add to the vector of each symbol and never replace it, so its length (its Euclidean norm) tends to grow from
layer to layer: a block that adds little changes little. A symbol with a far longer vector than all others often serves
as a place where attention rests when there is nothing to look for. Where normalization stands behind each addition
instead of before each part, lengths stay alike.
""")
    formula = r"x^{(\ell)} = x^{(\ell - 1)} + \text{Block}_\ell(x^{(\ell - 1)}), \qquad \lVert x^{(\ell)}_t \rVert_2"
    icon = ":material/straighten:"
    places = ("look",)
    order = 128

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return len(read_layers(report)) > 1 and len(report.signature.inputs) == 1

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(outputs=read_layers(subject.report))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        outputs = observation.answered.outputs
        if not outputs:
            return texts.APPEARS_FIRST_CAPTURE
        lengths = np.stack([np.linalg.norm(output, axis=-1) for output in outputs.values()])
        names, words = list(outputs), step_words(subject.asked, 0, lengths.shape[1])
        return Plot((lengths.tobytes(), tuple(names), tuple(words)),
                    lambda: lengths_figure(lengths, names, words, theme="page"), str(texts.RESIDUAL_LABEL),
                    height=_height(len(names)))


def _height(rows: int) -> int:
    return min(MOST, max(LEAST, CELL * rows + 120))


@themed
def heat(values: np.ndarray, rows: list[str], columns: list[str]) -> go.Figure:
    """Fractions `(T, T)`: in each row what one output is made of."""
    labels = [[texts.ROLLOUT_OF.format(row=row, column=column, fraction=percent(value, 1))
             for column, value in zip(columns, line)] for row, line in zip(rows, values.tolist())]
    figure = go.Figure(go.Heatmap(z=np.sqrt(values), colorscale=ink_scale(), zmin=0, zmax=1, showscale=False,
                                  text=labels, hoverinfo="text"))
    figure.update_yaxes(title_text=str(texts.TO_SYMBOL), autorange="reversed", scaleanchor="x", constrain="domain",
                        **_ticks(rows))
    return figure.update_xaxes(title_text=str(texts.FROM_SYMBOL), constrain="domain", **_ticks(columns))


@themed
def lengths_figure(lengths: np.ndarray, names: list[str], words: list[str]) -> go.Figure:
    """Norms `(layers, T)`, the first layer at the bottom."""
    labels = [[texts.RESIDUAL_CELL.format(layer=name, word=word, norm=numeral(f"{value:.2f}"))
             for word, value in zip(words, line)] for name, line in zip(names, lengths.tolist())]
    figure = go.Figure(go.Heatmap(z=lengths, colorscale=ink_scale(), zmin=0, text=labels, hoverinfo="text",
                                  colorbar={"thickness": 10}))
    return figure.update_yaxes(**_ticks(names)).update_xaxes(title_text=str(texts.FROM_SYMBOL), **_ticks(words))


def _ticks(words: list[str]) -> dict[str, Any]:
    return {"tickmode": "array", "tickvals": list(range(len(words))), "ticktext": words}
