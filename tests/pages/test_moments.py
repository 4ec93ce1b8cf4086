"""The scrubber on the train page: one choice moves every panel, and the run itself is never touched."""
from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dlviz.training import events as ev
from dlviz.training.control import Watch
from pages.ui.shared import scrubber
from tests.pages.train_page import CNN, MLP, captured, drawn, service, texts, train  # noqa: F401


def choose(at, run: str, step: int | None, turn: int = 1) -> None:
    """What the browser says when somebody moves the slider."""
    at.session_state["run.moments"] = {"at": {"run": run, "step": step, "turn": turn}}
    at.run()
    assert not at.exception


def evaluated(step: int) -> ev.Evaluated:
    return ev.Evaluated(step, 1 / step, 0.9, 5_000, np.eye(10, dtype=np.int32))


def test_an_empty_bar_keeps_the_place_where_there_is_nothing_to_scrub(train, service, drawn):
    service.put("r1", MLP, step=250)
    service.scrubber.steps["r1"] = (0,)
    train("r1")
    assert drawn["run.moments"]["moments"] == [] and drawn["run.moments"]["shown"] is None


def test_the_bar_has_every_moment_and_shows_the_newest_first(train, service, drawn):
    service.put("r1", MLP, step=250)
    service.scrubber.steps["r1"] = (0, 1, 2, 250)
    train("r1")
    assert drawn["run.moments"] == {"run": "r1", "moments": [0, 1, 2, 250], "shown": None, "live": True}
    assert drawn["run.curves"]["moment"] is None


def test_a_moment_moves_the_maps_and_marks_the_curves(train, service, drawn):
    outputs = {"relu1": np.ones((16, 26, 26), np.float32)}
    service.put("r1", CNN, {"captured": captured(outputs=outputs)}, step=250)
    service.scrubber.steps["r1"] = (0, 10, 250)
    at = train("r1")
    choose(at, "r1", 10)
    assert drawn["run.curves"]["moment"] == 10 and drawn["run.moments"]["shown"] == 10
    assert "after step 10." in drawn["run.maps"]["blocks"][1]["note"]
    steps = drawn["run.curves"]["panels"][0]["series"][0]["points"]["gaps"]
    assert sum(steps) == 250, "the whole curve stays"
    choose(at, "r1", None, turn=2)
    assert "after step 250" in drawn["run.maps"]["blocks"][1]["note"]
    assert service.posted == []


def test_the_confusion_of_a_moment_is_judged_anew_and_only_when_it_is_on_screen(train, service, drawn):
    matrix = np.eye(10, dtype=np.int32)
    service.put("r1", MLP, {"evaluations": (evaluated(100), evaluated(200)), "confusion": matrix}, step=250)
    service.scrubber.steps["r1"] = (0, 120, 250)
    at = train("r1")
    choose(at, "r1", 120)
    assert service.scrubber.judged_at == []
    at.segmented_control(key="run.view").set_value("confusion").run()
    assert service.scrubber.judged_at == [120]
    assert drawn["run.confusion"]["table"]["rows"][3][4] == "120"  # behind the target's name
    assert "1,000 validation samples after step 120" in texts(at)


def test_the_legend_reads_the_moment_and_not_the_end(train, service, drawn):
    service.put("r1", MLP, {"evaluations": (ev.Evaluated(100, 0.5, 0.8, 1_000),)}, step=250)
    service.scrubber.steps["r1"] = (0, 7, 250)
    at = train("r1")
    assert all("read" not in series for panel in drawn["run.curves"]["panels"] for series in panel["series"])
    losses = service.snapshot("r1").train["loss"].astype(float)
    for turn, (step, expected) in enumerate({7: [losses[5:7].mean()], 250: [losses[248:].mean()], 0: []}.items()):
        choose(at, "r1", step, turn)
        train_loss, val_loss = drawn["run.curves"]["panels"][0]["series"][:2]
        assert train_loss["read"] == pytest.approx(expected, rel=1e-4)
        assert val_loss["read"] == ([0.5] if step == 250 else [])


def test_the_health_of_the_first_moment_is_that_of_the_first_update(service):
    looks = tuple(ev.Health(step, {}) for step in (1, 3, 9))
    service.put("r1", MLP, {"health": looks}, step=250)
    for step, steps_seen in ((0, [1]), (1, [1]), (2, [1, 3]), (250, [1, 3, 9])):
        found = scrubber.at_keyframe(service.snapshot("r1"), step, Watch(), judge=False)
        assert [look.step for look in found.health] == steps_seen


def test_a_choice_is_of_one_run_and_one_that_is_gone_is_let_go(train, service, drawn):
    service.put("r1", MLP, step=250)
    service.put("r2", MLP, step=250)
    service.scrubber.steps |= {"r1": (0, 10, 250), "r2": (0, 10, 250)}
    at = train("r1")
    choose(at, "r1", 10)
    at.query_params["run"] = "r2"
    at.run()
    assert drawn["run.moments"]["run"] == "r2" and drawn["run.moments"]["shown"] is None
    at.query_params["run"] = "r1"
    at.run()
    assert drawn["run.moments"]["shown"] == 10
    service.scrubber.steps["r1"] = (0, 250)
    at.run()
    assert drawn["run.moments"]["shown"] is None and not at.exception


def test_what_is_no_step_is_the_newest(train, service, drawn):
    service.put("r1", MLP, step=250)
    service.scrubber.steps["r1"] = (0, 10)
    at = train("r1")
    for turn, nonsense in enumerate(("ten", True, 3.5, [])):
        choose(at, "r1", nonsense, turn)
        assert drawn["run.moments"]["shown"] is None


def reply() -> None:
    """What the Draw page asks for a picture."""
    import numpy as np
    import streamlit as st

    from dlviz import tasks
    from pages.ui.shared import reply as draw_reply
    from pages.ui.shared import run_picker, state
    from pages.ui.shared import scrubber as scrubber

    scrubber._scrubbed_steps()["r1"] = st.session_state.get("moment")
    run = state.service().get("r1")
    from dlviz.views.base import CaptureRequest
    picture = np.zeros((28, 28), np.uint8)
    answered, _ = draw_reply.reply(run, picture.tobytes(), tasks.get("mnist").from_picture(picture),
                                   CaptureRequest(), "draw")
    st.text(run_picker.when(run, answered.step))


def test_a_drawing_is_answered_by_the_moment_that_is_chosen(service, monkeypatch):
    asked: list[int] = []

    def newest(run, inputs, outputs=(), timeout=3.0):
        asked.append(service.get(run).step)
        return ev.QueryResult("t", service.get(run).step, np.full(10, 0.1, np.float32), {})

    monkeypatch.setattr(service, "query", newest, raising=False)
    service.put("r1", MLP, step=250, state="done", planned_steps=500)
    at = AppTest.from_function(reply).run()
    assert (asked, at.text[0].value) == ([250], "after 250 steps, finished")
    at.session_state["moment"] = 10
    at.run().run()
    assert (asked, service.scrubber.asked_at) == ([250], [10]), "once, since a moment does not change"
    assert at.text[0].value == "after 10 steps of 500, keyframe"
    at.session_state["moment"] = None
    at.run()
    assert at.text[0].value == "after 250 steps, finished"
