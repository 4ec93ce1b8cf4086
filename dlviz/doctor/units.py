"""Whether units take part: ReLUs that never wake again."""
from __future__ import annotations

from dlviz import layers
from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import RunEvidence
from dlviz.doctor.findings import Finding
from dlviz.layers import Layer
from dlviz.translation import Words, _

DEAD = 0.5  # share of a layer's units that were zero in every recent look ...
MOST = 0.65  # ... and of one in a network that learns all the same
HIGH = 0.003  # updates beyond this share of the weights knock units out

CAUSE = _("A ReLU gives zero for everything below zero. A unit that an update has pushed below zero for every sample "
          "no longer gets a gradient, so it stays there.")
HASTY = _("A ReLU gives zero for everything below zero. A unit that an update has pushed below zero for every sample "
          "no longer gets a gradient, so it stays there. The large steps at the beginning have done this.")


def dead(run: RunEvidence) -> Finding | Words | None:
    """Layers of which half and more never answer anything any more."""
    relus = run.activations(lambda traits: traits.off)
    fractions = {name: run.median(name, lambda layer: layer.dead) for name in relus}
    known = {name: value for name, value in fractions.items() if value is not None}
    if not relus:
        return _("No activation is exactly flat on one side (as ReLU is), so no unit can die.")
    if not known:
        return None
    ill = tuple(name for name, value in known.items() if value >= (MOST if run.learns else DEAD))
    worst = max(known, key=lambda name: known[name])
    if not ill:
        return _("At most {percent} of the units of a layer are dead ({worst}).", percent=words.percent(known[worst]),
                 worst=worst)
    ratio = run.update_ratio(run.brisk[:max(3, len(run.brisk) // 3)])
    hasty = ratio is not None and ratio > HIGH
    leaky = layers.first(_never_silent).kind()
    changes = [remedies.kinds(relus, leaky), *([remedies.rate(0.1)] if hasty else [])]
    label = _("{leaky}, a tenth of the learning rate", leaky=leaky) if hasty else leaky
    return Finding(
        "dead", _("Many units are dead (dead ReLUs)"),
        HASTY if hasty else CAUSE,
        tuple(_("{percent} of the units of {name} were zero for every sample recently.",
                percent=words.percent(known[name]), name=name)
              for name in ill[:3]),
        _("Use {kind}, which has a small slope below zero, and smaller steps.", kind=leaky) if hasty else
        _("Use {kind}, which has a small slope below zero.", kind=leaky),
        ill, remedies.offered(run, (label, *changes), (_("a tenth of the learning rate"), remedies.rate(0.1))))


def _never_silent(layer: type[Layer]) -> bool:
    """Whether it bends each number and is flat nowhere."""
    traits = layer().traits()
    return traits.pointwise and not traits.flat
