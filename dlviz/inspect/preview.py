"""A design before its first step: one real sample through the untrained network. For the cards of the Workbench."""
from __future__ import annotations

from functools import lru_cache

import numpy as np

from dlviz import network as net
from dlviz import tasks
from dlviz.shapes import Signature
from dlviz.spec import Experiment, NetworkSpec
from dlviz.training import captures


def preview(experiment: Experiment, sample: int = 0,
            inputs: tuple[np.ndarray, ...] | None = None) -> dict[str, np.ndarray]:
    """Layer name -> its output for test sample `sample`, no batch axis, with the weights that training starts from.

    `inputs` of a user's own take its place.

    For a design that is not right yet: the layers up to the first error. The costs are those of drawing the
    weights: 2 ms for the classic MLP, 0.2 s at the limit of parameters; the last designs are remembered.
    """
    if inputs is not None:
        task = tasks.get(experiment.task.name, experiment.task.fields)
        return _outputs(experiment.network, task, experiment.seed, inputs)
    return _preview(experiment.network.model_dump_json(), experiment.task.model_dump_json(), experiment.seed, sample)


@lru_cache(maxsize=64)
def _preview(network: str, task: str, seed: int, sample: int) -> dict[str, np.ndarray]:
    from dlviz.spec import TaskSpec

    spec, task_spec = NetworkSpec.model_validate_json(network), TaskSpec.model_validate_json(task)
    learn = tasks.get(task_spec.name, task_spec.fields)
    return _outputs(spec, learn, seed, learn.sample("test", sample)[0])


def _outputs(spec: NetworkSpec, task: tasks.Task, seed: int, inputs: tuple[np.ndarray, ...]) -> dict[str, np.ndarray]:
    working = _working(spec, task.signature())
    if working is None:
        return {}
    part, signature = working
    module = net.build(part, signature, seed)
    return captures.forward_sample(module, inputs, part.names())[1]


def _working(spec: NetworkSpec, signature: Signature) -> tuple[NetworkSpec, Signature] | None:
    """The layers from the top that work, with a signature that asks for just what the last of them gives."""
    report = net.check(spec, signature, batch_size=1)
    count = next((i for i, layer in enumerate(report.layers) if layer.out_shape is None), len(report.layers))
    while count:
        part = NetworkSpec(layers=spec.layers[:count])
        target_signature = Signature(signature.inputs, report.layers[count - 1].known_out_shape, "mse", "")
        if net.check(part, target_signature, batch_size=1).ok:
            return part, target_signature
        count -= 1
    return None
