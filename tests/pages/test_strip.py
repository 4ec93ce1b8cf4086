"""The frame: the doors, the other pages at their addresses, and the strip of the run in focus."""
from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dlviz import lessons, presets, tasks
from pages.ui.shared import following, places, run_actions, run_picker, state, strip
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MLP = presets.get("mlp").experiment
REVERSE = presets.get("reverse").experiment


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """What the browser is given of the run in focus, the newest last."""
    mounted: list[dict] = []
    monkeypatch.setattr(strip, "_MOUNT", lambda key, data, **more: mounted.append(json.loads(json.dumps(data))))
    return mounted


@pytest.fixture
def linked(monkeypatch) -> list[str]:
    """The labels of the links; outside app.py Streamlit knows no pages to link to."""
    labels: list[str] = []
    monkeypatch.setattr(st, "page_link", lambda page, label, **more: labels.append(label))
    return labels


def frame(here: str) -> None:
    from pages.ui.shared import strip

    strip.Strip(here).draw()


def visit(here: str = "", **query: str) -> AppTest:
    """The front page within the whole app, or another page's strip alone: AppTest runs other pages without app.py."""
    if here:
        at = AppTest.from_function(frame, kwargs={"here": here}, default_timeout=60)
    else:
        at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["dlviz.visitor"] = OWNER
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def picker(at):
    found, = [box for box in at.selectbox if str(box.key).startswith(run_picker.KEY)]
    return found


def test_on_a_server_that_is_warm_a_first_visit_is_welcomed_once_a_page(service, monkeypatch):
    monkeypatch.setattr(state, "has_service", lambda: True)
    monkeypatch.setattr(service, "trouble", "", raising=False)
    at = visit()
    assert [button.key for button in at.button].count("welcome.lesson") == 1


def test_the_doors_and_every_page_has_its_place():
    assert [place.title for place in places.DOORS] == ["Workbench", "Lab", "Runs", "Learn", "Class"]
    files = {f"pages/{path.name}" for path in (Path(APP).parent / "pages").glob("*.py")}
    assert {place.file for place in (*places.DOORS, *places.OF_A_RUN)} == files


def test_no_run_no_strip(service, shown):
    at = visit()
    assert not shown and not [box for box in at.selectbox if box.key.startswith(run_picker.KEY)]


def test_a_first_visit_is_shown_where_to_begin_until_there_is_a_run(service, shown):
    at = visit()
    assert any("New here?" in one.value for one in at.markdown)
    at.button(key="welcome.lesson").click().run()
    assert lessons.record().opened(OWNER) == lessons.every()[0].id
    assert not any("New here?" in one.value for one in visit().markdown)


def test_who_has_a_run_is_not_new_here(service, shown):
    service.put("r", MLP, name="First", step=120, state="training")
    assert not any("New here?" in one.value for one in visit().markdown)


def test_the_strip_names_the_run_in_focus_with_its_state_and_curve(service, shown, linked):
    service.put("r", MLP, name="First", step=120, state="training", val_accuracy=0.913)
    at = visit("lab")  # the Workbench has the numbers itself
    assert picker(at).options == ["First"]
    assert shown[-1]["word"] == "Training" and shown[-1]["figures"] == "Step 120 of 500  ·  validation 91.3 %"
    assert len(shown[-1]["curve"].split()) > 10


def test_picking_brings_another_run_into_focus_and_into_the_address(service, shown, linked):
    service.put("first", MLP, name="Old", step=500, state="done", test_accuracy=0.97)
    service.put("second", MLP, name="New", step=50)
    at = visit("lab")
    assert picker(at).value == "second"
    picker(at).set_value("first").run()
    assert at.query_params["run"] == "first" and shown[-1]["figures"] == "test 97.0 %"


def test_what_a_browser_still_tells_of_the_select_before_a_new_run_is_no_choice(service, shown, linked):
    """It comes with a tick that was on its way while a callback put the new run in focus."""
    service.put("first", MLP, name="Old", step=500)
    at = visit("lab")
    old = picker(at)
    service.put("second", MLP, name="New", step=50)
    at.query_params["run"] = "second"
    at.run()
    assert picker(at).key != old.key and picker(at).value == "second"


def test_somebody_elses_run_in_the_address_is_in_focus(service, shown, linked):
    service.put("mine", MLP, name="Mine", step=50)
    service.put("theirs", MLP, name="Theirs", owner="somebody", step=50)
    assert picker(visit(run="theirs")).value == "theirs"


def test_an_address_that_names_no_run_keeps_the_run_in_focus(service, shown, linked):
    service.put("first", MLP, name="Old", step=50)
    service.put("second", MLP, name="New", step=50)
    at = visit("train")
    picker(at).set_value("first").run()
    at.query_params["run"] = run_actions.NEW
    at.run()
    assert picker(at).value == "first"


@pytest.mark.parametrize(("experiment", "offered"), [
    (MLP, {"train", "draw", "motion", "explain", "landscape"}),
    (REVERSE, {"train", "look", "motion", "explain", "landscape"}),
])
def test_only_the_places_that_suit_a_runs_task(experiment, offered):
    task = tasks.get(experiment.task.name, experiment.task.fields)
    assert {place.name for place in places.OF_A_RUN if place.suits(task)} == offered


@pytest.mark.parametrize(("here", "back"), [("runs", False), ("draw", True), ("train", True)])
def test_one_step_back_to_the_workbench_from_where_a_run_is_large(service, shown, linked, here, back):
    service.put("r", MLP, name="First", step=120)
    visit(here)
    assert linked == ["Workbench"] * back + ["Train", "Draw", "Slow motion", "Explain", "Landscape"]


def test_where_the_page_shows_the_numbers_the_strip_does_not(service, shown, linked):
    service.put("r", MLP, name="First", step=120)
    visit("train", run="r")
    assert shown[-1]["figures"] == "" and shown[-1]["curve"]


def test_a_run_without_accuracy_says_its_loss(service):
    service.put("r", MLP, step=3, state="stopped", loss=0.1234)
    snapshot = service.snapshot("r")
    without = replace(snapshot, train=snapshot.train | {"accuracy": np.full(3, np.nan, np.float32)})
    assert strip.figures(without) == "loss 0.123"


def page_with_a_tick() -> None:
    import streamlit as st

    from pages.ui.shared import state

    info = state.focus()
    st.session_state.drawn = [*st.session_state.get("drawn", []), info.id if info else None]
    if st.session_state.pop("draw", False):
        state.draw_page()


@pytest.mark.parametrize(("address", "ticks", "drawn"), [
    ("old", True, ["new", "new"]),  # a tick of the page as it was before a callback put the new run in focus
    ("old", False, ["old", "old"]),  # a page that is asked for by its address
    (run_actions.NEW, True, ["new", "new"]),
])
def test_a_tick_with_an_older_address_does_not_bring_the_older_run_back(service, monkeypatch, address, ticks, drawn):
    service.put("old", MLP, step=50)
    service.put("new", MLP, step=5)
    monkeypatch.setattr(state, "ticking", lambda: ticks and not at.session_state["drawn"])
    at = AppTest.from_function(page_with_a_tick, default_timeout=60)
    at.session_state["dlviz.visitor"], at.session_state["dlviz.run"] = OWNER, "new"
    at.session_state["draw"], at.session_state["drawn"] = True, []
    at.query_params["run"] = address
    at.run()
    assert not at.exception and at.session_state["drawn"] == drawn
    assert at.query_params["run"] == (run_actions.NEW if address == run_actions.NEW else drawn[-1])


WHOLE = {"pages/build.py", "pages/ui/build/files.py", "pages/ui/build/gallery.py", "pages/ui/build/stack.py",
         "pages/ui/classroom/teacher.py", "pages/ui/lesson/panel.py", "pages/ui/shared/fetch.py",
         "pages/ui/shared/runs_dialogs.py", "pages/ui/shared/state.py"}  # pages and dialogs, none of which ticks


def test_a_tick_has_the_page_drawn_by_the_one_function_that_knows_of_older_addresses():
    root = Path(APP).parent
    assert {str(path.relative_to(root)) for path in (root / "pages").rglob("*.py")
            if "st.rerun(" in path.read_text()} == WHOLE


def test_a_run_that_ended_a_moment_ago_is_shown_as_ended(service, shown, linked):
    service.put("r", MLP, step=50)
    visit("lab")
    assert shown[-1]["word"] == "Training"
    service.put("r", MLP, step=500, state="done")
    visit("lab")
    assert shown[-1]["word"] == "Finished"


def test_a_run_that_pauses_while_the_page_is_drawn_is_not_said_to_train(service, monkeypatch, linked):
    """One batch: it is over before the page below the strip is drawn, and nothing changes after that."""
    words: list[str] = []

    def mount(key: str, data: dict, **more: object) -> None:
        words.append(data["word"])
        service.put("r", MLP, step=51, state="paused")

    service.put("r", MLP, step=50)
    monkeypatch.setattr(strip, "_MOUNT", mount)
    monkeypatch.setattr(following, "SHARE", 0.0)
    monkeypatch.setattr(state, "has_service", lambda: True)  # else the strip is drawn last
    monkeypatch.setattr(state, "trouble", lambda: "")
    visit()
    assert words == ["Training", "Paused"]
