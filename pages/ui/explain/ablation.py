"""Switching parts of a network off: the widgets for one layer, and what becomes of accuracy and answer.

Turns what the engine found into the plain data of the component `explain`; the run itself stays as it is.
"""
from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from dlviz import english, views
from dlviz.figures import packing
from dlviz.inspect.explanation import AblationResult, Explainer
from dlviz.network import LayerReport
from dlviz.probes.ablation import Ablation
from dlviz.views import confusion
from dlviz.views.choosable import choosable, unit_word
from dlviz.views.question import ExplainedInput, visible
from dlviz.views.why import class_names, shares
from pages.ui.explain import layers
from pages.ui.explain.answers import answer, finite, remembered
from pages.ui.explain.switches import Switches
from pages.ui.explain.texts import texts
from pages.ui.shared import lesson, shell, state, view_host
from pages.ui.shared.envelope_texts import texts as envelope_texts

KEY, SCRIPT = "explain.without", "explain/without.js"
MOST_UNITS, MOST_MAPS, SIDE = 1_024, 256, 28  # shown of a layer; numbers of a map's longer side
FEW = 10  # units that a button switches off at once
MIXED = 6  # mix-ups that are named
Json = dict[str, Any]


def show(subject: Explainer, question: ExplainedInput) -> None:
    run = state.focus()
    if run and run.sealed:
        st.info(envelope_texts.MEASURES_ON_TEST, icon=":material/lock:")
        return
    with shell.show_errors():
        _show(subject, question)


def _show(subject: Explainer, question: ExplainedInput) -> None:
    switches = state.session_value(f"explain.switches.{subject.key[0]}", Switches)
    layer = _choose(subject, switches)
    if layer is None:
        st.caption(texts.NETWORK_HAS_ONLY_OUTPUT)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _layer_switches(subject, switches, layer)
        _ranking(subject, switches, layer)
    _noise(subject, switches)
    changes = switches.changes()
    with layers.waiting(texts.EVALUATING_TEST_SAMPLES) as report_progress:
        before, after = (remembered((subject.key, "outcome", some), partial(subject.outcome, some, report_progress))
                         for some in ((), changes))
    if changes:
        lesson.note_of_focus("switched_off", subject.step, changes, accuracy_on=before.accuracy,
                             off_fraction=switches.fraction(subject.units, layer), accuracy_off=after.accuracy)
    view_host.script(KEY, SCRIPT, payload(subject, question, switches, layer, before, after), "off")
    _table(subject, after, bool(changes))


# the widgets

def _choose(subject: Explainer, switches: Switches) -> str | None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if not choosable(subject.report, last=False):
            return None
        layer = layers.choose(subject, "explain.without.layer", last=False)
        if layer is None:
            return None
        switches.hear((st.session_state.get(KEY) or {}).get("off"), layer, subject.units(layer))
        st.selectbox(texts.ABLATED_UNITS_OUTPUT, list(texts.INSTEAD), key=f"explain.to.{switches.turn}", width=135,
                     index=list(texts.INSTEAD).index(switches.to), format_func=texts.INSTEAD.__getitem__,
                     on_change=lambda: setattr(switches, "to", st.session_state[f"explain.to.{switches.turn}"]))
        st.button(texts.RESET, icon=":material/restart_alt:", key="explain.reset",
                  disabled=not switches.changes(), on_click=switches.reset)
    return layer


def _layer_switches(subject: Explainer, switches: Switches, layer: str) -> None:
    """Switches for the layer as a whole, and for its heads."""
    key = f"{layer}.{switches.turn}"
    st.toggle(texts.ABLATE_THE_LAYER, value=layer in switches.layers, key=f"explain.off.{key}",
              on_change=switches.flip, args=(switches.layers, layer))
    report = subject.report.layer(layer)
    if report.known_in_shapes[0] == report.out_shape:
        st.toggle(texts.BYPASS_THE_LAYER, value=layer in switches.bypassed,
                  key=f"explain.around.{key}", on_change=switches.flip, args=(switches.bypassed, layer))
    for part, count in subject.heads(layer).items():
        name = f"explain.heads.{part}.{switches.turn}"
        st.pills(texts.ABLATED_HEADS_OF.format(part=part), range(count), selection_mode="multi", key=name,
                 default=switches.heads.get(part, ()), on_change=_heads, args=(switches, part, name))


def _heads(switches: Switches, part: str, key: str) -> None:
    switches.heads[part] = tuple(sorted(st.session_state[key]))


def _noise(subject: Explainer, switches: Switches) -> None:
    key = f"explain.noise.{switches.turn}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.slider(texts.WEIGHT_NOISE, 0.0, 2.0, switches.noise, 0.05, key=key, width=220,
                  help=texts.STANDARD_DEVIATIONS_WEIGHTS,
                  on_change=lambda: setattr(switches, "noise", st.session_state[key]))
        of, at = ["", *subject.weighted()], f"explain.noisy.{switches.turn}"
        st.selectbox("of", of, index=of.index(switches.noisy or ""), key=at, width=180,
                     format_func=lambda name: name or texts.ALL_LAYERS,
                     on_change=lambda: setattr(switches, "noisy", st.session_state[at] or None))
        if switches.noise:
            st.button(texts.NEW_NOISE, icon=":material/casino:", key="explain.reseed", on_click=_reseed,
                      args=(switches,))


def _reseed(switches: Switches) -> None:
    switches.seed += 1


def _ranking(subject: Explainer, switches: Switches, layer: str) -> None:
    """Which unit matters most: accuracy without each, once for all who look at the same weights."""
    word, ranked = unit_word(subject.report.layer(layer)), subject.ranked(layer, switches.to)
    if ranked is None:
        place = st.empty()
        if not place.button(texts.WHICH_MATTERS_MOST.format(which=word), icon=":material/leaderboard:",
                            key="explain.rank"):
            return
        with layers.waiting(texts.ABLATING_EACH_TURN.format(which=word)) as report_progress:
            ranked = subject.ranking(layer, switches.to, report_progress)
        place.empty()
    order = np.lexsort((ranked[:, 1], -ranked[:, 0])).tolist()  # the least missed first
    few = min(FEW, len(order) // 2)
    st.caption(texts.MATTERS_MOST_WITHOUT.format(title=word.title(), name=order[-1],
                                                 accuracy=english.percent(ranked[order[-1], 0])),
               width="content")
    if few:
        with st.container(horizontal=True, gap="small", width="content"):
            st.button(texts.MOST_IMPORTANT_OFF.format(first=few), key="explain.most", on_click=switches.put,
                      args=(layer, order[-few:]))
            st.button(texts.LEAST_IMPORTANT_OFF.format(first=few), key="explain.least", on_click=switches.put,
                      args=(layer, order[:few]))


def _table(subject: Explainer, after: AblationResult, changed: bool) -> None:
    if after.confusion is None:
        return
    with st.expander(texts.CONFUSION_MATRIX):
        matrix = after.confusion
        note = texts.TEST_SAMPLES_OFF(after.count) if changed else texts.TEST_SAMPLES_ON(after.count)
        drawing = confusion.drawing(matrix, class_names(subject.task), note)
        view_host.show("explain.confusion", views.get("confusion"), drawing)


# what is sent

def payload(subject: Explainer, question: ExplainedInput, switches: Switches, layer: str, before: AblationResult,
            after: AblationResult) -> Json:
    report, names = subject.report.layer(layer), class_names(subject.task)
    ranked = subject.ranked(layer, switches.to)
    drops = None if ranked is None else [round(before.accuracy - float(one), 5) for one in ranked[:, 0]]
    return {"layer": layer, "word": unit_word(report), "turn": switches.turn,
            "off": sorted(switches.units.get(layer, ())), "all": layer in switches.layers, "drops": drops,
            **_units(subject, question, report), "list": switches.words(), "metric": subject.task.metric,
            "count": after.count, "before": _marks(before), "after": _marks(after),
            "answer": _answer(subject, question, names, switches.changes()), "mixed": mixed(before, after, names)}


def _units(subject: Explainer, question: ExplainedInput, report: LayerReport) -> Json:
    """What each unit says to the sample: a map each for channels, a number each otherwise (its largest in time)."""
    output = remembered((subject.key, question.key, "output", report.name),
                        lambda: subject.outputs(question.inputs, report.name))
    if report.known_out_shape.kind == "image":
        step = -(-max(output.shape[1:]) // SIDE)
        maps = output[:MOST_MAPS, ::step, ::step]
        return {"units": len(output), "values": packing.floats(maps), "map": list(maps.shape[1:])}
    values = output if output.ndim == 1 else np.take_along_axis(output, np.abs(output).argmax(0)[None], 0)[0]
    return {"units": len(values), "values": packing.floats(values[:MOST_UNITS]), "map": None}


def _marks(outcome: AblationResult) -> Json:
    return {"accuracy": finite(outcome.accuracy), "loss": finite(outcome.loss)}


def _answer(subject: Explainer, question: ExplainedInput, names: tuple[str, ...],
            changes: tuple[Ablation, ...]) -> Json:
    """Before against after: a bar for each class, or a word for each step or number."""
    before, after = answer(subject, question), subject.scores(question.inputs, changes)
    if subject.report.signature.out_shape.kind == "image":
        return _pictures(subject, question, before, after)
    if subject.task.signature().loss == "mse":
        tolerance = subject.task.signature().tolerance
        return {"form": "steps", "steps": [_numbers(*row, tolerance) for row in
                                           zip(np.ravel(before), np.ravel(after), np.ravel(_target(question)))]}
    if before.ndim == 1:
        target = None if question.target is None else int(question.target)
        bars = [{"word": word, "before": _probability(one), "after": _probability(two), "target": number == target}
                for number, (word, one, two) in enumerate(zip(visible(names), shares(before),
                                                              shares(after)))]
        return {"form": "classes", "bars": bars}
    words = visible(names)
    return {"form": "steps", "steps": [_symbols(int(before[step].argmax()), int(after[step].argmax()),
                                                int(_target(question)[step]), words) for step in question.steps]}


def _pictures(subject: Explainer, question: ExplainedInput, before: np.ndarray, after: np.ndarray) -> Json:
    """The picture that comes out, as it was and as it is, and what should come out where that is known."""
    target = {} if question.target is None else {"target": np.asarray(question.target)}
    shown = {name: subject.task.to_picture(values)
             for name, values in ({"before": before, "after": after} | target).items()}
    return {"form": "pictures", "size": list(shown["before"].shape),
            "pictures": [[name, packing.levels(picture)] for name, picture in shown.items()]}


def _numbers(before: float, after: float, target: float, tolerance: float) -> Json:
    """One number, and whether it is as near to its target as counts for correct."""
    texts_of = {name: f"{value:z.2f}".replace("-", "−")
                for name, value in (("before", before), ("after", after), ("target", target))}
    return texts_of | {"wrong": {"before": bool(abs(before - target) > tolerance),
                                 "after": bool(abs(after - target) > tolerance)}}


def _symbols(before: int, after: int, target: int, words: list[str]) -> Json:
    return {"before": words[before], "after": words[after], "target": words[target],
            "wrong": {"before": before != target, "after": after != target}}


def _target(question: ExplainedInput) -> np.ndarray:
    if question.target is None:
        raise ValueError("a sample of the test split has a target")
    return np.asarray(question.target)


def _probability(value: float) -> float | None:
    return finite(round(float(value), 4))


def mixed(before: AblationResult, after: AblationResult, names: tuple[str, ...]) -> list[Json]:
    """The mix-ups that have grown most, the largest growth first."""
    if before.confusion is None or after.confusion is None:
        return []
    grown = after.confusion - before.confusion
    np.fill_diagonal(grown, 0)
    found = [divmod(int(at), len(names)) for at in np.argsort(-grown, axis=None, kind="stable")[:MIXED]]
    return [{"target": names[target], "prediction": names[best], "before": int(before.confusion[target, best]),
             "after": int(after.confusion[target, best])} for target, best in found if grown[target, best] > 0]
