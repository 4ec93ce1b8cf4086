"""What a widget shows is told to the browser in each run of a page, not only in the first: that one may be broken off.

A browser that meets the widget later then shows its value, and not what a widget begins with that nobody gave one; it
would report that as a change of the user's.
"""
from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest


def _page() -> None:
    from pages.ui.shared import forms

    def nothing(name: str, value: object) -> None:
        raise AssertionError(f"{name} is now {value}, and nobody has changed it")

    forms.switch("a switch", True, "switch", nothing)
    forms.choose("one", ["a", "b", "c"], "c", "one", nothing)
    forms.choose_some("some", ["a", "b", "c"], ["c", "a"], "some", nothing, str)
    forms.text("a text", "kept", "text", nothing, 40)


def _field() -> None:
    from pages.ui.shared import forms
    from pages.ui.train.settings_form import TrainingSpec

    for name in ("epochs", "label_smoothing", "clip"):
        forms.field(name, TrainingSpec.model_fields[name], {"epochs": 7, "label_smoothing": 0.25, "clip": "norm"}[name],
                    name, print)


def after(page: Callable[[], None], runs: int) -> AppTest:
    at = AppTest.from_function(page)
    for _ in range(runs):
        at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize("runs", [1, 3])
def test_every_run_of_a_page_carries_what_its_widgets_show(runs):
    at = after(_page, runs)
    assert at.toggle[0].proto.default is True
    assert at.selectbox[0].proto.default == 2
    assert list(at.multiselect[0].proto.default) == [2, 0]
    assert at.text_input[0].proto.default == "kept"


@pytest.mark.parametrize("runs", [1, 3])
def test_the_fields_of_a_model_do_so_too(runs):
    at = after(_field, runs)
    assert [one.proto.default for one in at.number_input] == [7, 0.25]
    assert at.selectbox[0].options[at.selectbox[0].proto.default] == "norm"
