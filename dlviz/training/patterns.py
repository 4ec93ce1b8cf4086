"""What a `PatternWatch` asks of a network: answers to several samples, their codes, and pictures made of codes."""
from __future__ import annotations

from typing import Any, cast

import numpy as np
import torch

from dlviz.network import Network, resolved_inputs
from dlviz.probes import capture as probe
from dlviz.probes import patterns
from dlviz.probes.patterns import FRAMES, MAP, CodePlane, PatternCapture, PatternWatch
from dlviz.tasks import DiffusionTask, Task
from dlviz.training import metrics
from dlviz.training.passes import evaluating

CODED = 600  # test samples whose codes are looked at: enough to see groups, 5 ms for the autoencoder


def capture(network: Network, task: Task, watch: PatternWatch, sample: int = 0) -> PatternCapture | None:
    """What is wanted, with the weights as they are; None where nothing is. A layer that is not there gives no codes.

    `sample` is the test sample that is looked at.
    """
    if not watch.active:
        return None
    with evaluating(network), torch.no_grad():
        examples = _answers(network, task, watch.examples) if watch.examples else None
        drawn = _drawn(network, task.diffusion, watch) if watch.drawn and task.diffusion else None
        parts = _parts(network, task, watch.divergence) if watch.divergence in network.spec.names() else {}
        if watch.errors:
            parts["errors"] = _errors(network, task, watch.errors)
        if watch.scores:
            parts["scores"] = _scores(network, task, watch.scores)
        if watch.codes not in network.spec.names():
            return PatternCapture(examples, drawn=drawn, **parts)
        codes, own = _codes(network, task, watch.codes, sample)
        found = patterns.code_plane(codes)
        walked = None if watch.walk is None else _made(network, watch.codes, found, np.array([watch.walk]))[0]
        plane = _made(network, watch.codes, found, found.grid(MAP)) if watch.plane else None
    return PatternCapture(examples, found, patterns.nearest(codes, own), walked, plane, drawn, **parts)


def answer_from(network: Network, name: str, values: torch.Tensor) -> torch.Tensor:
    """What the network answers when the layer `name` gives `values` `(N, *out)`; nothing may go around that layer."""
    spec = network.spec
    known = {name: values}
    for index in range(spec.index(name) + 1, len(spec.layers)):
        read = [known[source] for source in resolved_inputs(spec, network.signature, index)]
        known[spec.layers[index].name] = network.module_of(spec.layers[index].name)(*read)
    return known[spec.layers[-1].name]


def _device(network: Network) -> torch.device:
    return next(network.parameters()).device


def _answers(network: Network, task: Task, samples: tuple[int, ...]) -> np.ndarray:
    places = torch.as_tensor(samples) % task.size("test")
    inputs = [x[places].to(_device(network)) for x in task.split("test").inputs]
    return network(*inputs).cpu().numpy()


def _parts(network: Network, task: Task, name: str) -> dict[str, Any]:
    """The loss of the first test samples, and what a layer that draws codes makes of them."""
    samples = task.split("test").first(CODED)
    outputs = network(*(x.to(_device(network)) for x in samples.inputs)).cpu()
    divergence, cost = (cast(torch.Tensor, getattr(network.module_of(name), part)) for part in ("divergence", "cost"))
    return {"divergence": divergence.cpu().numpy(), "cost": cost.item(),
            "loss": metrics.LOSSES[network.signature.loss](outputs, samples.targets).item()}


def _errors(network: Network, task: Task, count: int) -> np.ndarray:
    """How far off the answer to each of the first test samples is, `(N,)`."""
    samples = task.split("test").first(count)
    outputs = metrics.predict(network, samples, _device(network))
    return (outputs - samples.targets).square().flatten(1).mean(1).numpy()


def _scores(network: Network, task: Task, count: int) -> np.ndarray:
    """How far the answer to each of the first test samples is correct, 0 to 1, `(N,)`."""
    samples = task.split("test").first(count)
    outputs = metrics.predict(network, samples, _device(network))
    return metrics.correct(outputs, samples.targets, network.signature).numpy()


def _drawn(network: Network, task: DiffusionTask, watch: PatternWatch) -> np.ndarray:
    """The way from noise to each of the pictures asked for, uint8 `(N, FRAMES, H, W)`."""
    device = _device(network)

    def predict(*inputs: torch.Tensor) -> torch.Tensor:
        return network(*(x.to(device) for x in inputs)).cpu()

    way = task.draw(predict, watch.drawn, watch.seed).numpy()
    shown = way[np.linspace(0, len(way) - 1, FRAMES).round().astype(int)].swapaxes(0, 1)
    return np.stack([np.stack([task.to_picture(frame) for frame in strip]) for strip in shown])


def _codes(network: Network, task: Task, name: str, sample: int) -> tuple[np.ndarray, np.ndarray]:
    """What a layer gives for the first test samples, `(N, D)`, and for one, `(D,)`."""
    samples = task.split("test")
    inputs = [torch.cat([x[:CODED], x[sample % len(samples)][None]]).to(_device(network)) for x in samples.inputs]
    with probe.outputs({name: network.module_of(name)}) as found:
        network(*inputs)
    codes = found[name].reshape(len(found[name]), -1)
    return codes[:-1], codes[-1]


def _made(network: Network, name: str, plane: CodePlane, places: np.ndarray) -> np.ndarray:
    """What the network makes of places `(N, 2)` of the plane: `(N, *out)`."""
    codes = torch.as_tensor(plane.code(places), device=_device(network))
    return answer_from(network, name, codes).cpu().numpy()
