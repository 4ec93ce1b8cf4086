"""The registry of views: what can be seen of a network, each one declaration in one file of this folder.

Every page that shows views asks here, so a new one is one file and nothing else: files are found by themselves.
"""
from __future__ import annotations

import difflib
import pkgutil
from importlib import import_module
from types import ModuleType

from dlviz.errors import ViewError
from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.translation import _
from dlviz.views.base import Subject, View, subject


def _declared(module: ModuleType) -> list[View]:
    """One of each view that the file declares; what it imports from others is theirs."""
    return [value() for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, View) and value.__module__ == module.__name__
            and vars(value).get("key")]


def _discovered() -> dict[str, View]:
    names = [module.name for module in pkgutil.iter_modules(__path__, f"{__name__}.")]
    found = [view for name in names for view in _declared(import_module(name))]
    return {view.key: view for view in sorted(found, key=lambda view: (view.order, view.key))}


VIEWS: dict[str, View] = _discovered()


def get(key: str) -> View:
    """The view of this key. ViewError, with the choices, for one that does not exist."""
    if key in VIEWS:
        return VIEWS[key]
    near = difflib.get_close_matches(key, VIEWS, n=1, cutoff=0.5)
    raise ViewError(_("The view {key!r}", key=key[:60]), _("must be one of {names}", names=", ".join(VIEWS)),
                    _("it is none of them"),
                    _("Did you mean {near}?", near=near[0]) if near else _("Choose one of these."))


def offered(place: str, report: NetworkReport, task: Task) -> tuple[str, ...]:
    """The keys of the views that this place has of this network on this task, in their order."""
    return tuple(key for key, view in VIEWS.items() if place in view.places and view.suits(report, task))


__all__ = ["VIEWS", "Subject", "View", "get", "offered", "subject"]
