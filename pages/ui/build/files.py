"""An experiment in and out: as a JSON file, as a link. What is wrong gets its sentence and changes nothing."""
from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from dlviz import layers, tasks
from dlviz import network as net
from dlviz.errors import DlvizError, TooLargeError
from dlviz.spec import Experiment, from_json, from_link
from pages.ui.build import folds
from pages.ui.build.texts import texts
from pages.ui.shared import shell
from pages.ui.shared.design import Design

PARAMETER = "experiment"  # of the address


def checked(experiment: Experiment) -> Experiment:
    """The same experiment; SpecError or TaskError for what this dlviz does not have, or is too large for it.

    Other faults may be opened: their cards say what is wrong, with a button that mends it.
    """
    task = tasks.get(experiment.task.name, experiment.task.fields)
    for layer in experiment.network.layers:
        layers.get(layer.kind, layer.name)
    for error in net.check(experiment.network, task.signature(), experiment.training.batch_size).errors:
        if isinstance(error, TooLargeError):
            raise error
    return experiment


def take_link(design: Design) -> None:
    """Open the experiment in the page's address, once."""
    text = st.query_params.get(PARAMETER)
    if text is None:
        return
    del st.query_params[PARAMETER]
    try:
        design.open(folds.opened(checked(from_link(text))))
    except DlvizError as error:
        shell.notice(error)
    else:
        shell.opened(design.experiment.name, design.can_undo)


@shell.dialog(lambda: texts.OPEN_A_FILE, icon=":material/folder_open:")
def open_dialog(design: Design) -> None:
    st.markdown(texts.CHOOSE_SAVED_DESIGN_JSON)
    file = st.file_uploader(texts.FILE, type="json", max_upload_size=1, label_visibility="collapsed")
    if file is None:
        return
    with shell.show_errors():
        design.open(folds.opened(checked(from_json(file.getvalue()))))
        shell.opened(design.experiment.name, design.can_undo)
        st.rerun()


def save_button(experiment: Experiment) -> None:
    st.download_button(texts.SAVE, experiment.to_json(), file_name(experiment.name), "application/json",
                       on_click="ignore", icon=":material/download:", help=texts.SAVE_DESIGN_FILE)


def link_popover(experiment: Experiment) -> None:
    with st.popover(texts.LINK, icon=":material/link:"), st.container(key="link"):
        st.markdown(texts.LINK_OPENS_SAME_DESIGN)
        with shell.show_errors():
            st.code(link(experiment, st.context.url or ""), language=None)
        st.caption(texts.COPY_BUTTON_RIGHT_END)


def link(experiment: Experiment, page: str) -> str:
    """The address that opens `experiment` on the server of `page`. SpecError when it would be too long."""
    parts = urlsplit(page)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", f"{PARAMETER}={experiment.to_link()}", ""))


def file_name(name: str) -> str:
    """A name that every file system takes: 'My net: 2' -> 'My-net-2.json'."""
    stem = re.sub(r"[^\w-]+", "-", name).strip("-") or "design"
    return f"{stem}.json"
