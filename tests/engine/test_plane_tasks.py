"""Points in the plane: where they lie, what a network gets of them, and points that a user gives."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz import tasks
from dlviz.errors import TaskError
from dlviz.tasks import PlaneTask
from dlviz.tasks.plane import EXTENT, FEATURES, LETTERS
from dlviz.tasks.points_file import read
from dlviz.tasks.points_text import MOST, from_text, to_text

PLANE = [name for name, cls in tasks.TASKS.items() if issubclass(cls, PlaneTask)]
SPLITS = ("train", "val", "test")
FEW = 9


def plane(name: str, **fields) -> PlaneTask:
    task = tasks.get(name, fields).plane
    assert task is not None
    return task


def radius(points: np.ndarray) -> np.ndarray:
    return np.hypot(points[:, 0], points[:, 1])


@pytest.mark.parametrize("name", PLANE)
def test_no_point_is_in_two_splits_and_a_seed_gives_the_same(name: str):
    rows = {split: {point.tobytes() for point in plane(name).points(split).points} for split in SPLITS}
    assert not rows["train"] & rows["val"] and not rows["train"] & rows["test"] and not rows["val"] & rows["test"]
    again = tasks.TASKS[name]().splits()
    assert all(np.array_equal(again[split].points, plane(name).points(split).points) for split in SPLITS)


@pytest.mark.parametrize("name", [name for name in PLANE if "data_seed" in tasks.TASKS[name].model_fields])
def test_another_seed_gives_other_points_and_more_points_the_same_test(name: str):
    first, other, more = plane(name), plane(name, data_seed=5), plane(name, samples=400)
    assert not np.array_equal(first.points("train").points, other.points("train").points)
    assert np.array_equal(first.points("test").points, more.points("test").points)
    assert (len(first.data().train), len(more.data().train)) == (250, 400)


@pytest.mark.parametrize(("name", "classes"), [("circles", 2), ("circles", 4), ("gaussians", 6), ("spiral", 3),
                                              ("xor", 2), ("moons", 2)])
def test_classes_are_even(name: str, classes: int):
    task = plane(name, **({"number_of_classes": classes} if name not in ("xor", "moons") else {}))
    counts = np.bincount(task.points("train").targets, minlength=classes)
    assert len(counts) == classes == len(task.classes) and counts.max() - counts.min() <= 1


def test_circles_are_rings_that_do_not_touch():
    found = plane("circles", noise=0.0, number_of_classes=3, samples=3_000).points("train")
    ends = [(radius(found.points[found.targets == ring]).min(), radius(found.points[found.targets == ring]).max())
            for ring in range(3)]
    assert ends[0][1] < ends[1][0] and ends[1][1] < ends[2][0] and ends[2][1] <= 0.9


def test_xor_is_the_sign_of_the_product():
    found = plane("xor", noise=0.0).points("train")
    assert ((found.points.prod(1) < 0) == (found.targets == 1)).all()


def test_no_line_separates_the_moons_and_each_keeps_to_its_own_circle():
    found = plane("moons", noise=0.0).points("train")
    for label, side in ((0, 1), (1, -1)):
        own = found.points[found.targets == label] * side + (0.27, 0.14)
        np.testing.assert_allclose(radius(own), 0.55, atol=1e-9)
        assert (own[:, 1] >= -1e-9).all()
    assert _best_line(found.points, found.targets) < 0.97


def test_a_line_separates_gaussians():
    found = plane("gaussians", noise=0.1).points("train")
    assert _best_line(found.points, found.targets) == 1


def _best_line(points: np.ndarray, labels: np.ndarray) -> float:
    """The most that a straight line gets right: all directions to 1 degree, all places between two points."""
    best = 0.0
    for angle in np.radians(np.arange(360)):
        order = np.argsort(points @ (np.cos(angle), np.sin(angle)))
        ones = np.concatenate([[0], np.cumsum(labels[order])])
        right = (np.arange(len(ones)) - ones) + (ones[-1] - ones)
        best = max(best, right.max() / len(labels))
    return best


def test_an_arm_of_a_spiral_is_another_one_turned():
    task = plane("spiral", noise=0.0, number_of_classes=4)
    found = task.points("train")
    angle = np.arctan2(found.points[:, 1], found.points[:, 0]) / (2 * np.pi)
    winding = angle - 1.25 * radius(found.points) / 0.9 - found.targets / 4
    np.testing.assert_allclose(winding - np.round(winding), 0, atol=1e-9)


def test_numbers_are_taken_before_noise_moves_a_point():
    found = plane("plane", noise=0.0).points("train")
    np.testing.assert_allclose(found.targets[:, 0], found.points.mean(1), atol=1e-6)
    noisy = plane("plane", noise=0.3).points("train")
    assert np.abs(noisy.targets[:, 0] - noisy.points.mean(1)).max() > 0.1
    hills = plane("hill", noise=0.0, samples=3_000).points("train").targets
    assert hills.min() < -0.9 and hills.max() > 0.9 and abs(np.median(hills)) < 0.2


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_mean_0_and_spread_1_over_the_square(feature: str):
    task = plane("xor", **{name: name == feature for name in FEATURES})
    points = np.stack(np.meshgrid(*[np.linspace(-1, 1, 801)] * 2), -1).reshape(-1, 2)
    values = task.encode(points)
    assert values.shape == (len(points), 1) and values.dtype == np.float32
    assert abs(values.mean()) < 0.01 and abs(values.std() - 1) < 0.01


def test_all_features_are_what_they_are_called():
    task = plane("xor", **dict.fromkeys(FEATURES, True))
    x, y = 0.3, -0.7
    words = task.input_words((task.encode(np.array([[x, y]]))[0],))[0]
    expected = {"x": x, "y": y, "x²": x * x, "y²": y * y, "xy": x * y, "sin x": np.sin(2 * np.pi * x),
                "sin y": np.sin(2 * np.pi * y)}
    assert list(words) == [f"{name} = {value:.2f}".replace("-", "−") for name, value in expected.items()]
    assert task.signature().inputs[0][1].axes == (7,)


def test_a_task_without_features_is_refused():
    with pytest.raises(TaskError, match="at least one feature"):
        tasks.get("xor", {"x": False, "y": False})


def test_a_point_is_typed():
    (values,) = plane("xor").parse("0.5, -0.25")
    np.testing.assert_allclose(values, np.array([0.5, -0.25]) * 3 ** 0.5, rtol=1e-6)
    for text, sentence in (("0.5", "1 number"), ("a b", "'a' is none"), ("3 0", "not between"), ("nan 0", "between")):
        with pytest.raises(TaskError, match=sentence):
            plane("xor").parse(text)


def test_a_grid_fills_the_drawn_plane_from_the_top():
    points = plane("xor").grid(3)
    step = 2 * EXTENT / 3
    np.testing.assert_allclose(points[[0, 2, 4, 6]], [(-step, step), (step, step), (0, 0), (-step, -step)], atol=1e-12)


# own points

def test_own_points_come_back_as_they_were():
    text = "-45 30 A; 12 8 B; 0 0 C; 100 -100 A; 5 5 B"
    task = plane("points", coordinates=text)
    assert to_text(from_text(text)) == text and task.classes == ("A", "B", "C")
    assert len(task.points("train").targets) == 3 and len(task.points("val").targets) == 1
    np.testing.assert_allclose(task.points("val").points, [(0, 0)])


def test_a_new_point_moves_no_other_one():
    text = plane("points").coordinates
    before, after = plane("points"), plane("points", coordinates=f"{text}; 1 2 A; 3 4 B")
    for split in SPLITS:
        old = before.points(split).points
        np.testing.assert_array_equal(after.points(split).points[:len(old)], old)


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "5 to 400 points are needed, and there are 0"), ("1 2 A; " * 4, "there are 4"),
    ("1 2 A; " * (MOST + 1), "there are 401"), ("1 2 A; 1 2 A; 1 2 A; 1 2; 3 4 B", "point 4 must be two whole numbers"),
    ("1 2 Z; 1 2 A; 1 2 A; 1 2 A; 3 4 B", "point 1"), ("1.5 2 A; 1 2 A; 1 2 A; 1 2 A; 3 4 B", "point 1"),
    ("1 2 A; 121 2 A; 1 2 A; 1 2 A; 3 4 B", "point 2 must lie within"), ("1 2 A; " * 5, "all are of class A")])
def test_own_points_are_read_strictly(text: str, sentence: str):
    with pytest.raises(TaskError, match=sentence):
        tasks.get("points", {"coordinates": text})


def test_names_of_classes():
    text = "-45 30 A; 12 8 B; 0 0 A; 100 -100 A; 5 5 B"
    assert plane("points", coordinates=text, class_names="cat, dog").classes == ("cat", "dog")
    for names in ("cat", "cat, cat", "cat, "):
        with pytest.raises(TaskError, match="2 different names"):
            tasks.get("points", {"coordinates": text, "class_names": names})


def test_a_csv_file_is_read():
    text = "length;width;kind\n" + "\n".join(f"{i},5;{100 * i};{'cat' if i % 2 else 'dog'}" for i in range(10))
    task = plane("points", **read(text))
    points = np.concatenate([task.points(split).points for split in SPLITS])
    labels = np.concatenate([task.points(split).targets for split in SPLITS])
    assert task.classes == ("cat", "dog") and np.bincount(labels).tolist() == [5, 5]
    np.testing.assert_allclose(np.sort(points[:, 0]), np.linspace(-0.95, 0.95, 10), atol=0.006)
    np.testing.assert_allclose(points[:, 0], points[:, 1], atol=1e-9)
    odd = np.rint((points[:, 0] / 0.95 + 1) * 4.5).astype(int) % 2 == 1
    assert ((labels == 0) == odd).all()


@pytest.mark.parametrize(("text", "sentence"), [
    ("", "it holds 0"), ("1,2,a\n" * 4, "it holds 4"), ("1,2,a\n" * (MOST + 1), "it holds 401"),
    ("1,2,a\n" * 6, "2 to 10 different classes"), ("1,2\n" * 6, "line 1 has 2 columns"),
    ("x,y,c\n" + "1,2,a\n" * 5 + "1,b,c\n", "'b' in line 7 is none"), ("1,inf,a\n" * 6, "'inf' in line 1"),
    ("1,2,\n" * 6, "without a comma"), ("\n".join(f"1,2,{chr(97 + i)}" for i in range(11)), "it has 11"),
    ("1" * 100_001, "characters at most"), ("1,2,a\n" * 5 + "\x00,2,a", "is none"), ('1,2,"a', "it holds 1")])
def test_a_csv_file_is_read_strictly(text: str, sentence: str):
    with pytest.raises(TaskError, match=sentence):
        read(text)


def test_own_points_that_are_all_alike_on_one_axis_stay_in_the_middle():
    fields = read("\n".join(f"{i},7,{'ab'[i % 2]}" for i in range(FEW)))
    assert {point.split()[1] for point in fields["coordinates"].split("; ")} == {"0"}
    assert {point.split()[2] for point in fields["coordinates"].split("; ")} == set(LETTERS[:2])
