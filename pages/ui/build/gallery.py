"""The gallery of presets: pictures, what each is for, how long it trains and for whom; searched by words and level."""
from __future__ import annotations

import streamlit as st

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.presets import Preset, gallery
from dlviz.tasks import Task
from dlviz.translation import numeral, translated
from dlviz.views import preset_picture
from pages.ui.build.texts import texts
from pages.ui.shared import shell
from pages.ui.shared.component import STATIC
from pages.ui.shared.design import Design

SEARCH, LEVEL, ALL = "gallery.search", "gallery.level", "all"
PICTURES = STATIC / "presets"
WIDTH = 208  # px of a picture


def show(design: Design) -> None:
    """All presets that fit what is searched for, by group; one that is chosen is opened and the page drawn anew."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        words = st.text_input(texts.SEARCH, key=SEARCH, icon=":material/search:", label_visibility="collapsed",
                              placeholder=str(texts.SEARCH_PRESETS), max_chars=60)
        level = st.segmented_control(texts.LEVEL, (ALL, *gallery.LEVELS), key=LEVEL, default=ALL, required=True,
                                     label_visibility="collapsed", format_func=lambda key: str(texts.LEVELS[key]))
    chosen = found(words, level)
    if not chosen:
        st.caption(texts.NOTHING_FOUND)
    for group in dict.fromkeys(preset.group for preset in chosen):
        st.markdown(f"**{translated(group)}**")
        with st.grid(2, min_column_width=280):
            for preset in (preset for preset in chosen if preset.group == group):
                _card(design, preset)


def found(words: str, level: str) -> list[Preset]:
    """The presets of a level, or of all, that fit the words."""
    return [preset for preset in presets.PRESETS.values()
            if level in (ALL, gallery.level(preset.key)) and fits(preset, words)]


def fits(preset: Preset, words: str) -> bool:
    """Whether each of these words stands in what there is to read of it, or in the kinds of its layers."""
    task = task_of(preset)
    kinds = " ".join(layer.kind for layer in preset.experiment.network.layers)
    text = " ".join((preset.title, preset.sentence, preset.group, task.title, world(task), kinds)).lower()
    return all(word in text for word in words.lower().split())


def task_of(preset: Preset) -> Task:
    return tasks.get(preset.experiment.task.name, preset.experiment.task.fields)


def world(task: Task) -> str:
    """What the task stands for in the world, and where the toy ends."""
    return f"{task.stands_for} {task.limits}".strip()


def _card(design: Design, preset: Preset) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.image(_picture(preset), width=WIDTH, alt=texts.PICTURE_OF.format(title=preset.title))
            st.space("stretch")
            chosen = st.button(texts.OPEN, key=f"preset.{preset.key}", on_click=design.open, args=(preset.named,))
        st.markdown(f"**{preset.title}** :small[:gray[{_facts(preset)}]]")
        st.caption(preset.sentence)
        if about := world(task_of(preset)):
            st.caption(f":gray[:material/public: {shell.plain(about)}]")
    if chosen:
        shell.opened(preset.title, design.can_undo)
        st.rerun()  # the whole page, which closes the gallery


def _picture(preset: Preset) -> str:
    """Its file, or its layers alone where nobody has made one."""
    path = PICTURES / f"{preset.key}.svg"
    if path.is_file():
        return path.read_text("utf-8")
    task = task_of(preset)
    return preset_picture.picture(task, net.check(preset.experiment.network, task.signature(), 1), sample=False)


def _facts(preset: Preset) -> str:
    level, seconds = str(texts.LEVELS[gallery.level(preset.key)]), gallery.seconds(preset.key)
    if seconds is None:
        return level
    written = f"{seconds:.0f}" if seconds >= 9.5 else f"{seconds:.1g}"
    return texts.LEVEL_SECONDS.format(level=level, seconds=numeral(written))
