"""Whether the error finds its way back through the layers: gradients that vanish, gradients that explode."""
from __future__ import annotations

import math
from collections.abc import Sequence

from dlviz import layers
from dlviz.doctor import remedies, words
from dlviz.doctor.evidence import CREEPING, RunEvidence, median
from dlviz.doctor.findings import Finding, Remedy
from dlviz.probes.health import LayerHealth
from dlviz.training.events import Health
from dlviz.translation import Words, _

FADED = 1e-3  # of the last layer's gradient: what reaches a layer that starves
HUGE = 100.0  # length of a gradient before the first update: a fresh, sound network has about 1
BURST = 300.0  # times the usual length, later
WILD = 0.03  # of the weights: no gentle update
TIMID = 0.3  # times what comes in: first weights so small that numbers fade from layer to layer
CUT = 30.0  # times the line: a gradient that is always cut


def vanishing(run: RunEvidence) -> Finding | Words | None:
    """Layers whose gradient is a thousandth of the last one's, in a network that does not learn."""
    norms = {name: run.median(name, _gradient) for name in run.weighted}
    known = {name: norm for name, norm in norms.items() if norm is not None}
    if len(known) < 2:
        return None
    first, last = next(iter(known)), next(reversed(known))
    starving = tuple(name for name, norm in known.items() if norm < FADED * known[last])
    if run.learns or not starving or first not in starving:
        return _("The gradient of {first} is {beside} that of {last}.", first=first,
                 beside=_beside(known[first], known[last]), last=last)
    return _vanished(run, starving, known[first], known[last], (first, last))


def _gradient(layer: LayerHealth) -> float | None:
    return layer.gradient_norm


def _beside(one: float, other: float) -> Words:
    if not one or not other:
        return _("{number}, beside {number_2},", number=words.number(one), number_2=words.number(other))
    if one >= other:
        return _("{times} times", times=words.times(one / other))
    return _("1 part in {times} of", times=words.times(other / one))


def _vanished(run: RunEvidence, starving: tuple[str, ...], first: float, last: float,
              ends: tuple[str, str]) -> Finding:
    bent = run.activations(lambda traits: traits.squashes)
    timid = [name for name in run.weighted if (run.gains.get(name) or 1.0) < TIMID]
    ratio = words.times(last / first) if first else words.COUNTLESS
    return Finding(
        "vanishing", _("The first layers get almost no gradient (vanishing gradient)"),
        _("The gradient shrinks on its way back from the output to the first layer. {why} So the first layers keep "
          "their random weights, and the last ones learn from noise.", why=_why(run, bent, timid)),
        (_("The gradient of {first} is {low}, that of {last} {high}: {ratio} times as large.", first=ends[0],
           low=words.number(first), last=ends[1], high=words.number(last), ratio=ratio),
         _("{starving} of {all} layers with weights get less than a thousandth of it.", starving=len(starving),
           all=len(run.weighted)),
         _loss(run)),
        _("Use larger initial weights.") if timid else
        _("Use ReLU instead of saturating activations, and normalize its inputs.") if bent else
        _("Put a normalization between the layers."),
        starving, _revived(run, bent, timid))


def _why(run: RunEvidence, bent: list[str], timid: list[str]) -> Words:
    if timid:
        return _("The initial weights of {names} are so small that each layer passes on next to nothing.",
                 names=words.named(timid))
    steepest = run.traits[bent[0]].slope if bent else 1.0
    if steepest < 1:
        return (_("Each {kind} passes back {percent} of it at most, and there are {count} in a row.",
                  kind=run.declared[bent[0]].kind(), percent=words.percent(steepest), count=len(bent)))
    return _("Each layer passes on only a part of it, and there are many layers.")


def _revived(run: RunEvidence, bent: list[str], timid: list[str]) -> tuple[Remedy, ...]:
    normal = remedies.normalized(run.report, run.experiment.training.batch_size)
    drawn = [(_("default initial weights"), remedies.drawn(timid))] if timid else []
    usual = layers.usual("activation").kind()
    bends = [(f"{usual} + BatchNorm", remedies.kinds(bent, usual), normal)] if bent else []
    return remedies.offered(run, *drawn, *bends, ("BatchNorm", normal))


def _loss(run: RunEvidence) -> Words:
    return _("The training loss was {first_loss:.3g} at first and is {last_loss:.3g} now.", first_loss=run.first_loss,
             last_loss=run.last_loss)


def exploding(run: RunEvidence) -> Finding | Words | None:
    """A gradient that is huge before anything was learned, or bursts later although the steps were gentle."""
    health_checks = run.record.health
    if not health_checks:
        return None
    lengths = [run.gradient(health_check) for health_check in health_checks]
    usual = median(lengths)
    if _fresh(health_checks[0]) and not lengths[0] < HUGE:
        long = words.number(lengths[0])
        return _exploded(run, health_checks[0],
                         _("Before the first update the gradient norm was {long}; about 1 is usual.", long=long))
    bursts = [at for at, length in enumerate(lengths) if not length < BURST * (usual or 1.0)]
    if bursts and usual is not None and not _wild(run, health_checks[:bursts[0]]):
        length, health_check = lengths[bursts[0]], health_checks[bursts[0]]
        text = _("no longer a finite number")
        if math.isfinite(length):
            text = _("{times} times as large as usual", times=words.times(length / usual))
        return _exploded(run, health_check, _("At step {step:,} the gradient was {text}.", step=health_check.step,
                                              text=text))
    known = [length for length in lengths if math.isfinite(length)]
    if not known:
        return None
    if bursts:
        return (_("The gradient norm rose to {number}, but only after updates that had thrown the weights about.",
                  number=words.number(max(known))))
    return _("The gradient norm was never above {number}.", number=words.number(max(known)))


def _fresh(health_check: Health) -> bool:
    return health_check.step == 1


def _wild(run: RunEvidence, before: Sequence[Health]) -> bool:
    """Whether the updates already threw the weights about before the burst: then the rate is to blame."""
    ratio = run.update_ratio(before)
    return ratio is not None and ratio > WILD


def _exploded(run: RunEvidence, health_check: Health, evidence: Words) -> Finding:
    norms = {name: layer.gradient_norm for name, layer in health_check.layers.items()
             if layer.gradient_norm is not None}
    longest = max(norms, key=lambda name: norms[name] if math.isfinite(norms[name]) else math.inf)
    return Finding(
        "exploding", _("The gradient grows on its way back (exploding gradient)"),
        _("The gradient gets larger from layer to layer on its way back, so one update moves the first layers far too "
          "much."),
        (evidence, _("It is largest in {longest}: {number}.", longest=longest, number=words.number(norms[longest])),
         _loss(run)),
        _("Clip its norm before each update (gradient clipping), and normalize between the layers."),
        (longest,), _limited(run))


def _limited(run: RunEvidence) -> tuple[Remedy, ...]:
    """Clipping, with a normalization where one has its place."""
    normal = remedies.normalized(run.report, run.experiment.training.batch_size)
    return remedies.offered(run, (_("clipping + BatchNorm"), remedies.clipped, normal),
                            (_("gradient clipping"), remedies.clipped))


def clipped(run: RunEvidence) -> Finding | Words | None:
    """A line so low that next to nothing is left of any gradient."""
    training = run.experiment.training
    if training.clip == "off":
        return _("Gradients are not clipped.")
    usual, ratio = median(run.gradient(health_check) for health_check in run.record.health), run.update_ratio(run.brisk)
    if usual is None or ratio is None:
        return None
    if usual < CUT * training.clip_threshold or ratio >= CREEPING or run.learns:
        return _("The gradient norm is usually {number}, and is clipped at {clip_threshold:g}.",
                 number=words.number(usual), clip_threshold=training.clip_threshold)
    line = float(f"{max(1.0, usual):.1g}")
    return Finding(
        "clipped", _("Almost nothing is left of the gradient (clipping threshold too low)"),
        _("Gradient clipping is for rare, very large gradients. Here it shrinks all of them, so the updates do almost "
          "nothing."),
        (_("The gradient norm is usually {number}, and is clipped at {clip_threshold:g}.", number=words.number(usual),
           clip_threshold=training.clip_threshold),
         _("Each update moves the weights by {number} %; about 0.1 % is usual.", number=words.number(100 * ratio)),
         _loss(run)),
        _("Clip at {line:g}, or not at all.", line=line), (),
        remedies.offered(run, (_("clipped at {line:g}", line=line), remedies.unclipped(line))))
