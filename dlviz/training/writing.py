"""What a network writes by itself when a viewer asks: one answer, many samples, a beam search, and how fast."""
from __future__ import annotations

import numpy as np
import torch

from dlviz.network import Network
from dlviz.probes import caching
from dlviz.probes.caching import CacheTiming
from dlviz.tasks import Task, beam, decoding
from dlviz.tasks.beam import BeamTree
from dlviz.tasks.decoding import Generation
from dlviz.training.control import Query
from dlviz.training.passes import as_tensor, evaluating, forward_sample, logits_of_batch

Inputs = tuple[np.ndarray, ...]
LEAST = 1e-30  # probability, before its logarithm is taken


def generate(network: Network, task: Task, query: Query) -> tuple[Generation, ...]:
    """Its own answer, one forward pass a symbol; nothing where it does not answer symbol by symbol."""
    writer = task.stepwise
    if query.decoding is None or writer is None:
        return ()

    def log_probabilities(inputs: Inputs) -> np.ndarray:
        return np.log(np.maximum(forward_sample(network, inputs, ())[0], LEAST))

    return tuple(decoding.generate(writer, query.inputs, log_probabilities, query.decoding,
                                   np.random.default_rng(query.seed)))


def samples(network: Network, task: Task, query: Query) -> tuple[str, ...]:
    """Answers all drawn in one batch, one forward pass a symbol: from nothing, or behind a typed beginning."""
    writer = task.stepwise
    if not query.samples or writer is None:
        return ()
    begun = query.inputs if query.decoding else writer.beginning()
    return decoding.generate_batch(writer, begun, lambda inputs: logits_of_batch(network, inputs),
                                   query.sample_decoding, np.random.default_rng(query.seed), query.samples)


def beam_tree(network: Network, task: Task, query: Query) -> BeamTree | None:
    """A beam search from the inputs, one forward pass of all beams a symbol."""
    writer = task.stepwise
    if query.beam is None or writer is None:
        return None

    def log_probabilities(inputs: Inputs) -> np.ndarray:
        logits = torch.from_numpy(logits_of_batch(network, inputs))  # pyright: ignore[reportUnknownMemberType]
        return logits.double().log_softmax(-1).numpy()

    free = writer.signature().exact_match or query.decoding is not None
    begun = query.inputs if free else writer.beginning()
    return beam.search(writer, begun, log_probabilities, *query.beam)


def timing(network: Network, inputs: Inputs, query: Query) -> CacheTiming | None:
    """How long the symbols of the inputs take one by one, with and without a cache of keys and values."""
    if not query.timed or len(inputs) != 1:
        return None
    tokens = as_tensor(inputs[0])[None].to(next(network.parameters()).device)
    with evaluating(network):
        return caching.measure(network, tokens[:, :query.timed])
