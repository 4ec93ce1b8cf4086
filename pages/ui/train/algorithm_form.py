"""The form for how a network learns from games: which algorithm, and its hyperparameters. Knows no run."""
from __future__ import annotations

import streamlit as st

from dlviz.algorithms import ALGORITHMS, Algorithm
from pages.ui.shared import forms
from pages.ui.shared.forms import OnChange
from pages.ui.train.texts import texts


def show(algorithm: Algorithm, on_kind: OnChange, on_change: OnChange) -> None:
    with forms.row(texts.LEARNT_BY, texts.HOW_FROM_GAMES):
        forms.choose("algorithm", list(ALGORITHMS), algorithm.kind, "settings.algorithm", on_kind)
    st.caption(texts.QUAD.format(kind=algorithm.kind, sentence=algorithm.sentence(), formula=algorithm.formula))
    st.caption(texts.BATCH_COUNTS.format(samples=algorithm.samples, updates=algorithm.updates_per_epoch))
    fields = {name: info for name, info in type(algorithm).model_fields.items() if name != "kind"}
    half = (len(fields) + 1) // 2
    for column, names in zip(st.columns(2, gap="large"), (list(fields)[:half], list(fields)[half:])):
        with column:
            for name in names:
                key = f"settings.{algorithm.kind}.{name}"
                forms.field(name, fields[name], getattr(algorithm, name), key, on_change)
