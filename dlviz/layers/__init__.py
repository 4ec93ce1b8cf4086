"""The layers: one file a family, a catalogue of all, and what a design's fields make of a kind."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from dlviz.errors import LayerError
from dlviz.layers.base import Layer
from dlviz.layers.catalogue import (
    CATALOGUE,
    activations,
    converter,
    dropout,
    first,
    get,
    norm,
    of,
    projection,
    usual,
)
from dlviz.layers.families import FAMILIES, Family
from dlviz.translation import _


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
        return LayerError(_("Layer {name} ({kind})", name=name, kind=cls.kind()),
                          _("takes these fields only: {known}", known=known), _("{field!r} was given", field=field),
                          _("Remove that field."), {field: None})
    message = first["msg"][:1].lower() + first["msg"][1:]
    default = cls.model_fields[field].default
    return LayerError(_("Layer {name} ({kind})", name=name, kind=cls.kind()),
                      _("needs another value of {field} ({message})", field=field, message=message),
                      _("it is {came}", came=came),
                      _("Choose another value, for instance {default!r}.", default=default), {field: default})


__all__ = ["CATALOGUE", "FAMILIES", "Family", "Layer", "activations", "converter", "declare", "dropout", "first", "get",
           "norm", "of", "projection", "usual"]
