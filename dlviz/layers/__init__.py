"""The catalogue of layers: one dict from kind to declaration. A new family is one file and one line here."""
from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

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
    sequence,
)
from dlviz.layers.base import Layer, Weighted
from dlviz.layers.families import FAMILIES, Family

_MODULES = (dense, convolution, pooling, sequence, recurrent, attention, activation, normalization, regularization,
            merge, reshape)
CATALOGUE: dict[str, type[Layer]] = {
    name: value for module in _MODULES for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, Layer) and not name.startswith("_")
    and value not in (Layer, Weighted)}


def get(kind: str, name: str | None = None) -> type[Layer]:
    """The declaration of a kind. LayerError, with the nearest names, for one that does not exist."""
    if kind in CATALOGUE:
        return CATALOGUE[kind]
    near = difflib.get_close_matches(kind, CATALOGUE, n=1, cutoff=0.5)
    raise LayerError(f"Layer {name or kind}", f"must be one of the {len(CATALOGUE)} kinds that dlviz knows",
                     f"its kind is {kind[:60]!r}",
                     f"Did you mean {near[0]}?" if near else "Remove it or choose another kind.")


def declare(kind: str, fields: Mapping[str, Any], name: str | None = None) -> Layer:
    """The layer with these fields. LayerError names the first field that is wrong; its default would mend it."""
    cls = get(kind, name)
    try:
        return cls(**fields)
    except ValidationError as error:
        raise _field_error(cls, name or kind, error) from error


def _field_error(cls: type[Layer], name: str, error: ValidationError) -> LayerError:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else "fields"
    came = repr(first["input"])
    came = came if len(came) <= 40 else came[:37] + "..."
    if first["type"] == "extra_forbidden":
        known = ", ".join(cls.model_fields) or "none"
        return LayerError(f"Layer {name} ({cls.kind()})", f"takes these fields only: {known}", f"{field!r} was given",
                          "Remove that field.", {field: None})
    message = first["msg"][:1].lower() + first["msg"][1:]
    default = cls.model_fields[field].default
    return LayerError(f"Layer {name} ({cls.kind()})", f"needs another value of {field} ({message})", f"it is {came}",
                      f"Choose another value, for instance {default!r}.", {field: default})


__all__ = ["CATALOGUE", "FAMILIES", "Family", "Layer", "declare", "get"]
