"""What the design itself says: layers that undo each other, units that cannot differ, doors that are too narrow."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.case import Case
from dlviz.doctor.findings import Finding
from dlviz.network import LayerReport

NARROW = 2  # numbers: all that a sample is must go through so few
HEAVY = 0.75  # share of its numbers that one dropout takes ...
LEFT = 0.2  # ... or that all of them leave, beyond which an update learns from chance
HELD = 0.97  # of the training loss: a validation loss below it, so dropout costs more than learning by heart
ROOM = 8  # numbers that a door is widened to at least


def squeezed(case: Case) -> Finding | str | None:
    """An activation behind the last layer of neurons keeps the logits from growing, so cross-entropy cannot fall."""
    if case.report.signature.loss != "cross_entropy":
        return "The loss (mean squared error) fits the numbers that are wanted."
    found = [layer for layer in _tail(case) if case.traits[layer.name].pointwise]
    if not found:
        return "The loss (cross-entropy) gets raw logits, as it should."
    last, names = found[0], [layer.name for layer in found]
    evidence = [f"{last.name} ({last.kind}) stands between the last weights and the loss.", *_floor(case, last),
                f"The training loss is {case.last_loss:.3g}."]
    return Finding(
        "squeezed", f"The answer is squeezed before it is judged ({last.kind} before cross-entropy)",
        f"Cross-entropy makes probabilities of the logits itself (softmax). {last.name} has bent them "
        "before, so the network can never be sure, and its gradients get small.",
        tuple(evidence), "Let the last layer give raw logits.", tuple(names),
        remedies.offered(case, ("raw logits", remedies.without(names))))


def _floor(case: Case, last: LayerReport) -> list[str]:
    """The lowest loss that there can be behind bounded logits."""
    bounds, classes = case.traits[last.name].bounds, case.report.signature.out.axes[-1]
    if bounds is None:
        return []
    floor = math.log(1 + (classes - 1) * math.exp(bounds[0] - bounds[1]))
    return [f"With {classes} classes the loss cannot fall below {floor:.2f} behind it, however good the network is."]


def _tail(case: Case) -> list[LayerReport]:
    """Layers without weights at the very end, the last first."""
    tail = []
    for layer in reversed(case.report.layers):
        if layer.cost.parameters or len(layer.inputs) > 1:
            break
        tail.append(layer)
    return tail


def symmetry(case: Case) -> Finding | str | None:
    """Layers whose units all start with the same weights."""
    alike = tuple(name for name in case.weighted[:-1] if case.declared[name].alike)
    if not alike:
        return "The first weights of the units differ."
    every = [name for name in case.weighted if case.declared[name].alike]
    if len(every) < len(case.weighted) and (case.learns or not case.settled):
        return f"All units of {words.named(alike)} start with the same weights, but the other layers tell them apart."
    return Finding(
        "symmetry", "All units are the same (no first weights to tell them apart)",
        "All weights of a layer start at 0, so its units compute the same and get the same gradient, or none "
        "at all, since what comes back is multiplied by the weights of the layer above. They stay the same forever.",
        (f"The first weights of {words.named(every)} are all 0.", _loss(case)),
        "Draw the first weights at random. (The biases may start at 0, and so may the last layer alone.)", alike,
        remedies.offered(case, ("random first weights", remedies.drawn(every))))


def linear(case: Case) -> Finding | str | None:
    """Several layers of neurons and nothing that bends the numbers between them."""
    bent = [name for name, traits in case.traits.items() if not traits.linear]
    mixing = [layer.name for layer in case.report.layers
              if layer.name in case.weighted and layer.in_shapes[0].kind != "tokens"]
    if bent:
        return f"{words.named(bent, 2)} bend{'s' * (len(bent) == 1)} the numbers between the layers."
    if len(mixing) < 2:
        return "There is one layer of neurons, so no activation is needed."
    return Finding(
        "linear", "The layers are one layer (no activation between them)",
        "A weighted sum of weighted sums is a weighted sum again. Without an activation between them, all these "
        "layers together can do no more than a single one: only straight borders between the classes.",
        (f"Of {len(case.report.layers)} layers none bends the numbers.",
         f"{words.named(mixing)} could be replaced by one layer that gives exactly the same.", _loss(case)),
        "Put an activation (ReLU) behind each layer of neurons but the last.", tuple(mixing[:-1]),
        remedies.offered(case, ("ReLU between", remedies.bent(mixing[:-1]))))


def bottleneck(case: Case) -> Finding | str | None:
    """A layer of one or two numbers that everything must pass."""
    wanted = case.report.signature.out.axes[-1]
    doors = [layer for layer in case.report.layers[:-1] if _narrow(case, layer, wanted)]
    if not doors:
        return "No layer is so narrow that it holds things up."
    if case.knows or not case.settled:
        return f"{doors[0].name} passes on {_width(doors[0])} numbers only, but that may do."
    names, width = tuple(layer.name for layer in doors), min(map(_width, doors))
    numbers = f"{width} number{'s' * (width > 1)}"
    return Finding(
        "bottleneck", f"Everything must pass through {numbers} (a bottleneck)",
        f"Whatever the layers before have found out, {doors[0].name} passes on {numbers} of it. What is lost there "
        "no later layer can bring back.",
        (f"{doors[0].name} gives {doors[0].out_shape}, and the answer is one of {wanted}." if wanted > 1 else
         f"{doors[0].name} gives {doors[0].out_shape}.", _loss(case),
         f"{words.share(case.accuracy)} of its answers are right in training."),
        f"Make {words.named(names)} wider.", names,
        remedies.offered(case, ("a wider bottleneck", remedies.widened(_owners(case, names), ROOM))))


def _narrow(case: Case, layer: LayerReport, wanted: int) -> bool:
    """Whether it gives few numbers (at each step), fewer than go into the network, and there is no way around it."""
    few = _width(layer) <= (NARROW if wanted > NARROW + 1 else 1)
    return few and layer.out_shape.kind != "tokens" and _source(case) > _width(layer) and not _around(case, layer.name)


def _width(layer: LayerReport) -> int:
    """Numbers that it gives: of a sequence at each step, since each step has its own answer or adds up."""
    return layer.out_shape.axes[-1] if layer.out_shape.kind == "sequence" else layer.out_shape.numel


def _source(case: Case) -> int:
    """How much goes in: numbers, or symbols that must be told apart."""
    return max(shape.vocabulary or shape.numel for _, shape in case.report.signature.inputs)


def _around(case: Case, door: str) -> bool:
    """Whether a way from an input to the end leaves this layer out."""
    reached = {name for name, _ in case.report.signature.inputs}
    for layer in case.report.layers:
        if layer.name != door and reached.intersection(layer.inputs):
            reached.add(layer.name)
    return case.report.layers[-1].name in reached


def _owners(case: Case, doors: tuple[str, ...]) -> list[str]:
    """The nearest layers with a width of their own, at or above these."""
    return [next((name for name in reversed(case.experiment.network.names()[:case.experiment.network.index(door) + 1])
                  if name in case.weighted), door) for door in doors]


def dropout(case: Case) -> Finding | str | None:
    """So much is switched off that what is left cannot answer."""
    drops = {name: traits.drops for name, traits in case.traits.items() if traits.drops}
    if not drops:
        return "Nothing is switched off while training."
    left = math.prod(1 - share for share in drops.values())
    worst = max(drops, key=lambda name: drops[name])
    last = case.record.evaluations[-1] if case.record.evaluations else None
    held = last is not None and last.val_loss < HELD * case.last_loss
    if not (drops[worst] >= HEAVY or left < LEFT) or (case.learns and not held):
        return f"{words.share(drops[worst])} of the numbers are switched off by {worst} while training."
    evidence = [f"{worst} switches off {words.share(drops[worst])} of the numbers at each update.", _loss(case)]
    if held:
        evidence.append(f"The loss is {case.last_loss:.3g} in training, where numbers are switched off, and "
                        f"{last.val_loss:.3g} in validation, where none are.")
    return Finding(
        "dropout", "Too much is switched off to learn (dropout)",
        "Dropout switches off a random share of the numbers at each update, so that none can be relied on alone. "
        "With so few left, and each made so much larger instead, an update learns mostly from chance.",
        tuple(evidence), "Take a dropout of 0.2 to 0.5, or none until the network learns by heart.", tuple(drops),
        remedies.offered(case, ("dropout 0.2", remedies.dropped(drops, 0.2)),
                         ("no dropout", remedies.dropped(drops, 0.0))))


def positions(case: Case) -> Finding | str | None:
    """Attention that cannot tell where a step stands."""
    blind = [layer for layer in case.report.layers if case.traits[layer.name].order == "blind"]
    if not blind:
        return "No layer is blind to the order of the steps."
    telling = {name for name, traits in case.traits.items() if traits.order == "tells"}
    lost = [layer.name for layer in blind if not telling & {*case.above.get(layer.inputs[-1], ()), layer.inputs[-1]}]
    rescued = any(set(lost) & case.above[name] for name in telling)
    if not lost or rescued:
        return "Something tells the attention where each step stands."
    if case.knows or not case.settled:
        return f"{words.named(lost)} cannot tell where a step stands; this task may not need it."
    return Finding(
        "positions", "The order is lost (no positions)",
        "Attention compares each step with all others, wherever they stand: to it a row is a bag. Without a "
        "positional encoding it cannot know which symbol came first.",
        (f"Nothing before {words.named(lost)} says where a step stands.", _loss(case),
         f"{words.share(case.accuracy)} of its answers are right in training."),
        "Put a positional encoding behind the embedding.", tuple(lost),
        remedies.offered(case, ("positions", remedies.positions(case.report, lost))))


def _loss(case: Case) -> str:
    return f"The training loss was {case.first_loss:.3g} at first and is {case.last_loss:.3g} now."
