"""The exported script against dlviz itself: the same losses, the same test accuracy, the same logits.

Both run the same operations of torch in the same order on one thread, so numbers are compared with `==`.
"""
from __future__ import annotations

import ast
import gzip
import hashlib
import json
import os
import struct
import subprocess
import sys
import textwrap
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz import layers, presets, schedules, tasks
from dlviz import network as net
from dlviz.augmentation import Augmentation
from dlviz.errors import RunError, SpecError
from dlviz.export.data import data_file, data_source, file_name
from dlviz.export.metrics import correct_lines, loss_name, loss_source
from dlviz.export.names import file_stem, in_comment
from dlviz.export.script import script
from dlviz.export.weights import loading_example, model_weights
from dlviz.optimizers import OPTIMIZERS, SGD, Adam
from dlviz.schedules import CosineAnnealingLR, ExponentialLR, OneCycleLR, ReduceLROnPlateau, StepLR
from dlviz.shapes import Shape, Signature
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TrainingSpec
from dlviz.tasks import Mnist, mnist
from dlviz.tasks.game import finished
from dlviz.tasks.idx import IdxFile
from dlviz.training import checkpoint as ckpt
from dlviz.training import events as ev
from dlviz.training import metrics, optimizers
from dlviz.training.loop import train

MNIST = tasks.get("mnist")

# A process of its own that runs the `main` of one script after another and reports what they computed;
# each line in names a script and the folder of its data. No part of dlviz is in its reach.
DRIVER = """
import contextlib, importlib.util, json, sys, torch, traceback
def load(path):
    script = importlib.util.module_from_spec(spec := importlib.util.spec_from_file_location("exported", path))
    spec.loader.exec_module(script)
    return script
def run(path, data):
    script, seen = load(path), {"losses": [], "scores": []}
    train_epoch, evaluate = script.train_epoch, script.evaluate
    def watched_epoch(*arguments):
        seen["losses"] += (losses := train_epoch(*arguments))
        return losses
    def watched_evaluate(*arguments):
        seen["scores"].append(evaluate(*arguments))
        return seen["scores"][-1]
    script.train_epoch, script.evaluate = watched_epoch, watched_evaluate
    script.best_device = lambda: torch.device("cpu")
    sys.argv = [path, "--data", data]
    with contextlib.redirect_stdout(sys.stderr):
        try:
            script.main()
        except (Exception, SystemExit):
            return {"failed": traceback.format_exc()}
    return {**seen, "dlviz": any(name.split(".")[0] == "dlviz" for name in sys.modules)}
for line in sys.stdin:
    print(json.dumps(run(*json.loads(line))), flush=True)
"""


class Toy:
    """A task of any signature, with a few random samples; enough for `script`."""

    name, title, corruption = "toy", "toy data", None

    def __init__(self, *inputs: tuple[str, Shape]):
        self.inputs = inputs

    def signature(self) -> Signature:
        return Signature(self.inputs, Shape("vector", (10,)), "cross_entropy", "10 classes")

    def source(self) -> str:
        shapes = [(40, *shape.axes) for _, shape in self.inputs]
        return (f"import torch\n\n\ndef load_data(folder):\n"
                f"    data = *map(torch.randn, {shapes}), torch.randint(10, (40,))\n"
                f"    return data, data, data")

    def batch(self) -> list[torch.Tensor]:
        generator = torch.Generator().manual_seed(3)
        shapes = [shape for _, shape in self.inputs]
        return [torch.randint(shape.vocabulary, (4, *shape.axes), generator=generator)
                if shape.kind == "tokens" else torch.randn(4, *shape.axes, generator=generator)
                for shape in shapes]


def network(*rows) -> NetworkSpec:
    """Rows of (name, kind[, fields[, inputs]])."""
    padded = [(*row, *({}, None)[len(row) - 2:]) for row in rows]
    return NetworkSpec(layers=tuple(LayerSpec(name=name, kind=kind, fields=fields, inputs=inputs)
                                    for name, kind, fields, inputs in padded))


def small(key: str, **training) -> Experiment:
    base = presets.get(key).experiment
    return base.model_copy(update={"training": TrainingSpec(**dict(base.training) | training)})


def task_of(key: str):
    spec = presets.get(key).experiment.task
    return tasks.get(spec.name, spec.fields)


def checked(text: str) -> ast.Module:
    """The script's tree, once its form is what a careful person leaves behind."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(text, "script", "exec")
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                assert (alias.asname or alias.name).split(".")[0] in used, f"{alias.name} is imported in vain"
                assert "dlviz" not in (alias.name, getattr(node, "module", ""))
    functions = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    constants = {node.targets[0].id for node in tree.body if isinstance(node, ast.Assign)}
    assert functions | constants <= used, f"{functions | constants - used} is defined in vain"
    lines = text.splitlines()
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name != "Network":
            for index in range(node.lineno - 1, node.end_lineno):
                lines[index] = ""  # as dlviz has it
    assert not [line for line in lines if len(line) > 99 or line != line.rstrip()]
    assert text.endswith("main()\n") and "\n\n\n\n" not in text and "\t" not in text
    return tree


def module_of(text: str, folder: Path, name: str = "exported") -> types.ModuleType:
    """The script imported from a file, as somebody would who loads weights."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    loaded = types.ModuleType(name)
    loaded.__file__ = str(path)
    exec(compile(text, path, "exec"), vars(loaded))  # an import could take an older script of this name from its cache
    return loaded


def same_network(spec: NetworkSpec, task, folder: Path) -> tuple[torch.nn.Module, net.Network]:
    """The exported and the built network, once their first weights and their answers are found equal."""
    text = script(Experiment(network=spec), task)
    checked(text)
    built = net.build(spec, task.signature(), seed=1)
    torch.manual_seed(1)
    exported = module_of(text, folder).Network()
    assert list(exported.state_dict()) == list(built.state_dict())
    assert all(torch.equal(exported.state_dict()[key], value) for key, value in built.state_dict().items())
    batch = Toy(*task.signature().inputs).batch()
    for mode in (True, False):
        answers = []
        for model in (built.train(mode), exported.train(mode)):
            torch.manual_seed(2)  # for dropout
            answers.append(model(*batch))
        assert torch.equal(*answers)
    return exported, built


# The whole training


@pytest.fixture(scope="module")
def few(tmp_path_factory) -> Path:
    """The first images of MNIST in four IDX files: 2,700 to train and validate, 500 to test."""
    folder = tmp_path_factory.mktemp("few")
    counts = {"train_images": 2_700, "train_labels": 2_700, "test_images": 500, "test_labels": 500}
    for part, count in counts.items():
        archive = Mnist.files[part]
        axes = len(archive.shape)
        content = gzip.decompress((Mnist.folder() / archive.name).read_bytes())
        size = count * (784 if axes == 3 else 1)
        start = 4 + 4 * axes
        header = content[:4] + struct.pack(f">{axes}I", count, *archive.shape[1:])
        (folder / archive.name).write_bytes(gzip.compress(header + content[start:start + size], 1))
    return folder


@pytest.fixture
def few_in_dlviz(few: Path, monkeypatch):
    files = {part: IdxFile(file.name, "sha256:" + hashlib.sha256((few / file.name).read_bytes()).hexdigest(),
                           (2_700 if "train" in part else 500, *file.shape[1:]))
             for part, file in Mnist.files.items()}
    monkeypatch.setattr(mnist, "VALIDATION", 500)  # 5,000 would be most of the work
    monkeypatch.setattr(Mnist, "files", files)
    monkeypatch.setattr(Mnist, "folder", classmethod(lambda cls: few))


def started(*command: str, **options) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.Popen([sys.executable, *command], env=environment | {"OMP_NUM_THREADS": "1"}, text=True,
                            stdout=subprocess.PIPE, **options)


@pytest.fixture(scope="module")
def run_script(tmp_path_factory):
    """Runs a script without dlviz. One process for all: importing torch takes longer than most trainings."""
    folder = tmp_path_factory.mktemp("alone")
    with (folder.joinpath("said.txt").open("w") as errors,
          started("-c", DRIVER, cwd=folder, stdin=subprocess.PIPE, stderr=errors) as process):

        def run(script: Path, data: Path) -> dict:
            process.stdin.write(json.dumps([str(script), str(data)]) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert "failed" not in answer, answer["failed"]
            return answer

        yield run
        process.stdin.close()


@pytest.mark.parametrize("key", [key for key in presets.PRESETS if task_of(key).supervised])
def test_a_script_on_its_own_repeats_the_training(key: str, run_script, few: Path, few_in_dlviz, tmp_path):
    task = task_of(key)
    count = min(530, len(task.data().train))  # of MNIST's 530: 34 batches of 16, the last one of 2
    batch = max(1, count // 33)
    experiment = small(key, train_fraction=count / len(task.data().train), batch_size=batch,
                       epochs=1 + 32 * batch // count)
    path = tmp_path / "exported.py"
    path.write_text(script(experiment, task), encoding="utf-8")
    if not task.source():
        (tmp_path / file_name(task)).write_bytes(data_file(task))
    outcome = run_script(path, few if task.source() else tmp_path)

    events = list(train(experiment, device="cpu"))
    losses = [event.loss for event in events if isinstance(event, ev.Step)]
    judged = [[event.val_loss, event.val_accuracy] for event in events if isinstance(event, ev.Evaluated)]
    assert len(losses) > 32
    assert outcome["losses"] == losses
    assert outcome["scores"][-2:] == [judged[-1], [events[-1].test_loss, events[-1].test_accuracy]]
    assert not outcome["dlviz"]


MECHANISMS = [
    {"schedule": StepLR(step_size=1, gamma=0.5), "clip": "norm", "clip_threshold": 0.5},
    {"schedule": ExponentialLR(), "clip": "value", "clip_threshold": 0.02, "label_smoothing": 0.1},
    {"schedule": CosineAnnealingLR(warmup_ratio=0.2, end_factor=0.1),
     "augmentation": Augmentation(shift=2, rotate=10, scale=0.1)},
    {"schedule": "Constant", "l1": 0.001, "l2": 0.01, "clip": "norm", "clip_threshold": 0.5},
    {"schedule": OneCycleLR(), "augmentation": Augmentation(elastic=1), "optimizer": SGD(learning_rate=0.1)},
    {"schedule": ReduceLROnPlateau(factor=0.1, patience=0), "early_stopping": 2, "optimizer": SGD(learning_rate=0.3)}]


@pytest.mark.parametrize("settings", MECHANISMS, ids=lambda s: "+".join(s))
def test_a_script_has_each_mechanism(settings: dict, run_script, few: Path, few_in_dlviz, tmp_path):
    experiment = small("mlp", train_fraction=300 / 2_200, batch_size=32, epochs=6, **settings)
    network = experiment.network.model_copy(update={"layers": tuple(
        layer.model_copy(update={"fields": layer.fields | {"init": init}}) if layer.kind == "Linear" else layer
        for layer, init in zip(experiment.network.layers, ("", "orthogonal", "", "kaiming_normal", "", "normal")))})
    same_training(experiment.model_copy(update={"network": network}), MNIST, run_script, few, tmp_path)


def test_smoothed_answers_at_every_step(run_script, tmp_path):
    experiment = small("reverse", label_smoothing=0.1, epochs=1, clip="norm", train_fraction=0.02)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    (tmp_path / file_name(task)).write_bytes(data_file(task))
    same_training(experiment, task, run_script, tmp_path, tmp_path)


def same_training(experiment: Experiment, task, run_script, data: Path, folder: Path) -> None:
    """The script on its own and dlviz, once their losses and their judgements are found equal."""
    text = script(experiment, task)
    checked(text)
    path = folder / "exported.py"
    path.write_text(text, encoding="utf-8")
    outcome = run_script(path, data)
    events = list(train(experiment, device="cpu"))
    judged = [[event.val_loss, event.val_accuracy] for event in events if isinstance(event, ev.Evaluated)]
    assert outcome["losses"] == [event.loss for event in events if isinstance(event, ev.Step)]
    assert outcome["scores"] == [*judged, [events[-1].test_loss, events[-1].test_accuracy]]


def test_from_the_command_line_on_the_whole_test_set(tmp_path):
    experiment = small("mlp", train_fraction=0.015, batch_size=16, epochs=2)  # the second one's order differs
    (tmp_path / "exported.py").write_text(script(experiment, MNIST), encoding="utf-8")
    process = started("exported.py", "--data", str(Mnist.folder()), cwd=tmp_path)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    events = list(train(experiment, device="cpu"))
    steps = [event for event in events if isinstance(event, ev.Step)]
    ends = [event for event in events if isinstance(event, ev.Evaluated) and event.samples == 5_000]
    means = [sum(step.loss for step in part) / 52 for part in (steps[:52], steps[52:])]
    expected = [f"epoch {n}: loss {mean:.4f}, validation loss {end.val_loss:.4f}, accuracy {end.val_accuracy:.2%}"
                for n, mean, end in zip((1, 2), means, ends)]
    expected.append(f"test: loss {events[-1].test_loss:.4f}, accuracy {events[-1].test_accuracy:.2%}")
    assert printed.splitlines() == expected


def test_the_data_are_those_of_dlviz(tmp_path):
    loaded = module_of(script(small("mlp"), MNIST), tmp_path).load_data(Mnist.folder())
    data = MNIST.data()
    for (images, labels), split in zip(loaded, (data.train, data.val, data.test)):
        assert torch.equal(images, split.inputs[0]) and torch.equal(labels, split.targets)


@pytest.mark.parametrize("name", tasks.TASKS)
def test_every_task_says_where_its_data_are(name: str, tmp_path):
    task = tasks.get(name)
    text = task.source() or data_source(task)
    compile(text, name, "exec")
    assert str(Path.home()) not in text
    if task.game:
        game = module_of(text, tmp_path).make_game(3)
        assert game.reset(seed=1)[0].shape == (3, *task.signature().inputs[0][1].axes)
        return
    if task.source():
        files = getattr(type(task), "files", tasks.Mnist.files)  # of other tasks over MNIST's pictures
        assert all(file.name in text for file in files.values())
        return
    (tmp_path / file_name(task)).write_bytes(data_file(task))
    loaded = module_of(text, tmp_path).load_data(tmp_path)
    for (*inputs, targets), split in zip(loaded, (task.data().train, task.data().val, task.data().test)):
        clean = split is task.data().train and split.clean  # what is done to it is done to each batch anew
        assert all(map(torch.equal, inputs, clean or split.inputs)) and torch.equal(targets, split.targets)


def test_missing_data_is_one_sentence(tmp_path):
    exported = module_of(script(small("mlp"), MNIST), tmp_path)
    with pytest.raises(SystemExit, match=r"train-images-idx3-ubyte\.gz is missing; load_data tells"):
        exported.load_data(tmp_path)


# Optimizers, schedules, settings


def learner(experiment: Experiment, folder: Path, monkeypatch) -> tuple:
    """What the script's `main` hands to its first epoch: model, optimizer, perhaps a schedule, data."""
    exported = module_of(script(experiment, Toy(("image", Shape("image", (1, 28, 28))))), folder)
    handed = []
    monkeypatch.setattr(exported, "train_epoch", lambda *arguments: handed.append(arguments) or [0.0])
    monkeypatch.setattr(sys, "argv", ["exported.py"])
    exported.main()
    return handed[0]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_is_that_of_dlviz(kind: str, tmp_path, monkeypatch):
    fields = OPTIMIZERS[kind].model_fields
    usual = OPTIMIZERS[kind]()
    values = {name: field.default for name, field in fields.items() if name != "kind"}
    other = OPTIMIZERS[kind](**{name: not value if isinstance(value, bool) else value / 2 + 1e-5
                                for name, value in values.items()})
    for spec in (usual, other):
        experiment = small("mlp", optimizer=spec, schedule="Constant", epochs=1)
        model, written, *_ = learner(experiment, tmp_path, monkeypatch)
        ours = optimizers.build(spec, model)
        assert type(written) is type(ours)
        assert written.defaults == ours.defaults


@pytest.mark.parametrize("name", schedules.SCHEDULES)
def test_every_schedule_is_that_of_dlviz(name: str, tmp_path, monkeypatch):
    experiment = small("mlp", schedule=name, batch_size=16, epochs=2, optimizer=Adam(learning_rate=0.3))
    _, optimizer, *rest = learner(experiment, tmp_path, monkeypatch)
    rates = []
    for _ in range(6):  # 40 samples in batches of 16, twice
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if len(rest) == 4:
            rest[0].step()
    plan = schedules.Plan(6, 3)
    assert rates == [0.3 * schedules.get(name).at(step, plan) for step in range(6)]


VECTOR, STEPS = Shape("vector", (3,)), Shape("sequence", (5, 3))


@pytest.mark.parametrize(("out", "loss", "more"), [
    (VECTOR, "cross_entropy", {}), (STEPS, "cross_entropy", {"exact_match": True}),
    (STEPS, "cross_entropy", {"exact_match": False}),
    (VECTOR, "mse", {"tolerance": 1.0}), (STEPS, "mse", {"tolerance": 3.0})])
def test_answers_are_judged_as_in_dlviz(out: Shape, loss: str, more: dict):
    signature = Signature((), out, loss, "answers", **more)
    scores = torch.randn(400, *out.axes)
    if loss == "mse":
        targets = torch.randn(400, *out.axes)
    else:
        targets = scores.argmax(-1)  # all right, but for a fifth; another fifth of the steps does not count
        targets = torch.where(torch.rand(targets.shape) < 0.2, (targets + 1) % 3, targets)
        targets = torch.where(torch.rand(targets.shape) < 0.2, -100, targets) if out is STEPS else targets
    written = {"torch": torch, "outputs": scores, "answers": targets}
    exec("\n".join([loss_source(signature), *correct_lines(signature, "answers"),
                    f"loss = {loss_name(signature)}(outputs, answers)"]), written)
    correct = metrics.correct(scores, targets, signature)
    assert 0.1 < correct.mean() < 0.95
    assert torch.equal(written["correct"].float(), correct)
    assert torch.equal(written["loss"], metrics.LOSSES[loss](scores, targets))


def test_nothing_is_left_of_what_is_not_used():
    plain = script(small("mlp", schedule="Constant"), MNIST)
    for word in ("TRAIN_FRACTION", "train_size", "schedule", "channels_last", "import torch.", "numpy"):
        assert word not in plain
    for key in presets.PRESETS:
        checked(script(small(key, train_fraction=0.5), task_of(key)))
        checked(script(small(key), task_of(key)))


def test_a_loss_that_is_no_number_ends_the_script(tmp_path):
    exported = module_of(script(small("mlp", schedule="Constant"), MNIST), tmp_path)
    model = exported.Network()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    images = torch.full((8, 1, 28, 28), float("inf"))
    with pytest.raises(SystemExit, match="The loss is no longer a number"):
        exported.train_epoch(model, optimizer, images, torch.zeros(8, dtype=torch.long), torch.arange(8))


# Networks

INPUTS = {"vector": Shape("vector", (24,)), "image": Shape("image", (4, 12, 12)),
          "sequence": Shape("sequence", (5, 8)), "tokens": Shape("tokens", (5,), vocabulary=20)}
END = ("end", "Linear", {"out_features": 10})
KINDS = [(kind, taken) for kind, layer in layers.CATALOGUE.items() for taken in layer.takes]


def around(kind: str, shape: Shape, fields: dict) -> NetworkSpec | None:
    """A right network with one layer of this kind, or None when the kind refuses these fields."""
    count = layers.CATALOGUE[kind].arity[0]
    branches = [(f"branch{n}", "Identity", {}, ("data",)) for n in range(count)] if count > 1 else []
    taken = tuple(row[0] for row in branches) or ("data",)
    for between in ([], [("flat", "Flatten")], [("look up", "Embedding"), ("flat", "Flatten")]):
        spec = network(*branches, ("it", kind, fields, taken), *between, END)
        if net.check(spec, Toy(("data", shape)).signature()).ok:
            return spec
    return None


@pytest.mark.parametrize(("kind", "taken"), KINDS)
def test_every_layer_is_exported_as_it_is_built(kind: str, taken: str, tmp_path):
    shape = INPUTS[taken]
    same_network(around(kind, shape, {}), Toy(("data", shape)), tmp_path)


ELSEWHERE = {("Linear", "tied")}  # needs an embedding above it: tests/engine/test_tied_weights.py


@pytest.mark.parametrize("kind", layers.CATALOGUE)
def test_every_field_reaches_the_code(kind: str, tmp_path):
    for name in (name for name in layers.CATALOGUE[kind].model_fields if (kind, name) not in ELSEWHERE):
        spec, shape = with_another(kind, name)
        exported, built = same_network(spec, Toy(("data", shape)), tmp_path)
        if layers.CATALOGUE[kind].torch.__module__.startswith("torch.nn") and hasattr(exported, "it"):
            assert exported.it.extra_repr() == built.module_of("it").extra_repr()


def with_another(kind: str, name: str) -> tuple[NetworkSpec, Shape]:
    """A right network whose layer of this kind has another value in this field; a second may follow."""
    fields = layers.CATALOGUE[kind].model_fields
    others = [other for other in fields if other != name]
    follow = [{}, *({other: value} for other in others for value in other_values(fields[other]))]
    for value in other_values(fields[name]):
        for more in follow:
            for taken in layers.CATALOGUE[kind].takes:
                if spec := around(kind, INPUTS[taken], {name: value, **more}):
                    return spec, INPUTS[taken]
    raise AssertionError(f"{kind} is right with no other {name}")


def other_values(field) -> list:
    """Values that differ from the default."""
    if isinstance(field.default, bool):
        return [not field.default]
    if isinstance(field.default, str):
        return [value for value in field.annotation.__args__ if value != field.default]
    if isinstance(field.default, int):
        return [n for n in (2, 1, 3, 0, -2) if n != field.default]
    return [field.default / 2, 0.25] if field.default else [0.25]


@pytest.mark.parametrize("key", presets.PRESETS)
def test_every_preset_is_exported_as_it_is_built(key: str, tmp_path):
    same_network(presets.get(key).experiment.network, task_of(key), tmp_path)


def test_an_exported_game_is_played_as_in_dlviz(tmp_path):
    """The script's network with the same weights gets the same returns in the same games."""
    experiment = presets.get("catch").experiment
    task = tasks.get("catch")
    exported = module_of(script(experiment, task), tmp_path)
    torch.manual_seed(3)
    model, own = exported.Network().eval(), net.build(experiment.network, task.signature())
    own.load_state_dict(model.state_dict())

    @torch.no_grad()
    def choose(observations, allowed):
        return np.where(allowed, own(torch.from_numpy(observations)).numpy(), -np.inf).argmax(1)

    expected, _ = finished(task.test_game(20), 7, 20, choose)
    assert exported.play(model, 20, 7).tolist() == expected.tolist()


def forward_of(spec: NetworkSpec, task) -> str:
    text = script(Experiment(network=spec), task)
    method = next(node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)
                  and node.name == "forward")
    return textwrap.dedent("\n".join(text.splitlines()[method.lineno - 1:method.end_lineno]))


def test_a_skip_keeps_its_layers_name(tmp_path):
    task = Toy(("image", Shape("image", (1, 8, 8))))
    conv = {"out_channels": 4, "padding": 1}
    spec = network(("stem", "Conv2d", conv), ("relu", "ReLU"), ("a", "Conv2d", conv), ("b", "ReLU"),
                   ("skip", "Conv2d", {"out_channels": 4, "kernel_size": 1}, ("relu",)),
                   ("add", "Add", {}, ("b", "skip")), ("flat", "Flatten"), END)
    same_network(spec, task, tmp_path)
    assert forward_of(spec, task) == textwrap.dedent("""\
        def forward(self, x):
            x = self.stem(x)  # 4 x 8 x 8
            relu = self.relu(x)

            x = self.a(relu)
            x = self.b(x)
            skip = self.skip(relu)
            x = x + skip
            x = self.flat(x)    # 256
            return self.end(x)  # 10""")


def test_branches_from_the_input_and_a_concat(tmp_path):
    task = Toy(("image", Shape("image", (1, 8, 8))))
    spec = network(("one", "Conv2d", {"out_channels": 2}), ("two", "ReLU"),
                   ("left", "Conv2d", {"out_channels": 3}, ("image",)), ("right", "Tanh"),
                   ("more", "Identity"),
                   ("both", "Concat", {}, ("two", "more")), ("flat", "Flatten"), END)
    same_network(spec, task, tmp_path)
    assert forward_of(spec, task) == textwrap.dedent("""\
        def forward(self, image):
            two = self.one(image)           # 2 x 6 x 6
            two = self.two(two)
            x = self.left(image)            # 3 x 6 x 6
            x = self.right(x)
            x = self.more(x)
            x = torch.cat([two, x], dim=1)  # 5 x 6 x 6
            x = self.flat(x)                # 180
            return self.end(x)              # 10""")


def test_two_inputs(tmp_path, monkeypatch):
    task = Toy(("left", Shape("vector", (6,))), ("right", Shape("vector", (6,))))
    four = {"out_features": 4}
    spec = network(("a", "Linear", four, ("left",)), ("b", "Linear", four, ("right",)),
                   ("both", "Concat", {}, ("a", "b")), ("right!", "ReLU"), END)
    same_network(spec, task, tmp_path)
    experiment = Experiment(network=spec, training=TrainingSpec(batch_size=16, epochs=1))
    exported = module_of(script(experiment, task), tmp_path)
    monkeypatch.setattr(sys, "argv", ["exported.py"])
    exported.main()


# Names

HOSTILE = ['a"b', "it's", '"""', "'''", "# no", "\\", "\\n", "\\u000a", "é", "日本", "{x}", "{0}", "$loss",
           "${data}", "%s", "x", "self", "torch", "nn", "super", "print", "F", "Network", "class", "lambda",
           "match", "None", "forward", "training", "spec", "signature", "append", "pop", "parameters",
           "optimizer", "random", "conv 1", "conv_1", "conv-1", "1st", "__init__", "__class__",
           "); import os", "a" * 40, "9" * 40, "class" + "_" * 35, "add", "x_"]
TITLES = [*HOSTILE, "coding: latin-1", "-*- coding: nonsense -*-", "two\nlines", "a\r\nraise SystemExit",
          "b\u2028c", "\x00\x0c\x1b[2J", "\u202egnp.exe", '"""\nimport os', "torch", "random", "import", "1",
          "!"]


def skipping(names: list[str]) -> NetworkSpec:
    """A network in which each name is a layer that is read twice: by the next one and by a sum at the end."""
    first, *rest = names
    return network((first, "Flatten"), *((name, "ReLU") for name in rest),
                   ("every one", "Add", {}, tuple(names)),
                   ("all of it", "Concat", {}, ("every one", names[-1])), END)


@pytest.mark.parametrize("start", range(0, len(HOSTILE), 12))
def test_no_layers_name_breaks_out(start: int, tmp_path):
    same_network(skipping(HOSTILE[start:start + 12]), MNIST, tmp_path)
    chain = network(("flat", "Flatten"), *((name, "ReLU") for name in HOSTILE), END)
    same_network(chain, MNIST, tmp_path)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), min_size=2, max_size=6,
                unique=True))
def test_any_names_make_a_script(tmp_path_factory, names):
    others = ("image", "end", "every one", "all of it")
    names = [name for name in names if name.isprintable() and name == name.strip() and name not in others]
    if len(names) > 1:
        same_network(skipping(names), MNIST, tmp_path_factory.mktemp("names"))


@pytest.mark.parametrize("title", TITLES)
def test_no_title_breaks_out(title: str, tmp_path):
    experiment = small("mlp").model_copy(update={"name": title})
    text = script(experiment, MNIST)
    tree, usual = checked(text), checked(script(small("mlp"), MNIST))
    assert list(map(ast.dump, tree.body[1:])) == list(map(ast.dump, usual.body[1:]))  # all but the docstring
    docstring = ast.get_docstring(tree).replace(f"{file_stem(experiment)}.py", "classic_mlp.py")
    assert docstring == ast.get_docstring(usual)
    assert f'# Exported from the dlviz experiment "{in_comment(title)}".' in text.splitlines()
    (tmp_path / "exported.py").write_text(text, encoding="utf-8")
    module_of(text, tmp_path)


@pytest.mark.parametrize(("title", "stem"), [
    ("Classic MLP", "classic_mlp"), ("Too deep, on purpose", "too_deep_on_purpose"),
    ("torch", "network_torch"), ("Random!", "network_random"), ("日本", "network"), ("1", "network_1"),
    ("class", "network_class"),
    ("../../etc/passwd", "etc_passwd")])
def test_a_files_name_hides_no_module(title: str, stem: str):
    assert file_stem(Experiment(name=title)) == stem


def test_a_wrong_design_is_refused_with_its_sentence():
    spec = network(("flat", "Flatten"), ("end", "Linear", {"out_features": 7}))
    with pytest.raises(SpecError, match="it gives a vector of 7. End with a Linear of 10 neurons."):
        script(Experiment(network=spec), MNIST)


# Weights


def trained(folder: Path) -> tuple[Experiment, Path]:
    """An experiment with running means, a skip and dangerous names, and its checkpoint after a few steps."""
    conv = {"out_channels": 4, "padding": 1}
    spec = network(("optimizer", "Conv2d", conv), ("random", "BatchNorm2d"), ("cpu", "ReLU"),
                   ("0", "Conv2d", conv),
                   ("add", "Add", {}, ("0", "cpu")), ("flat", "Flatten"), END)
    experiment = Experiment(name="Take it home", network=spec,
                            training=TrainingSpec(train_fraction=0.002, epochs=1, batch_size=16,
                                                  optimizer=SGD(learning_rate=0.001)))
    path = folder / "run.safetensors"
    for event in train(experiment, checkpoint=path, device="cpu"):
        if isinstance(event, ev.Checkpointed):
            break
    return experiment, path


def test_weights_load_by_the_example_and_give_the_same_logits(tmp_path, monkeypatch):
    experiment, path = trained(tmp_path)
    (tmp_path / "take_it_home.py").write_text(script(experiment, MNIST), encoding="utf-8")
    (tmp_path / "take_it_home.safetensors").write_bytes(model_weights(path))
    ours, _ = ckpt.load_network(experiment, path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    example = loading_example(experiment)
    assert len(example.split("\n\n")[-1].splitlines()) == 3
    there: dict = {}
    exec(compile(example, "example", "exec"), there)
    images = MNIST.data().test.inputs[0][:64]
    with torch.no_grad():
        logits = ours(images)
        assert torch.isfinite(logits).all(), "a network that diverged would show nothing"
        torch.testing.assert_close(there["model"](images), logits)
    assert set(there["model"].state_dict()) == set(ours.state_dict())


def test_weights_hold_the_model_and_nothing_else(tmp_path):
    from safetensors.torch import load

    experiment, path = trained(tmp_path)
    ours, _ = ckpt.load_network(experiment, path)
    state = load(model_weights(path))
    assert state.keys() == ours.state_dict().keys()
    assert len(model_weights(path)) < path.stat().st_size / 2 + 4_000


@pytest.mark.parametrize("content", [None, b"", b"not safetensors at all"])
def test_a_damaged_checkpoint_is_one_sentence(tmp_path, content):
    path = tmp_path / "run.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RunError, match=r"The checkpoint run\.safetensors must hold the weights of a run, but it"):
        model_weights(path)
