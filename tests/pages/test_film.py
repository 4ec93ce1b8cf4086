"""What goes home beside the script: the film of a run, and the data that dlviz made."""
from __future__ import annotations

import io

from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.ui.train import film
from tests.pages.train_page import MLP, drawn, reversing, service, texts, train  # noqa: F401


def dialog() -> None:
    """What the dialog holds; AppTest cannot run a dialog's own fragment."""
    from pages.ui.shared import state
    from pages.ui.train import film

    film._choose(state.service().get("r1"), state.service().scrubber.keyframes("r1"))


def test_a_run_becomes_a_film(service):
    service.put("r1", MLP, step=250, state="done")
    service.scrubber.steps["r1"] = (0, 10, 250)
    at = AppTest.from_function(dialog, default_timeout=60).run()
    at.button[0].click().run()
    assert not at.exception
    made = at.session_state["dlviz.value.film"]
    assert Image.open(io.BytesIO(made.gif)).n_frames == 3
    assert b"steps = [0, 10, 250]" in made.page
    assert [button.label for button in at.get("download_button")] == ["GIF", "HTML page"]
    at.selectbox[0].select(MLP.network.names()[-1]).run()
    assert [button.label for button in at.button] == ["Make the film"], "another layer is another film"


def test_without_moments_there_is_a_sentence(train, service, drawn):
    service.put("r1", MLP, step=250, state="done")
    at = train("r1")
    at.button(key="home.film").click().run()
    assert "There is no film yet" in texts(at)


def test_a_long_run_is_thinned_to_its_first_and_last():
    steps = film.thinned(range(0, 1_000, 5))
    assert len(steps) == film.MOST and steps[0] == 0 and steps[-1] == 995 and list(steps) == sorted(set(steps))
    assert film.thinned((0, 5)) == (0, 5)


def test_data_that_dlviz_made_can_be_taken_home(train, service, drawn):
    service.put("r1", reversing(), step=10, state="done")
    labels = [button.label for button in train("r1").get("download_button")]
    assert "Data" in labels
    service.put("r2", MLP, step=10, state="done")
    assert "Data" not in [button.label for button in train("r2").get("download_button")]
