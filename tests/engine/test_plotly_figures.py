"""Plotly figures: their numbers against NumPy, their colours by name, and nothing else imported for them."""
from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import plotly.io as pio
import pytest

from dlviz import figures
from dlviz.figures import normalization
from dlviz.figures.confusion import describe, heatmap
from dlviz.figures.run_curves import curves, describe_compared
from dlviz.figures.theme import TOKEN, color, palette, resolved, themed
from dlviz.probes.health import BatchNormHealth
from dlviz.probes.histogram import Histogram
from dlviz.training.events import Evaluated, Step
from dlviz.training.history import History

ROOT = Path(__file__).parents[2]


def _history() -> History:
    history = History()
    for step in range(1, 301):
        history.apply(Step(step, 2.0 / step, step / 300, 0.1))
    history.apply(Evaluated(300, 0.5, 0.75, 1000))
    return history


def test_curves_have_the_histories_numbers():
    figure = curves(_history())
    by_name = {trace.name: trace for trace in figure.data}
    assert set(by_name) == {"train_loss", "val_loss", "train_accuracy", "val_accuracy"}
    np.testing.assert_allclose(by_name["train_loss"].y, 2.0 / np.arange(1, 301), rtol=1e-6)
    assert list(by_name["val_accuracy"].x) == [300] and list(by_name["val_accuracy"].y) == [0.75]
    assert figures.curves(_history()).to_json() == figure.to_json()


def _themed_functions() -> set[tuple[str, str]]:
    """Every figure function there is, as (module, name)."""
    found = set()
    for file in (ROOT / "dlviz" / "figures").glob("*.py"):
        for node in ast.parse(file.read_text()).body:
            marked = [each.id for each in getattr(node, "decorator_list", []) if isinstance(each, ast.Name)]
            if "themed" in marked:
                found.add((file.stem, node.name))
    return found


def test_every_figure_is_found_in_one_place_and_drawn_in_a_browser():
    assert _themed_functions() == set(figures._HOMES.values()) and set(figures._HOMES) == set(figures.__all__)
    assert all(callable(getattr(figures, name)) for name in figures.__all__)
    app = (ROOT / "tests/browser/apps/figures_app.py").read_text()
    assert not [name for module, name in _themed_functions() if f"{module}.{name}(" not in app]


def test_curves_are_shown_in_a_notebook(monkeypatch):
    shown = []
    monkeypatch.setattr("plotly.io.show", lambda figure, *args, **kwargs: shown.append(figure))
    figure = figures.curves(_history())
    figure.show()
    assert shown == [figure]
    page = pio.renderers["notebook"].to_mimebundle(figure.to_plotly_json())["text/html"]
    assert "Plotly.newPlot" in page and "train_loss" in page


def test_runs_are_compared_with_a_line_each():
    one, other = {}, {}
    for found, height in ((one, 0.9), (other, 0.8)):
        found |= {"val_loss": (np.arange(3), np.ones(3)), "val_accuracy": (np.arange(3), np.array([0.1, height, 0.5]))}
    figure = figures.compared_curves(["first", "<b>"], [one, other])
    assert [trace.name for trace in figure.data] == ["first", "&lt;b&gt;"] * 2
    assert [trace.showlegend for trace in figure.data] == [True, True, False, False]
    np.testing.assert_allclose(figure.data[2].y, [0.1, 0.9, 0.5])
    text = describe_compared(["first", "<b>"], [one, other])
    assert text.endswith("first has the highest validation accuracy, 90.0 %")
    many = figures.compared_curves([str(at) for at in range(9)], [one] * 9).data
    assert len({(trace.line.color, trace.line.dash) for trace in many[:9]}) == 9, "each can be told from the others"


def test_a_normalization_is_drawn_with_areas_that_can_be_compared():
    low, high = Histogram(-4.0, 4.0, (10,) * 40), Histogram(-1.0, 1.0, (3,) * 40)
    health = BatchNormHealth(low, high, high, (0.5, float("nan")), (0.4, 0.1), (1.0, 2.0), (1.5, 2.0))
    figure = figures.batch_norm(health)
    areas = [np.sum(np.diff(line.x)[:-1] * np.asarray(line.y)[1:-1]) for line in figure.data[:3]]
    np.testing.assert_allclose(areas, 1)
    assert figure.data[3].x[0] == 0.5 and list(figure.data[3].y) == [0.4, 0.1]
    assert normalization.describe("norm1", health).endswith("at most 0.1 apart")
    bare = figures.batch_norm(BatchNormHealth(low, high, None, (0.5,), (), (1.0,), ()))
    assert [trace.name for trace in bare.data] == ["input", "output in training"]


def test_a_confusion_matrix_is_shaded_by_the_root_of_its_rows_fractions():
    matrix = np.array([[8, 2], [0, 0]])
    trace = heatmap(matrix, ["cat", "dog"]).data[0]
    np.testing.assert_allclose(np.square(np.array(trace.z, float)), [[0.8, 0.2], [0, 0]], atol=1e-4)
    assert [list(row) for row in trace.text] == [["8", "2"], ["", ""]]


def test_a_confusion_matrix_says_counts_fractions_and_recall():
    matrix = np.array([[8, 2, 0], [0, 0, 0], [1, 0, 3]])
    fields, recall = heatmap(matrix, ["cat", "<b>", "dog"]).data
    np.testing.assert_allclose(fields.customdata[..., 0], matrix)
    np.testing.assert_allclose(fields.customdata[..., 1], matrix / np.array([10, 1, 4])[:, None])
    assert list(recall.text) == ["80.0 %", "–", "75.0 %"] and list(fields.x) == ["cat", "&lt;b&gt;", "dog"]
    assert describe(matrix, ["cat", "cow", "dog"]) == (
        "Confusion matrix: 11 of 14 samples are predicted correctly; most often cat is taken for cow, 2 times")
    assert describe(np.eye(2, dtype=int), "ab").endswith("2 of 2 samples are predicted correctly")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_figure_for_a_notebook_has_no_token_left(theme: str):
    text = curves(_history(), theme=theme).to_json()
    assert not TOKEN.search(text) and palette(theme)["text"] in text


def test_a_figure_for_a_page_names_colours_and_has_none_of_its_own():
    text = curves(_history(), theme="page").to_json()
    assert TOKEN.search(text) and not re.search(r"#[0-9A-Fa-f]{6}", text)


def test_the_palettes_have_the_same_names_and_every_token_has_one():
    light, dark = palette("light"), palette("dark")
    assert set(light) == set(dark)
    used = {match[1]
            for match in TOKEN.finditer(json.dumps(themed(go.Figure)(theme="page").to_plotly_json(), default=str))}
    assert used and used <= set(light)


def test_a_see_through_colour_is_worked_out():
    figure = go.Figure(go.Scatter(y=[1], line={"color": color("run-0", 25)}))
    assert resolved(figure, "light").data[0].line.color == "rgba(63, 91, 217, 0.25)"


def test_training_loads_no_plotly():
    code = "import sys, dlviz.training.loop, dlviz.runs.process.worker, dlviz; print('plotly' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).strip() == "False"
