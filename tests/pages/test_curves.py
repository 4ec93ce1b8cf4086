"""What the live curves send to the browser: small, plain JSON, whole curves, honest gaps."""
from __future__ import annotations

import json
import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.shared import live
from pages.ui.shared.component import content_hash, static_component
from pages.ui.shared.curves import ACCURACY, LOSS, RUN_COLORS, Panel, Series, payload, zoomed

REST = {"planned_steps": 1000, "steps_per_epoch": 100, "marks": (), "x_axis": "step", "log_y": False,
        "height": 260, "run": "r", "empty": "", "window": None}


def long_history(size: int) -> dict:
    rng = np.random.default_rng(0)
    steps = np.arange(1, size + 1)
    values = {name: rng.random(size, np.float32) for name in ("train_loss", "train_accuracy")}
    at = steps[::size // 100]
    values |= {name: rng.random(len(at)) for name in ("val_loss", "val_accuracy")}
    return {name: (at if name.startswith("val") else steps, column) for name, column in values.items()}


def unpacked(wire: dict) -> dict[int, float | None]:
    return dict(zip(np.cumsum(wire["gaps"]).tolist(), wire["values"], strict=True))


def test_a_tick_of_a_million_steps_stays_near_ten_kilobytes():
    sent = payload((LOSS, ACCURACY), long_history(1_000_000), **REST)
    assert len(json.dumps(sent, separators=(",", ":"))) < 12_000


def test_eight_runs_of_a_million_steps_stay_near_twenty():
    series = tuple(Series(f"run{i}", f"run {i}", *RUN_COLORS[i]) for i in range(8))
    column = long_history(1_000_000)["train_loss"]
    sent = payload((Panel("Loss", series),), {one.name: column for one in series}, **REST)
    assert len(json.dumps(sent, separators=(",", ":"))) < 24_000


def test_short_curves_arrive_whole_and_without_an_average():
    history = {"train_loss": ([1, 2, 5], [0.5, 0.25, 1e-7]),
               "val_loss": (np.array([5]), np.array([0.123456789]))}
    train, val = payload((LOSS,), history, **REST)["panels"][0]["series"]
    assert unpacked(train["points"]) == {1: 0.5, 2: 0.25, 5: 1e-7}
    assert unpacked(val["points"]) == {5: 0.12346}
    assert train["mean"] is val["mean"] is None


def test_a_long_noisy_curve_brings_its_peak_and_its_average():
    values = np.ones(50_000, np.float32)
    values[33_333] = 7
    train = payload((LOSS,), {"train_loss": (np.arange(50_000), values)}, **REST)["panels"][0]["series"][0]
    assert unpacked(train["points"])[33_333] == 7
    mean = unpacked(train["mean"])
    assert 50 < len(mean) <= 120 and 1 < max(mean.values()) < 1.1


def test_numbers_that_are_not_finite_become_null_and_the_whole_is_strict_json():
    history = {"train_loss": ([1, 2, 3, 4], [1.0, math.nan, math.inf, None]), "val_loss": ([], [])}
    sent = payload((LOSS,), history, **{**REST, "marks": [(np.int64(3), "dropout 0.2 → 0")]})
    json.dumps(sent, allow_nan=False)
    assert sent["panels"][0]["series"][0]["points"]["values"] == [1.0, None, None, None]
    assert sent["marks"] == [[3, "dropout 0.2 → 0"]]


def test_only_a_panel_that_is_no_percentage_takes_the_log_scale():
    loss, accuracy = payload((LOSS, ACCURACY), {}, **{**REST, "log_y": True})["panels"]
    assert (loss["log"], accuracy["log"]) == (True, False)


def test_a_zoomed_stretch_gets_finer_points():
    values = np.random.default_rng(1).random(100_000)
    history = {"train_loss": (np.arange(100_000), values)}
    sent = payload((LOSS,), history, **{**REST, "window": (70_000, 70_100)})
    inside = [step for step in unpacked(sent["panels"][0]["series"][0]["points"]) if 70_000 <= step <= 70_100]
    assert len(inside) == 101


def test_a_series_with_more_steps_than_values_is_named():
    with pytest.raises(ValueError, match="'val_loss' needs as many steps as values, got 2 and 1"):
        payload((LOSS,), {"val_loss": ([1, 2], [0.5])}, **REST)


@pytest.mark.parametrize("state", [None, {}, {"zoom": None}, {"zoom": 3}, {"zoom": {"run": "r"}},
                                   {"zoom": {"run": "other", "from": 1, "to": 2}},
                                   {"zoom": {"run": "r", "from": "1", "to": 2}},
                                   {"zoom": {"run": "r", "from": 2, "to": 1}},
                                   {"zoom": {"run": "r", "from": 1, "to": math.inf}}])
def test_what_the_browser_says_of_its_zoom_is_believed_only_when_it_makes_sense(state):
    assert zoomed(state, "r") is None


def test_a_zoom_of_this_run_is_believed():
    assert zoomed({"zoom": {"run": "r", "from": 1, "to": 2.5}}, "r") == (1, 2.5)


def test_the_component_runs_in_a_page():
    def page():
        from pages.ui.shared.curves import ACCURACY, LOSS, curves
        curves("c", (LOSS, ACCURACY), {"train_loss": ([1, 2], [0.5, float("nan")])}, planned_steps=100,
               steps_per_epoch=10, marks=[(2, "here")])

    for _ in range(2):  # each AppTest has a runtime of its own; the component was registered once, in another
        app = AppTest.from_function(page).run()
        assert not app.exception
        app.run()
        assert not app.exception


def test_a_component_without_a_program_is_named_at_once():
    with pytest.raises(FileNotFoundError, match="'dlviz_nothing' expects its program at .*main.js"):
        static_component("dlviz_nothing", "nothing")


def test_the_hash_changes_with_any_file_below(tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "main.js").write_text("1")
    before = content_hash(tmp_path)
    (tmp_path / "vendor/lib.js").write_text("2")
    between = content_hash(tmp_path)
    (tmp_path / "vendor/lib.js").write_text("3")
    assert len({before, between, content_hash(tmp_path)}) == 3


def test_the_legend_looks_back_at_what_the_line_shows_there():
    """A line of single steps is read at its step, and not as a mean over steps when the loss was twice as high."""
    steps = np.arange(1, 87)
    falling = {"train_loss": (steps, 2.0 / steps)}
    assert live._reads(falling, 25) == {"train_loss": pytest.approx(2.0 / 25)}
    assert live._reads(falling, None) is None
    long = np.arange(1, 601)
    assert live._reads({"train_loss": (long, long / 1.0)}, 300) == {"train_loss": pytest.approx(298.0)}  # of 5 steps
