"""What can be done with a lesson that was made: try it as a learner has it, get its file, its link, or put it here."""
from __future__ import annotations

import streamlit as st

from dlviz import lessons
from dlviz.errors import DlvizError
from pages.ui.learn.texts import texts
from pages.ui.shared import lesson, places, registry, shell, state

LINK = "made"  # in the address of the page Learn: a lesson's file


def show(text: str, name: str, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(texts.TRY_IT, key=f"{key}.try", type="primary", icon=":material/play_arrow:",
                     help=texts.TRY_IT_WHY):
            try_out(text)
        st.download_button(texts.GET_FILE, text, name, "text/markdown", icon=":material/download:",
                           on_click="ignore", key=f"{key}.file")
        with st.popover(texts.GET_LINK, icon=":material/link:", key=f"{key}.link"), shell.show_errors():
            st.caption(texts.LINK_WHY)
            st.code(_address(text), language=None, wrap_lines=True)
        if registry.is_teacher(state.device()):
            st.button(texts.PUT_HERE, icon=":material/school:", help=texts.PUT_HERE_WHY, on_click=_save, args=(text,),
                      key=f"{key}.save")
    st.caption(texts.WHERE_TO_PUT.format(folder=shell.plain(lessons.own_folder().name)))


def try_out(text: str) -> None:
    """Begin the lesson as its only learner. Leaves the page."""
    with shell.show_errors():
        lesson.begin(lessons.sharing.try_out(state.visitor(), text), anew=True)
        opened = lesson.opened()
        page = opened.step.page if opened else ""
        st.switch_page(f"pages/{page or places.WORKBENCH}.py")


def _address(text: str) -> str:
    own = (st.context.url or "").split("?")[0]
    return f"{own}?{LINK}={lessons.sharing.to_link(text)}"


def _save(text: str) -> None:
    """For a teacher of this server alone."""
    try:
        registry.classroom().require_teacher(state.device())
        made = lessons.sharing.save(text)
        st.toast(texts.IS_HERE.format(title=shell.plain(made.title)), icon=":material/school:")
    except DlvizError as error:
        shell.notice(error)
