"""How weights are moved: one dict from kind to declaration. A new optimizer is one file and one line here.

Plain data with torch's meaning; knows neither torch nor specs.
"""
from __future__ import annotations

from typing import Any

from dlviz.optimizers.adagrad import Adagrad
from dlviz.optimizers.adam import Adam, AdamW
from dlviz.optimizers.base import LIVE, LiveHyperparameter, Optimizer
from dlviz.optimizers.rmsprop import RMSprop
from dlviz.optimizers.sgd import SGD

OPTIMIZERS: dict[str, type[Optimizer]] = {cls.__name__: cls for cls in (
    SGD,
    Adam,
    AdamW,
    RMSprop,
    Adagrad,
)}


def get(kind: str) -> type[Optimizer]:
    """The declaration of a kind. ValueError, which names the choices, for one that does not exist."""
    if kind not in OPTIMIZERS:
        raise ValueError(f"an optimizer is one of {', '.join(OPTIMIZERS)}")
    return OPTIMIZERS[kind]


def load(value: Any) -> Any:
    """The optimizer with these fields, its `kind` among them; what is none of ours is left to others to refuse."""
    if not isinstance(value, dict):
        return value
    return get(str(value.get("kind"))).model_validate(value)


def with_live(key: str) -> str:
    """The optimizers that have one of `LIVE`, in words: 'SGD, Adam or RMSprop'."""
    *kinds, last = [kind for kind, made in OPTIMIZERS.items() if key in made().live()]
    return f"{', '.join(kinds)} or {last}"


__all__ = ["LIVE", "OPTIMIZERS", "SGD", "Adagrad", "Adam", "AdamW", "LiveHyperparameter", "Optimizer", "RMSprop",
           "get", "load", "with_live"]
