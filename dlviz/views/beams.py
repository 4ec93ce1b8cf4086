"""Beam search as a tree: which beginnings were followed, which were dropped, and what greedy decoding would have found.
"""
from __future__ import annotations

import math
from collections import defaultdict

from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.beam import BeamTree
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Range, Subject, View, Widget
from dlviz.views.question import visible
from dlviz.views.texts import texts

WIDEST, LONGEST = 6, 16


class Beams(View):
    key = "beams"
    title = _("Beam search")
    sentence = _("The tree of the likeliest answers: of all beginnings a few are followed at once.")
    words = _("""
Greedy decoding takes the likeliest symbol each time, and cannot go back when the best continuation stood behind the
second choice. **Beam search** lengthens several beginnings at once and keeps the few whose probability, the product
over all symbols so far, is largest. Faint branches were dropped. The marked path is the likeliest answer that was
found. It is no promise: what was dropped early is never tried again.
For translation the likeliest answer is what one wants; for stories it is dull, and samples read better.
""")
    formula = r"\log p(y_1, \dots, y_T) = \sum_t \log p(y_t \mid y_1, \dots, y_{t-1})"
    icon = ":material/account_tree:"
    places = ("look",)
    order = 155
    script = "language/beams.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.stepwise is not None

    def choices(self, subject: Subject) -> tuple[Widget, ...]:
        return (Range("beams.width", texts.BEAM_WIDTH, 1, WIDEST, 1, 3, texts.BEAM_WIDTH_HELP),
                Range("beams.length", texts.BEAM_LENGTH, 2, LONGEST, 1, 10, texts.BEAM_LENGTH_HELP))

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest(beam=(int(choices["beams.width"]), int(choices["beams.length"])))

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        tree = observation.answered.beam
        return payload(subject.task, tree) if tree and tree.nodes else texts.APPEARS_FIRST_CAPTURE


def payload(task: Task, tree: BeamTree) -> Json:
    """Each node with its word and its place: `x` the number of symbols, `y` counted in leaves."""
    words, places, best = visible(task.classes), heights(tree), set(tree.best)
    nodes = [{"parent": node.parent, "x": node.depth, "y": round(places[number], 3), "word": words[node.token],
              "probability": round(math.exp(node.log_probability), 4), "total": round(node.total, 3),
              "followed": node.followed, "best": number in best} for number, node in enumerate(tree.nodes)]
    return {"nodes": nodes, "rows": max(places) + 1, "depth": max(node.depth for node in tree.nodes),
            "best": round(tree.nodes[tree.best[-1]].total, 3), "greedy": round(tree.greedy, 3)}


def heights(tree: BeamTree) -> list[float]:
    """Where each node stands from top to bottom: leaves one below the other, all others amid their own."""
    children: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(tree.nodes):
        children[node.parent].append(number)
    places, leaves = [0.0] * len(tree.nodes), 0
    for number in _children_first(children):
        below = children[number]
        if below:
            places[number] = sum(places[child] for child in below) / len(below)
        else:
            places[number], leaves = float(leaves), leaves + 1
    return places


def _children_first(children: dict[int, list[int]], root: int = -1) -> list[int]:
    """All nodes, each behind those below it, in the order of the tree."""
    found = [number for child in list(children[root]) for number in _children_first(children, child)]
    return found if root < 0 else [*found, root]
