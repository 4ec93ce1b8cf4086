"""Opens a block, such as a whole transformer layer, into the layers that it is made of. Knows no page."""
from __future__ import annotations

from dlviz import layers
from dlviz.errors import SpecError
from dlviz.network import editing, resolved_inputs
from dlviz.shapes import Signature
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.translation import _


def can_open(layer: LayerSpec) -> bool:
    """Whether the layer is a block."""
    return bool(layers.declare(layer.kind, layer.fields, layer.name).parts())


def open_block(network: NetworkSpec, signature: Signature, name: str) -> NetworkSpec:
    """The same network with the block's parts in its place, each to be changed alone; the weights start anew.

    The last part takes the block's name, so that whoever took the block's output still does. SpecError for a layer
    that is no block, or whose parts do not fit into the network.
    """
    block, index = network.layer(name), network.index(name)
    parts = layers.declare(block.kind, block.fields, name).parts()
    if not parts:
        raise SpecError(_("Layer {name} ({kind})", name=name, kind=block.kind), _("must be a block to be opened"),
                        _("it is a single layer"), _("Only blocks can be opened."))
    ends = dict(zip("01", resolved_inputs(network, signature, index)))
    rest = editing.without(network, name)
    taken: dict[str, str] = {}
    for offset, part in enumerate(parts):
        last = offset == len(parts) - 1
        taken[part.suffix] = name if last else editing.fresh_name(rest, f"{_stem(part.kind)}")
        inputs = tuple(taken.get(source) or ends[source] for source in part.inputs)
        spec = LayerSpec(name=taken[part.suffix], kind=part.kind, fields=part.fields, inputs=inputs,
                         trainable=block.trainable)
        rest = editing.insert(rest, spec, index + offset)
    return rest


def _stem(kind: str) -> str:
    return layers.get(kind).short or layers.get(kind).stem()
