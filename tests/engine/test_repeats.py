"""Which parts of a network repeat themselves, and how they are folded on the canvas."""
from __future__ import annotations

import pytest

from dlviz.layout import Layout
from dlviz.network import editing
from dlviz.network.repeats import Repeat, repeats
from dlviz.spec import Experiment
from pages.ui.build import folds
from tests.networks import resnet


def test_residual_blocks_repeat_from_their_first_convolution_on():
    assert repeats(resnet(8)) == (Repeat(start=2, length=7, times=8),)


@pytest.mark.parametrize("blocks", [0, 1, 2])
def test_what_comes_once_or_twice_is_no_repeat(blocks):
    assert repeats(resnet(blocks)) == ()


def test_another_field_or_another_wire_ends_the_repeat():
    wider = editing.set_fields(resnet(8), "conv2d4a", {"kernel_size": 5})
    assert repeats(wider) == (Repeat(2, 7, 4), Repeat(37, 7, 3))
    rewired = editing.set_inputs(resnet(8), "add4", ("batchnorm2d4b", "relu0b"))
    assert all(repeat.end <= 30 or repeat.start > 30 for repeat in repeats(rewired))


def test_a_large_network_opens_folded_and_a_small_or_a_placed_one_as_it_is():
    block, = folds.opened(Experiment(network=resnet(8))).layout.blocks
    assert (block.title, len(block.layers), block.folded) == ("Conv2d to ReLU x 8", 56, True)
    small = Experiment(network=resnet(2))
    placed = Experiment(network=resnet(8), layout=Layout(positions={"stem": (0, 1)}))
    assert folds.opened(small) == small and folds.opened(placed) == placed


def test_a_block_that_is_there_stays():
    network = resnet(8)
    own = Layout().grouped("Mine", ("conv2d0a", "relu0a"))
    assert folds.folded(network, own) == own
    again = folds.folded(network, folds.folded(network, Layout()))
    assert len(again.blocks) == 1


def test_two_repeats_of_the_same_kinds_have_two_titles():
    wider = editing.set_fields(resnet(8), "conv2d4a", {"kernel_size": 5})
    titles = [block.title for block in folds.folded(wider, Layout()).blocks]
    assert titles == ["Conv2d to ReLU x 4", "Conv2d to ReLU x 3"]
