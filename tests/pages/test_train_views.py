"""Curves and what is seen inside a run, without a browser: what is asked for and what is sent."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz import views
from dlviz.network import build
from dlviz.training import events as ev
from dlviz.training.calibration import calibration
from dlviz.training.captures import capture
from tests.pages.train_page import CNN, MLP, captured, drawn, marks, reversing, sample, service, texts, train  # noqa: F401 (fixtures)
from tests.pages.train_service import columns


def test_curves_are_pinned_to_the_plan_and_carry_the_marks(train, service, drawn):
    service.put("r1", MLP, {"evaluations": (ev.Evaluated(100, 0.5, 0.8, 1000),)} | marks(
        (200, "learning_rate", 0.002, 0.0003)), step=250)
    train("r1")
    sent = drawn["run.curves"]
    assert (sent["planned"], sent["perEpoch"], sent["axis"], sent["run"]) == (500, 100, "step", "r1")
    assert sent["marks"] == [[200, "learning rate 0.002 → 0.0003"]]
    loss = {series["name"]: series for series in sent["panels"][0]["series"]}
    assert loss["val_loss"]["points"]["values"] == [0.5]
    assert len(loss["train_loss"]["points"]["values"]) > 50


def test_each_tick_asks_only_for_what_is_new_and_draws_all_of_it(train, service, drawn):
    service.put("r1", MLP, step=40)
    at = train("r1")
    service.become("r1", step=60)
    service.asked_since.clear()
    at.run()
    assert service.asked_since[0] == 40 and set(service.asked_since) <= {40, 60}
    sent = drawn["run.curves"]["panels"][0]["series"][0]["points"]
    assert sum(sent["gaps"]) == 60 and len(sent["values"]) == 60
    assert sent["values"][:2] == pytest.approx(columns(2)["loss"].tolist(), rel=1e-3)


def test_a_curve_that_was_taken_back_is_read_anew(train, service, drawn):
    service.put("r1", MLP, step=60)
    at = train("r1")
    service.become("r1", step=30)
    service.revision["r1"] = 1
    at.run()
    assert sum(drawn["run.curves"]["panels"][0]["series"][0]["points"]["gaps"]) == 30


def test_feature_maps_of_the_chosen_layer_and_nothing_else_are_watched(train, service, drawn):
    outputs = {"relu1": np.ones((16, 26, 26), np.float32)}
    service.put("r1", CNN, {"captured": captured(outputs=outputs)}, step=250)
    at = train("r1")
    assert (service.watched[-1].outputs, service.watched[-1].weights) == (("relu1",), ())
    sample, maps = drawn["run.maps"]["blocks"]
    assert sample["title"] == "Target: 7" and sample["probabilities"][7] == pytest.approx(0.91)
    assert (maps["count"], maps["columns"], maps["cell"]) == (16, 8, [27, 27])
    assert "16 maps of 26 x 26, after step 250" in maps["note"]
    at.selectbox(key="run.layer.r1").select("conv2").run()
    assert service.watched[-1].outputs == ("conv2",)
    assert [block["kind"] for block in drawn["run.maps"]["blocks"]] == ["sample"], "not captured yet"


def test_another_test_image_is_watched(train, service, drawn):
    service.put("r1", CNN, step=250)
    at = train("r1")
    sample(at).set_value(42).run()
    assert service.watched[-1].sample == 42
    assert drawn["run.maps"]["blocks"][0]["title"] == "Target: 4"
    at.button(key="run.random").click().run()
    assert sample(at).value == service.watched[-1].sample < 10_000


def test_first_layer_weights(train, service, drawn):
    weight = np.random.default_rng(0).normal(size=(128, 784)).astype(np.float32)
    service.put("r1", MLP, {"captured": captured(weights={"hidden1": weight})}, step=250)
    at = train("r1")
    at.segmented_control(key="run.view").set_value("weights").run()
    assert (service.watched[-1].outputs, service.watched[-1].weights) == ((), ("hidden1",))
    maps, = drawn["run.weights"]["blocks"]
    assert maps["count"] == 64 and "the first 64 shown" in maps["note"] and maps["noun"] == "neuron"


def test_confusion_and_mistakes_come_from_evaluations_and_capture_nothing(train, service, drawn):
    table = np.eye(10, dtype=np.int32) * 90
    table[4, 9] = 10
    service.put("r1", MLP, {"confusion": table, "mistakes": (ev.Mistake(3, 4, 9, 0.98),),
                            "evaluations": (ev.Evaluated(200, 0.2, 0.95, 910),)}, step=250)
    at = train("r1")
    at.segmented_control(key="run.view").set_value("confusion").run()
    assert not service.watched[-1].active
    figure = drawn["run.confusion"]
    assert figure["label"].endswith("900 of 910 samples are predicted correctly; most often 4 is taken for 9, 10 times")
    assert figure["table"]["rows"][4] == ["4", "0", "0", "0", "0", "90", "0", "0", "0", "0", "10"]
    assert "1. 4 → 9, 10 times" in texts(at) and "Evaluated on 910 validation samples after step 200." in texts(at)
    at.segmented_control(key="run.view").set_value("mistakes").run()
    assert not service.watched[-1].active
    card, = drawn["run.mistakes"]["blocks"][0]["cards"]
    assert (card["target"], card["prediction"], card["probability"]) == ("4", "9", 0.98)


def test_calibration_comes_from_the_last_evaluation(train, service, drawn):
    found = calibration(torch.full((10,), 0.9), torch.arange(10) < 7)
    service.put("r1", MLP, {"evaluations": (ev.Evaluated(200, 0.2, 0.7, 10, calibration=found),)}, step=250)
    at = train("r1")
    at.segmented_control(key="run.view").set_value("calibration").run()
    assert not service.watched[-1].active
    assert drawn["run.calibration"]["label"].endswith("90.0 % sure and 70.0 % of its predictions are correct; "
                                                      "it is too sure of itself")
    assert "Evaluated on 10 validation samples after step 200." in texts(at)


@pytest.mark.parametrize("view", ["maps", "weights", "confusion", "calibration", "mistakes"])
@pytest.mark.parametrize("values", [{"state": "queued", "position": 1}, {"state": "stopped"}])
def test_every_view_of_a_run_without_a_step_is_calm(train, service, drawn, view, values):
    service.put("r1", MLP, **values)
    at = train("r1")
    at.segmented_control(key="run.view").set_value(view).run()
    assert not at.exception and not at.error


def test_numbers_that_are_none_do_not_break_the_page(train, service, drawn):
    nothing = np.full(10, np.nan, np.float32)
    capture = ev.Captured(3, 0, {"relu1": np.full(128, np.nan, np.float32)}, {}, nothing)
    service.put("r1", MLP, {"captured": capture}, state="diverged", sentence="Oh.", step=3)
    train("r1")
    assert drawn["run.maps"]["blocks"][0]["probabilities"] == [0.0] * 10


def test_a_run_over_symbols_shows_its_layers_and_no_pictures_that_it_has_not(train, service, drawn):
    reverse = reversing()
    service.put("r1", reverse, {"captured": ev.Captured(250, 0)}, step=250)
    at = train("r1")
    options = list(at.segmented_control(key="run.view").options)
    assert options[:2] == ["Feature maps", "Health"]
    assert not {"First-layer weights", "Confusion", "Mistakes"} & set(options)
    assert drawn["run.maps"]["blocks"] == []


@pytest.mark.parametrize("mine", [True, False])
def test_neurons_are_drawn_of_what_was_captured_and_only_the_owner_may_edit(train, service, drawn, mine):
    subject = views.subject(MLP)
    request = views.get("neurons").request(subject, {})
    with torch.random.fork_rng():
        network = build(MLP.network, subject.task.signature(), seed=1)
    found = capture(network, subject.task, request.watch(3), 40)
    service.put("r1", MLP, {"captured": found}, step=40, state="paused", **({} if mine else {"owner": "somebody"}))
    at = train("r1")
    at.session_state["run.view"] = "neurons"
    at.run()
    assert service.watched[-1].parameters == ("hidden1", "hidden2", "output") and not at.exception
    sent = drawn["run.neurons"]
    assert sent["total"] == 109_184 and sent["editable"] == mine and sent["run"] == "r1"


def test_edited_weights_are_named_on_the_curve_and_above_it(train, service, drawn):
    service.put("r1", MLP, marks((41, "hidden1.weight[3, 4]", 0.25, 1.5), (41, "hidden1.bias[3]", 0.0, 1.0),
                                 (61, "output.bias[2]", 0.0, 0.5)), step=80, state="paused")
    assert "Weights were edited by hand at the steps 40, 60." in texts(train("r1"))
    assert drawn["run.curves"]["marks"][0] == [41, "weight hidden1.weight[3, 4] 0.25 → 1.5"]
