"""`dlviz export`: a design, or what `dlviz train` has left in a folder, in another format."""
from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from dlviz import api, tasks
from dlviz.cli.train import DESIGN, WEIGHTS
from dlviz.errors import SpecError
from dlviz.export.onnx import onnx_model
from dlviz.export.script import script
from dlviz.spec import Experiment
from dlviz.translation import _


def design_and_weights(name: str) -> tuple[str, Path | None]:
    """What names the design, and where the trained weights lie: beside it, when `name` is a training's folder.

    SpecError for a folder in which no training has ended.
    """
    folder = Path(name)
    if not folder.is_dir():
        return name, None
    if not (folder / DESIGN).exists():
        raise SpecError(_("The folder {folder}", folder=folder), _("must hold a training that has ended"),
                        _("it has no {file}", file=DESIGN),
                        _("Let `dlviz train` run to its end; with --resume it goes on."))
    weights = folder / WEIGHTS
    return str(folder / DESIGN), weights if weights.exists() else None


def _pytorch(experiment: Experiment, weights: Path | None) -> bytes:
    """The source alone: it trains weights of its own."""
    return script(experiment, tasks.get(experiment.task.name, experiment.task.fields)).encode()


def _onnx(experiment: Experiment, weights: Path | None) -> bytes:
    return onnx_model(api.build(experiment), weights)


FORMATS: dict[str, Callable[[Experiment, Path | None], bytes]] = {"pytorch": _pytorch, "onnx": _onnx}
TEXT = {"pytorch"}  # can be printed


def export(experiment: Experiment, weights: Path | None, to: str, out: Path | None) -> int:
    """Write `experiment` as `to` to the file `out`; text is printed where there is none. Returns 0.

    SpecError for a file that cannot be written, and for one that a terminal cannot show.
    """
    if out is None and to not in TEXT:
        raise SpecError(_("The format {to}", to=to), _("can only be written to a file"), _("no file was named"),
                        _("Name one with --out."))
    content = FORMATS[to](experiment, weights)
    if out is None:
        sys.stdout.write(content.decode())
        return 0
    try:
        out.write_bytes(content)
    except OSError as error:
        raise SpecError(_("The file {out}", out=out), _("must be written"),
                        _("that failed ({reason})", reason=error.strerror),
                        _("Choose another one with --out.")) from error
    print(f"Wrote {out}")
    if weights is None and to not in TEXT:
        print("Its weights are untrained. For trained ones, name a folder that `dlviz train` has filled.")
    return 0
