"""The runs page without a browser: the list, comparing, renaming, deleting, names that look like code."""
from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dlviz import presets
from dlviz.errors import RunError
from dlviz.network import editing
from dlviz.training import events as ev
from pages.ui.runs import compare as runs_compare
from pages.ui.shared import run_list, state
from pages.ui.shared.design import Design
from tests.pages.train_service import OWNER, FakeService

APP = str(Path(__file__).parents[2] / "app.py")
MLP = presets.get("mlp").experiment
CNN = presets.get("cnn").experiment


@pytest.fixture
def service(monkeypatch) -> FakeService:
    made = FakeService()
    monkeypatch.setattr(state, "service", lambda: made)
    return made


@pytest.fixture
def runs(service):
    def open_page(compare: str | None = None) -> AppTest:
        at = AppTest.from_file(APP, default_timeout=60)
        at.session_state["dlviz.visitor"] = OWNER
        at.session_state["dlviz.design"] = Design(OWNER, MLP)
        at.run()
        at.switch_page("pages/runs.py")
        if compare:
            at.query_params["compare"] = compare
        at.run()
        assert not at.exception
        return at

    return open_page


def texts(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.subheader, *at.warning, *at.error]
    return "\n".join(str(part.value).replace("\\", "") for part in parts)


@pytest.fixture
def three(service):
    service.put("r1", MLP, step=500, state="done", val_accuracy=0.981, test_accuracy=0.9786)
    service.put("r2", CNN, name="second", step=250, val_accuracy=0.9, created=time.time() - 7300)
    service.put("r3", MLP, name="third", state="queued", position=1)
    return service


def test_without_runs_the_page_says_what_to_do(runs):
    at = runs()
    assert "No runs yet" in texts(at)
    assert at.page_link[0].value == "Train the current design"


def test_each_run_is_a_row_with_its_facts(runs, three):
    at = runs()
    content = texts(at)
    names = [link.value.replace("\\", "") for link in at.page_link]
    assert names == ["**third**", "**second**", "**Classic MLP**"]
    assert "MNIST digits · 109k parameters · 5 epochs · Adam 0.002" in content
    assert "98.1 %" in content and "97.9 %" in content
    assert "Training 50 %" in content and "Queued" in content and "Finished" in content
    assert "2 min ago" in content and "2 h ago" in content
    assert len(at.get("image")) == 2, "a curve for each run that has one"


def test_a_run_that_sees_its_targets_says_so_beside_its_accuracy(runs, service):
    ready = presets.get("names").experiment
    peeking = editing.set_fields(ready.network, "memory", {"bidirectional": True})
    service.put("r1", ready, state="done", val_accuracy=0.3)
    assert "sees its targets" not in texts(runs())
    service.put("r2", ready.model_copy(update={"network": peeking}), state="done", val_accuracy=0.99)
    assert texts(runs()).count("sees its targets") == 1


def test_others_runs_are_not_listed(runs, three):
    three.put("theirs", MLP, owner="another", name="not mine")
    assert "not mine" not in texts(runs())


def test_comparing_needs_two(runs, three):
    at = runs()
    assert at.button(key="runs.compare").disabled
    at.checkbox(key="runs.pick.r1").check().run()
    assert at.button(key="runs.compare").disabled
    at.checkbox(key="runs.pick.r2").check().run()
    assert at.button(key="runs.compare").label == "Compare 2 runs"
    at.button(key="runs.compare").click().run()
    assert at.query_params["compare"] == "r2.r1"
    assert at.subheader[0].value == "Compare"


def test_more_than_fit_one_chart_cannot_be_compared(runs, service):
    for index in range(8):
        service.put(f"r{index}", MLP, state="done", step=10)
    at = runs()
    for index in range(7):
        at.checkbox(key=f"runs.pick.r{index}").check()
    at.run()
    assert at.button(key="runs.compare").disabled
    assert "At most 6 runs fit in one chart." in texts(at)


def test_many_runs_are_shown_in_portions(runs, service):
    for index in range(40):
        service.put(f"r{index}", MLP, state="done", step=10)
    at = runs()
    assert len(at.checkbox) == 30
    next(button for button in at.button if button.label == "Show more (10)").click().run()
    assert len(at.checkbox) == 40


# comparing

@pytest.fixture
def drawn(monkeypatch):
    from pages.ui.shared import plot

    mounted: list[dict] = []
    monkeypatch.setattr(plot, "_MOUNT", lambda key, data, **more: mounted.append(data))
    return mounted


def lines(data: dict) -> list[dict]:
    return json.loads(data["figure"])["data"]


def test_compared_runs_share_charts_and_what_differs_is_told(runs, three, drawn):
    at = runs("r1.r2")
    assert [line["name"] for line in lines(drawn[-1])] == ["Classic MLP", "second"] * 2
    assert len({line["line"]["color"] for line in lines(drawn[-1])}) == 2
    assert drawn[-1]["label"].startswith("Loss and accuracy of 2 runs")
    table = at.dataframe[0].value
    assert list(table.columns) == ["", "Classic MLP", "second"]
    rows = {row[0]: row[1:] for row in table.values.tolist()}
    assert rows["test accuracy"] == ["97.9 %", "–"]
    assert rows["learning rate"] == ["0.002", "0.001"] if "learning rate" in rows else True
    assert rows["layer conv1"][0] == "–" and "Conv2d" in rows["layer conv1"][1]
    assert "seed" not in rows


def test_the_training_curves_can_be_compared_too(runs, three, drawn):
    at = runs("r1.r2")
    at.segmented_control(key="compare.kind").set_value("train").run()
    assert json.loads(drawn[-1]["figure"])["layout"]["yaxis"]["title"]["text"] == "training loss"
    assert all(line["y"] for line in lines(drawn[-1]))


def test_runs_of_different_batches_meet_at_epochs(three):
    half = MLP.training.model_copy(update={"batch_size": 32})
    slow = MLP.model_copy(update={"training": half})
    three.put("slow", slow, {"evaluations": (ev.Evaluated(200, 0.5, 0.8, 9),)}, step=300, planned_steps=1000)
    three.more["r1"] = {"evaluations": (ev.Evaluated(100, 0.5, 0.8, 9),)}
    found = runs_compare.columns([three.snapshot("r1"), three.snapshot("slow")])
    assert found[0]["val_loss"][0].tolist() == found[1]["val_loss"][0].tolist() == [1.0]


def test_a_run_that_is_gone_is_said_and_the_others_are_shown(runs, three, drawn):
    at = runs("r1.nonsense.r2.r1")
    assert "there is none of this name" in texts(at)
    assert len(lines(drawn[-1])) == 4


def test_runs_of_the_same_name_can_be_told_apart(runs, three, drawn):
    three.become("r2", name="Classic MLP")
    at = runs("r1.r2")
    assert list(at.dataframe[0].value.columns) == ["", "Classic MLP (1)", "Classic MLP (2)"]


def test_back_to_the_list(runs, three, drawn):
    at = runs("r1.r2")
    next(button for button in at.button if button.label == "All runs").click().run()
    assert "compare" not in at.query_params and at.subheader[0].value == "Runs"


# names and what is done with a run

def dialog_app(which: str) -> None:
    """A page that is nothing but one small window; AppTest cannot reach one behind a menu."""
    import streamlit as st

    from pages.ui.shared import runs_dialogs, state

    infos = state.service().list("visitor-of-these-tests")
    if infos and not st.session_state.get("opened"):
        getattr(runs_dialogs, which)(infos[0])


def window(which: str) -> AppTest:
    at = AppTest.from_function(dialog_app, args=(which,), default_timeout=60)
    at.session_state["dlviz.visitor"] = OWNER
    return at.run()


def test_renaming(three):
    at = window("rename")
    at.text_input[0].set_value("<b>new</b>")
    at.button[0].click().run()
    assert not at.exception and three.get("r3").name == "<b>new</b>"


def test_a_name_that_is_refused_gets_its_sentence(three):
    at = window("rename")
    three.refuse = RunError("A run's name", "is 1 to 40 characters", "none was given", "Choose another name.")
    at.button[0].click().run()
    assert "Choose another name" in at.error[0].value


@pytest.mark.parametrize(("label", "left"), [("Cancel", {"r1", "r2", "r3"}), ("Delete", {"r1", "r2"})])
def test_deleting_asks_first(three, label, left):
    at = window("delete")
    assert "cannot be undone" in texts(at) and "It will be stopped first." in texts(at)
    next(button for button in at.button if button.label == label).click().run()
    assert set(three.infos) == left


def test_what_a_checkbox_is_called_is_read_aloud_as_it_stands(runs, service):
    """Its label is hidden: a screen reader gets the raw text, where no sign may be escaped and no markup may stand."""
    service.put("r1", MLP, name="rate 0.0013 (three-layer)")
    service.put("r2", MLP, name="**loud** [x](http://a.b) <b>")
    at = runs()
    assert at.checkbox(key="runs.pick.r1").label == "Compare rate 0.0013 (three-layer)"
    assert not set("*[]<>\\:") & set(at.checkbox(key="runs.pick.r2").label)


def test_names_that_look_like_code_are_text(runs, service):
    service.put("r1", MLP, name="<b>*x*</b> [y](z)", state="done", step=10)
    assert runs().page_link[0].value == r"**\<b\>\*x\*\</b\> \[y\]\(z\)**"


@pytest.mark.parametrize(("seconds", "words"), [(3, "just now"), (-90_000, "just now"), (61, "1 min ago"),
                                                (7300, "2 h ago"), (90_000, "1 day ago"), (200_000, "2 days ago")])
def test_how_long_ago(seconds, words):
    assert run_list.ago(seconds) == words


