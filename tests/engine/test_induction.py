"""An induction head forms: attention goes to what stood behind the earlier place of the same letter."""
from __future__ import annotations

import numpy as np
import torch

from dlviz import presets, tasks
from dlviz.probes import attention
from dlviz.training import checkpoint
from dlviz.training import events as ev
from dlviz.training.loop import train


def behind_earlier(tokens: np.ndarray, weights: np.ndarray) -> float:
    """The mean attention `(T, T)` of one head on the place behind the last earlier place of the same letter."""
    found = []
    for row in range(len(tokens)):
        earlier = np.flatnonzero(tokens[:row] == tokens[row])
        if earlier.size:
            found.append(weights[row, earlier[-1] + 1])
    return float(np.mean(found))


def test_a_head_learns_to_look_behind_the_earlier_letter(tmp_path):
    experiment = presets.get("induction").experiment
    short = experiment.model_copy(update={"training": experiment.training.model_copy(update={"epochs": 1})})
    path = tmp_path / "weights.safetensors"
    *_, end = train(short, checkpoint=path, device="cpu")
    assert isinstance(end, ev.Ended) and end.test_accuracy > 0.97
    network, _ = checkpoint.load_network(short, path)
    inputs = tasks.get("repeats").data().test.inputs[0][:20]
    scores = {"block1": np.zeros(2), "block2": np.zeros(2)}
    for row in inputs:
        with attention.watched({name: network.module_of(name) for name in scores}) as maps, torch.no_grad():
            network(row[None])
        for name in scores:
            scores[name] += [behind_earlier(row.numpy(), head) / 20 for head in maps[f"{name}.self_attn"].weights]
    assert scores["block2"].max() > 0.5 > scores["block1"].max(), scores
