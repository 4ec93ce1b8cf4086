"""The first lines of a notebook: an Experiment from and to a file, checked, and built. Knows no run and no page."""
from __future__ import annotations

from pathlib import Path

from dlviz import network as net
from dlviz import tasks
from dlviz.errors import SpecError
from dlviz.network import Network, NetworkReport
from dlviz.spec import Experiment, from_json
from dlviz.translation import _


def load(path: str | Path) -> Experiment:
    """Read an Experiment from a JSON file. SpecError, in one sentence, for anything else."""
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SpecError(_("The file {path}", path=path), _("must hold an experiment saved as JSON"),
                        _("it cannot be read ({reason})", reason=error.strerror or type(error).__name__),
                        _("Check its name and whether you may read it.")) from error
    return from_json(content)


def save(experiment: Experiment, path: str | Path) -> None:
    """Write an Experiment as a JSON file that `load` and the pages open. SpecError when it cannot be written."""
    path = Path(path)
    try:
        path.write_text(experiment.to_json() + "\n", encoding="utf-8")
    except OSError as error:
        raise SpecError(_("The file {path}", path=path), _("must be written"),
                        _("that failed ({reason})", reason=error.strerror or type(error).__name__),
                        _("Choose another folder, or make room.")) from error


def check(experiment: Experiment) -> NetworkReport:
    """Shapes, costs and errors of the experiment's network on its task; nothing is trained.

    Raises:
        SpecError, TaskError: there is no such task, or its fields are not what they should be.
    """
    task = tasks.get(experiment.task.name, experiment.task.fields)
    return net.check(experiment.network, task.signature(), experiment.training.batch_size)


def build(experiment: Experiment) -> Network:
    """The untrained network as a `torch.nn.Module`, its weights drawn from the experiment's seed.

    It takes one tensor an input of the task, each `(B, *in_shape)`, and gives logits `(B, *out_shape)`.

    Raises:
        SpecError: the first error of the design.
    """
    report = check(experiment)
    if report.errors:
        raise report.errors[0]
    return net.build(experiment.network, report.signature, experiment.seed)
