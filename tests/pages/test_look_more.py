"""The look page's views of many steps and many runs: forecasts, samples, gradients, three memories side by side."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import presets, tasks
from dlviz.tasks.decoding import Decoding
from dlviz.training.captures import forward_sample as ask_network
from dlviz.views import gradients, samples
from pages.ui.look import views as look_views
from tests.pages.look_page import (  # noqa: F401
    BRACKETS,
    NAMES,
    ORDER,
    REVERSE,
    answered,
    floats,
    layout,
    look,
    network,
    own,
    service,
    shown,
    task_of,
    texts,
    traces,
    views,
)
from tests.pages.train_service import info

AIRLINE, SINE, ADDING = (presets.get(key).experiment for key in ("airline", "sine", "adding_gru"))
ORDER_RNN, ORDER_LSTM = (presets.get(key).experiment for key in ("order_rnn", "order_lstm"))


def words(data) -> list[str]:
    """What the steps of a chart are called."""
    return [row[0] for row in data.table["rows"]]


def view(at, name: str) -> None:
    at.segmented_control(key="look.view").set_value(name).run()
    assert not at.exception and not at.error


# which views there are

@pytest.mark.parametrize(("key", "expected"), [
    ("airline", ["forecast", "states", "compare", "gradients"]),
    ("names", ["samples", "surprise", "states", "compare", "beams", "gradients", "embeddings"]),
    ("dates", ["attention", "states", "beams", "gradients", "embeddings"]), ("airline_linear", ["forecast"]),
    ("reverse", ["attention", "lens", "rollout", "residual", "positions", "embeddings"])])
def test_the_views_that_a_network_has(key, expected):
    experiment = presets.get(key).experiment
    assert list(look_views.offered(info("r", experiment))) == expected


# forecasts

def test_forecasts_are_in_the_series_own_units(look, service, shown):
    service.put("r", AIRLINE, state="done", step=9)
    look()
    task, data = tasks.get("airline"), shown["look.forecast"]
    target, one, many, naive = (line["y"] for line in traces(data))
    np.testing.assert_allclose(target, task.series()[96:144])
    assert traces(data)[3]["name"] == "naive, one step ahead: same month last year × growth"
    np.testing.assert_allclose(naive[24:], [target[at - 12] * target[at - 1] / target[at - 13] for at in range(24, 48)],
                               rtol=1e-6)
    off = 100 * (np.abs(naive[24:] - target[24:]) / target[24:]).mean()
    assert f"The naive forecast, which learns nothing, has {off:.1f} % and" in data.label
    assert words(data)[24] == "Jan 1959" and layout(data)["title"]["text"] == "Forecasts in thousand passengers"
    output = ask_network(network(AIRLINE.to_json()), task.sample("test", 0)[0], ())[0]
    first = task.series()[108] * np.exp(output[0] / 10)  # how far from January 1958, in steps of a tenth of its log
    assert np.isnan(one[:24]).all() and one[24] == pytest.approx(first, rel=1e-5)
    assert many[23] == target[23] and many[24] == pytest.approx(first, rel=1e-5) and np.isnan(many[:23]).all()
    off = 100 * (np.abs(one[24:] - target[24:]) / target[24:]).mean()
    assert f"Mean absolute error: {off:.1f} %" in data.label
    answer = shown["look.answer"]
    assert answer.steps[0]["target"] == "360" and answer.unit == "thousand passengers"
    assert answer.steps[0]["prediction"] == f"{first:.0f}" and answer.steps[0]["off"] == f"{abs(first - 360):.0f}"
    np.testing.assert_array_equal(floats(answer.inputs[0]["signal"]["values"]), task.series()[96:120])


def test_a_typed_series_is_forecast_without_a_truth(look, service, shown):
    service.put("r", SINE, state="done", step=9)
    at = look()
    own(at, "sine")
    data, task = shown["look.forecast"], tasks.get("sine")
    target, one, many, naive = (line["y"] for line in traces(data))
    assert [np.isfinite(line).sum() for line in (naive, one)] == [1, 1]
    assert np.isnan(target[24:]).all() and np.isfinite(many[23:]).all()
    assert words(data)[23:26] == ["now", "+1", "+2"] and "The target is not known yet" in data.label
    assert len(many) == task.window + task.horizon


def test_a_typed_series_twice_as_large_is_another_question(look, service, shown):
    service.put("r", AIRLINE, state="done", step=9)
    at = look()
    own(at, "airline", " ".join(["100"] * 24))
    small = traces(shown["look.forecast"])[2]["y"][-1]
    own(at, "airline", " ".join(["200"] * 24))  # for the network it is the same
    assert traces(shown["look.forecast"])[2]["y"][-1] == pytest.approx(2 * small, rel=1e-5)


# samples

def test_draw_again_gives_other_names_from_the_same_weights(look, service, shown):
    service.put("r", NAMES, state="done", step=10)
    at = look()
    before = [row["texts"] for row in shown["look.samples"].rows]
    at.button(key="look.samples.again").click().run()
    assert not at.exception and len(shown["look.samples"].rows) == len(before)
    assert shown["look.samples"].rows[0]["texts"] != before[0]


def test_what_it_writes_is_kept_as_it_learns(look, service, shown):
    service.put("r", NAMES, state="training", step=10)
    at = look()
    assert service.asked[-1].samples == samples.COUNT and service.asked[-1].sample_decoding == Decoding(1.0, 27)
    for step in (20, 30):
        service.become("r", step=step)
        look.again(at)
    data = shown["look.samples"]
    assert [row["step"] for row in data.rows] == [30, 20, 10]
    assert len(data.rows[0]["texts"]) == samples.COUNT
    inputs, _ = tasks.get("names").sample("test", 0)
    probabilities = ask_network(network(NAMES.to_json()), inputs, ())[0][samples.BEGUN]
    np.testing.assert_allclose([bar["probability"] for bar in data.bars], probabilities, atol=1e-4)
    at.slider(key="look.samples.top_k").set_value(3).run()
    bars = np.array([bar["probability"] for bar in shown["look.samples"].bars])
    likely = np.sort(probabilities)[-3:]
    np.testing.assert_allclose(np.sort(bars)[-3:], likely / likely.sum(), atol=1e-4)
    assert (bars > 0).sum() == 3 and [row["step"] for row in shown["look.samples"].rows] == [30]  # drawn anew
    own(at, "names", "zo")
    assert all(text["text"].startswith("zo") for text in shown["look.samples"].rows[0]["texts"])
    assert shown["look.samples"].after == "zo"


def test_old_samples_are_chosen_wide_apart():
    past = samples.SampleHistory()
    for step in range(0, 2_001, 10):
        past.see(step, (f"at {step}",))
    steps = [step for step, _ in past.rows()]
    assert len(steps) <= samples.ROWS and steps[0] == 2_000 and steps[-1] == 0 and 1_000 in steps
    assert np.all(np.diff(np.diff(steps[::-1])) >= 0) and past.rows()[0][1] == ("at 2000",)
    assert past.fits(None, 2_000) and not past.fits("another", 2_000) and not past.fits(None, 1_990)
    past.begin("another")
    past.see(5, ("x",))
    assert past.rows() == [(5, ("x",))]


def test_what_was_written_before_comes_from_the_moments_that_are_kept(look, service, shown):
    service.put("r", NAMES, state="done", step=900)
    service.scrubber.steps["r"] = (0, 400, 900)
    at = look()
    view(at, "samples")
    rows = shown["look.samples"].rows
    assert [row["step"] for row in rows] == [900, 400, 0]
    assert [text["text"] for text in rows[1]["texts"]] == ["made at 400"] * samples.COUNT
    asked = list(service.scrubber.asked_at)
    at.run()
    assert service.scrubber.asked_at == asked == [0, 400], "once, since they do not change"


# gradients

def test_the_gradient_is_that_of_the_loss_at_the_end(look, service, shown):
    service.put("r", ORDER, state="done", step=9)
    at = look()
    view(at, "gradients")
    [line] = traces(shown["look.gradients"])
    shares = line["y"]
    built = network(ORDER.to_json())
    inputs, target = tasks.get("order").sample("test", 0)
    memory, embedded = built.module_of("memory"), built.module_of("embed")(torch.from_numpy(inputs[0])[None])
    cell = torch.nn.GRUCell(6, 16)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in memory.state_dict().items()})
    states, state = [], None
    for step in range(30):
        state = cell(embedded[:, step], state)
        state.retain_grad()
        states.append(state)
    torch.nn.functional.cross_entropy(built.module_of("output")(state), torch.tensor([target])).backward()
    norms = np.array([one.grad.norm().item() for one in states])
    np.testing.assert_allclose(shares, np.maximum(norms / norms[-1], 1e-12), rtol=1e-3)
    assert shares[-1] == 1 and layout(shown["look.gradients"])["yaxis"]["type"] == "log"
    assert "comes back to the first step" in shown["look.gradients"].label


def test_where_attention_brings_the_gradient_it_is_seen_beside_its_largest(look, service, shown):
    service.put("r", presets.get("dates").experiment, state="done", step=9)
    at = look()
    view(at, "gradients")
    data, written = shown["look.gradients"], shown["look.gradients.1"]
    assert [line["name"] for line in traces(data)] == ["reader, layer 1", "reader, layer 1, backwards"]
    assert [line["name"] for line in traces(written)] == ["writer"]
    assert len({(line["line"]["color"], line["line"]["dash"])
                for line in traces(data)}) == 2, "each line can be told from the others"
    lines = [line["y"] for line in (*traces(data), *traces(written))]
    assert all(np.nanmax(line) == 1 for line in lines) and "relative to its largest norm" in data.label
    task = tasks.get("dates")
    inputs, _ = task.sample("test", task.pinned)
    assert words(data) == list(task.input_words(inputs)[0]) and len(words(written)) == len(lines[2]) == 10
    most = int(np.nanargmax(lines[0]))
    assert f"reader, layer 1: the gradient is largest at step {most + 1} “{words(data)[most]}”" in data.label


def test_without_a_truth_there_is_no_gradient(look, service, shown):
    service.put("r", NAMES, state="done", step=9)
    at = look()
    view(at, "gradients")
    assert "look.gradients" in shown
    shown.clear()
    own(at, "names", "zo")
    assert "The target is not known here" in texts(at) and "look.gradients" not in shown


@pytest.mark.parametrize(("left", "words"), [
    (0.5, "50 %"), (0.034, "3 %"), (0.0021, "1 part in 500"), (2.3e-6, "1 part in 400,000"), (1e-12, "nothing"),
    (3e-11, "less than a billionth")])
def test_what_is_left_in_words(left, words):
    assert gradients.percentage(left) == words


# side by side

def test_three_memories_read_the_same(look, service, shown):
    for run, experiment in (("a", ORDER_RNN), ("b", ORDER_LSTM), ("c", ORDER)):
        service.put(run, experiment, state="done", step=9, val_accuracy=0.5)
    at = look("b")
    view(at, "compare")
    data = shown["look.compare"]
    assert [column["kind"] for column in data.columns] == ["RNN", "LSTM", "GRU"]
    inputs, target = tasks.get("order").sample("test", 0)
    for column, experiment in zip(data.columns, (ORDER_RNN, ORDER_LSTM, ORDER)):
        result = answered(experiment, inputs, states=("memory",), readouts=True)
        hidden = result.states["memory"]["layer 1"].hidden
        np.testing.assert_allclose(floats(column["hidden"]).reshape(16, 30), hidden.T, rtol=1e-6)
        np.testing.assert_allclose(floats(column["guesses"]["values"]).reshape(4, 30), result.readouts.T, rtol=1e-6)
        best = int(result.probabilities.argmax())
        verdict = f"predicts {task_of(ORDER).classes[best]}: {'correct' if best == target else 'wrong'}"
        assert column["verdict"] == {"text": verdict, "right": best == target}
        assert column["guesses"]["target"] == [target] * 30 and "50 %" in column["score"]
    assert [line["name"] for line in traces(shown["look.compare.1"])] == ["RNN", "LSTM", "GRU"]
    assert not [button for button in at.button if button.key == "look.trio.train"]


def test_one_button_trains_what_is_missing(look, service, shown):
    service.put("r", ORDER.model_copy(update={"seed": 7}), state="done", step=9)
    service.put("other", BRACKETS, state="done", step=9)  # another task is no sibling
    at = look("r")
    view(at, "compare")
    assert [column["missing"] for column in shown["look.compare"].columns] == [True, True, False]
    at.button(key="look.trio.train").click().run()
    assert not at.exception
    made = [one for one in service.list(service.get("r").owner) if one.id.startswith("made")]
    assert {one.experiment.seed for one in made} == {7}
    assert [one.experiment.network for one in reversed(made)] == [ORDER_RNN.network, ORDER_LSTM.network]
    assert [column["missing"] for column in shown["look.compare"].columns] == [False, False, False]
    assert at.session_state["dlviz.run"] == "r"


def test_numbers_and_sequences_side_by_side(look, service, shown):
    service.put("r", ADDING, state="done", step=9)
    at = look()
    view(at, "compare")
    column = shown["look.compare"].columns[2]
    expected = float(tasks.get("adding").sample("test", 0)[1][0])
    assert column["guesses"]["form"] == "numbers" and column["guesses"]["target"] == pytest.approx(expected)
    service.put("s", BRACKETS, state="done", step=9)
    at = look("s")
    view(at, "compare")
    column, (_, target) = shown["look.compare"].columns[1], tasks.get("brackets").sample("test", 0)
    assert column["guesses"]["target"] == target.tolist() and column["verdict"]["text"].endswith("of 24 correct")


def test_a_sibling_that_waits_says_so(look, service, shown):
    service.put("r", ORDER, state="done", step=9)
    service.put("q", ORDER_RNN, state="queued", step=0)
    service.put("dead", ORDER_LSTM, state="failed", step=0)
    at = look("r")
    view(at, "compare")
    rnn, lstm, gru = shown["look.compare"].columns
    assert rnn["note"] == "The run is queued." and "hidden" not in rnn and lstm["missing"]
    assert "hidden" in gru and len(traces(shown["look.compare.1"])) == 1


def test_of_several_siblings_one_is_chosen(look, service, shown):
    service.put("r", ORDER, state="done", step=9)
    for run in ("old", "new"):
        service.put(run, ORDER_RNN, state="done", step=9, name=run)
    at = look("r")
    view(at, "compare")
    assert shown["look.compare"].columns[0]["name"] == "new"
    at.selectbox(key="look.trio.RNN").set_value("old").run()
    assert shown["look.compare"].columns[0]["name"] == "old"


def test_networks_without_a_memory_stand_alone(look, service):
    service.put("r", REVERSE, state="done", step=9)
    assert not any("Side by side" in option for option in views(look()))
