"""The form for what keeps training steady and a network from learning by heart; all of it is off by default.

Shows the design's values and hands changes on. Knows no run.
"""
from __future__ import annotations

import numpy as np
import streamlit as st
from pydantic.fields import FieldInfo

from dlviz.augmentation import Augmentation
from dlviz.figures.augmentation import examples
from dlviz.memoize import memoize
from dlviz.spec import Experiment, TrainingSpec
from dlviz.tasks import Task
from dlviz.translation import translated
from pages.ui.shared import forms
from pages.ui.shared.forms import OnChange
from pages.ui.train.texts import texts

SHOWN = 10  # pictures in the row of examples
KEY = "settings.augmentation"


def show(experiment: Experiment, task: Task, on_change: OnChange, on_augmentation_change: OnChange) -> None:
    """Clipping, L1 and L2, early stopping, label smoothing of classes, augmentation of pictures."""
    training = experiment.training
    steady, known = st.columns(2, gap="large")
    with steady:
        _field(training, "clip", on_change)
        if training.clip != "off":
            _field(training, "clip_threshold", on_change)
        _field(training, "l1", on_change)
    with known:
        _field(training, "early_stopping", on_change)
        if task.signature().loss == "cross_entropy" or training.label_smoothing:
            _field(training, "label_smoothing", on_change)
        _field(training, "l2", on_change)
    if task.augmentable or training.augmentation.active:
        _augmentation(training.augmentation, experiment.seed, task, on_augmentation_change)


def _field(training: TrainingSpec, name: str, on_change: OnChange) -> None:
    forms.field(name, TrainingSpec.model_fields[name], getattr(training, name), f"settings.{name}", on_change)


def _augmentation(augmentation: Augmentation, seed: int, task: Task, on_change: OnChange) -> None:
    st.markdown(texts.AUGMENTATION_EACH_TRAINING)
    for column, (name, info) in zip(st.columns(4, gap="medium"), Augmentation.model_fields.items()):
        with column:
            _amount(name, info, getattr(augmentation, name), on_change)
    if augmentation.active and task.augmentable and task.ready():
        st.image(_examples(task, augmentation, seed), width="content",
                 alt=texts.TRAINING_IMAGES_FIRST_ROW)
        st.caption(texts.TRAINING_IMAGES_BELOW_EACH)


def _amount(name: str, info: FieldInfo, value: float, on_change: OnChange) -> None:
    step = {"shift": 1.0, "rotate": 5.0, "scale": 0.05, "elastic": 0.5}[name]
    st.slider(name, 0.0, float(forms.bounds(info)[1]), step=step, help=translated(info.description or ""),
              **forms.shows(name, value, f"{KEY}.{name}", on_change))


@memoize(maxsize=32)
def _examples(task: Task, augmentation: Augmentation, seed: int) -> np.ndarray:
    pictures = np.stack([task.picture("train", index) for index in range(SHOWN)])
    return examples(pictures, augmentation, seed)
