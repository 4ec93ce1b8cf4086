"""What layers say of shapes and of inputs that they cannot take. Knows no layer by name."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlviz.errors import LayerError
from dlviz.shapes import KIND_WORDS, Shape
from dlviz.translation import FilledText, Words, _

if TYPE_CHECKING:
    from dlviz.layers.base import Layer

SHAPES = {"vector": _("a vector of {axes}"), "image": _("an image of {axes}"), "tokens": _("tokens of length {axes}"),
          "sequence": _("a sequence of {axes}")}


def article(shape: Shape) -> FilledText:
    """'an image of 16 x 26 x 26', for sentences."""
    return SHAPES[shape.kind].filled(axes=shape)


def refuse(layer: Layer, name: str, needs: Words, came: Words, fix: Words, **change: Any) -> LayerError:
    """A LayerError about `layer`, with new field values that would mend it."""
    return LayerError(_("Layer {name} ({kind})", name=name, kind=layer.kind()), needs, came, fix, change)


def kinds_in_words(kinds: tuple[str, ...]) -> Words:
    """The kinds of input, each explained, with 'or' between them, for sentences."""
    first, *others = kinds
    return _("{first} or {rest}", first=KIND_WORDS[first], rest=kinds_in_words(tuple(others))) if others else \
        KIND_WORDS[first]
