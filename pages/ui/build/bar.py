"""The top row of the build page: what the design is called and whether it is right, presets, files."""
from __future__ import annotations

import streamlit as st

from pages.ui.build import editors, files, gallery
from pages.ui.build.cards import DesignView
from pages.ui.build.texts import texts
from pages.ui.shared import first_weights, shell, state
from pages.ui.shared.design import Design


def show(design: Design, view: DesignView | None) -> None:
    """The row; without a view (the task is unknown) only what opens another design."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="build_bar"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"### {shell.plain(design.experiment.name)}")
            st.caption(_state(view) + _beginning(design, view))
        editors.switch()
        if st.button(texts.PRESETS, key="build.presets", icon=":material/auto_awesome_mosaic:"):
            _gallery(design)
        if st.button(texts.OPEN, icon=":material/folder_open:", help=texts.OPEN_DESIGN_FROM_FILE):
            files.open_dialog(design)
        files.save_button(design.experiment)
        files.link_popover(design.experiment)


def _state(view: DesignView | None) -> str:
    if view is None:
        return ""
    if not view.report.ok:
        return f"{view.task.title} · :red[:material/error: {_problems(view)}]"
    if not view.sample:
        return texts.DATA_HAS_DOWNLOADED_FIRST.format(title=view.task.title)
    if view.peeking:
        return texts.NETWORK_SEES_TARGETS_CARDS.format(title=view.task.title)
    return texts.READY_TO_TRAIN.format(title=view.task.title)


def _beginning(design: Design, view: DesignView | None) -> str:
    """From which run the weights of a new run would come; empty where they would be random."""
    run = first_weights.chosen(design) if view is not None and view.report.ok else None
    return "" if run is None else texts.STARTS_FROM.format(name=shell.plain(state.service().get(run).name))


def _problems(view: DesignView) -> str:
    wrong = sum(layer.error is not None for layer in view.report.layers)
    if not wrong:
        return shell.plain(view.report.errors[0].sentence.removesuffix("."))
    return texts.LAYERS_WRONG(wrong)


@shell.dialog(lambda: texts.PRESETS, width="large", icon=":material/auto_awesome_mosaic:")
def _gallery(design: Design) -> None:
    """All presets by group, each with the reason to open it; closes when one is chosen."""
    gallery.show(design)


def reason(view: DesignView | None) -> str | None:
    """Why the design cannot be trained now; None where it can."""
    if view is None:
        return texts.NOT_YET_TASK_UNKNOWN
    if not view.report.ok:
        return texts.NOT_YET.format(problem=_problems(view))
    if not view.sample:
        return texts.NOT_YET_DATA_NOT.format(title=view.task.title)
    return None
