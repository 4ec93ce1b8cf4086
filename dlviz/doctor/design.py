"""What the design itself says: layers that undo each other, units that cannot differ, doors that are too narrow."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding
from dlviz.network import LayerReport

NARROW = 2  # numbers: all that a sample is must go through so few
HEAVY = 0.75  # share of its numbers that one dropout takes ...
EXTREME = 0.85  # beyond it only a network that does well is spared; to learn a little is not enough
LEFT = 0.2  # ... or that all of them leave, beyond which an update learns from chance
HELD = 0.97  # of the training loss: a validation loss below it, so dropout costs more than learning by heart
ROOM = 8  # numbers that a door is widened to at least


def squeezed(run: RunEvidence) -> Finding | str | None:
    """An activation behind the last layer of neurons keeps the logits from growing, so cross-entropy cannot fall."""
    if run.report.signature.loss != "cross_entropy":
        return "The loss (mean squared error) fits targets that are numbers."
    found = [layer for layer in _tail(run) if run.traits[layer.name].pointwise]
    if not found:
        return "The loss (cross-entropy) gets raw logits, as it should."
    last, names = found[0], [layer.name for layer in found]
    evidence = [f"{last.name} ({last.kind}) stands between the last weights and the loss.", *_floor(run, last),
                f"The training loss is {run.last_loss:.3g}."]
    return Finding(
        "squeezed", f"The logits are bounded before the loss ({last.kind} before cross-entropy)",
        f"Cross-entropy applies softmax to the logits itself. {last.name} changes them before that, "
        "so the network can never be sure, and its gradients get small.",
        tuple(evidence), "Let the last layer give raw logits.", tuple(names),
        remedies.offered(run, ("raw logits", remedies.without(names))))


def _floor(run: RunEvidence, last: LayerReport) -> list[str]:
    """The lowest loss that there can be behind bounded logits."""
    bounds, classes = run.traits[last.name].bounds, run.report.signature.out_shape.axes[-1]
    if bounds is None:
        return []
    floor = math.log(1 + (classes - 1) * math.exp(bounds[0] - bounds[1]))
    return [f"With {classes} classes the loss cannot fall below {floor:.2f} behind it, however good the network is."]


def _tail(run: RunEvidence) -> list[LayerReport]:
    """Layers without weights at the very end, the last first."""
    tail = []
    for layer in reversed(run.report.layers):
        if layer.cost.parameters or len(layer.inputs) > 1:
            break
        tail.append(layer)
    return tail


def symmetry(run: RunEvidence) -> Finding | str | None:
    """Layers whose units all start with the same weights."""
    alike = tuple(name for name in run.weighted[:-1] if run.declared[name].alike)
    if not alike:
        return "The first weights of the units differ."
    every = [name for name in run.weighted if run.declared[name].alike]
    if len(every) < len(run.weighted) and (run.learns or not run.settled):
        return f"All units of {words.named(alike)} start with the same weights, but the other layers tell them apart."
    return Finding(
        "symmetry", "All units are the same (identical initial weights)",
        "All weights of a layer start at 0, so its units compute the same and get the same gradient, or none "
        "at all, since the gradient is multiplied by the weights of the layer above. They stay the same forever.",
        (f"The first weights of {words.named(every)} are all 0.", _loss(run)),
        "Draw the first weights at random. (The biases may start at 0, and so may the last layer alone.)", alike,
        remedies.offered(run, ("random first weights", remedies.drawn(every))))


def linear(run: RunEvidence) -> Finding | str | None:
    """Several layers of neurons and nothing that bends the numbers between them."""
    bent = [name for name, traits in run.traits.items() if not traits.linear]
    mixing = [layer.name for layer in run.report.layers
              if layer.name in run.weighted and layer.known_in_shapes[0].kind != "tokens"]
    if bent:
        return f"{words.named(bent, 2)} {'is' if len(bent) == 1 else 'are'} not linear."
    if len(mixing) < 2:
        return "There is only one layer with weights, so no activation is needed."
    return Finding(
        "linear", "The layers act as one (no activation between them)",
        "A linear map of a linear map is a linear map again. Without an activation between them, all these "
        "layers together can do no more than a single one: only linear borders between the classes.",
        (f"None of the {len(run.report.layers)} layers is nonlinear.",
         f"{words.named(mixing)} could be replaced by one layer that gives exactly the same.", _loss(run)),
        "Put an activation (ReLU) after each layer with weights but the last.", tuple(mixing[:-1]),
        remedies.offered(run, ("ReLU between", remedies.bent(mixing[:-1]))))


def bottleneck(run: RunEvidence) -> Finding | str | None:
    """A layer of one or two numbers that everything must pass."""
    out_size = run.report.signature.out_shape.axes[-1]
    doors = [layer for layer in run.report.layers[:-1] if _narrow(run, layer, out_size)]
    if not doors:
        return "No layer is a bottleneck."
    if run.knows or run.creeps or not run.settled:
        return f"{doors[0].name} passes on only {_width(doors[0])} numbers, but that may be enough."
    names, width = tuple(layer.name for layer in doors), min(map(_width, doors))
    numbers = f"{width} number{'s' * (width > 1)}"
    return Finding(
        "bottleneck", f"Everything must pass through {numbers} (a bottleneck)",
        f"Of everything that the layers before it compute, {doors[0].name} passes on {numbers}. What is lost there "
        "no later layer can restore.",
        (f"{doors[0].name} gives {doors[0].out_shape}, and there are {out_size} classes." if out_size > 1 else
         f"{doors[0].name} gives {doors[0].out_shape}.", _loss(run),
         f"{words.percent(run.accuracy)} of its predictions are correct in training."),
        f"Make {words.named(names)} wider.", names,
        remedies.offered(run, ("a wider bottleneck", remedies.widened(_owners(run, names), ROOM))))


def tightest(run: RunEvidence) -> int | None:
    """The fewest numbers (at each step) that all that goes in must pass through; None where there is always room."""
    return min((_width(layer) for layer in run.report.layers[:-1] if _is_door(run, layer)), default=None)


def _narrow(run: RunEvidence, layer: LayerReport, out_size: int) -> bool:
    return _width(layer) <= (NARROW if out_size > NARROW + 1 else 1) and _is_door(run, layer)


def _is_door(run: RunEvidence, layer: LayerReport) -> bool:
    """Whether it gives fewer numbers (at each step) than go into the network, and there is no way around it."""
    return layer.known_out_shape.kind != "tokens" and _source(run) > _width(layer) and not _around(run, layer.name)


def _width(layer: LayerReport) -> int:
    """Numbers that it gives: of a sequence at each step, since each step has its own answer or adds up."""
    shape = layer.known_out_shape
    return shape.axes[-1] if shape.kind == "sequence" else shape.numel


def _source(run: RunEvidence) -> int:
    """How much goes in: numbers, or symbols that must be told apart."""
    return max(shape.vocabulary or shape.numel for _, shape in run.report.signature.inputs)


def _around(run: RunEvidence, door: str) -> bool:
    """Whether a way from an input to the end leaves this layer out."""
    reached = {name for name, _ in run.report.signature.inputs}
    for layer in run.report.layers:
        if layer.name != door and reached.intersection(layer.inputs):
            reached.add(layer.name)
    return run.report.layers[-1].name in reached


def _owners(run: RunEvidence, doors: tuple[str, ...]) -> list[str]:
    """The nearest layers with a width of their own, at or above these."""
    return [next((name for name in reversed(run.experiment.network.names()[:run.experiment.network.index(door) + 1])
                  if name in run.weighted), door) for door in doors]


def dropout(run: RunEvidence) -> Finding | str | None:
    """So much is switched off that what is left cannot answer."""
    drops = {name: traits.drops for name, traits in run.traits.items() if traits.drops}
    if not drops:
        return "Nothing is dropped in training."
    left = math.prod(1 - fraction for fraction in drops.values())
    worst = max(drops, key=lambda name: drops[name])
    last = run.record.evaluations[-1] if run.record.evaluations else None
    held = last if last is not None and last.val_loss < HELD * run.last_loss else None
    spared = run.knows if drops[worst] >= EXTREME else run.learns
    if not (drops[worst] >= HEAVY or left < LEFT) or (spared and held is None):
        return f"{words.percent(drops[worst])} of the activations are dropped by {worst} in training."
    evidence = [f"{worst} drops {words.percent(drops[worst])} of the activations at each update.", _loss(run)]
    if held is not None:
        evidence.append(f"The loss is {run.last_loss:.3g} in training, where activations are dropped, and "
                        f"{held.val_loss:.3g} in validation, where none are.")
    return Finding(
        "dropout", "Too much is dropped to learn (dropout too strong)",
        "Dropout sets a random fraction of the activations to 0 at each update, so that the network cannot rely on "
        "single ones. With so few left, and these scaled up so much, the gradients are mostly noise.",
        tuple(evidence), "Use a dropout of 0.2 to 0.5, or none until the network overfits.", tuple(drops),
        remedies.offered(run, ("dropout 0.2", remedies.dropped(drops, 0.2)),
                         ("no dropout", remedies.dropped(drops, 0.0))))


def positions(run: RunEvidence) -> Finding | str | None:
    """Attention that cannot tell where a step stands."""
    blind = [layer for layer in run.report.layers if run.traits[layer.name].order == "blind"]
    if not blind:
        return "No layer is blind to the order of the steps."
    telling = {name for name, traits in run.traits.items() if traits.order == "tells"}
    lost = [layer.name for layer in blind if not telling & {*run.above.get(layer.inputs[-1], ()), layer.inputs[-1]}]
    rescued = any(set(lost) & run.above[name] for name in telling)
    if not lost or rescued:
        return "A layer tells the attention the position of each step."
    if run.knows or run.creeps or not run.settled:
        return f"{words.named(lost)} cannot tell the position of a step; this task may not need it."
    return Finding(
        "positions", "The order is lost (no positions)",
        "Attention compares each step with all others, whatever their positions: it sees a set, not a sequence. "
        "Without a positional encoding it cannot know which symbol came first.",
        (f"Nothing before {words.named(lost)} encodes the positions of the steps.", _loss(run),
         f"{words.percent(run.accuracy)} of its predictions are correct in training."),
        "Put a positional encoding after the embedding.", tuple(lost),
        remedies.offered(run, ("positions", remedies.positions(run.report, lost))))


def _loss(run: RunEvidence) -> str:
    return f"The training loss was {run.first_loss:.3g} at first and is {run.last_loss:.3g} now."
