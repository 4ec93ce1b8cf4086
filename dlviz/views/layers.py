"""What there is to look at in a network: its attention, memories, positions, embeddings, guesses.

Reads declarations and shapes, never a module; knows no run and draws nothing.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from dlviz import layers
from dlviz import network as net
from dlviz.network import LayerReport, NetworkReport
from dlviz.shapes import Shape, Signature
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.views.base import Choice
from dlviz.views.texts import texts


@dataclass(frozen=True)
class ShownLayer:
    """A layer that can be looked into.

    Attributes:
        steps: for each of its inputs, which input of the task has the same steps (its index), or None.
        width: numbers in each step that goes in; 0 for tokens.
    """

    name: str
    kind: str
    steps: tuple[int | None, ...]
    width: int


@dataclass(frozen=True)
class ShownLayers:
    """All of a network, each in the order of its layers.

    Attributes:
        guesses: the layers that give only their last step, where one can ask what it would answer after each:
            the network reads from left to right, and what follows them works on each step alone. Or the first
            layer of a network that reads a row of measurements at once: it is asked about beginnings of it.
    """

    attention: tuple[ShownLayer, ...]
    states: tuple[ShownLayer, ...]
    positions: tuple[ShownLayer, ...]
    embeddings: tuple[ShownLayer, ...]
    guesses: tuple[ShownLayer, ...]

    def state(self, name: str) -> ShownLayer:
        """The recurrent layer of this name."""
        return _named(self.states, name)

    def position(self, name: str) -> ShownLayer:
        """The positional encoding of this name."""
        return _named(self.positions, name)

    def embedding(self, name: str) -> ShownLayer:
        """The embedding of this name."""
        return _named(self.embeddings, name)


def _named(found: tuple[ShownLayer, ...], name: str) -> ShownLayer:
    return next(layer for layer in found if layer.name == name)


def layer_choice(key: str, found: tuple[ShownLayer, ...], with_kind: bool = False) -> Choice:
    """One of these layers."""
    words = tuple(f"{layer.name} · {layer.kind}" if with_kind else layer.name for layer in found)
    return Choice(key, texts.LAYER, tuple(layer.name for layer in found), words, width=240)


def shown_layers(report: NetworkReport) -> ShownLayers:
    """Remembered: the check of a network costs some milliseconds."""
    return _shown_layers(report.network.model_dump_json(), report.signature)


@lru_cache(maxsize=64)
def _shown_layers(text: str, signature: Signature) -> ShownLayers:
    network = NetworkSpec.model_validate_json(text)
    report = net.check(network, signature)
    origin: dict[str, int | None] = {name: index for index, (name, _) in enumerate(signature.inputs)}
    found: dict[str, list[ShownLayer]] = {kind: [] for kind in ShownLayers.__dataclass_fields__}
    for spec, layer in zip(network.layers, report.layers):
        if layer.in_shapes and layer.out_shape:
            steps = tuple(origin.get(name) for name in layer.inputs)
            same = _length(layer.in_shapes[0]) == _length(layer.out_shape)
            origin[layer.name] = steps[0] if same else None
            width = layer.in_shapes[0].axes[-1] if layer.in_shapes[0].kind == "sequence" else 0
            for kind in _what(spec, layer):
                found[kind].append(ShownLayer(layer.name, layer.kind, steps, width))
    if not _reads_on(network, report, [layer.name for layer in found["guesses"]]):
        found["guesses"] = []
    if _at_once(signature, found):
        first = network.layers[0]
        found["guesses"] = [ShownLayer(first.name, first.kind, (0,), 0)]
    return ShownLayers(**{kind: tuple(of_kind) for kind, of_kind in found.items()})


def _at_once(signature: Signature, found: dict[str, list[ShownLayer]]) -> bool:
    """Whether the network reads a row of measurements all at once: it can be asked about beginnings of it."""
    (_, shape), *more = signature.inputs
    return (not more and shape.kind == "sequence" and signature.out_shape.kind == "vector"
            and not (found["states"] or found["attention"] or found["guesses"]))


def _length(shape: Shape) -> int | None:
    """How many steps flow; None where nothing flows in steps."""
    return shape.axes[0] if shape.kind in ("tokens", "sequence") else None


def _what(spec: LayerSpec, layer: LayerReport) -> list[str]:
    declared = layers.get(layer.kind)
    traits = {"states": declared.recurrent, "positions": declared.position_field is not None,
              "embeddings": declared.converts == ("tokens", "sequence"), "attention": declared.attends,
              "guesses": gives_last_step(spec)}
    return [kind for kind, holds in traits.items() if holds]


def gives_last_step(spec: LayerSpec) -> bool:
    """Whether the layer gives only its last step, and could give every one."""
    return layers.declare(spec.kind, spec.fields).every_step() is not None


def _unfolded(spec: LayerSpec) -> LayerSpec:
    """The layer as it is where it gives its last step only, made to give every step."""
    made = layers.declare(spec.kind, spec.fields).every_step()
    return spec if made is None else spec.model_copy(update={"kind": made[0], "fields": made[1]})


def _reads_on(network: NetworkSpec, report: NetworkReport, folded: list[str]) -> bool:
    """Whether the network could answer after each step: nothing knows what comes, and all still fits."""
    signature = report.signature
    if not folded or signature.out_shape.kind != "vector" or any(map(_peeks, network.layers)):
        return False
    [read, *_] = report.layer(folded[-1]).known_in_shapes
    out = Shape("sequence", (read.axes[0], *signature.out_shape.axes))
    unfolded = network.model_copy(update={"layers": tuple(map(_unfolded, network.layers))})
    return net.check(unfolded, replace(signature, out_shape=out)).ok


def _peeks(spec: LayerSpec) -> bool:
    """Whether a step may know what comes after it."""
    layer = layers.declare(spec.kind, spec.fields)
    return layer.attends or bool(layer.looking_back())
