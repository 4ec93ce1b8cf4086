"""What the design itself says: layers that undo each other, units that cannot differ, doors that are too narrow."""
from __future__ import annotations

import math

from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding
from dlviz.network import LayerReport
from dlviz.translation import Words, _, _n

NARROW = 2  # numbers: all that a sample is must go through so few
HEAVY = 0.75  # share of its numbers that one dropout takes ...
EXTREME = 0.85  # beyond it only a network that does well is spared; to learn a little is not enough
LEFT = 0.2  # ... or that all of them leave, beyond which an update learns from chance
HELD = 0.97  # of the training loss: a validation loss below it, so dropout costs more than learning by heart
ROOM = 8  # numbers that a door is widened to at least


def squeezed(run: RunEvidence) -> Finding | Words | None:
    """An activation behind the last layer of neurons keeps the logits from growing, so cross-entropy cannot fall."""
    if run.report.signature.loss != "cross_entropy":
        return _("The loss (mean squared error) fits targets that are numbers.")
    found = [layer for layer in _tail(run) if run.traits[layer.name].pointwise]
    if not found:
        return _("The loss (cross-entropy) gets raw logits, as it should.")
    last, names = found[0], [layer.name for layer in found]
    evidence = [_("{name} ({kind}) stands between the last weights and the loss.", name=last.name, kind=last.kind),
                *_floor(run, last), _("The training loss is {last_loss:.3g}.", last_loss=run.last_loss)]
    return Finding(
        "squeezed", _("The logits are bounded before the loss ({kind} before cross-entropy)", kind=last.kind),
        _("Cross-entropy applies softmax to the logits itself. {name} changes them before that, so the network can "
          "never be sure, and its gradients get small.", name=last.name),
        tuple(evidence), _("Let the last layer give raw logits."), tuple(names),
        remedies.offered(run, (_("raw logits"), remedies.without(names))))


def _floor(run: RunEvidence, last: LayerReport) -> list[Words]:
    """The lowest loss that there can be behind bounded logits."""
    bounds, classes = run.traits[last.name].bounds, run.report.signature.out_shape.axes[-1]
    if bounds is None:
        return []
    floor = math.log(1 + (classes - 1) * math.exp(bounds[0] - bounds[1]))
    return [_("With {classes} classes the loss cannot fall below {floor:.2f} behind it, however good the network is.",
              classes=classes, floor=floor)]


def _tail(run: RunEvidence) -> list[LayerReport]:
    """Layers without weights at the very end, the last first."""
    tail = []
    for layer in reversed(run.report.layers):
        if layer.cost.parameters or len(layer.inputs) > 1:
            break
        tail.append(layer)
    return tail


def symmetry(run: RunEvidence) -> Finding | Words | None:
    """Layers whose units all start with the same weights."""
    alike = tuple(name for name in run.weighted[:-1] if run.declared[name].alike)
    if not alike:
        return _("The first weights of the units differ.")
    every = [name for name in run.weighted if run.declared[name].alike]
    if len(every) < len(run.weighted) and (run.learns or not run.settled):
        return _("All units of {names} start with the same weights, but the other layers tell them apart.",
                 names=words.named(alike))
    return Finding(
        "symmetry", _("All units are the same (identical initial weights)"),
        _("All weights of a layer start at 0, so its units compute the same and get the same gradient, or none at all, "
          "since the gradient is multiplied by the weights of the layer above. They stay the same forever."),
        (_("The first weights of {names} are all 0.", names=words.named(every)), _loss(run)),
        _("Draw the first weights at random. (The biases may start at 0, and so may the last layer alone.)"), alike,
        remedies.offered(run, (_("random first weights"), remedies.drawn(every))))


def linear(run: RunEvidence) -> Finding | Words | None:
    """Several layers of neurons and nothing that bends the numbers between them."""
    bent = [name for name, traits in run.traits.items() if not traits.linear]
    mixing = [layer.name for layer in run.report.layers
              if layer.name in run.weighted and layer.known_in_shapes[0].kind != "tokens"]
    if bent:
        return _n("{layers} is not linear.", "{layers} are not linear.", count=len(bent), layers=words.named(bent, 2))
    if len(mixing) < 2:
        return _("There is only one layer with weights, so no activation is needed.")
    return Finding(
        "linear", _("The layers act as one (no activation between them)"),
        _("A linear map of a linear map is a linear map again. Without an activation between them, all these layers "
          "together can do no more than a single one: only linear borders between the classes."),
        (_("None of the {count} layers is nonlinear.", count=len(run.report.layers)),
         _("{names} could be replaced by one layer that gives exactly the same.", names=words.named(mixing)),
         _loss(run)),
        _("Put an activation (ReLU) after each layer with weights but the last."), tuple(mixing[:-1]),
        remedies.offered(run, (_("ReLU between"), remedies.bent(mixing[:-1]))))


def bottleneck(run: RunEvidence) -> Finding | Words | None:
    """A layer of one or two numbers that everything must pass."""
    out_size = run.report.signature.out_shape.axes[-1]
    doors = [layer for layer in run.report.layers[:-1] if _narrow(run, layer, out_size)]
    if not doors:
        return _("No layer is a bottleneck.")
    if run.knows or run.creeps or not run.settled:
        return _("{name} passes on only {width} numbers, but that may be enough.", name=doors[0].name,
                 width=_width(doors[0]))
    names, width = tuple(layer.name for layer in doors), min(map(_width, doors))
    numbers = _n("{count:,} number", "{count:,} numbers", count=width)
    return Finding(
        "bottleneck", _("Everything must pass through {numbers} (a bottleneck)", numbers=numbers),
        _("Of everything that the layers before it compute, {name} passes on {numbers}. What is lost there no later "
          "layer can restore.", name=doors[0].name, numbers=numbers),
        (_("{name} gives {out_shape}, and there are {out_size} classes.", name=doors[0].name,
           out_shape=doors[0].out_shape, out_size=out_size) if out_size > 1 else
         _("{name} gives {out_shape}.", name=doors[0].name, out_shape=doors[0].out_shape), _loss(run),
         _("{percent} of its predictions are correct in training.", percent=words.percent(run.accuracy))),
        _("Make {names} wider.", names=words.named(names)), names,
        remedies.offered(run, (_("a wider bottleneck"), remedies.widened(_owners(run, names), ROOM))))


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


def dropout(run: RunEvidence) -> Finding | Words | None:
    """So much is switched off that what is left cannot answer."""
    drops = {name: traits.drops for name, traits in run.traits.items() if traits.drops}
    if not drops:
        return _("Nothing is dropped in training.")
    left = math.prod(1 - fraction for fraction in drops.values())
    worst = max(drops, key=lambda name: drops[name])
    last = run.record.evaluations[-1] if run.record.evaluations else None
    held = last if last is not None and last.val_loss < HELD * run.last_loss else None
    spared = run.knows if drops[worst] >= EXTREME else run.learns
    if not (drops[worst] >= HEAVY or left < LEFT) or (spared and held is None):
        return _("{percent} of the activations are dropped by {worst} in training.",
                 percent=words.percent(drops[worst]), worst=worst)
    evidence = [_("{worst} drops {percent} of the activations at each update.", worst=worst,
                  percent=words.percent(drops[worst])), _loss(run)]
    if held is not None:
        evidence.append(_("The loss is {last_loss:.3g} in training, where activations are dropped, and {val_loss:.3g} "
                          "in validation, where none are.", last_loss=run.last_loss, val_loss=held.val_loss))
    return Finding(
        "dropout", _("Too much is dropped to learn (dropout too strong)"),
        _("Dropout sets a random fraction of the activations to 0 at each update, so that the network cannot rely on "
          "single ones. With so few left, and these scaled up so much, the gradients are mostly noise."),
        tuple(evidence), _("Use a dropout of 0.2 to 0.5, or none until the network overfits."), tuple(drops),
        remedies.offered(run, (_("dropout {fraction}", fraction=0.2), remedies.dropped(drops, 0.2)),
                         (_("no dropout"), remedies.dropped(drops, 0.0))))


def positions(run: RunEvidence) -> Finding | Words | None:
    """Attention that cannot tell where a step stands."""
    blind = [layer for layer in run.report.layers if run.traits[layer.name].order == "blind"]
    if not blind:
        return _("No layer is blind to the order of the steps.")
    telling = {name for name, traits in run.traits.items() if traits.order == "tells"}
    lost = [layer.name for layer in blind if not telling & {*run.above.get(layer.inputs[-1], ()), layer.inputs[-1]}]
    rescued = any(set(lost) & run.above[name] for name in telling)
    if not lost or rescued:
        return _("A layer tells the attention the position of each step.")
    if run.knows or run.creeps or not run.settled:
        return _("{names} cannot tell the position of a step; this task may not need it.", names=words.named(lost))
    return Finding(
        "positions", _("The order is lost (no positions)"),
        _("Attention compares each step with all others, whatever their positions: it sees a set, not a sequence. "
          "Without a positional encoding it cannot know which symbol came first."),
        (_("Nothing before {names} encodes the positions of the steps.", names=words.named(lost)), _loss(run),
         _("{percent} of its predictions are correct in training.", percent=words.percent(run.accuracy))),
        _("Put a positional encoding after the embedding."), tuple(lost),
        remedies.offered(run, (_("positions"), remedies.positions(run.report, lost))))


def _loss(run: RunEvidence) -> Words:
    return _("The training loss was {first_loss:.3g} at first and is {last_loss:.3g} now.", first_loss=run.first_loss,
             last_loss=run.last_loss)
