"""Which engine a server has: local processes, unless `DLVIZ_ENGINE` says otherwise. Knows no run."""
from __future__ import annotations

import os
from collections.abc import Callable

from dlviz.errors import RunError
from dlviz.runs.process import remote
from dlviz.runs.process.engine import Engine
from dlviz.runs.process.local import LocalEngine
from dlviz.translation import _

ENGINES: dict[str, Callable[[], Engine]] = {"local": LocalEngine, "ray": remote.configured}


def chosen() -> Engine:
    """A new engine of the kind that the environment names. RunError for a kind that there is not."""
    name = os.environ.get("DLVIZ_ENGINE") or "local"
    if name not in ENGINES:
        raise RunError("DLVIZ_ENGINE", _("must be one of {names}", names=", ".join(ENGINES)),
                       _("it is {name!r}", name=name),
                       _("Leave it away to train on this computer."))
    return ENGINES[name]()
