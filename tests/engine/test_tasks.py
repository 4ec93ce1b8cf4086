"""The image tasks: what is in them, what the network gets, what happens when files are not what they must be.

Fashion-MNIST is never downloaded here: a small server on this computer hands out made-up files in its place.
"""
from __future__ import annotations

import gzip
import hashlib
import http.server
import shutil
import struct
import threading

import numpy as np
import pytest

from dlviz import presets, tasks
from dlviz.errors import TaskError
from dlviz.runs.service import RunService
from dlviz.spec import TaskSpec
from dlviz.tasks import fashion
from dlviz.tasks.idx import IdxFile
from dlviz.tasks.mnist import VALIDATION, Mnist

MNIST = tasks.get("mnist")


@pytest.mark.parametrize(("split", "size"), [("train", 55_000), ("val", VALIDATION), ("test", 10_000)])
def test_mnist_sizes(split, size):
    part = getattr(MNIST.data(), split)
    assert MNIST.size(split) == len(part) == len(part.inputs[0]) == len(MNIST.labels(split)) == size
    assert part.inputs[0].shape == (size, 1, 28, 28)
    assert set(part.targets.tolist()) == set(range(10))


def test_mnist_is_the_real_one():
    """The first labels and the class counts, as its authors published them."""
    assert MNIST.labels("train")[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert MNIST.labels("test")[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(MNIST.labels("test")).tolist() == counts


def test_splits_are_disjoint():
    """No validation or test picture is also a training picture: picture by picture."""
    images = {split: [MNIST.picture(split, i).tobytes() for i in range(MNIST.size(split))]
              for split in ("train", "val", "test")}
    train = set(images["train"])
    assert not train & set(images["val"])
    assert not train & set(images["test"])
    assert not set(images["val"]) & set(images["test"])


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_sample_is_a_row_of_the_data(split):
    part = getattr(MNIST.data(), split)
    for index in (0, 1, 17, MNIST.size(split) - 1):
        (pixels,), target = MNIST.sample(split, index)
        assert pixels.dtype == np.float32 and pixels.shape == MNIST.signature().inputs[0][1].axes
        np.testing.assert_allclose(part.inputs[0][index].numpy(), pixels, atol=1e-6)
        assert part.targets[index].item() == target == MNIST.labels(split)[index]


def test_normalisation():
    """Against plain NumPy in double precision; over the 60,000 training pictures: mean 0, spread 1."""
    picture = MNIST.picture("test", 3)
    expected = (picture.astype(np.float64) / 255 - 0.1307) / 0.3081
    np.testing.assert_allclose(MNIST.from_picture(picture)[0][0], expected, atol=1e-6)
    parts = [MNIST.data().train, MNIST.data().val]
    pixels = np.concatenate([part.inputs[0].numpy().ravel() for part in parts])
    assert pixels.mean(dtype=np.float64) == pytest.approx(0, abs=1e-3)
    assert pixels.std(dtype=np.float64) == pytest.approx(1, abs=1e-3)


class _Elsewhere(Mnist):
    """MNIST in another folder."""


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    for file in Mnist.files.values():
        shutil.copy(Mnist.folder() / file.name, tmp_path)
    monkeypatch.setattr(_Elsewhere, "folder", classmethod(lambda cls: tmp_path))
    return tmp_path


@pytest.mark.parametrize("part", Mnist.files)
def test_a_damaged_file_is_named(elsewhere, part):
    path = elsewhere / Mnist.files[part].name
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(TaskError) as caught:
        _Elsewhere().data()
    assert caught.value.sentence == (
        f"The data file {path} must be whole and unchanged, but it is damaged: its SHA256 differs. Put it back "
        "from the dlviz repository, or install dlviz again.")


def test_a_missing_file_is_named(elsewhere):
    path = elsewhere / Mnist.files["test_labels"].name
    path.unlink()
    with pytest.raises(TaskError, match=f"{path.name} must be readable, but it cannot be read"):
        _Elsewhere().size("test")


def test_an_unknown_task_names_the_choices():
    with pytest.raises(TaskError, match="must be one of mnist, fashion_mnist"):
        tasks.get("emnist")


# Fashion-MNIST, from a server on this computer

CLOTHES = np.random.default_rng(5).integers(0, 256, (6_000, 28, 28), dtype=np.uint8)
SORTS = (np.arange(6_000) % 10).astype(np.uint8)
ARRAYS = {"train_images": CLOTHES[:5_500], "train_labels": SORTS[:5_500], "test_images": CLOTHES[5_500:],
          "test_labels": SORTS[5_500:]}


def packed(array: np.ndarray) -> bytes:
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), 1, mtime=0)


FILES = {tasks.FashionMnist.files[part].name: packed(array) for part, array in ARRAYS.items()}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        body = self.server.files.get(name)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Hands out `server.files` and notes what was asked for; the task believes in the small files."""
    small = {part: IdxFile(file.name, "md5:" + hashlib.md5(FILES[file.name]).hexdigest(), ARRAYS[part].shape)
             for part, file in tasks.FashionMnist.files.items()}
    monkeypatch.setattr(tasks.FashionMnist, "files", small)
    monkeypatch.setattr(tasks.FashionMnist, "download_bytes", sum(map(len, FILES.values())))
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.files, server.asked = dict(FILES), []
    monkeypatch.setattr(fashion, "ADDRESS", f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_fashion_is_fetched_once_and_read(server):
    task, shares = tasks.get("fashion_mnist"), []
    assert not task.ready()
    with pytest.raises(TaskError) as caught:
        task.require()
    assert caught.value.sentence.startswith(
        "The task Fashion-MNIST needs its data on this computer, but it has not been downloaded yet. "
        "Download it first (")
    task.fetch(shares.append)
    assert task.ready()
    task.require()
    assert shares == sorted(set(shares)) and shares[-1] == 1 and len(shares) > 20
    assert [task.size(split) for split in ("train", "val", "test")] == [500, VALIDATION, 500]
    (pixels,), target = task.sample("test", 7)
    expected = (CLOTHES[5_507].astype(np.float64) / 255 - 0.2860) / 0.3530
    np.testing.assert_allclose(pixels[0], expected, atol=1e-6)
    assert target == SORTS[5_507]
    np.testing.assert_allclose(task.data().test.inputs[0][7].numpy(), pixels, atol=1e-6)
    task.fetch()
    assert server.asked == [file.name for file in task.files.values()]  # each once


class _NoEngine:
    """Runs nothing; a run of data that is not here must never get as far as this."""

    def __getattr__(self, name):
        return lambda *args: {"adopt": (), "capacity": 0}.get(name)


def test_no_run_is_made_of_data_that_is_not_here(server):
    experiment = presets.get("mlp").experiment.model_copy(update={"task": TaskSpec(name="fashion_mnist")})
    service = RunService(engine=_NoEngine())
    try:
        with pytest.raises(TaskError, match="Fashion-MNIST needs its data on this computer"):
            service.create(experiment, "somebody")
        assert service.list("somebody") == ()
        tasks.get("fashion_mnist").fetch()
        run = service.create(experiment, "somebody")
        assert [found.id for found in service.list("somebody")] == [run]
    finally:
        service.close()


def test_fashion_replaces_a_damaged_file(server):
    task = tasks.get("fashion_mnist")
    task.fetch()
    name = task.files["train_labels"].name
    (task.folder() / name).write_bytes(b"not labels")
    assert not task.ready()
    with pytest.raises(TaskError, match=f"{name} must be whole .* damaged: its MD5 differs. Download"):
        task.data()
    server.asked.clear()
    task.fetch()
    assert task.ready() and server.asked == [name]


def test_fashion_refuses_what_is_not_its_file(server):
    """A login page in place of the data, in the middle of the download: what came before it is kept."""
    task = tasks.get("fashion_mnist")
    name = task.files["test_images"].name
    server.files[name] = b"<html>Welcome to the hotel</html>"
    with pytest.raises(TaskError) as caught:
        task.fetch()
    assert caught.value.sentence == (
        f"The download of Fashion-MNIST must bring four files, but {name} is not what its authors published (its "
        "MD5 differs). Try again; a login page of your network may have stood in the way.")
    assert not task.ready()
    assert sorted(path.name for path in task.folder().iterdir()) == sorted(
        task.files[part].name for part in ("train_images", "train_labels"))
    server.files[name], server.asked = FILES[name], []
    task.fetch()
    assert task.ready() and len(server.asked) == 2


def test_fashion_names_what_the_server_said(server):
    server.files.clear()
    with pytest.raises(TaskError, match=r"did not come \(the server answered 404\)\. See whether"):
        tasks.get("fashion_mnist").fetch()


def test_fashion_offline(server, monkeypatch):
    server.server_close()
    monkeypatch.setattr(fashion, "ADDRESS", "http://127.0.0.1:9/")  # nobody listens at the discard port
    with pytest.raises(TaskError) as caught:
        tasks.get("fashion_mnist").fetch()
    assert caught.value.sentence == (
        "The download of Fashion-MNIST must bring four files, but train-images-idx3-ubyte.gz did not come (no "
        "connection). See whether this computer is online, then try again. MNIST needs no network.")


def test_fashion_on_a_full_disk(server, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(TaskError, match="cannot be written to .*fashion-mnist .*Make room there"):
        tasks.get("fashion_mnist").fetch()


def test_fashion_as_published():
    """What Zalando published: four files, ten classes, 28 x 28."""
    task = tasks.FashionMnist
    shapes = [(60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,)]
    assert [file.shape for file in task.files.values()] == shapes
    assert all(len(file.digest) == len("md5:") + 32 for file in task.files.values())
    assert len(task.classes) == 10 and task.classes[9] == "Ankle boot"
    assert task().signature() == MNIST.signature()
