"""A confusion matrix on a page, its commonest mix-ups beside it. Knows no run."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dlviz.figures.confusion import describe, heatmap, times, top_confusions
from pages.ui.shared import shell
from pages.ui.shared.plot import plot_of
from pages.ui.shared.texts import texts

COMMON = 6  # mix-ups beside the figure
ROW, AROUND = 27, 120  # px of a class, and of what is around them
LOWEST, TALLEST = 300, 900  # px


def show(key: str, matrix: np.ndarray, classes: Sequence[str], note: str) -> None:
    """The matrix int `(classes, classes)`; call it again with the same key at each tick."""
    wide, beside = st.columns([2, 1], gap="large")
    with wide:
        plot_of(key, (matrix.tobytes(), tuple(classes)), lambda: heatmap(matrix, classes, theme="page"),
                describe(matrix, classes),
                height=min(TALLEST, max(LOWEST, AROUND + ROW * len(classes))),
                table=(("target", *classes), [(name, *row) for name, row in zip(classes, matrix.tolist())]))
    with beside:
        st.caption(note)
        if found := top_confusions(matrix, classes, COMMON):
            st.markdown(texts.COMMON_CONFUSIONS)
            st.markdown("\n".join(f"1. {shell.plain(target)} → {shell.plain(prediction)}, {times(count)}"
                                  for target, prediction, count in found))
