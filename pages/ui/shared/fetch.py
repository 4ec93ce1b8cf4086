"""Offers the download of a task's data, with a bar while it comes. For every page that meets such a task."""
from __future__ import annotations

import streamlit as st

from dlviz import english
from dlviz.errors import TaskError
from dlviz.tasks import Task
from pages.ui.shared import shell
from pages.ui.shared.texts import texts


def offer_download(task: Task) -> bool:
    """True when the data is there. Else says so and offers to download it; the page leaves out the rest.

    The page runs again once the data has come.
    """
    if task.ready():
        return True
    if not task.download_bytes:  # a user's own, which only the user has
        with shell.show_errors():
            task.require()
        return False
    with st.container(border=True):
        st.markdown(texts.NOT_COMPUTER_YET.format(title=shell.plain(task.title)))
        st.caption(texts.DOWNLOAD_MB_NEEDED_ONLY.format(sentence=shell.plain(task.sentence()),
                                                        megabytes=task.download_bytes / 1e6))
        if st.button(texts.DOWNLOAD, icon=":material/download:", type="primary", key=f"fetch.{task.name}"):
            _download(task)
    return False


def _download(task: Task) -> None:
    bar = st.progress(0.0, text=texts.DOWNLOADING)

    def report(fraction: float) -> None:
        bar.progress(fraction, text=texts.DOWNLOADING_2.format(fraction=english.percent(fraction, 0)))

    try:
        task.fetch(report)
    except TaskError as error:
        bar.empty()
        st.error(shell.plain(error.sentence), icon=":material/cloud_off:")
        return
    st.rerun()
