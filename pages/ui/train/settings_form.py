"""The form for how the next run is trained. The design owns all values; a widget shows one, sends a change.

The fields, their bounds and their explanations come from the pydantic models. Knows no run.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from dlviz import tasks
from dlviz.algorithms import ALGORITHMS
from dlviz.network import repairs
from dlviz.optimizers import OPTIMIZERS, Optimizer
from dlviz.schedules import SCHEDULES, Plan
from dlviz.spec import Experiment, TrainingSpec
from dlviz.tasks import Task
from dlviz.translation import numeral, translated
from pages.ui.shared import forms, state
from pages.ui.shared.forms import changed
from pages.ui.shared.live_settings import rate_step
from pages.ui.shared.run_actions import with_refusals
from pages.ui.train import algorithm_form, material_form, mechanisms_form, points_form, rate_finder, schedule_form
from pages.ui.train.texts import texts

BATCHES = tuple(2**n for n in range(13))  # 1 to 4096
FRACTIONS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
FACTORS = (30, 10, 3, 1, 0.3, 0.1, 0.03)  # of the optimizer's usual learning rate, as quick choices
SHOWN_ABOVE = ("kind", "learning_rate")  # the optimizer's fields that do not wait behind More
RATE, QUICK = "settings.learning_rate", "settings.quick_rate"

OnChange = Callable[[str, Any], None]


def settings_form() -> None:
    """What matters most in one row, the rest folded away."""
    experiment = state.design().experiment
    training = experiment.training
    optimizer, rate, batch, epochs = st.columns([1.1, 1.2, 1.2, 0.8], gap="medium")
    with optimizer:
        kinds = list(OPTIMIZERS)
        _labelled(st.selectbox, texts.OPTIMIZER, training.optimizer.kind, "settings.optimizer", _set_kind,
                  texts.RULE_UPDATES_WEIGHTS_AFTER, options=kinds,
                  start={"index": kinds.index(training.optimizer.kind)})
    with rate:
        _learning_rate(training.optimizer)
    with batch:
        _labelled(st.select_slider, texts.BATCH_SIZE, training.batch_size, "settings.batch_size", _set_training,
                  _what(TrainingSpec, "batch_size"), options=sorted({*BATCHES, training.batch_size}))
    with epochs:
        low, high = forms.bounds(TrainingSpec.model_fields["epochs"])
        _labelled(st.number_input, texts.EPOCHS, training.epochs, "settings.epochs", _set_training,
                  _what(TrainingSpec, "epochs"), min_value=low, max_value=high, step=1)
    task = tasks.get(experiment.task.name, experiment.task.fields)
    _suggest(experiment, task)
    st.caption(texts.QUAD.format(kind=training.optimizer.kind, sentence=training.optimizer.sentence(),
                                 formula=training.optimizer.formula))
    if task.game:
        with st.expander(texts.ALGORITHM.format(kind=training.algorithm.kind), icon=":material/stadia_controller:",
                         key="settings.playing"):
            algorithm_form.show(training.algorithm, _set_algorithm_kind, _set_algorithm)
    with st.expander(texts.LEARNING_RATE_SCHEDULE.format(summary=training.schedule.summary()),
                     icon=":material/trending_down:",
                     key="settings.rates"):
        _over_time(experiment, task)
    with st.expander(_mechanisms_title(training), icon=":material/shield:", key="settings.mechanisms"):
        mechanisms_form.show(experiment, task, _set_training, _set_augmentation)
    with st.expander(texts.MORE_SETTINGS, icon=":material/tune:", key="settings.more"):
        _more(experiment)


def _over_time(experiment: Experiment, task: Task) -> None:
    training = experiment.training
    schedule_form.show(training.schedule, training.optimizer.learning_rate, plan(training, task), "settings.schedule",
                       _set_schedule_kind, _set_schedule)


def plan(training: TrainingSpec, task: Task) -> Plan:
    """How many steps the next run has; of data that is not here yet, 100 an epoch."""
    per_epoch = training.steps_per_epoch(task.size("train") if task.supervised else None) if task.ready() else 100
    return Plan(per_epoch * training.epochs, per_epoch)


def _mechanisms_title(training: TrainingSpec) -> str:
    """What is on, so that a folded group hides nothing."""
    on = [texts.CLIPPING_BY.format(clip=training.clip)] * (training.clip != "off")
    on += [texts.LABEL_SMOOTHING.format(amount=training.label_smoothing)] * bool(training.label_smoothing)
    on += [texts.REGULARIZATION.format(name=name, amount=amount)
           for name, amount in (("L1", training.l1), ("L2", training.l2)) if amount]
    on += [texts.EARLY_STOPPING] * bool(training.early_stopping)
    on += ["augmentation"] * training.augmentation.active
    return texts.CLIPPING_EARLY_STOPPING + (texts.ON.format(names=", ".join(on)) if on else "")


def _learning_rate(optimizer: Optimizer) -> None:
    high = float(forms.bounds(type(optimizer).model_fields["learning_rate"])[1])
    _labelled(st.number_input, texts.LEARNING_RATE, optimizer.learning_rate, RATE, _set_optimizer,
              _what(type(optimizer), "learning_rate"), min_value=0.0, max_value=high, format="%g",
              step=rate_step(optimizer.learning_rate))


def _suggest(experiment: Experiment, task: Task) -> None:
    """Learning rates worth a try, and the search for one."""
    optimizer = experiment.training.optimizer
    rates = quick_rates(optimizer.kind)
    st.session_state[QUICK] = optimizer.learning_rate if optimizer.learning_rate in rates else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(texts.SUGGESTED_LEARNING_RATES, width="content")
        st.pills(texts.SUGGESTED_LEARNING_RATES, rates, key=QUICK, label_visibility="collapsed",
                 format_func=decimal, on_change=_quick_rate)
        search = rate_finder.button(experiment) if task.ready() and task.supervised else None
    if search is not None:
        rate_finder.result(search, experiment, _set_optimizer)


def _more(experiment: Experiment) -> None:
    training, optimizer = experiment.training, experiment.training.optimizer
    own, common = st.columns(2, gap="large")
    with own:
        for name, info in type(optimizer).model_fields.items():
            if name not in SHOWN_ABOVE:
                forms.field(name, info, getattr(optimizer, name), f"settings.{optimizer.kind}.{name}",
                            _set_optimizer)
    with common:
        with forms.row("task", texts.WHAT_NETWORK_HAS_LEARN):
            forms.choose("task", list(tasks.TASKS), experiment.task.name, "settings.task", _set_task,
                         lambda name: tasks.TASKS[name].title)
        _task_fields(experiment)
        if tasks.get(experiment.task.name, experiment.task.fields).supervised:
            _fraction(training)
        seed = Experiment.model_fields["seed"]
        forms.field("seed", seed, experiment.seed, "settings.seed", _set_experiment)


def _fraction(training: TrainingSpec) -> None:
    with forms.row("train_fraction", _what(TrainingSpec, "train_fraction")):
        now = training.train_fraction
        forms.choose("train_fraction", sorted({*FRACTIONS, now}), now, "settings.train_fraction", _set_training,
                     lambda fraction: numeral(f"{fraction:.3%}".replace(".000", "").replace("%", " %")))


def _task_fields(experiment: Experiment) -> None:
    """What the task itself lets one choose: how long its rows are, how many samples there are."""
    task = tasks.get(experiment.task.name, experiment.task.fields)
    for name, info in type(task).model_fields.items():
        if task.material is None or name != task.material.field:
            forms.field(name, info, getattr(task, name), f"settings.{task.name}.{name}", _set_task_field)
    if task.plane:
        points_form.show(task.plane, _set_task_fields)
    material_form.show(task, _set_task_fields)


def _labelled(widget: Callable[..., Any], label: str, value: Any, key: str, on_change: OnChange, what: str,
              start: Mapping[str, Any] | None = None, **options: Any) -> None:
    """A widget with its name above it; it shows the design's value and hands a change to `on_change`."""
    shown = forms.shows(key.removeprefix("settings."), value, key, on_change, **(start or {}))
    widget(label, help=what, **shown, **options)


def _quick_rate() -> None:
    if st.session_state[QUICK] is not None:
        _set_optimizer("learning_rate", st.session_state[QUICK])


def quick_rates(kind: str) -> list[float]:
    """Learning rates worth a try with this optimizer, the largest first."""
    usual = OPTIMIZERS[kind].model_fields["learning_rate"].default
    return [float(f"{usual * factor:.1g}") for factor in FACTORS]


def decimal(number: float) -> str:
    """0.00003 and not 3e-05."""
    return f"{number:.10f}".rstrip("0").rstrip(".")


def _what(model: Any, name: str) -> str:
    return translated(model.model_fields[name].description or "")


# from a widget's value to a new design, or a sentence

@with_refusals
def _set_task(name: str, value: str) -> None:
    experiment = state.design().experiment
    task = experiment.task.model_copy(update={"name": value, "fields": {}})
    state.design().replace(experiment.model_copy(update={"task": task}))


def _set_task_field(name: str, value: Any) -> None:
    _set_task_fields({name: value})


@with_refusals
def _set_task_fields(values: Mapping[str, Any]) -> None:
    experiment = state.design().experiment
    fields = {**experiment.task.fields, **values}
    task = experiment.task.model_copy(update={"fields": fields})
    known = tasks.get(task.name, fields)  # TaskError for a value that it does not take
    network = repairs.fitted(experiment.network, known.signature()) if known.ready() else experiment.network
    state.design().replace(experiment.model_copy(update={"task": task, "network": network}))


@with_refusals
def _set_experiment(name: str, value: Any) -> None:
    state.design().replace(changed(state.design().experiment, name, value))


@with_refusals
def _set_training(name: str, value: Any) -> None:
    state.design().set_training(changed(state.design().experiment.training, name, value))


@with_refusals
def _set_optimizer(name: str, value: Any) -> None:
    training = state.design().experiment.training
    optimizer = changed(training.optimizer, name, value)
    state.design().set_training(training.model_copy(update={"optimizer": optimizer}))


@with_refusals
def _set_algorithm_kind(name: str, value: str) -> None:
    training = state.design().experiment.training
    state.design().set_training(changed(training, "algorithm", ALGORITHMS[value]()))


@with_refusals
def _set_algorithm(name: str, value: Any) -> None:
    training = state.design().experiment.training
    state.design().set_training(changed(training, "algorithm", changed(training.algorithm, name, value)))


@with_refusals
def _set_schedule_kind(name: str, value: str) -> None:
    training = state.design().experiment.training
    state.design().set_training(changed(training, "schedule", SCHEDULES[value]()))


@with_refusals
def _set_schedule(name: str, value: Any) -> None:
    training = state.design().experiment.training
    state.design().set_training(changed(training, "schedule", changed(training.schedule, name, value)))


@with_refusals
def _set_augmentation(name: str, value: float) -> None:
    training = state.design().experiment.training
    state.design().set_training(changed(training, "augmentation", changed(training.augmentation, name, value)))


@with_refusals
def _set_kind(name: str, value: str) -> None:
    """Another optimizer starts with its own usual values: a learning rate for Adam is none for SGD."""
    training = state.design().experiment.training
    state.design().set_training(training.model_copy(update={"optimizer": OPTIMIZERS[value]()}))
