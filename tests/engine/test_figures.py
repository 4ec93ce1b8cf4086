"""Figures from arrays: confusion, mistakes, first weights, tables, sparklines, what differs."""
from __future__ import annotations

import base64
import csv
import io
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.figures import comparison, confusion, first_weights, mistakes, sparkline, table
from dlviz.optimizers import SGD
from dlviz.spec import LayerSpec, NetworkSpec
from dlviz.training.events import Evaluated, Mistake


def image_of(address: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.split(",", 1)[1]))))


# confusion

MATRIX = np.array([[8, 2, 0], [0, 0, 0], [5, 1, 4]], np.int32)


def test_confusion_shares_are_of_each_row_and_an_empty_class_has_none():
    figure = confusion.confusion(MATRIX, "abc")
    assert figure.counts == ((8, 2, 0), (0, 0, 0), (5, 1, 4))
    assert figure.fractions == ((0.8, 0.2, 0.0), (0.0, 0.0, 0.0), (0.5, 0.1, 0.4))
    assert figure.recalls == (0.8, None, 0.4)
    assert all(type(count) is int for row in figure.counts for count in row)


def test_the_commonest_mix_ups_come_first_and_what_never_happened_is_left_out():
    assert confusion.top_confusions(MATRIX, "abc", 2) == [("c", "a", 5), ("a", "b", 2)]
    assert confusion.top_confusions(MATRIX, "abc", 9) == [("c", "a", 5), ("a", "b", 2), ("c", "b", 1)]
    assert confusion.top_confusions(np.eye(3, dtype=int), "abc") == []
    assert MATRIX[0, 0] == 8, "the matrix itself is left alone"


def test_names_that_do_not_fit_the_matrix_are_refused():
    with pytest.raises(ValueError, match=r"4 classes is square.*\(3, 3\)"):
        confusion.confusion(MATRIX, "abcd")


# mistakes

def test_a_mistake_becomes_a_card_with_its_own_picture():
    pictures = np.random.default_rng(0).integers(0, 255, (9, 28, 28), np.uint8)
    card, = mistakes.cards([Mistake(7, 1, 0, 0.75)], ("zero", "one"), pictures.__getitem__)
    assert (card.index, card.target, card.prediction, card.probability) == (7, "one", "zero", 0.75)
    assert np.array_equal(image_of(card.picture), pictures[7])


# first weights

def report(network: NetworkSpec):
    return net.check(network, tasks.get("mnist").signature())


@pytest.mark.parametrize(("preset", "name", "image"), [
    ("mlp", "hidden1", (1, 28, 28)), ("cnn", "conv1", (1, 28, 28)), ("resnet", "conv0", (1, 28, 28))])
def test_the_first_layer_with_weights_and_what_it_sees(preset, name, image):
    found = first_weights.first_layer(report(presets.get(preset).experiment.network))
    assert (found.name, found.image) == (name, image)


def test_a_pooled_image_is_seen_smaller():
    layers = (LayerSpec(name="pool", kind="MaxPool2d"), LayerSpec(name="flat", kind="Flatten"),
              LayerSpec(name="bend", kind="ReLU"),
              LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    assert first_weights.first_layer(report(NetworkSpec(layers=layers))) == first_weights.FirstLayer(
        "out", "Linear", (1, 14, 14))


@pytest.mark.parametrize("first", [("BatchNorm2d", {}), ("Linear", {"out_features": 3}), ("NoSuchKind", {})])
def test_no_pictures_of_other_first_weights(first):
    kind, fields = first
    layers = (LayerSpec(name="first", kind=kind, fields=fields), LayerSpec(name="flat", kind="Flatten"),
              LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    assert first_weights.first_layer(report(NetworkSpec(layers=layers))) is None


def test_the_weights_of_a_neuron_take_the_form_of_the_image():
    weight = np.arange(2 * 2 * 3 * 4, dtype=np.float32).reshape(2, 24)
    pictures = first_weights.pictures(weight, first_weights.FirstLayer("a", "Linear", (2, 3, 4)))
    assert pictures.shape == (2, 3, 4)
    assert pictures[1, 2, 3] == (weight[1, 11] + weight[1, 23]) / 2
    kernels = np.ones((5, 1, 3, 3), np.float32)
    layer = first_weights.FirstLayer("c", "Conv2d", (1, 28, 28))
    assert first_weights.pictures(kernels, layer).shape == (5, 3, 3)


# tables

def train(count: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {"step": np.arange(1, count + 1), "loss": rng.random(count, np.float32),
            "accuracy": rng.random(count, np.float32), "learning_rate": np.full(count, 0.002, np.float32)}


JUDGED = (Evaluated(2, 0.5, 0.75, 100), Evaluated(4, float("nan"), 0.5, 100))


def test_curves_by_name():
    columns = train(5)
    curves = table.curves(columns, JUDGED)
    assert curves["train_loss"][1] is columns["loss"], "no copy"
    assert curves["val_accuracy"][0].tolist() == [2, 4] and curves["val_accuracy"][1].tolist() == [0.75, 0.5]
    assert table.curves(train(0), ())["val_loss"][0].shape == (0,)


def test_the_csv_reads_back_exactly():
    columns = train(5)
    rows = list(csv.DictReader(io.StringIO(table.to_csv(columns, JUDGED, steps_per_epoch=2))))
    assert [row["epoch"] for row in rows] == ["1", "1", "2", "2", "3"]
    assert [np.float32(row["train_loss"]) for row in rows] == columns["loss"].tolist()
    assert [np.float32(row["train_accuracy"]) for row in rows] == columns["accuracy"].tolist()
    assert rows[0]["learning_rate"] == "0.002", "as short as can be"
    assert [(row["step"], row["val_loss"], row["val_accuracy"]) for row in rows[:2]] == [("1", "", ""),
                                                                                         ("2", "0.5", "0.75")]
    assert rows[3]["val_loss"] == "nan"


# sparklines

def points_of(svg: str) -> np.ndarray:
    line = ElementTree.fromstring(svg)[0].attrib["points"]
    return np.array([[float(x) for x in pair.split(",")] for pair in line.split()])


def test_a_sparkline_goes_as_far_as_the_run_and_falls_with_its_loss():
    steps = np.arange(1, 501)
    points = points_of(sparkline.sparkline(steps, np.exp(-steps / 50), 1000, "#123456", width=100, height=20))
    assert 48 < points[-1, 0] < 52 and points[0, 0] < 4
    assert (np.diff(points[:, 1]) >= 0).all(), "downwards on a screen is a larger y"
    assert points.min() >= 0 and points[:, 1].max() <= 20


@pytest.mark.parametrize("values", [[], [1.0], [float("nan")] * 200])
def test_no_sparkline_without_two_points(values):
    assert sparkline.sparkline(np.arange(1, len(values) + 1), np.array(values), 100, "#123456") == ""


def test_a_flat_sparkline_and_one_with_holes():
    steps = np.arange(1, 101)
    values = np.where(steps % 10 == 0, np.inf, 2.0)
    assert np.isfinite(points_of(sparkline.sparkline(steps, values, 100, "#123456"))).all()


# what differs

def test_equal_experiments_differ_in_nothing():
    experiment = presets.get("mlp").experiment
    assert comparison.differences([experiment, experiment.model_copy(update={"name": "another"})]) == []


def test_settings_and_layers_that_differ_are_named_and_no_others():
    first = presets.get("mlp").experiment
    training = first.training.model_copy(update={"optimizer": SGD(learning_rate=0.1), "epochs": 9})
    layers = tuple(layer for layer in first.network.layers if layer.name != "relu2")
    second = first.model_copy(update={"training": training, "network": NetworkSpec(layers=layers)})
    rows = dict(comparison.differences([first, second]))
    assert rows["optimizer"] == ["Adam", "SGD"] and rows["epochs"][1] == "9"
    assert rows["nesterov"] == [comparison.NOTHING, "yes"] and rows["learning rate"][1] == "0.1"
    assert rows["layer relu2"] == ["ReLU", comparison.NOTHING]
    assert "layer hidden1" not in rows and "batch size" not in rows and "seed" not in rows


def test_a_layer_that_cannot_be_is_still_compared():
    broken = [presets.get("mlp").experiment.model_copy(update={"network": NetworkSpec(layers=(
        LayerSpec(name="x", kind="Nonsense", fields={"a": value}),))}) for value in (1, 2)]
    assert dict(comparison.differences(broken))["layer x"] == ["Nonsense a 1", "Nonsense a 2"]


def test_no_figure_needs_a_page():
    for module in (comparison, confusion, first_weights, mistakes, sparkline, table):
        assert not re.search(r"^(import|from) streamlit", Path(module.__file__).read_text(), re.M)
