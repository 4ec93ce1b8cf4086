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

FADED = 1e-3  # of the last layer's gradient: what reaches a layer that starves
HUGE = 100.0  # length of a gradient before the first update: a fresh, sound network has about 1
BURST = 300.0  # times the usual length, later
WILD = 0.03  # of the weights: no gentle update
TIMID = 0.3  # times what comes in: first weights so small that numbers fade from layer to layer
CUT = 30.0  # times the line: a gradient that is always cut


def vanishing(run: RunEvidence) -> Finding | str | None:
    """Layers whose gradient is a thousandth of the last one's, in a network that does not learn."""
    norms = {name: run.median(name, _gradient) for name in run.weighted}
    known = {name: norm for name, norm in norms.items() if norm is not None}
    if len(known) < 2:
        return None
    first, last = next(iter(known)), next(reversed(known))
    starving = tuple(name for name, norm in known.items() if norm < FADED * known[last])
    if run.learns or not starving or first not in starving:
        return f"The gradient of {first} is {_beside(known[first], known[last])} that of {last}."
    return _vanished(run, starving, known[first], known[last], (first, last))


def _gradient(layer: LayerHealth) -> float | None:
    return layer.gradient_norm


def _beside(one: float, other: float) -> str:
    if not one or not other:
        return f"{words.number(one)}, beside {words.number(other)},"
    return f"{words.times(one / other)} times" if one >= other else f"1 part in {words.times(other / one)} of"


def _vanished(run: RunEvidence, starving: tuple[str, ...], first: float, last: float,
              ends: tuple[str, str]) -> Finding:
    bent = run.activations(lambda traits: traits.squashes)
    timid = [name for name in run.weighted if (run.gains.get(name) or 1.0) < TIMID]
    ratio = words.times(last / first) if first else "countless"
    return Finding(
        "vanishing", "The first layers get almost no gradient (vanishing gradient)",
        f"The gradient shrinks on its way back from the output to the first layer. {_why(run, bent, timid)} So the "
        "first layers keep their random weights, and the last ones learn from noise.",
        (f"The gradient of {ends[0]} is {words.number(first)}, that of {ends[1]} {words.number(last)}: "
         f"{ratio} times as large.",
         f"{len(starving)} of {len(run.weighted)} layers with weights get less than a thousandth of it.",
         _loss(run)),
        "Use larger initial weights." if timid else
        "Use ReLU instead of saturating activations, and normalize its inputs." if bent else
        "Put a normalization between the layers.",
        starving, _revived(run, bent, timid))


def _why(run: RunEvidence, bent: list[str], timid: list[str]) -> str:
    if timid:
        return f"The initial weights of {words.named(timid)} are so small that each layer passes on next to nothing."
    steepest = run.traits[bent[0]].slope if bent else 1.0
    if steepest < 1:
        return (f"Each {run.declared[bent[0]].kind()} passes back {words.percent(steepest)} of it at most, and there "
                f"are {len(bent)} in a row.")
    return "Each layer passes on only a part of it, and there are many layers."


def _revived(run: RunEvidence, bent: list[str], timid: list[str]) -> tuple[Remedy, ...]:
    normal = remedies.normalized(run.report, run.experiment.training.batch_size)
    drawn = [("default initial weights", remedies.drawn(timid))] if timid else []
    usual = layers.usual("activation").kind()
    bends = [(f"{usual} + BatchNorm", remedies.kinds(bent, usual), normal)] if bent else []
    return remedies.offered(run, *drawn, *bends, ("BatchNorm", normal))


def _loss(run: RunEvidence) -> str:
    return f"The training loss was {run.first_loss:.3g} at first and is {run.last_loss:.3g} now."


def exploding(run: RunEvidence) -> Finding | str | None:
    """A gradient that is huge before anything was learned, or bursts later although the steps were gentle."""
    health_checks = run.record.health
    if not health_checks:
        return None
    lengths = [run.gradient(health_check) for health_check in health_checks]
    usual = median(lengths)
    if _fresh(health_checks[0]) and not lengths[0] < HUGE:
        long = words.number(lengths[0])
        return _exploded(run, health_checks[0], f"Before the first update the gradient norm was {long}; "
                         "about 1 is usual.")
    bursts = [at for at, length in enumerate(lengths) if not length < BURST * (usual or 1.0)]
    if bursts and usual is not None and not _wild(run, health_checks[:bursts[0]]):
        length, health_check = lengths[bursts[0]], health_checks[bursts[0]]
        text = "no longer a finite number"
        if math.isfinite(length):
            text = f"{words.times(length / usual)} times as large as usual"
        return _exploded(run, health_check, f"At step {health_check.step:,} the gradient was {text}.")
    known = [length for length in lengths if math.isfinite(length)]
    if not known:
        return None
    if bursts:
        return (f"The gradient norm rose to {words.number(max(known))}, but only after updates that had thrown the "
                "weights about.")
    return f"The gradient norm was never above {words.number(max(known))}."


def _fresh(health_check: Health) -> bool:
    return health_check.step == 1


def _wild(run: RunEvidence, before: Sequence[Health]) -> bool:
    """Whether the updates already threw the weights about before the burst: then the rate is to blame."""
    ratio = run.update_ratio(before)
    return ratio is not None and ratio > WILD


def _exploded(run: RunEvidence, health_check: Health, evidence: str) -> Finding:
    norms = {name: layer.gradient_norm for name, layer in health_check.layers.items()
             if layer.gradient_norm is not None}
    longest = max(norms, key=lambda name: norms[name] if math.isfinite(norms[name]) else math.inf)
    return Finding(
        "exploding", "The gradient grows on its way back (exploding gradient)",
        "The gradient gets larger from layer to layer on its way back, so one update moves the first "
        "layers far too much.",
        (evidence, f"It is largest in {longest}: {words.number(norms[longest])}.", _loss(run)),
        "Clip its norm before each update (gradient clipping), and normalize between the layers.",
        (longest,), _limited(run))


def _limited(run: RunEvidence) -> tuple[Remedy, ...]:
    """Clipping, with a normalization where one has its place."""
    normal = remedies.normalized(run.report, run.experiment.training.batch_size)
    return remedies.offered(run, ("clipping + BatchNorm", remedies.clipped, normal),
                            ("gradient clipping", remedies.clipped))


def clipped(run: RunEvidence) -> Finding | str | None:
    """A line so low that next to nothing is left of any gradient."""
    training = run.experiment.training
    if training.clip == "off":
        return "Gradients are not clipped."
    usual, ratio = median(run.gradient(health_check) for health_check in run.record.health), run.update_ratio(run.brisk)
    if usual is None or ratio is None:
        return None
    if usual < CUT * training.clip_threshold or ratio >= CREEPING or run.learns:
        return f"The gradient norm is usually {words.number(usual)}, and is clipped at {training.clip_threshold:g}."
    line = float(f"{max(1.0, usual):.1g}")
    return Finding(
        "clipped", "Almost nothing is left of the gradient (clipping threshold too low)",
        "Gradient clipping is for rare, very large gradients. Here it shrinks all of them, so the updates do "
        "almost nothing.",
        (f"The gradient norm is usually {words.number(usual)}, and is clipped at {training.clip_threshold:g}.",
         f"Each update moves the weights by {words.number(100 * ratio)} %; about 0.1 % is usual.", _loss(run)),
        f"Clip at {line:g}, or not at all.", (),
        remedies.offered(run, (f"clipped at {line:g}", remedies.unclipped(line))))
