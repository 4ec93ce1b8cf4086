"""ONNX files answer as torch does: run by onnxruntime, with another batch size than they were traced with."""
from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.torch import save_file

import dlviz
from dlviz import cli, tasks
from dlviz.errors import RunError, SpecError
from dlviz.export import onnx
from dlviz.export.onnx import onnx_model

# one of each: rows of pixels, feature maps with skips, a recurrent layer, attention over two inputs
KEYS = ("mlp", "resnet", "names", "dates_transformer")


def answers(content: bytes, inputs: tuple[np.ndarray, ...]) -> np.ndarray:
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, dict(zip((entry.name for entry in session.get_inputs()), inputs)))[0]


def samples(experiment: dlviz.Experiment, count: int) -> tuple[np.ndarray, ...]:
    task = tasks.get(experiment.task.name, experiment.task.fields)
    rows = [task.sample("test", index)[0] for index in range(count)]
    return tuple(np.stack(column) for column in zip(*rows))


@pytest.mark.parametrize("key", KEYS)
def test_a_preset_answers_as_in_torch(key: str):
    experiment = dlviz.presets.get(key).experiment
    network, inputs = dlviz.build(experiment).eval(), samples(experiment, 5)
    with torch.no_grad():
        expected = network(*map(torch.from_numpy, inputs)).numpy()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        content = onnx_model(network)
    assert not warned  # what torch says of its own insides is none of the user's business
    np.testing.assert_allclose(answers(content, inputs), expected, atol=5e-6)


def test_a_training_is_exported_with_its_weights(tmp_path: Path):
    experiment = dlviz.presets.get("mlp").experiment
    network = dlviz.build(experiment.model_copy(update={"seed": 7})).eval()  # stands for a trained one
    dlviz.save(experiment, tmp_path / "design.json")
    save_file(network.state_dict(), tmp_path / "weights.safetensors")
    assert cli.main(["export", str(tmp_path), "--to", "onnx", "--out", str(tmp_path / "net.onnx")]) == 0
    inputs = samples(experiment, 3)
    with torch.no_grad():
        expected = network(*map(torch.from_numpy, inputs)).numpy()
    np.testing.assert_allclose(answers((tmp_path / "net.onnx").read_bytes(), inputs), expected, atol=5e-6)


def test_weights_of_another_design_and_damaged_ones_are_a_sentence(tmp_path: Path):
    network = dlviz.build(dlviz.presets.get("mlp").experiment)
    save_file({"hidden1.weight": torch.zeros(2, 2)}, tmp_path / "weights.safetensors")
    with pytest.raises(RunError, match="must be those of this design"):
        onnx_model(network, tmp_path / "weights.safetensors")
    (tmp_path / "weights.safetensors").write_bytes(b"nothing")
    with pytest.raises(RunError, match="cannot be read"):
        onnx_model(network, tmp_path / "weights.safetensors")


def test_without_the_extra_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(onnx, "find_spec", lambda name: None)
    with pytest.raises(SpecError, match=r"pip install .dlviz\[export\]"):
        onnx_model(dlviz.build(dlviz.presets.get("mlp").experiment))


def test_bytes_are_not_printed(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["export", "mlp", "--to", "onnx"]) == 1
    assert "--out" in capsys.readouterr().err
