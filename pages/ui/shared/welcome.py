"""The first visit: what dlviz is, in two sentences, three doors, and on the page Learn a network already moving."""
from __future__ import annotations

from typing import Literal

import streamlit as st

from dlviz import lessons
from pages.ui.shared import lesson, places, state
from pages.ui.shared.component import static_component
from pages.ui.shared.welcome_texts import texts

_MOUNT = static_component("dlviz_welcome", "welcome")
_DISMISSED = "welcome.dismissed"


def due() -> bool:
    """Whether this visitor has done nothing here yet, and is in no class, which has its own way."""
    return not state.session_value(_DISMISSED, list) and state.focus() is None and state.seat() is None \
        and not lessons.record().all_progress(state.visitor())


def hero() -> None:
    """At the top of the page Learn."""
    with st.container(horizontal=True, vertical_alignment="center", gap="large", border=True, key="welcome.hero"):
        with st.container(width=260):
            _MOUNT(key="welcome.moving", data={}, height="content")
        with st.container(width="stretch"):
            st.markdown(f"#### {texts.WELCOME_TITLE}")
            st.markdown(texts.WELCOME_LONG)
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                _lesson()
                if st.button(texts.OPEN_A_NETWORK, key="welcome.network", icon=":material/account_tree:"):
                    state.session_value(_DISMISSED, list).append(True)
                    st.switch_page(f"pages/{places.WORKBENCH}.py")
                _class()


def line() -> None:
    """Above the Workbench, where the run in focus will stand: the third door, a network, lies open below it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="welcome.line"):
        with st.container(width="stretch", key="welcome.words"):
            st.markdown(texts.WELCOME_LINE)
        _lesson("secondary")
        _class()


def _lesson(kind: Literal["primary", "secondary"] = "primary") -> None:
    first = lessons.every()[0]
    if st.button(texts.FIRST_LESSON, key="welcome.lesson", type=kind, icon=":material/school:",
                 on_click=lesson.begin, args=(first.id,)):
        st.switch_page(f"pages/{first.steps[0].page or places.WORKBENCH}.py")


def _class() -> None:
    for place in places.DOORS:
        if place.name.startswith("class"):
            st.page_link(place.file, label=texts.JOIN_A_CLASS, icon=place.icon)
