"""The right side of the build page: the selected layer with its form, or the network as a whole.

Changes the design only through its own methods; knows no particular layer.
"""
from __future__ import annotations

from typing import Any

import streamlit as st

from dlviz import settings
from dlviz.network import blocks, editing
from dlviz.errors import SpecError
from dlviz.figures.tiles import thumbnail
from dlviz.layers import CATALOGUE, FAMILIES, Layer
from dlviz.layers.base import article
from dlviz.network import LayerReport
from dlviz.shapes import KIND_WORDS, Shape
from dlviz.spec import LayerSpec
from pages.ui.build import edits
from pages.ui.shared import forms, run_actions, shell
from pages.ui.build.cards import View
from pages.ui.shared.design import Design

OUTPUT = (400, 350)  # px of the picture of a layer's output
SAMPLE, STRIP = (86, 86), (121, 18)  # px of the picture of what flows in: an image, a list of symbols
MAPS = 32  # feature maps on it
ABOVE = ""  # the choice of the layer above; no layer has an empty name


def show(design: Design, view: View, dark: bool) -> None:
    """The selected layer; without one, the network."""
    with st.container(border=True, key="inspector"):
        if design.selected is None:
            _network(design, view, dark)
        else:
            _layer(design, view, design.network.layer(design.selected), dark)


def _layer(design: Design, view: View, spec: LayerSpec, dark: bool) -> None:
    seen = view.report.layer(spec.name)
    cls = CATALOGUE.get(spec.kind)
    _heading(spec, cls)
    if cls is None:
        return
    st.markdown(cls.sentence())
    st.latex(cls.formula)
    _flow(seen)
    _form(design, view, spec, cls)
    _opening(design, view, spec, seen)
    _output(view, spec.name, dark)


def _heading(spec: LayerSpec, cls: type[Layer] | None) -> None:
    family = FAMILIES[cls.family].title if cls else "unknown kind"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(shell.plain(spec.kind), anchor=False, width="content")
        st.caption(family, width="content")


def _opening(design: Design, view: View, spec: LayerSpec, seen: LayerReport) -> None:
    """A block can be opened into the layers that it is made of."""
    if seen.error or not blocks.can_open(spec):
        return

    def take_apart() -> None:
        if spec.name in design.network.names():
            design.set_network(blocks.open_block(design.network, view.report.signature, spec.name))
            st.toast("The block is open: its parts are layers now, each to be changed alone. Undo closes it again.")

    st.button("Open the block", key=f"layer.{spec.name}.open", icon=":material/unfold_more:", on_click=take_apart,
              help="Put the layers that this block is made of in its place: attention, skips, normalization, feed-forward.")


def _flow(seen: LayerReport) -> None:
    """What comes in, what goes out, what it costs."""
    if seen.in_shapes is None:
        st.caption("It cannot work like this yet; its card says why." if seen.error else
                   "A layer above has to be mended before anything can flow in here.")
        return
    taken = " and ".join(article(shape) for shape in seen.in_shapes)
    if seen.out_shape is None:
        st.caption(f"Takes {taken}.")
        return
    costs = [f"**{count:,}** {words}" for count, words in (
        (seen.cost.parameters, "parameters (learned numbers)"), (seen.cost.multiply_adds, "multiply-adds a sample"))
        if count]
    st.markdown(f"Takes {taken}, gives **{article(seen.out_shape)}**.")
    if costs:
        st.markdown(f"{', '.join(costs)}.")


def _form(design: Design, view: View, spec: LayerSpec, cls: type[Layer]) -> None:
    key = f"layer.{spec.name}.{spec.kind}"

    def tell(field: str, value: Any) -> None:
        if spec.name in design.network.names():
            design.set_network(editing.set_fields(design.network, spec.name, {field: value}))

    def rename(_: str, new: str) -> None:
        try:
            edits.rename(design, spec.name, new)
        except SpecError as error:
            shell.notice(error)

    with forms.row("Name", "Your own word for it."):
        forms.text("Name", spec.name, f"{key}.name", rename, settings.MAX_NAME)
    forms.form(cls, spec.fields, key, tell)
    _wires(design, view, spec, cls, key)


def _wires(design: Design, view: View, spec: LayerSpec, cls: type[Layer], key: str) -> None:
    """Whose outputs the layer takes: one, or several where layers are joined."""
    shapes: dict[str, Shape | None] = dict(view.report.signature.inputs)
    shapes |= {seen.name: seen.out_shape for seen in view.report.layers[:design.network.index(spec.name)]}

    def words(name: str) -> str:
        if name == ABOVE:
            return "the one above"
        return f"{name}  ({shapes[name]})" if shapes.get(name) else name

    def tell(_: str, value: list[str] | str) -> None:
        inputs = None if value == ABOVE else [value] if isinstance(value, str) else value
        if spec.name in design.network.names():
            design.set_network(editing.set_inputs(design.network, spec.name, inputs))

    if cls.arity[1] == 1 and len(spec.inputs or ()) <= 1:
        with forms.row("Input", "Whose output it takes."):
            now = spec.inputs[0] if spec.inputs else ABOVE
            names = [ABOVE, *reversed(shapes)] + ([now] if now != ABOVE and now not in shapes else [])
            forms.choose("Input", names, now, f"{key}.inputs", tell, words)
        return
    st.markdown("**Inputs**  \n:small[Whose outputs it takes, in this order.]")
    now = list(view.report.layer(spec.name).inputs)
    names = [*reversed(shapes), *(name for name in now if name not in shapes)]
    forms.choose_some("Inputs", names, now, f"{key}.inputs", tell, words)


def _output(view: View, name: str, dark: bool) -> None:
    output = view.outputs.get(name)
    if output is None:
        return
    st.divider()
    st.image(thumbnail(output, *OUTPUT, most=MAPS, dark=dark), alt=f"What {name} gives for one test sample")
    count = len(output)
    what = f"{min(count, MAPS)} of {count} feature maps" if output.ndim == 3 and count > MAPS else \
        "Its feature maps" if output.ndim == 3 else "Its output"
    st.caption(f"{what} for the sample that flows in, before any training. :red[Red] is above 0, :blue[blue] below.")


def _network(design: Design, view: View, dark: bool) -> None:
    experiment, report = design.experiment, view.report

    def rename(_: str, new: str) -> None:
        if new.strip():
            design.replace(experiment.model_copy(update={"name": new.strip()[:settings.MAX_NAME]}))

    st.subheader("The whole network", anchor=False)
    st.markdown("Data flows from the top card to the last. Choose a card to see what it does and to change it.")
    for error in report.errors:
        if error not in [layer.error for layer in report.layers]:
            st.error(shell.plain(error.sentence))
    with forms.row("Name", "Of this design and of its file."):
        forms.text("Name", experiment.name, "experiment.name", rename, settings.MAX_NAME)
    _fact("Parameters", "The numbers that it learns.", f"{report.parameters:,}")
    _fact("Multiply-adds", "The work for one sample, forward.", f"{report.multiply_adds:,}")
    _fact("Memory", f"Of a training step with a batch of {experiment.training.batch_size}, about.",
          _bytes(report.step_bytes))
    _task(view, dark)


def _fact(name: str, sentence: str, value: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{name}**  \n:small[{sentence}]", width="stretch")
        st.markdown(f"**{value}**", width="content")


def _task(view: View, dark: bool) -> None:
    task, signature = view.task, view.report.signature
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for (name, _), array in zip(signature.inputs, view.sample):
            st.image(thumbnail(array, *(SAMPLE if array.ndim > 1 else STRIP), colors="grey", dark=dark),
                     alt=f"One {name} of the task")
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**Task: {task.title}**")
            st.caption(task.sentence())
    shapes = " and ".join(f"{KIND_WORDS[shape.kind]} of {shape}" for _, shape in signature.inputs)
    st.caption(f"In flows {shapes}. Out must come {article(signature.out)}: {signature.out_words}.")
    if not view.sample:
        st.caption("Its data is not on this computer yet; the page Train downloads it. Then the cards have pictures.")
    st.page_link("pages/train.py", label="Change the task or how it is trained", icon=":material/tune:",
                 query_params={"run": run_actions.NEW})


def _bytes(count: int) -> str:
    for size, unit in ((2**30, "GB"), (2**20, "MB"), (2**10, "KB")):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} bytes"
