"""What viewers ask of a network between two batches: captures of the pinned sample, answers to own inputs."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np
import torch
from torch import nn

from dlviz import layers
from dlviz.games.record import GameRecord
from dlviz.memoize import memoize
from dlviz.network import Network, attributes, resolved_inputs
from dlviz.probes import attention, gradient_flow, lens, plane_maps, recurrent
from dlviz.probes import capture as probe
from dlviz.probes.plane_maps import PlaneMaps
from dlviz.probes.readout import every_step_output, last_step_layers, prefixes
from dlviz.probes.recurrent import GradientReach
from dlviz.tasks import PlaneTask, Task
from dlviz.tasks.forecast import Forecasts, forecasts
from dlviz.training import metrics, patterns, writing
from dlviz.training.control import Query, Watch
from dlviz.training.events import Captured, QueryResult
from dlviz.training.passes import as_tensor, batch_of_one, evaluating, forward_sample
from dlviz.training.playing import capture as playing


def capture(network: Network, task: Task, watch: Watch, step: int) -> Captured:
    """What `watch` wants to see, with the weights as they are: one forward pass of one sample, about 0.5 ms.

    Layers that the network does not have are left out: the watcher may still look at an older design.
    """
    names = set(network.spec.names())
    inputs, target = task.sample("test", watch.sample % task.size("test"))
    probabilities, outputs = forward_sample(network, inputs, tuple(n for n in watch.outputs if n in names))
    modules = {name: network.module_of(name) for name in watch.weights if name in names}
    captured = Captured(step, watch.sample, outputs, probe.weights(modules), probabilities,
                        over_plane(network, task) if watch.plane else None,
                        patterns=patterns.capture(network, task, watch.patterns, watch.sample))
    if watch.game and task.game:
        captured = replace(captured, game=playing.capture(task.game, partial(_raw, network), watch.sample))
    if watch.flow and task.supervised:
        captured = replace(captured, flow=_flow(network, inputs, target, [n for n in watch.flow if n in names]))
    parameters = _parameters(network, watch.parameters)
    if not parameters:
        return captured
    gradients, loss = _loss_gradients(network, inputs, target, parameters) if task.supervised else ({}, None)
    values = {key: weight.detach().to("cpu", copy=True).contiguous().numpy() for key, weight in parameters.items()}
    return replace(captured, parameters=values, gradients=gradients, loss=loss)


def _parameters(network: Network, names: tuple[str, ...]) -> dict[str, nn.Parameter]:
    """All parameters of the named layers, by their keys in the state dict."""
    identifiers = attributes(network.spec.names())
    return {f"{identifiers[name]}.{key}": weight for name, module in _modules(network, names).items()
            for key, weight in module.named_parameters()}


def _loss_gradients(network: Network, inputs: tuple[np.ndarray, ...], target: np.ndarray | int,
                    parameters: dict[str, nn.Parameter]) -> tuple[dict[str, np.ndarray], float]:
    """How the loss of one sample depends on each of the parameters that learn, in evaluation mode; and that loss."""
    learning = {key: weight for key, weight in parameters.items() if weight.requires_grad}
    with evaluating(network), torch.backends.cudnn.flags(enabled=False):
        loss = _loss(network, inputs, target)
        found = torch.autograd.grad(loss, list(learning.values()), materialize_grads=True) if learning else ()
    return {key: gradient.cpu().numpy() for key, gradient in zip(learning, found)}, loss.item()


def _loss(network: Network, inputs: tuple[np.ndarray, ...], target: np.ndarray | int) -> torch.Tensor:
    """Of one sample, `()`."""
    answer = torch.as_tensor(target, device=next(network.parameters()).device)[None]
    return metrics.LOSSES[network.signature.loss](network(*batch_of_one(network, inputs)), answer)


def _flow(network: Network, inputs: tuple[np.ndarray, ...], target: np.ndarray | int,
          names: Sequence[str]) -> dict[str, tuple[float | None, ...]]:
    """How large the gradient of one sample's loss is at each input of the named layers, in evaluation mode."""
    modules = {name: network.module_of(name) for name in names}
    with evaluating(network), torch.backends.cudnn.flags(enabled=False), gradient_flow.inputs(modules) as taken:
        return gradient_flow.sizes(_loss(network, inputs, target), taken)


def answer_query(network: Network, task: Task, query: Query, step: int) -> QueryResult:
    """The reply to `query`; an input of another shape than the network takes is answered with a sentence."""
    wrong = _wrong_shape(network, query)
    if wrong:
        return QueryResult(query.ticket, step, np.zeros(0, np.float32), error=wrong)
    with attention.muted(_modules(network, tuple(name.split(".")[0] for name, _ in query.muted)), query.muted):
        return _answer(network, task, query, step)


def _answer(network: Network, task: Task, query: Query, step: int) -> QueryResult:
    generation = writing.generate(network, task, query)
    inputs = generation[-1].inputs if generation else query.inputs
    with attention.watched(_modules(network, query.attention)) as maps:
        sources = _sources(network, query.states)
        answer, outputs = forward_sample(network, inputs, tuple(_modules(network, (*query.outputs, *sources.values()))))
    known = {**dict(zip((name for name, _ in network.signature.inputs), inputs)), **outputs}
    states = {layer: recurrent.read(cast(nn.RNNBase, network.module_of(layer)), as_tensor(known[source]))
              for layer, source in sources.items()}
    selected = {name: outputs[name] for name in query.outputs if name in outputs}
    weights = probe.weights(_modules(network, query.weights))
    readouts = _readouts(network, inputs) if query.readouts else None
    return QueryResult(query.ticket, step, answer, selected, maps, states, weights, readouts, generation,
                       _gradients(network, inputs, query), writing.samples(network, task, query),
                       _forecasts(network, task, query), over_plane(network, task) if query.plane else None,
                       writing.beam_tree(network, task, query), writing.timing(network, inputs, query),
                       _early_answers(network, inputs, query.lens), _game(network, task, query),
                       patterns.capture(network, task, query.patterns))


def _early_answers(network: Network, inputs: tuple[np.ndarray, ...], names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """What the layers behind the last of `names` make of the output of each."""
    if not names or not all(name in network.spec.names() for name in names):
        return {}
    _, outputs = forward_sample(network, inputs, names)
    behind = network.spec.names()[network.spec.index(names[-1]) + 1:]
    device = next(network.parameters()).device
    with evaluating(network):
        found = lens.read_early({name: as_tensor(value).to(device) for name, value in outputs.items()},
                                [network.module_of(name) for name in behind])
    return {name: value.cpu().numpy() for name, value in found.items()}


def over_plane(network: Network, task: Task) -> PlaneMaps | None:
    """What the network says over the plane, 3 to 7 ms on a busy machine; None where its task lies in none."""
    if task.plane is None:
        return None
    modules = {name: network.module_of(name) for name in _spoken(network)}
    grid = _plane_grid(task.plane).to(next(network.parameters()).device)
    return plane_maps.plane_maps(network, modules, grid, network.signature.loss == "cross_entropy")


@memoize(maxsize=8)
def _plane_grid(task: PlaneTask) -> torch.Tensor:
    return as_tensor(task.encode(task.grid(plane_maps.SIDE)))


def _spoken(network: Network) -> list[str]:
    """Layers whose units say something of their own: all but the last, and those that only an activation reads."""
    spec = network.spec
    readers: dict[str, list[str]] = {name: [] for name in spec.names()}
    for index, layer in enumerate(spec.layers):
        for source in resolved_inputs(spec, network.signature, index):
            readers.setdefault(source, []).append(layers.get(layer.kind).family)
    return [name for name in spec.names()[:-1] if set(readers[name]) != {"activation"}]


def _readouts(network: Network, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    """What the network would answer after each step, `(T, classes)`."""
    if last_step_layers(network):
        with every_step_output(network):
            return forward_sample(network, inputs, ())[0]
    device = next(network.parameters()).device
    with evaluating(network), torch.no_grad():
        outputs = network(as_tensor(prefixes(inputs[0])).to(device))
    return (outputs.softmax(-1) if network.signature.loss == "cross_entropy" else outputs).cpu().numpy()


def _gradients(network: Network, inputs: tuple[np.ndarray, ...], query: Query) -> dict[str, dict[str, GradientReach]]:
    """How far back the loss of the last judged step reaches into each recurrent layer asked for.

    For memories that read backwards: of the first.
    """
    layers = _recurrent(network, query.gradients)
    if query.target is None or not layers:
        return {}
    target = torch.as_tensor(query.target, device=next(network.parameters()).device)[None]

    def loss(outputs: torch.Tensor, place: int = -1) -> torch.Tensor:
        if target.ndim == 1 or network.signature.loss == "mse":
            return metrics.LOSSES[network.signature.loss](outputs, target)
        step = int((target[0] != metrics.IGNORE).nonzero()[place])
        return metrics.cross_entropy(outputs[:, step], target[:, step])

    with evaluating(network), torch.backends.cudnn.flags(enabled=False):  # cuDNN's own has no gradient here
        batch = batch_of_one(network, inputs)
        return {name: recurrent.gradient_through_time(network, layer, batch, loss, partial(loss, place=0))
                for name, layer in layers.items()}


def _forecasts(network: Network, task: Task, query: Query) -> Forecasts | None:
    if query.forecast_window is None or task.forecast is None:
        return None
    return forecasts(task.forecast, query.forecast_window, lambda inputs: forward_sample(network, inputs, ())[0])


def _game(network: Network, task: Task, query: Query) -> GameRecord | None:
    if query.game is None or task.game is None:
        return None
    return playing.record(task.game, partial(_raw, network), query.game)


@torch.no_grad()
def _raw(network: Network, inputs: np.ndarray) -> np.ndarray:
    """What the network gives for inputs `(N, ...)`, in evaluation mode."""
    with evaluating(network):
        return network(as_tensor(inputs).to(next(network.parameters()).device)).cpu().numpy()


def _wrong_shape(network: Network, query: Query) -> str | None:
    for given, (name, shape) in zip(query.inputs, network.signature.inputs):
        if given.shape != shape.axes:
            return f"The input {name} has the shape {shape}, but {' x '.join(map(str, given.shape))} was given."
    return None


def _modules(network: Network, names: tuple[str, ...]) -> dict[str, nn.Module]:
    """Those of the named layers that this network has."""
    own = set(network.spec.names())
    return {name: network.module_of(name) for name in names if name in own}


def _sources(network: Network, names: tuple[str, ...]) -> dict[str, str]:
    """For each recurrent layer asked for: the name of what it reads."""
    return {name: resolved_inputs(network.spec, network.signature, network.spec.index(name))[0]
            for name in _recurrent(network, names)}


def _recurrent(network: Network, names: tuple[str, ...]) -> dict[str, nn.RNNBase]:
    """The recurrent layers among those named, in the network's order."""
    found = _modules(network, names)
    return {name: cast(nn.RNNBase, found[name]) for name in network.spec.names()
            if name in found and layers.of(found[name]).recurrent}
