"""dlviz, the engine: describe a network, train it, look inside it. Knows nothing of Streamlit or of pages.

What a notebook needs is here by name and loaded when it is first used, so that `import dlviz` costs nothing:

    from dlviz import check, presets, train
    experiment = presets.get("mlp").experiment
    print(check(experiment))
    for event in train(experiment):
        print(event)
"""
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dlviz import export, figures, presets
    from dlviz.api import build, check, load, save
    from dlviz.spec import Experiment
    from dlviz.training.loop import train

__version__ = "0.9.0"
__all__ = ["Experiment", "__version__", "build", "check", "export", "figures", "load", "presets", "save", "train"]

_HOMES = {"Experiment": "dlviz.spec", "train": "dlviz.training.loop",
          "build": "dlviz.api", "check": "dlviz.api", "load": "dlviz.api", "save": "dlviz.api"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in __all__:
        return import_module(f"dlviz.{name}")
    raise AttributeError(f"module 'dlviz' has no attribute {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
