"""Networks that end with something else than their task wants: the sentence and the button that help."""
from __future__ import annotations

import pytest

from dlviz import network as net
from dlviz import tasks
from dlviz.english import listing
from dlviz.network import repairs
from dlviz.presets.base import layers, linear
from dlviz.spec import NetworkSpec

FLAT = ("flat", "Flatten")
SIDE_BY_SIDE = (("flat", "Flatten", {}, ("image",)), ("both", "Concat", {}, ("flat", "digit", "time")))
TOKENS = ("embed", "Embedding")


def _conv(channels: int, padding: int = 1) -> tuple:
    return "conv", "Conv2d", {"out_channels": channels, "padding": padding}


CASES = {  # task, layers, what the sentence advises, what the button says
    "numbers, too few": ("autoencoder", (FLAT, linear("last", 100)),
                         "End with a Linear of 784 neurons and an Unflatten of 28 rows.",
                         "Make it 784 wide and add Unflatten"),
    "numbers, as many": ("autoencoder", (FLAT, linear("wide", 784), ("last", "Sigmoid")),
                         "End with a Linear of 784 neurons and an Unflatten of 28 rows.", "Add Unflatten at the end"),
    "numbers behind an activation": ("scene", (FLAT, linear("wide", 50), ("last", "ReLU")),
                                     "End with a Linear of 784 neurons and an Unflatten of 28 rows.",
                                     "Add Linear and Unflatten at the end"),
    "rows too short": ("autoencoder", (FLAT, linear("wide", 784), ("last", "Unflatten", {"height": 14})),
                       "Set channels to 1 and height to 28.", "Set height to 28"),
    "too few numbers for its rows": ("diffusion", (*SIDE_BY_SIDE, linear("few", 50),
                                                   ("last", "Unflatten", {"height": 5})),
                                     "Put a Linear of 196 neurons before it and set channels to 1 and height to 14.",
                                     "Insert Linear of 196"),
    "rows that do not come out even": ("autoencoder", (FLAT, linear("few", 100), ("last", "Unflatten",
                                                                                   {"height": 28})),
                                       "Choose channels and height so that their product divides 100.",
                                       "Insert Linear of 784"),
    "too many maps": ("scene", (("conv", "Conv2d", {"padding": 1}), ("last", "ReLU")),
                      "End with a Conv2d of 1 channel.", "Add Conv2d at the end"),
    "too many maps of a convolution": ("scene", (("last", "Conv2d", {"padding": 1}),),
                                       "End with a Conv2d of 1 channel.", "Set out_channels to 1"),
    "a margin lost": ("restore", (("last", "Conv2d", {"out_channels": 1}),),
                      "Choose padding and strides so that the image becomes 28 x 28, or add a Flatten, a Linear of 784 "
                      "neurons and an Unflatten of 28 rows.", "Set padding to 1"),
    "a margin lost before": ("restore", (_conv(4, 0), ("last", "ReLU")),
                             "Choose padding and strides so that the image becomes 28 x 28, or add a Flatten, a Linear "
                             "of 784 neurons and an Unflatten of 28 rows.", "Add ConvTranspose2d at the end"),
    "half the size": ("scene", (_conv(4), ("last", "MaxPool2d")),
                      "Choose padding and strides so that the image becomes 28 x 28, or add a Flatten, a Linear of 784 "
                      "neurons and an Unflatten of 28 rows.", "Add ConvTranspose2d at the end"),
    "larger than wanted": ("restore", (("last", "ConvTranspose2d"),),
                           "Choose padding and strides so that the image becomes 28 x 28, or add a Flatten, a Linear "
                           "of 784 neurons and an Unflatten of 28 rows.", "Add Conv2d at the end"),
    "an uneven code": ("autoencoder", (FLAT, linear("code", 5), ("last", "GaussianSampling")),
                       "Give the layer before it twice as many outputs as the code has numbers.",
                       "Make code 10 wide, add Linear and Unflatten at the end"),
    "a recurrent layer's last step": ("reverse", (TOKENS, ("memory", "GRU", {"hidden_size": 8, "output": "last step"}),
                                                  linear("last", 10)),
                                      "Let memory give every step, and end with a Linear of 10 neurons.",
                                      "Let memory give every step"),
    "the mean of all steps": ("reverse", (TOKENS, ("memory", "GRU"), ("pool", "TimePool"), linear("last", 10)),
                              "Remove pool, and end with a Linear of 10 neurons.", "Remove pool"),
    "no steps, and too narrow": ("reverse", (TOKENS, ("last", "GRU", {"hidden_size": 8, "output": "last step"})),
                                 "Let last give every step, and end with a Linear of 10 neurons.",
                                 "Let last give every step, add Linear at the end"),
    "a board into a narrow layer": ("catch", (linear("last", 5),), "Put a Flatten between them.",
                                    "Insert Flatten, make it 3 wide"),
}


def _design(case: str) -> tuple[NetworkSpec, net.NetworkReport]:
    task, rows, _, _ = CASES[case]
    network = layers(*rows)
    return network, net.check(network, tasks.get(task, {}).signature(), batch_size=1)


@pytest.mark.parametrize("case", CASES)
def test_the_sentence_names_what_would_do(case: str):
    _, report = _design(case)
    [error] = report.errors
    assert error.sentence.endswith(CASES[case][2])


@pytest.mark.parametrize("case", CASES)
def test_one_button_brings_it_to_its_end(case: str):
    network, report = _design(case)
    [blamed] = [layer.name for layer in report.layers if layer.error]
    offer = repairs.repair(network, report, blamed)
    assert offer is not None and offer.label == CASES[case][3]
    assert net.check(offer.network, report.signature, batch_size=1).ok


@pytest.mark.parametrize(("task", "kind"), [("catch", "GRU"), ("cartpole", "TransformerEncoderLayer")])
def test_no_button_leaves_an_empty_network(task: str, kind: str):
    network = layers(("last", kind))
    report = net.check(network, tasks.get(task, {}).signature(), batch_size=1)
    assert report.errors[0].sentence.endswith("Move it behind a layer that gives a sequence, or remove it.")
    assert repairs.repair(network, report, "last") is None


def test_steps_that_were_skipped_are_counted():
    network = layers(TOKENS, ("conv", "Conv1d", {"stride": 2}), linear("last", 10))
    [error] = net.check(network, tasks.get("reverse", {}).signature(), batch_size=1).errors
    assert error.sentence.endswith("Choose padding and strides so that 10 steps remain, and end with a Linear of 10 "
                                   "neurons.")


def test_words_are_listed_as_one_says_them():
    assert [listing(list("abc"[:count])) for count in range(4)] == ["", "a", "a and b", "a, b and c"]
