"""What a visitor has switched off in a network, layer by layer; and the changes that the engine makes of it.

Python owns it; the browser sends the units of a layer that are off, with the turn that it has seen.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from dlviz.probes.ablation import Ablation, HeadsOff, LayerBypass, To, UnitsOff, WeightNoise
from pages.ui.explain.texts import texts


@dataclass
class Switches:
    """Everything is on at first.

    Attributes:
        units: of each layer, those that are off.
        layers, bypassed: whole layers that are off, or led around.
        heads: of each attention module, the heads that are off.
        to: what those that are off say instead.
        noise: how much the weights of `noisy` (of all layers when None) are shaken, in their own spread.
        turn: grows when something else than a click on a unit changes what is off.
    """

    units: dict[str, set[int]] = field(default_factory=dict)
    layers: set[str] = field(default_factory=set)
    bypassed: set[str] = field(default_factory=set)
    heads: dict[str, tuple[int, ...]] = field(default_factory=dict)
    to: To = "zero"
    noise: float = 0.0
    noisy: str | None = None
    seed: int = 0
    turn: int = 0

    def changes(self) -> tuple[Ablation, ...]:
        """What is off, in one order whatever the order of clicks."""
        made: list[Ablation] = [WeightNoise(self.noisy, self.noise, self.seed)] if self.noise else []
        made += [HeadsOff(part, heads, self.to) for part, heads in sorted(self.heads.items()) if heads]
        made += [LayerBypass(layer) for layer in sorted(self.bypassed)]
        made += [UnitsOff(layer, tuple(sorted(units)), self.to) for layer, units in sorted(self.units.items()) if units]
        return (*made, *(UnitsOff(layer, None, self.to) for layer in sorted(self.layers)))

    def fraction(self, units: Callable[[str], int], layer: str) -> float:
        """How much of this layer is off, 0 to 1."""
        return 1.0 if layer in self.layers else len(self.units.get(layer, ())) / units(layer)

    def hear(self, message: Any, layer: str, count: int) -> None:
        """What the browser sent: `{layer, turn, units}`. What is old, or no such thing, is passed over."""
        if not isinstance(message, dict) or message.get("layer") != layer or message.get("turn") != self.turn:
            return
        units = message.get("units")
        if isinstance(units, list) and all(type(unit) is int and 0 <= unit < count for unit in units):
            self.units[layer] = set(units)

    def put(self, layer: str, units: Iterable[int]) -> None:
        """These units of the layer are off and no others of it."""
        self.units[layer] = set(units)
        self.turn += 1

    def flip(self, where: set[str], layer: str) -> None:
        where ^= {layer}

    def reset(self) -> None:
        """Everything on again; what stands in for what is off stays chosen."""
        self.units, self.layers, self.bypassed, self.heads = {}, set(), set(), {}
        self.noise, self.noisy = 0.0, None
        self.turn += 1

    def words(self) -> list[str]:
        """What is off, for a list."""
        return [_say(change) for change in self.changes()]


def _say(change: Ablation) -> str:
    match change:
        case UnitsOff(layer, units):
            return texts.ALL_OFF.format(layer=layer) if units is None else f"{layer}: {_numbers(units)}"
        case HeadsOff(part, heads):
            return texts.HEADS(len(heads), part=part, heads=_numbers(heads))
        case LayerBypass(layer):
            return texts.BYPASSED.format(layer=layer)
        case WeightNoise(layer, amount):
            return texts.NOISE_ON.format(amount=amount, layer=layer or texts.ALL_WEIGHTS)


def _numbers(units: tuple[int, ...]) -> str:
    few = ", ".join(map(str, units[:6]))
    return few if len(units) <= 6 else texts.AND_MORE(len(units) - 6, first=few)
