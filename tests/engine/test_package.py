"""What `pip install .` gives: the public names, the command `dlviz`, the dependencies, and the pages of docs/."""
from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dlviz
from dlviz import cli
from dlviz.cli import export as cli_export
from dlviz.errors import SpecError

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def _small():
    experiment = dlviz.presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"epochs": 1, "train_fraction": 0.02})
    return experiment.model_copy(update={"training": training})


def test_requirements_and_project_ask_for_the_same():
    lines = (line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    required = sorted(line for line in lines if line)
    assert required == sorted(PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"])


def test_the_benchmarks_ask_for_the_extra():
    lines = (ROOT / "benchmarks" / "requirements.txt").read_text().splitlines()
    asked = [line for line in lines if not line.startswith("#")]
    assert sorted(asked) == sorted(PROJECT["optional-dependencies"]["bench"])


def test_tests_have_what_the_export_extra_brings():
    extras = PROJECT["optional-dependencies"]
    assert set(extras["export"]) <= set(extras["test"])


def test_every_requirement_says_its_reason():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert all(re.search(r"\S\s+# \w", line) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("name", dlviz.__all__)
def test_a_public_name_is_there(name: str):
    assert getattr(dlviz, name) is not None


def test_a_name_that_is_not_public_is_refused_with_those_that_are():
    with pytest.raises(AttributeError, match="Experiment"):
        getattr(dlviz, "nothing")  # noqa: B009


def test_import_brings_neither_torch_nor_plotly_nor_streamlit():
    code = "import sys, dlviz; print(sorted({'torch', 'plotly', 'streamlit', 'pydantic'} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).strip() == "[]"


def test_an_experiment_goes_to_a_file_and_back(tmp_path: Path):
    dlviz.save(_small(), tmp_path / "design.json")
    assert dlviz.load(tmp_path / "design.json") == _small()


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path):
    with pytest.raises(SpecError, match="cannot be read"):
        dlviz.load(tmp_path / "none.json")
    with pytest.raises(SpecError, match="must be written"):
        dlviz.save(_small(), tmp_path / "no folder" / "design.json")


def test_a_network_prints_as_a_table():
    text = repr(dlviz.check(_small()))
    assert re.search(r"hidden1 +Linear +128 +100,480 +flatten", text) and "109,386 parameters" in text
    assert re.search(r"hidden1 +Linear +out_features=128", repr(_small()))


def test_a_design_that_cannot_work_says_so_when_it_is_built():
    network = _small().network
    broken = _small().model_copy(update={"network": network.model_copy(update={"layers": network.layers[1:]})})
    with pytest.raises(SpecError, match="Flatten"):
        dlviz.build(broken)
    assert "Flatten" in repr(dlviz.check(broken))


def test_the_command_lists_the_presets(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["presets"]) == 0
    out = capsys.readouterr().out
    assert all(re.search(rf"^{key} ", out, re.M) for key in dlviz.presets.PRESETS)


def test_the_command_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    dlviz.save(_small(), tmp_path / "design.json")
    assert cli.main(["export", str(tmp_path / "design.json"), "--to", "pytorch"]) == 0
    printed = capsys.readouterr().out
    compile(printed, "design.py", "exec")
    assert cli.main(["export", "mlp", "--to", "pytorch", "--out", str(tmp_path / "mlp.py")]) == 0
    assert "class Network" in (tmp_path / "mlp.py").read_text()


def test_the_command_trains_and_leaves_everything(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    dlviz.save(_small(), tmp_path / "design.json")
    assert cli.main(["train", str(tmp_path / "design.json"), "--out", str(tmp_path / "out")]) == 0
    assert re.search(r"test accuracy \d", capsys.readouterr().out)
    assert dlviz.load(tmp_path / "out" / "design.json") == _small()
    steps = (tmp_path / "out" / "curves.csv").read_text().splitlines()
    assert steps[0].startswith("step,epoch,train_loss") and len(steps) > 10
    assert (tmp_path / "out" / "weights.safetensors").stat().st_size > 4 * 109_386


def test_the_command_answers_a_mistake_with_a_sentence(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["train", "no such file"]) == 1
    assert "it is neither. Use a key that `dlviz presets` lists" in capsys.readouterr().err


def test_a_folder_without_a_finished_training_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.main(["export", str(tmp_path), "--to", "pytorch"]) == 1
    assert "must hold a training that has ended" in capsys.readouterr().err


def test_who_exports_untrained_weights_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch):
    monkeypatch.setitem(cli_export.FORMATS, "onnx", lambda experiment, weights: b"onnx")
    assert cli.main(["export", "mlp", "--to", "onnx", "--out", str(tmp_path / "mlp.onnx")]) == 0
    assert "untrained" in capsys.readouterr().out


def test_the_app_is_found_in_a_checkout():
    assert cli.app_file() == ROOT / "app.py"


def test_the_wheel_carries_the_app():
    force = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    carried = force["force-include"]
    assert {name: (ROOT / name).exists() for name in carried} == dict.fromkeys(carried, True)
    assert carried["app.py"] == "dlviz/_app/app.py"


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_a_page_of_docs_runs_from_top_to_bottom(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(), re.M | re.S)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page.name, "exec"), names)
