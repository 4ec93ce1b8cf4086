"""Draws what a view gives: figures by Plotly, data by the view's own script, text as text. Knows no particular view."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

import plotly.graph_objects as go
import streamlit as st

from dlviz import views
from dlviz.views.base import (
    Beside,
    Choice,
    Choices,
    Drawing,
    Notice,
    Numbered,
    Observation,
    Plot,
    Range,
    Reseed,
    Subject,
    View,
    Widget,
)
from pages.ui.shared import forms, shell
from pages.ui.shared.component import STATIC, callbacks, static_component, versioned
from pages.ui.shared.plot import data_of, plot_of
from pages.ui.shared.texts import texts

_MOUNT = static_component("dlviz_view", "views")
HELP = ":material/help:"
WIDE, NARROW = 2, 1  # parts of the width


def show(key: str, view: View, drawing: Drawing | tuple[Drawing, ...], every: float = 0.0) -> None:
    """Draw it and keep it drawn: call it again with the same key.

    The first thing that is drawn has this key, further ones a number behind it. Figures stay `every` seconds at least.
    """
    _Parts(key, view, every).draw(drawing if isinstance(drawing, tuple) else (drawing,))


class _Parts:
    """The parts of one drawing, each drawn under a key of its own."""

    def __init__(self, key: str, view: View, every: float) -> None:
        self._key, self._view, self._every, self._count = key, view, every, 0

    def draw(self, parts: tuple[Drawing, ...]) -> None:
        for part in parts:
            self._draw(part)

    def _draw(self, part: Drawing) -> None:
        match part:
            case str():
                st.caption(shell.plain(part))
            case Notice(text, warns):
                (st.warning if warns else st.info)(shell.plain(text), icon=":material/error:" if warns else HELP)
            case dict():
                key = self._next()
                script(key, self._view.program(), self._with_figures(key, part), *self._view.answers)
            case go.Figure():
                self._plot(Plot(part.to_json(), lambda: part, str(self._view.sentence)))
            case Plot():
                self._plot(part)
            case Numbered(title, rows):
                st.markdown(f"**{shell.plain(title)}**")
                st.markdown("\n".join(f"1. {shell.plain(row)}" for row in rows))
            case Beside(left, right):
                wide, narrow = st.columns([WIDE, NARROW], gap="large")
                with wide:
                    self.draw(left)
                with narrow:
                    self.draw(right)

    def _plot(self, plot: Plot) -> None:
        plot_of(self._next(), plot.of, plot.make, plot.label, height=plot.height, flat=plot.flat, table=plot.table,
                every=self._every)

    def _with_figures(self, key: str, part: Any) -> Any:
        """The data of a script with each plot in it as `static/plot/figure.js` takes it."""
        if isinstance(part, dict):
            return {name: self._with_figures(f"{key}.{name}", inner) for name, inner in part.items()}
        if not isinstance(part, Plot):
            return part
        return data_of(f"{key}.{part.name}" if part.name else key, part.of, part.make, part.label, height=part.height,
                       flat=part.flat, table=part.table, every=self._every)

    def _next(self) -> str:
        self._count += 1
        return self._key if self._count == 1 else f"{self._key}.{self._count - 1}"


def script(key: str, program: str, data: Mapping[str, Any], *answers: str) -> None:
    """Draw `data`, plain JSON without NaN, by a file under static/; `answers` are the values that it may set."""
    address, styles = _files(program)
    _MOUNT(key=key, data={"script": address, "styles": styles, "data": dict(data)},
           **callbacks(answers))


def _nothing() -> None:
    """A component's value needs a callback."""


@cache
def _files(program: str) -> tuple[str, list[str]]:
    """A program under static/ and its styles, versioned: `views/x.css` beside `views/x.js`, else `main.css`."""
    path = STATIC / program
    if not path.is_file():
        raise FileNotFoundError(f"A view expects its script at {path}, but no file is there.")
    style = path.with_suffix(".css") if path.parent.name == "views" else path.parent / "main.css"
    styles = ["shared/base.css", *([style.relative_to(STATIC).as_posix()] if style.is_file() else [])]
    return versioned(program), [versioned(name) for name in styles]


# what can be chosen

def pick(place: str, keys: tuple[str, ...]) -> View:
    """The view that is chosen of these; nothing is asked where there is one."""
    if len(keys) == 1:
        return views.get(keys[0])
    choice = Choice("view", texts.VIEW, keys, tuple(str(views.get(key).title) for key in keys), kind="segments")
    choose((choice,), lambda widget: f"{place}.{widget.key}")
    return views.get(choice.value(st.session_state.get(f"{place}.view")))


def choose(widgets: tuple[Widget, ...], key: Callable[[Widget], str], reseed: Callable[[], None] = _nothing, *,
           labels: bool = False) -> None:
    """A widget for each choice that there is; `key` names it, `reseed` is called to draw anew what is drawn by lot."""
    for widget in widgets:
        match widget:
            case Choice() if len(widget.options) > 1:
                _choice(widget, key(widget), "visible" if labels else "collapsed")
            case Range():
                st.slider(widget.label, widget.low, widget.high, widget.default, widget.step, key=key(widget),
                          width=220, persist_state="session", help=widget.help or None, format=widget.form)
            case Reseed():
                st.button(widget.label, icon=":material/casino:", key=key(widget), on_click=reseed, help=widget.help)


def _choice(choice: Choice, key: str, label: Literal["visible", "collapsed"]) -> None:
    shown = forms.option(key, choice.options, choice.value(None))  # what another network had may be none here
    if choice.kind == "segments":
        st.segmented_control(choice.label, choice.options, default=shown, key=key, required=True,
                             format_func=choice.word, label_visibility=label, persist_state="session")
    else:
        st.selectbox(choice.label, choice.options, list(choice.options).index(shown), key=key,
                     format_func=choice.word, width=choice.width, label_visibility=label, persist_state="session")


def chosen(widgets: tuple[Widget, ...], key: Callable[[Widget], str]) -> dict[str, Any]:
    """The value of each choice."""
    return {widget.key: widget.value(st.session_state.get(key(widget))) for widget in widgets}


def answers(view: View, key: str) -> dict[str, Any]:
    """What the view's script has set, as it came from the browser."""
    values = st.session_state.get(key) or {}
    return {name: values.get(name) for name in view.answers}


def refined(view: View, subject: Subject, observation: Observation, choices: Choices,
            key: Callable[[Widget], str]) -> tuple[Widget, ...]:
    """What can be chosen of what was captured. Each choice may decide which others there are."""
    found = view.refinements(subject, observation, choices)
    for _ in found:
        found = view.refinements(subject, observation, choices | chosen(found, key))
    return found
