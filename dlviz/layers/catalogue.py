"""The catalogue of layers, one dict from kind to declaration, and what may be asked of it. A new family is one line."""
from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from torch import nn

from dlviz.errors import LayerError
from dlviz.layers import (
    activation,
    attention,
    convolution,
    dense,
    merge,
    normalization,
    pooling,
    recurrent,
    regularization,
    reshape,
    sampling,
    sequence,
    transformer,
)
from dlviz.layers.base import Layer, Weighted
from dlviz.shapes import Shape
from dlviz.translation import _

_MODULES = (dense, convolution, pooling, sequence, recurrent, attention, transformer, activation, normalization,
            regularization, sampling, merge, reshape)
CATALOGUE: dict[str, type[Layer]] = {
    name: value for module in _MODULES for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, Layer) and value.__module__ == module.__name__
    and not name.startswith("_") and value not in (Layer, Weighted)}


def get(kind: str, name: str | None = None) -> type[Layer]:
    """The declaration of a kind. LayerError, with the nearest names, for one that does not exist."""
    if kind in CATALOGUE:
        return CATALOGUE[kind]
    near = difflib.get_close_matches(kind, CATALOGUE, n=1, cutoff=0.5)
    raise LayerError(_("Layer {name}", name=name or kind),
                     _("must be one of the {count} kinds that dlviz knows", count=len(CATALOGUE)),
                     _("its kind is {kind!r}", kind=kind[:60]),
                     _("Did you mean {near}?", near=near[0]) if near else _("Remove it or choose another kind."))


def of(module: nn.Module) -> type[Layer]:
    """The declaration of what a module does, be it a layer or a part of one; `Layer` itself, which says nothing, where
    there is none."""
    known = {cls.torch: cls for cls in CATALOGUE.values()}
    return next((known[parent] for parent in type(module).__mro__ if parent in known), Layer)


def first(fits: Callable[[type[Layer]], bool]) -> type[Layer]:
    """The first layer of the catalogue that fits. LookupError where there is none."""
    for cls in CATALOGUE.values():
        if fits(cls):
            return cls
    raise LookupError("no layer of the catalogue does what is asked for")


def usual(family: str) -> type[Layer]:
    """The layer of a family that is taken where nothing else is known."""
    return first(lambda cls: cls.family == family and cls.usual)


def activations() -> tuple[str, ...]:
    """The kinds that bend each number alone and may stand for one another."""
    return tuple(kind for kind, cls in CATALOGUE.items() if cls.family == "activation" and cls.arithmetic == "curve")


def norm(kind: str, batch: bool = True) -> type[Layer]:
    """What normalizes this kind of input: over the batch where that is allowed and can be."""
    fitting = [cls for cls in CATALOGUE.values() if cls().traits().normalizes and kind in cls.takes]
    return next((cls for cls in fitting if batch and cls.batch_statistics),
                next(cls for cls in fitting if not cls.batch_statistics))


def dropout(kind: str) -> type[Layer]:
    """What switches off a share of this kind of input and does nothing else."""
    return first(lambda cls: cls.passes and cls.drop_field is not None and kind in cls.takes)


def converter(kind: str, into: str) -> str | None:
    """The layer that makes one kind of input of another; None where there is none."""
    return next((name for name, cls in CATALOGUE.items() if cls.converts == (kind, into)), None)


def projection(shape: Shape, target: Shape) -> tuple[str, dict[str, Any]] | None:
    """A layer, and its fields, that brings one shape to another of its kind; None where there is none."""
    return next(((name, fields) for name, cls in CATALOGUE.items()
                 if (fields := cls.projection(shape, target)) is not None), None)
