"""The right side of the build page: the selected layer with its form, or the network as a whole.

Changes the design only through its own methods; knows no particular layer.
"""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz import settings, views
from dlviz.errors import DlvizError, SpecError
from dlviz.figures.tiles import thumbnail
from dlviz.layers import CATALOGUE, FAMILIES, Layer
from dlviz.layers.sentences import article
from dlviz.network import LayerReport, NetworkReport, blocks, editing
from dlviz.runs.info import RunInfo
from dlviz.shapes import KIND_WORDS, Shape
from dlviz.spec import LayerSpec
from dlviz.translation import listing, numeral
from pages.ui.build import edits, node_views
from pages.ui.build.cards import DesignView
from pages.ui.build.node_views import NodeViews
from pages.ui.build.texts import texts
from pages.ui.shared import first_weights, forms, places, run_actions, shell, state
from pages.ui.shared.design import Design

OUTPUT = (400, 350)  # px of the picture of a layer's output
SAMPLE, STRIP = (86, 86), (121, 18)  # px of the picture of what flows in: an image, a list of symbols
MAPS = 32  # feature maps on it
ABOVE, NOTHING = "", " "  # the choices of the layer above and of none; no layer has such a name


def show(design: Design, view: DesignView, dark: bool) -> NodeViews | None:
    """The selected layer; without one, the network. What the dock's run is to draw of the layer, if there is one."""
    if len(design.selection) > 1:
        _several(design, view)
    elif design.selected is None:
        _network(design, view, dark)
    else:
        return _layer(design, view, design.network.layer(design.selected), dark)
    return None


def _several(design: Design, view: DesignView) -> None:
    """More than one layer: what they are together."""
    st.subheader(texts.SEVERAL_LAYERS(len(design.selection)), anchor=False)
    st.markdown(", ".join(shell.plain(name) for name in design.selection))
    st.caption(texts.SELECT_ONE_TO_CHANGE)
    costs = [view.report.layer(name).cost for name in design.selection]
    _fact(texts.PARAMETERS, texts.NUMBER_LEARNED_WEIGHTS_BIASES, numeral(f"{sum(cost.parameters for cost in costs):,}"))
    _fact(texts.MULTIPLY_ADDS, texts.COST_ONE_FORWARD_PASS, numeral(f"{sum(cost.multiply_adds for cost in costs):,}"))


def _layer(design: Design, view: DesignView, spec: LayerSpec, dark: bool) -> NodeViews | None:
    layer = view.report.layer(spec.name)
    cls = CATALOGUE.get(spec.kind)
    _heading(spec, cls)
    if cls is None:
        return None
    st.markdown(cls.sentence())
    st.latex(cls.formula)
    _flow(layer)
    _form(design, view, spec, cls)
    _opening(design, spec, layer)
    run = _run_of(design) if view.report.ok else None
    if run is None:
        _output(view, spec.name, dark)
        return None
    return node_views.choose(views.subject(run.experiment), spec.name, run.id)


def _run_of(design: Design) -> RunInfo | None:
    """The run in focus where it trains this very design."""
    try:
        run = state.focus()
    except DlvizError:  # the dock says it
        return None
    return run if run and design.experiment.trains_as(run.experiment) else None


def _heading(spec: LayerSpec, cls: type[Layer] | None) -> None:
    family = FAMILIES[cls.family].title if cls else texts.UNKNOWN_KIND
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(shell.plain(spec.kind), anchor=False, width="content")
        st.caption(family, width="content")


def _opening(design: Design, spec: LayerSpec, layer: LayerReport) -> None:
    """A block can be opened into the layers that it is made of."""
    if layer.error or not blocks.can_open(spec):
        return

    def take_apart() -> None:
        if spec.name in design.network.names():
            edits.open_block(design, spec.name)
            st.toast(texts.BLOCK_OPEN_PARTS_NOW)

    st.button(texts.OPEN_THE_BLOCK, key=f"layer.{spec.name}.open", icon=":material/unfold_more:", on_click=take_apart,
              help=texts.REPLACE_BLOCK_LAYERS)


def _flow(layer: LayerReport) -> None:
    """What comes in, what goes out, what it costs."""
    if layer.in_shapes is None:
        st.caption(texts.LAYER_HAS_ERROR_CARD if layer.error else
                   texts.LAYER_ABOVE_HAS_ERROR)
        return
    taken = listing([article(shape) for shape in layer.in_shapes])
    if layer.out_shape is None:
        st.caption(texts.INPUT_GIVEN.format(inputs=taken))
        return
    costs = [numeral(f"**{count:,}** ") + words for count, words in (
        (layer.cost.parameters, texts.PARAMETERS_LEARNED_NUMBERS), (layer.cost.multiply_adds,
                                                                   texts.MULTIPLY_ADDS_PER_SAMPLE))
        if count]
    st.markdown(texts.TAKES_GIVES.format(inputs=taken, output=article(layer.out_shape)))
    if costs:
        st.markdown(f"{', '.join(costs)}.")


def _form(design: Design, view: DesignView, spec: LayerSpec, cls: type[Layer]) -> None:
    key = f"layer.{spec.name}.{spec.kind}"

    def tell(field: str, value: Any) -> None:
        if spec.name in design.network.names():
            design.set_network(editing.set_fields(design.network, spec.name, {field: value}))

    def rename(_: str, new: str) -> None:
        try:
            edits.rename(design, spec.name, new)
        except SpecError as error:
            shell.notice(error)

    with forms.row(texts.NAME, texts.NAME_LAYER):
        forms.text(texts.NAME, spec.name, f"{key}.name", rename, settings.MAX_NAME)
    forms.form(cls, spec.fields, key, tell)
    if view.report.layer(spec.name).cost.parameters or not spec.trainable:
        _freezing(design, spec, key)
    _wires(design, view, spec, cls, key)


def _freezing(design: Design, spec: LayerSpec, key: str) -> None:
    """Whether training changes the layer."""
    def tell(_: str, value: bool) -> None:
        if spec.name in design.network.names():
            design.set_network(editing.set_trainable(design.network, spec.name, value))

    with forms.row(texts.TRAINABLE, texts.TRAINABLE_WHY):
        forms.switch(texts.TRAINABLE, spec.trainable, f"{key}.trainable", tell)


def _wires(design: Design, view: DesignView, spec: LayerSpec, cls: type[Layer], key: str) -> None:
    """Whose outputs the layer takes: one, or several where layers are joined."""
    shapes: dict[str, Shape | None] = dict(view.report.signature.inputs)
    shapes |= {layer.name: layer.out_shape for layer in view.report.layers[:design.network.index(spec.name)]}

    def words(name: str) -> str:
        if name in (ABOVE, NOTHING):
            return texts.THE_LAYER_ABOVE if name == ABOVE else texts.NOTHING_WIRED
        return f"{name}  ({shapes[name]})" if shapes.get(name) else name

    def tell(_: str, value: list[str] | str) -> None:
        inputs = None if value in (ABOVE, NOTHING) else [value] if isinstance(value, str) else value
        if spec.name in design.network.names():
            design.set_network(editing.set_inputs(design.network, spec.name, inputs))

    if cls.arity[1] == 1 and len(spec.inputs or ()) <= 1:
        with forms.row(texts.INPUT, texts.LAYER_WHOSE_OUTPUT_TAKES):
            now = ABOVE if spec.inputs is None else spec.inputs[0] if spec.inputs else NOTHING
            names = [ABOVE, *reversed(shapes)] + ([now] if now != ABOVE and now not in shapes else [])
            forms.choose(texts.INPUT, names, now, f"{key}.inputs", tell, words)
        return
    st.markdown(texts.INPUTS_LAYERS_WHOSE_OUTPUTS)
    now = list(view.report.layer(spec.name).inputs)
    names = [*reversed(shapes), *(name for name in now if name not in shapes)]
    forms.choose_some(texts.INPUTS, names, now, f"{key}.inputs", tell, words)


def _output(view: DesignView, name: str, dark: bool) -> None:
    output = view.outputs.get(name)
    if output is None:
        return
    st.divider()
    alt = texts.WHAT_GIVES_OWN if view.own else texts.WHAT_GIVES_ONE_TEST
    st.image(thumbnail(output, *OUTPUT, most=MAPS, dark=dark), alt=alt.format(name=name))
    count = len(output)
    what = texts.OF_FEATURE_MAPS.format(count=min(count, MAPS), total=count) if output.ndim == 3 and count > MAPS else \
        texts.FEATURE_MAPS if output.ndim == 3 else texts.OUTPUT
    st.caption((texts.OWN_SAMPLE_BEFORE if view.own else texts.ONE_TEST_SAMPLE_BEFORE).format(what=what))


def _network(design: Design, view: DesignView, dark: bool) -> None:
    experiment, report = design.experiment, view.report

    def rename(_: str, new: str) -> None:
        if new.strip():
            design.replace(experiment.model_copy(update={"name": new.strip()[:settings.MAX_NAME]}))

    st.subheader(texts.THE_WHOLE_NETWORK, anchor=False)
    st.markdown(texts.DATA_FLOWS_FROM_FIRST)
    for error in report.errors:
        if error not in [layer.error for layer in report.layers]:
            st.error(shell.plain(error.sentence))
    with forms.row(texts.NAME, texts.NAME_DESIGN_FILE):
        forms.text(texts.NAME, experiment.name, "experiment.name", rename, settings.MAX_NAME)
    _costs(report, experiment.training.batch_size)
    if report.ok:
        first_weights.choose(design)
    _task(view, dark)


def _costs(report: NetworkReport, batch_size: int) -> None:
    """What the network costs; behind an error nobody knows shapes, so there is no sum yet."""
    known = all(layer.out_shape is not None for layer in report.layers)
    for name, sentence, value in (
            (texts.PARAMETERS, texts.NUMBER_LEARNED_WEIGHTS_BIASES, numeral(f"{report.parameters:,}") if known else ""),
            (texts.MULTIPLY_ADDS, texts.COST_ONE_FORWARD_PASS, numeral(f"{report.multiply_adds:,}") if known else ""),
            (texts.MEMORY, texts.APPROXIMATELY_TRAINING_STEP.format(size_of_batch=batch_size),
             _bytes(report.step_bytes) if report.step_bytes else "")):
        _fact(name, sentence, value or texts.NOT_KNOWN_YET)


def _fact(name: str, sentence: str, value: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{name}**  \n:small[{sentence}]", width="stretch")
        st.markdown(f"**{value}**", width="content")


def _task(view: DesignView, dark: bool) -> None:
    task, signature = view.task, view.report.signature
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for (name, _), array in zip(signature.inputs, view.sample):
            st.image(thumbnail(array, *(SAMPLE if array.ndim > 1 else STRIP), colors="grey", dark=dark),
                     alt=texts.ONE_TASK.format(name=name))
        with st.container(gap=None, width="stretch"):
            st.markdown(texts.TASK.format(title=task.title))
            st.caption(task.sentence())
    shapes = listing([texts.OF.format(kind=KIND_WORDS[shape.kind], height=shape) for _, shape in signature.inputs])
    st.caption(texts.INPUT_OUTPUT_HAS.format(shapes=shapes, output=article(signature.out_shape),
                                             out_description=signature.out_description))
    if not view.sample:
        st.caption(texts.DATA_NOT_COMPUTER_YET)
    st.page_link("pages/train.py", label=texts.CHANGE_TASK_OR_TRAINING, icon=":material/tune:",
                 query_params={"run": run_actions.NEW})
    if view.report.ok and view.sample and places.supervised(task):
        st.page_link("pages/motion.py", label=texts.ONE_UPDATE, icon=":material/slow_motion_video:")


def _bytes(count: int) -> str:
    for size, unit in ((2**30, "GB"), (2**20, "MB"), (2**10, "KB")):
        if count >= size:
            return numeral(f"{count / size:.3g} {unit}")
    return f"{count} bytes"
