"""What viewers ask of a network between two batches: captures of the pinned sample, answers to own inputs."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from torch import nn

from dlviz.network import Network, resolved_inputs
from dlviz.probes import attention, recurrent
from dlviz.probes import capture as probe
from dlviz.probes.readout import cut_short, folded, unfolded
from dlviz.probes.recurrent import Reach
from dlviz.tasks import Forecast, Stepwise, Task, decoding
from dlviz.tasks.decoding import Said
from dlviz.tasks.forecast import Forecasts, forecasts
from dlviz.training import metrics
from dlviz.training.control import Ask, Watch
from dlviz.training.events import Answered, Captured


def capture(network: Network, task: Task, watch: Watch, step: int) -> Captured:
    """What `watch` wants to see, with the weights as they are: one forward pass of one sample, about 0.5 ms.

    Layers that the network does not have are left out: the watcher may still look at an older design.
    """
    names = set(network.spec.names())
    inputs, _ = task.sample("test", watch.sample % task.size("test"))
    probabilities, outputs = look(network, inputs, tuple(n for n in watch.outputs if n in names))
    modules = {name: network.module_of(name) for name in watch.weights if name in names}
    return Captured(step, watch.sample, outputs, probe.weights(modules), probabilities)


def answer(network: Network, task: Task, ask: Ask, step: int) -> Answered:
    """The reply to `ask`; an input of another shape than the network takes is answered with a sentence."""
    wrong = _wrong_shape(network, ask)
    if wrong:
        return Answered(ask.ticket, step, np.zeros(0, np.float32), error=wrong)
    said = _alone(network, task, ask)
    inputs = said[-1].inputs if said else ask.inputs
    with attention.watched(_modules(network, ask.attention)) as maps:
        entering = _entering(network, ask.states)
        answer, outputs = look(network, inputs, tuple(_modules(network, (*ask.outputs, *entering.values()))))
    known = {**dict(zip((name for name, _ in network.signature.inputs), inputs)), **outputs}
    states = {layer: recurrent.read(network.module_of(layer), torch.from_numpy(known[source]))
              for layer, source in entering.items()}
    wanted = {name: outputs[name] for name in ask.outputs if name in outputs}
    weights = probe.weights(_modules(network, ask.weights))
    guesses = _guesses(network, inputs) if ask.guesses else None
    return Answered(ask.ticket, step, answer, wanted, maps, states, weights, guesses, said,
                    _gradients(network, inputs, ask), _samples(network, task, ask), _forecasts(network, task, ask))


def _guesses(network: Network, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    """What the network would answer after each step, `(T, classes)`."""
    if folded(network):
        with unfolded(network):
            return look(network, inputs, ())[0]
    device = next(network.parameters()).device
    with _evaluating(network), torch.no_grad():
        scores = network(torch.from_numpy(cut_short(inputs[0])).to(device))
    return (scores.softmax(-1) if network.signature.loss == "cross_entropy" else scores).cpu().numpy()


def _alone(network: Network, task: Task, ask: Ask) -> tuple[Said, ...]:
    """Its own answer, one forward pass a symbol; nothing where it does not answer symbol by symbol."""
    if ask.alone is None or not isinstance(task, Stepwise):
        return ()

    def scores(inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return np.log(np.maximum(look(network, inputs, ())[0], 1e-30))

    return tuple(decoding.answer(task, ask.inputs, scores, ask.alone, np.random.default_rng(ask.seed)))


def _gradients(network: Network, inputs: tuple[np.ndarray, ...], ask: Ask) -> dict[str, dict[str, Reach]]:
    """How far back the loss of the last judged step reaches into each recurrent layer asked for.

    For memories that read backwards: of the first.
    """
    layers = _recurrent(network, ask.gradients)
    if ask.target is None or not layers:
        return {}
    target = torch.as_tensor(ask.target, device=next(network.parameters()).device)[None]

    def loss(scores: torch.Tensor, place: int = -1) -> torch.Tensor:
        if target.ndim == 1 or network.signature.loss == "mse":
            return metrics.LOSSES[network.signature.loss](scores, target)
        step = int((target[0] != metrics.IGNORE).nonzero()[place])
        return metrics.cross_entropy(scores[:, step], target[:, step])

    with _evaluating(network), torch.backends.cudnn.flags(enabled=False):  # cuDNN's own has no gradient here
        batch = _batch(network, inputs)
        return {name: recurrent.gradient_through_time(network, layer, batch, loss, partial(loss, place=0))
                for name, layer in layers.items()}


def _samples(network: Network, task: Task, ask: Ask) -> tuple[str, ...]:
    """Answers all drawn in one batch, one forward pass a symbol: from nothing, or behind a typed beginning."""
    if not ask.samples or not isinstance(task, Stepwise):
        return ()

    @torch.no_grad()
    def scores(inputs: tuple[np.ndarray, ...]) -> np.ndarray:
        return network(*(torch.from_numpy(x).to(device) for x in inputs)).cpu().numpy()

    device = next(network.parameters()).device
    with _evaluating(network):
        begun = ask.inputs if ask.alone else tuple(np.zeros_like(x) for x in ask.inputs)
        return decoding.many(task, begun, scores, ask.boldly, np.random.default_rng(ask.seed), ask.samples)


def _forecasts(network: Network, task: Task, ask: Ask) -> Forecasts | None:
    if ask.stretch is None or not isinstance(task, Forecast):
        return None
    return forecasts(task, ask.stretch, lambda inputs: look(network, inputs, ())[0])


@contextmanager
def _evaluating(network: Network) -> Iterator[None]:
    """Within the block the network is in evaluation mode."""
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)


def _batch(network: Network, inputs: tuple[np.ndarray, ...]) -> tuple[torch.Tensor, ...]:
    """One sample with a batch axis, where the network is."""
    device = next(network.parameters()).device
    return tuple(torch.from_numpy(np.ascontiguousarray(x))[None].to(device) for x in inputs)


def _wrong_shape(network: Network, ask: Ask) -> str | None:
    for given, (name, shape) in zip(ask.inputs, network.signature.inputs):
        if given.shape != shape.axes:
            return f"The input {name} has the shape {shape}, but {' x '.join(map(str, given.shape))} was given."
    return None


def _modules(network: Network, names: tuple[str, ...]) -> dict[str, nn.Module]:
    """Those of the named layers that this network has."""
    own = set(network.spec.names())
    return {name: network.module_of(name) for name in names if name in own}


def _entering(network: Network, names: tuple[str, ...]) -> dict[str, str]:
    """For each recurrent layer asked for: the name of what it reads."""
    return {name: resolved_inputs(network.spec, network.signature, network.spec.index(name))[0]
            for name in _recurrent(network, names)}


def _recurrent(network: Network, names: tuple[str, ...]) -> dict[str, nn.RNNBase]:
    """The recurrent layers among those named, in the network's order."""
    found = _modules(network, names)
    return {name: found[name] for name in network.spec.names() if isinstance(found.get(name), nn.RNNBase)}


@torch.no_grad()
def look(network: Network, inputs: tuple[np.ndarray, ...], names: tuple[str, ...],
         ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """One sample through the network in evaluation mode: its answer, and the outputs of `names`.

    The answer is probabilities `(classes,)` or, at every step, `(T, classes)`; with `mse` the numbers themselves.
    """
    with _evaluating(network), probe.outputs({name: network.module_of(name) for name in names}) as seen:
        scores = network(*_batch(network, inputs))
    answer = scores[0].softmax(-1) if network.signature.loss == "cross_entropy" else scores[0]
    return answer.cpu().numpy(), {name: value[0] for name, value in seen.items()}
