"""The lab page without a browser: the gallery, one's own study, a study as it goes, bad input."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.studies import presets as ready
from dlviz.studies import results, studies
from dlviz.studies.plan import Axis
from dlviz.studies.presets import RATE
from dlviz.studies.study import Search, Span
from dlviz.training import events as ev
from dlviz.training.control import Pause, Resume, Stop
from pages.ui.lab import blocks as lab_blocks
from pages.ui.lab import lines as lab_lines
from pages.ui.lab import pictures, views
from pages.ui.lab import search as lab_search
from pages.ui.shared import curves, plot, state
from pages.ui.shared.design import Design
from tests.pages.train_service import OWNER, FakeService, info

APP = str(Path(__file__).parents[2] / "app.py")
MLP = presets.get("mlp").experiment


class LabService(FakeService):
    """A service that also knows lock-step."""

    closed = False

    def __init__(self) -> None:
        super().__init__()
        self.lockstep_groups: list[tuple[tuple[str, ...], int | None]] = []

    def create(self, *args, **values) -> str:
        run = super().create(*args, **values)
        self.become(run, state="starting" if values.get("start", True) else "paused")
        return run

    def make_room(self, owner: str, runs: int = 1) -> None:
        self._refuse()

    def together(self, runs: Sequence[str], lead: int | None, by: str) -> None:
        self.lockstep_groups.append((tuple(runs), lead))


@pytest.fixture
def service(monkeypatch) -> LabService:
    made = LabService()
    monkeypatch.setattr(state, "service", lambda: made)
    monkeypatch.setattr(studies, "TICK", 1e6)  # tests make the next runs themselves
    return made


@pytest.fixture
def lab(service):
    def open_page(study: str | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, MLP)
        at.run()
        at.switch_page("pages/lab.py")
        if study:
            at.query_params["study"] = study
        at.run()
        assert not at.exception
        return at

    return open_page


@pytest.fixture
def blocks(monkeypatch) -> dict[str, list]:
    """What the browser component was last told, by the kind of its first block."""
    mounted: dict[str, list] = {}

    def mount(key: str, data: dict) -> None:
        mounted[data["blocks"][0]["kind"]] = data["blocks"]

    monkeypatch.setattr(lab_blocks, "_MOUNT", mount)
    return mounted


@pytest.fixture
def drawn(monkeypatch) -> dict[str, dict]:
    """What each figure was last given, by its key."""
    mounted: dict[str, dict] = {}
    monkeypatch.setattr(plot, "_MOUNT", lambda key, data, **more: mounted.__setitem__(key, data))
    return mounted


def texts(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.subheader, *at.warning, *at.error, *at.title, *at.info]
    return "\n".join(str(part.value).replace("\\", "").replace("\xa0", " ") for part in parts)


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def rates(service: LabService, *values: float, **more) -> str:
    """A study of the visitor's over learning rates."""
    return studies.of(service).compare("Rates", OWNER, MLP, [Axis(hyperparameter=RATE, values=values)], **more)


def go(service: LabService, study: str, *runs: dict) -> None:
    for member, values in zip(studies.of(service).get(study).members, runs):
        more = {"evaluations": (ev.Evaluated(100, 0.3, values["best_val_accuracy"], 1000),)} \
            if "best_val_accuracy" in values else {}
        service.more[member.run] |= more
        service.become(member.run, **values)


# the home

def test_the_gallery_shows_every_ready_study_and_what_to_watch(lab):
    at = lab()
    content = texts(at)
    for card in ready.STUDY_PRESETS.values():
        assert card.title in content and card.observation in content
    assert "None yet. Start one above" in content


def test_one_click_starts_a_ready_study_in_lock_step(lab, service):
    at = lab()
    at.button(key="lab.ready.race").click().run()
    assert not at.exception
    found, = studies.of(service).list(OWNER)
    assert at.query_params["study"] in (found.id, [found.id])
    assert len(found.members) == 5 and found.lead == 20
    assert service.lockstep_groups == [(found.runs, 20)], "they belong together before the first may train"
    assert [message for _, message in service.posted] == [Resume()] * 5
    assert at.session_state["lab.kind"] == "train"
    assert "What to watch:" in texts(at) and "differ in optimizer only" in texts(at)


def test_a_ready_study_goes_on_the_design_in_hand_too(lab, service):
    at = lab()
    at.segmented_control(key="lab.base").set_value("mine").run()
    at.button(key="lab.ready.rates").click().run()
    found, = studies.of(service).list(OWNER)
    assert found.base == MLP
    assert found.axes[0].values == (0.08, 0.002, 5e-05)


def test_a_study_on_little_data_leaves_the_design_as_large_as_it_was(lab, service, blocks):
    at = lab()
    at.segmented_control(key="lab.base").set_value("mine").run()
    content = texts(at)
    assert all((card.question in content) == (card.key != "skips") and card.observation not in content
               for card in ready.STUDY_PRESETS.values())
    at.button(key="lab.ready.augmentation").click().run()
    found, = studies.of(service).list(OWNER)
    assert (found.base.training.train_fraction, found.base.training.epochs) == (0.02, 40)
    assert at.session_state["lab.kind"] == "val", "that is where it is seen"
    assert "For this study: fraction of the data 1 to 0.02, epochs 5 to 40." in texts(at)
    go(service, found.id, *({"state": "done", "step": 720, "best_val_accuracy": score}
                            for score in (0.8, 0.9, 0.85)))
    press(at.run(), "Copy to Workbench")
    taken = at.session_state["dlviz.design"].experiment
    assert taken.training.augmentation.shift == 2 and taken.name == MLP.name
    assert taken.training.model_copy(update={"augmentation": MLP.training.augmentation}) == MLP.training


def test_first_weights_are_not_said_to_be_the_same(lab, service, blocks):
    at = lab()
    at.button(key="lab.ready.first_weights").click().run()
    assert "differ in first weights only: the same data, the same batches." in texts(at)


def test_what_a_design_cannot_be_without_is_said(lab, service):
    at = lab()
    at.segmented_control(key="lab.base").set_value("mine").run()
    assert "Put them in by hand on the Workbench" in texts(at)
    assert at.button(key="lab.ready.skips").disabled and not at.button(key="lab.ready.rates").disabled


def test_a_study_of_ones_own_over_a_typed_list(lab, service):
    at = lab()
    at.selectbox(key="lab.first.hyperparameter").set_value(("training", "batch_size")).run()
    at.text_input(key="lab.first.training.batch_size.list").input("16, 32, 64, 128").run()
    at.toggle(key="lab.lock").set_value(False).run()
    at.number_input(key="lab.at_once").set_value(2).run()
    assert "4 runs" in texts(at)
    press(at, "Start the study")
    found, = studies.of(service).list(OWNER)
    assert found.name == "Batch size" and found.lead is None
    assert [member.values for member in found.members] == [(16,), (32,)], "two at once"
    assert found.pending == ((64,), (128,))
    assert "0 of 4 runs finished" in texts(at)


def test_a_range_that_ends_below_its_start_is_said_at_once(lab):
    at = lab()
    at.selectbox(key="lab.first.hyperparameter").set_value(RATE.path).run()
    key = f"lab.first.{'.'.join(RATE.path)}"
    at.segmented_control(key=f"{key}.how").set_value("A range").run()
    at.number_input(key=f"{key}.low").set_value(1.0).run()
    at.number_input(key=f"{key}.high").set_value(0.1).run()
    assert "it goes from 1 to 0.1. Swap the two" in texts(at)
    assert not [button for button in at.button if button.label == "Start the study"]


def test_more_runs_than_lock_step_can_train_at_once_are_refused(lab, service, monkeypatch):
    monkeypatch.setenv("DLVIZ_MAX_RUNNING", "3")
    at = lab()
    at.button(key="lab.ready.race").click().run()
    assert "Lock-step needs all runs at once, 3 at most on this server, but this study has 5." in texts(at)
    assert not service.infos


def test_a_cluster_says_how_many_runs_train_at_once(lab, service):
    service.room, service.computers = 4, 3  # fewer cores than runs may train on the server itself
    at = lab()
    assert (at.number_input(key="lab.at_once").max, at.number_input(key="lab.at_once").value) == (4, 4)
    at.button(key="lab.ready.race").click().run()
    assert "Lock-step needs all runs at once, 4 at most on this server, but this study has 5." in texts(at)
    assert not service.infos
    service.room = 40
    again = lab()
    assert again.number_input(key="lab.at_once").value == 12, "each node has as many as one computer would"


def test_a_second_hyperparameter_multiplies(lab, service):
    at = lab()
    at.toggle(key="lab.two").set_value(True).run()
    at.selectbox(key="lab.first.hyperparameter").set_value(("training", "batch_size")).run()
    at.selectbox(key="lab.second.hyperparameter").set_value(("toggle", "dropout")).run()
    assert "6 runs" in texts(at)


def test_a_search_begins_with_the_values_that_optuna_proposes(lab, service):
    pytest.importorskip("optuna")
    at = lab()
    at.number_input(key="lab.search.trials").set_value(5).run()
    press(at, "Start the search")
    found, = studies.of(service).list(OWNER)
    assert found.search.trials == 5 and len(found.members) == 2 and found.planned == 5
    assert found.name == "Best learning rate"
    low, high = found.search.spans[0].low, found.search.spans[0].high
    assert all(low <= member.values[0] <= high for member in found.members)


@pytest.mark.parametrize(("low", "high", "log", "sentence"), [
    (1.0, 0.1, True, "it goes from 1 to 0.1"), (0.0, 1.0, True, "start above zero"),
    (0.1, 1000.0, True, "The learning rate must lie between 0 and 100, but 1000 was given.")])
def test_a_search_over_no_range_is_refused(low, high, log, sentence):
    with pytest.raises(Exception, match=sentence):
        lab_search.span(MLP, RATE, low, high, log)


# one study

def test_all_runs_are_read_at_the_step_that_all_have_reached(lab, service, blocks):
    study = rates(service, 0.1, 0.01, 0.001, lead=20)
    go(service, study, {"state": "training", "step": 140, "best_val_accuracy": 0.5},
       {"state": "training", "step": 131, "best_val_accuracy": 0.9}, {"state": "training", "step": 125})
    at = lab(study)
    block, = blocks["table"]
    assert block["title"] == "All runs at step 125"
    labels = [row["label"] for row in block["rows"]]
    assert labels == ["learning rate 0.1", "learning rate 0.01", "learning rate 0.001"]
    loss = (2.3 * np.exp(-np.arange(106, 126) / 80)).mean()
    assert block["rows"][0]["values"][0] == pytest.approx(loss, rel=1e-4), \
        "the mean of the last 20 steps up to 125"
    assert block["rows"][0]["values"][3] == 0.5 and block["rows"][2]["values"][3] is None
    assert "Best of 2 runs so far: learning rate 0.01 reaches 90.0 %" in texts(at)
    assert "it changes learning rate 0.002 to 0.01" in texts(at)


def test_without_lock_step_each_run_is_read_where_it_is(lab, service, blocks):
    study = rates(service, 0.1, 0.01)
    go(service, study, {"state": "done", "step": 500}, {"state": "training", "step": 90})
    lab(study)
    block, = blocks["table"]
    assert block["title"] == "All runs where they are"
    for row, step in zip(block["rows"], (500, 90)):
        loss = (2.3 * np.exp(-np.arange(step - 19, step + 1) / 80)).mean()
        assert row["values"][0] == pytest.approx(loss, rel=1e-4)


def test_a_loss_that_explodes_does_not_flatten_the_others(lab, service, blocks, monkeypatch):
    mounted = {}
    monkeypatch.setattr(views.curves, "curves", lambda key, panels, history, **more: mounted.update(history))
    study = rates(service, 10.0, 0.01)
    go(service, study, {"state": "done", "step": 300}, {"state": "done", "step": 300})
    wild, calm = studies.of(service).get(study).runs
    at = lab(study)
    assert "explodes" not in texts(at) and np.isfinite(mounted[f"{wild}.train_loss"][1]).all()
    loss = np.array([2.0, 3.0, 6.5, 1e30, np.nan])
    snapshot = service.snapshot(calm)
    steps = {"step": np.arange(1, 6), "loss": loss, "accuracy": np.zeros(5), "learning_rate": np.ones(5)}
    lines = [lab_lines.RunLine(wild, "wild", (10.0,), ("", ""), replace(snapshot, train=steps)),
             lab_lines.RunLine(calm, "calm", (0.01,), ("", ""), snapshot)]
    top = results.ceiling([line.snapshot for line in lines])
    assert top == pytest.approx(3 * 2.0), "three times the lowest first loss"
    drawn = views.columns(lines, False, top)
    left = drawn[f"{wild}.train_loss"][1]
    assert left[:2].tolist() == [2.0, 3.0] and (left[2:4] == top).all(), "along the edge from where it is above"
    assert np.isnan(left[4]), "what is no number is drawn nowhere"
    assert "“wild” explodes" in views._exploded(lines, top) and "calm" not in views._exploded(lines, top)
    np.testing.assert_array_equal(drawn[f"{calm}.train_loss"][1], snapshot.train["loss"])


def test_legend_and_table_say_the_same_number(service):
    study = rates(service, 0.01, 0.1)
    go(service, study, {"state": "done", "step": 300}, {"state": "done", "step": 300})
    judged = (ev.Evaluated(100, 0.5, 0.8, 1_000), ev.Evaluated(200, 0.4, 0.9, 1_000))
    run = studies.of(service).get(study).runs[0]
    line = lab_lines.RunLine(run, "one", (0.01,), ("", ""), replace(service.snapshot(run), evaluations=judged))
    for at, val in ((300, 0.4), (150, 0.5), (7, None)):
        legend = views.reads([line], at, "step")
        [row] = lab_blocks.moment([line], at, "step")["rows"]
        assert row["values"][0] == pytest.approx(legend[f"{run}.train_loss"], rel=1e-3)
        assert legend[f"{run}.val_loss"] == val == row["values"][2]
        panels = views.panels([line], "train")
        sent = curves.payload(panels, views.columns([line], False), planned_steps=300, steps_per_epoch=100,
                              marks=(), x_axis="step", log_y=False, height=1, run="", empty="", window=None,
                              reads=legend)
        assert sent["panels"][0]["series"][0]["read"] == [pytest.approx(legend[f"{run}.train_loss"], rel=1e-4)]


def test_a_difference_within_the_noise_has_no_winner(service):
    study = studies.of(service).get(rates(service, 0.01, 0.1, 1.0))

    def verdict(*scores):
        infos = [info(run, MLP, state="done", val_accuracy=score, best_val_accuracy=score)
                 for run, score in zip(study.runs, scores)]
        return results.verdict(study, infos), len(results.equals(study, infos))

    text, even = verdict(0.1061, 0.1060, 0.5)
    assert text.startswith("Best of 3") and even == 1
    text, even = verdict(0.1061, 0.1060, 0.05)
    assert even == 2 and text.startswith("No winner") and "10.6 %" in text and "5,000 validation samples" in text
    noise = 2 * (2 * 0.106 * 0.894 / 5_000) ** 0.5
    assert f"± {100 * noise:.1f} %" in text
    assert verdict(0.97, 0.97 - 0.006, 0.5)[1] == 2 and verdict(0.97, 0.97 - 0.009, 0.5)[1] == 1
    assert verdict(1.0, 1.0, 1.0)[1] == 3 and "and 1 more" in verdict(1.0, 1.0, 1.0)[0]


def test_a_run_that_is_done_is_judged_by_its_last_weights():
    made = info("a", MLP, state="training", val_accuracy=0.6, best_val_accuracy=0.8)
    assert results.score(made) == 0.8
    assert results.score(replace(made, state="done")) == 0.6
    assert results.score(replace(made, state="diverged", val_accuracy=None)) == 0.8


def test_a_study_of_schedules_shows_their_rates(lab, service, blocks, monkeypatch):
    mounted = {}

    def draw(key, panels, history, **more):
        mounted.update(history, titles=[panel.title for panel in panels])

    monkeypatch.setattr(views.curves, "curves", draw)
    chosen = ready.get("schedules")
    study = studies.of(service).compare(chosen.title, OWNER, chosen.base, chosen.axes(chosen.base))
    lab(study)
    assert mounted["titles"][-1] == "Learning rate" and len(mounted["titles"]) == 3
    assert {f"{run}.rate" for run in studies.of(service).get(study).runs} <= mounted.keys()


def test_the_slider_reads_all_runs_at_an_earlier_step(lab, service, blocks):
    study = rates(service, 0.1, 0.01)
    go(service, study, {"state": "done", "step": 500}, {"state": "done", "step": 500})
    at = lab(study)
    at.slider(key=f"lab.moment.{study}").set_value(60).run()
    assert blocks["table"][0]["title"] == "All runs at step 60"
    assert blocks["table"][0]["rows"][0]["state"] == "Finished at step 500"


def test_nobody_waits_for_a_run_that_diverged(lab, service, blocks):
    study = rates(service, 10.0, 0.01, lead=20)
    go(service, study, {"state": "diverged", "step": 7}, {"state": "training", "step": 90})
    lab(study)
    assert blocks["table"][0]["title"] == "All runs at step 90"
    assert blocks["table"][0]["rows"][0]["state"] == "Diverged at step 7, read at its step 7"


def test_unequal_batches_are_compared_by_samples(lab, service, blocks):
    at_hyperparameter = [Axis(hyperparameter=ready.get("batches").axes(MLP)[0].hyperparameter, values=(16, 64))]
    study = studies.of(service).compare("Batches", OWNER, MLP, at_hyperparameter, lead=5)
    go(service, study, {"state": "training", "step": 400}, {"state": "training", "step": 90})
    lab(study)
    assert blocks["table"][0]["title"] == "All runs at 5,760 samples seen"


def test_taking_over_changes_the_design_and_can_be_undone(lab, service, blocks):
    study = rates(service, 0.1, 0.01)
    go(service, study, {"state": "done", "step": 500, "best_val_accuracy": 0.8},
       {"state": "done", "step": 500, "best_val_accuracy": 0.95})
    at = lab(study)
    press(at, "Copy to Workbench")
    design = at.session_state["dlviz.design"]
    assert design.experiment.training.optimizer.learning_rate == 0.01
    assert design.experiment.name == "Classic MLP"
    design.undo()
    assert design.experiment == MLP


def test_pause_resume_stop_reach_every_run_that_they_can(lab, service, blocks):
    study = rates(service, 0.1, 0.01)
    go(service, study, {"state": "training", "step": 50}, {"state": "training", "step": 50})
    at = lab(study)
    service.posted.clear()
    press(at, "Pause all")
    assert [message for _, message in service.posted] == [Pause(), Pause()]
    for member in studies.of(service).get(study).members:
        service.become(member.run, state="paused")
    at.run()
    press(at, "Resume")
    press(at, "Stop")
    assert [type(message) for _, message in service.posted[2:]] == [Resume, Resume, Stop, Stop]
    assert studies.of(service).get(study).stopped


def test_lock_step_is_switched_off_and_on(lab, service, blocks):
    study = rates(service, 0.1, 0.01, lead=20)
    go(service, study, {"state": "training", "step": 50}, {"state": "training", "step": 50})
    at = lab(study)
    at.selectbox(key=f"lab.lead.{study}").set_value(0).run()
    at.selectbox(key=f"lab.lead.{study}").set_value(1).run()
    runs = studies.of(service).get(study).runs
    assert service.lockstep_groups[1:] == [(runs, None), (runs, 1)]


def test_scores_lie_on_a_logarithmic_axis_where_values_do(lab, service, drawn):
    study = rates(service, 0.1, 0.01, 0.001)
    go(service, study, *({"state": "done", "step": 500, "best_val_accuracy": score}
                         for score in (0.3, 0.95, 0.8)))
    at = lab(study)
    at.segmented_control(key=f"lab.view.{study}").set_value("scores").run()
    figure = drawn[f"lab.scores.{study}.0"]
    assert [row[1] for row in figure["table"]["rows"]] == ["30.0 %", "95.0 %", "80.0 %"]
    _, ring, _ = json.loads(figure["figure"])["data"]
    assert (ring["x"], ring["y"]) == ([0.01], [0.95])
    assert json.loads(figure["figure"])["layout"]["xaxis"]["type"] == "log"
    assert figure["label"] == "Validation accuracy against learning rate: between 30.0 % and 95.0 %"


def test_a_search_is_drawn_as_lines_over_its_hyperparameters(lab, service, drawn):
    pytest.importorskip("optuna")
    search = Search(spans=(Span(hyperparameter=RATE, low=1e-4, high=1.0, log=True),
                           Span(hyperparameter=ready.get("activations").axes(MLP)[0].hyperparameter,
                                choices=("ReLU", "Tanh"))),
                    trials=4)
    study = studies.of(service).search("Both", OWNER, MLP, search)
    go(service, study, *({"state": "done", "step": 500, "best_val_accuracy": score} for score in (0.5, 0.9)))
    at = lab(study)
    figure = drawn[f"lab.parallel.{study}"]
    axes = json.loads(figure["figure"])["data"][0]["dimensions"]
    assert [axis["label"] for axis in axes] == ["learning rate", "activation", "validation accuracy"]
    assert axes[0]["range"] == [-4, 0] and axes[1]["ticktext"] == ["ReLU", "Tanh"]
    assert "orange line is the best run" in texts(at) and figure["flat"]
    table = at.dataframe[0].value
    assert list(table["accuracy"]) == ["90.0 %", "50.0 %"] and set(table["activation"]) <= {"ReLU", "Tanh"}


def test_seeds_are_shown_as_a_band_and_none_is_called_better(lab, service, drawn):
    chosen = ready.get("seeds")
    study = studies.of(service).compare(chosen.title, OWNER, chosen.base, chosen.axes(chosen.base))
    go(service, study, *({"state": "done", "step": 300, "best_val_accuracy": score}
                         for score in (0.91, 0.93, 0.92)))
    at = lab(study)
    at.segmented_control(key=f"lab.view.{study}").set_value("band").run()
    loss, accuracy = (drawn[f"lab.band.{study}.{what}"] for what in ("loss", "accuracy"))
    assert loss["label"].startswith("Training loss of 3 runs up to step 300") and "accuracy" in accuracy["figure"]
    assert "By luck alone the validation accuracy of 3 runs lies between 91.0 % and 93.0 %" in texts(at)
    assert not [button for button in at.button if button.label.startswith("Take it over")]


def test_a_deleted_study_says_so_and_leads_back(lab, service):
    at = lab("nosuchstudy")
    assert "It was deleted, or the link is not complete." in texts(at)
    press(at, "All studies")
    assert "Study presets" in texts(at)


def test_studies_are_listed_and_can_be_deleted_with_their_runs(lab, service):
    study = rates(service, 0.1, 0.01)
    rates(service, 0.2, 0.02)
    at = lab()
    assert texts(at).count("0 of 2 runs finished") == 2
    runs = studies.of(service).get(study).runs
    at.button(key=f"lab.remove.{study}").click().run()
    assert [found.name for found in studies.of(service).list(OWNER)] == ["Rates"]
    assert not set(runs) & set(service.infos)


def test_others_studies_are_not_listed(lab, service):
    studies.of(service).compare("Theirs", "another", MLP, [Axis(hyperparameter=RATE, values=(0.1, 0.2))])
    assert "Theirs" not in texts(lab())


def test_names_are_shown_as_text(lab, service, blocks):
    odd = MLP.model_copy(update={"name": "<img src=x> **bold**"})
    study = studies.of(service).compare("Odd", OWNER, odd, [Axis(hyperparameter=RATE, values=(0.1, 0.2))])
    at = lab(study)
    captions = [caption.value for caption in at.caption]
    assert any(r"\<img src\=x\>" in text or r"\<img src=x\>" in text for text in captions)


def test_pictures_are_those_of_one_step_where_all_have_it(service):
    album = pictures._CaptureCache()
    what = pictures.Watch(0, outputs=("relu1",))
    for run, steps in (("a", (20, 40, 60)), ("b", (20, 40))):
        for step in steps:
            album.add(run, ev.Captured(step, 0, {"relu1": np.zeros(3)}))
    assert album.same_step(["a", "b"], what) == 40
    assert album.picture("a", what, 40).step == 40
    assert album.same_step(["a", "b"], pictures.Watch(1, outputs=("relu1",))) is None


def test_every_run_of_a_large_study_has_a_colour_of_its_own():
    assert len(set(lab_lines.palette(60))) == 60
    assert lab_lines.palette(3)[0] == lab_lines.palette(8)[0]


def test_a_run_without_an_accuracy_is_counted_as_one(service):
    study = studies.of(service).get(rates(service, 0.01, 0.1, 1.0))
    infos = [info(run, MLP, state=state, val_accuracy=score, best_val_accuracy=score)
             for run, state, score in zip(study.runs, ("done", "done", "diverged"), (0.9, 0.5, None))]
    assert results.verdict(study, infos).startswith("Best of 2 runs (1 ended without an accuracy): learning rate 0.01")
    three = [infos[0], infos[2], infos[2]]
    assert results.verdict(study, three).startswith("Best of 1 run (2 ended without an accuracy): learning rate 0.01")
    even = [info(run, MLP, state="done", val_accuracy=0.9, best_val_accuracy=0.9) for run in study.runs[:2]]
    assert results.verdict(study, [*even, infos[2]]).startswith("No winner among 2 runs (1 ended without an accuracy)")


def test_luck_counts_the_runs_that_came_to_an_accuracy(service):
    chosen = ready.get("seeds")
    study = studies.of(service).get(studies.of(service).compare(chosen.title, OWNER, chosen.base,
                                                                         chosen.axes(chosen.base)))
    infos = [info(run, MLP, state=state, val_accuracy=score, best_val_accuracy=score)
             for run, state, score in zip(study.runs, ("done", "done", "diverged"), (0.91, 0.93, None))]
    assert "of 2 runs (1 ended without an accuracy) lies between 91.0 % and 93.0 %" in results.verdict(study, infos)
