"""What a network says over the plane: bytes of a grid, held against the network asked point by point."""
from __future__ import annotations

import numpy as np
import torch

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.probes.plane_maps import MOST_UNITS, SIDE, THUMB, plane_thumbs
from dlviz.runs.watches import WatchUnion
from dlviz.tasks.plane import EXTENT
from dlviz.training import captures
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training.control import Query, Watch
from dlviz.training.loop import train


def built(key: str):
    experiment = presets.get(key).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    return net.build(experiment.network, task.signature(), seed=1), task


def answer(network, task, x: float, y: float) -> torch.Tensor:
    return network(torch.from_numpy(task.encode(np.array([[x, y]]))))[0].detach()


def place(row: int, column: int) -> tuple[float, float]:
    return EXTENT * ((column + 0.5) * 2 / SIDE - 1), EXTENT * (1 - (row + 0.5) * 2 / SIDE)


def test_a_surface_holds_the_probability_of_each_class():
    network, task = built("spiral_three")
    maps = captures.over_plane(network.train(), task)
    assert network.training and maps.output.shape == (3, SIDE, SIDE) and maps.output.dtype == np.uint8
    for row, column in ((0, 0), (3, 40), (49, 7), (25, 25)):
        probabilities = answer(network.eval(), task, *place(row, column)).softmax(0)
        np.testing.assert_allclose(maps.output[:, row, column] / 255, probabilities, atol=0.5 / 255 + 1e-6)


def test_a_surface_of_numbers_is_signed():
    network, task = built("tilted_plane")
    output = captures.over_plane(network, task).output
    for row, column in ((0, 0), (3, 40), (49, 7)):
        value = answer(network, task, *place(row, column)).clamp(-1, 1).item()
        assert abs((int(output[0, row, column]) - 128) / 127 - value) < 0.5 / 127 + 1e-6


def test_units_are_those_of_small_layers_after_their_activation():
    network, task = built("spiral")
    units = captures.over_plane(network, task).units
    assert list(units) == ["tanh1", "tanh2"]
    grid = torch.from_numpy(task.encode(task.grid(SIDE)))
    hidden = network.module_of("tanh1")(network.module_of("hidden1")(grid)).detach().numpy()[:, 5].reshape(SIDE, SIDE)
    row, column = 4, 17
    mean = hidden[2 * row:2 * row + 2, 2 * column:2 * column + 2].mean()
    level, most = int(units["tanh1"].levels[5, row, column]), float(units["tanh1"].most[5])
    assert abs((level - 128) / 127 * most - mean) < most / 127
    assert units["tanh1"].levels.shape == (8, THUMB, THUMB)


def test_layers_with_many_units_are_left_out():
    network, task = built("moons_few")
    assert captures.over_plane(network, task).units == {} and MOST_UNITS < 32


def test_what_is_no_number_is_the_lowest_level():
    values = np.linspace(-1, 1, SIDE * SIDE)[:, None].repeat(2, 1)
    values[0, 1] = np.nan
    found = plane_thumbs(values)
    assert found.levels[1, 0, 0] == 0 and found.levels[0, 0, 0] > 0 and np.isfinite(found.most).all()


def test_a_query_gets_them_too_and_other_tasks_have_none():
    network, task = built("xor")
    inputs, _ = task.sample("test", 0)
    assert captures.answer_query(network, task, Query("t", inputs, plane=True), 3).plane is not None
    assert captures.answer_query(network, task, Query("t", inputs), 3).plane is None
    digits, images = built("mlp")
    assert captures.capture(digits, images, Watch(plane=True), 3).plane is None


def test_a_run_captures_the_plane_only_while_somebody_watches():
    control = ctl.Control()
    control.post(Watch(plane=True, every=0.0))
    experiment = presets.get("tilted_plane").experiment
    watched = [event for event in train(experiment, control, device="cpu") if isinstance(event, ev.Captured)]
    assert watched and all(event.plane is not None for event in watched)
    assert not any(isinstance(event, ev.Captured) for event in train(experiment, device="cpu"))


def test_viewers_wishes_are_joined():
    union = WatchUnion()
    union.update("a", Watch(plane=True), 0.0)
    union.update("b", Watch(outputs=("x",)), 0.0)
    assert union.union.plane and union.union.outputs == ("x",)
    union.update("a", Watch(), 0.1)
    assert not union.union.plane
