"""Trained weights to take home: only the model's own tensors, and the lines that load them. Knows no page."""
from __future__ import annotations

import re
from pathlib import Path
from string import Template

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from dlviz import files
from dlviz.errors import RunError
from dlviz.export.names import file_stem
from dlviz.spec import Experiment
from dlviz.translation import _

NOT_WEIGHTS = re.compile(r"optimizer\.\d+\.|random\.|~")  # what a checkpoint keeps so that training can go on

EXAMPLE = Template('''\
from safetensors.torch import load_file

from $stem import Network

model = Network()
model.load_state_dict(load_file("$stem.safetensors"))
model.eval()
''')


def model_weights(checkpoint: Path) -> bytes:
    """A safetensors file of the weights in a checkpoint, named as the exported `Network` names them.

    RunError for a checkpoint that is missing or damaged.
    """
    try:
        with files.held(checkpoint, lambda: safe_open(checkpoint, "pt")) as file:
            tensors = {key: file.get_tensor(key) for key in file.keys() if not NOT_WEIGHTS.match(key)}
            return save(tensors, {"format": "pt"})
    except (OSError, SafetensorError) as error:
        raise RunError(_("The checkpoint {name}", name=checkpoint.name), _("must hold the weights of a run"),
                       _("it cannot be read ({error})", error=str(error).splitlines()[0][:120]),
                       _("Train until the next checkpoint, or start the run again.")) from error


def loading_example(experiment: Experiment) -> str:
    """The lines that put the weights into the exported script's network, both files lying side by side."""
    return EXAMPLE.substitute(stem=file_stem(experiment))
