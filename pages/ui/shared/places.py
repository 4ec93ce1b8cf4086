"""The pages of the app: the doors of its navigation, and the places at which one run is opened large.

The frame and the strip below the navigation ask here. Draws nothing.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dlviz.shapes import Shape
from dlviz.tasks import Modality, Task
from pages.ui.shared.texts import texts

PICTURE = Shape("image", (1, 28, 28))
WORKBENCH = "build"


@dataclass(frozen=True)
class Place:
    """A page at its own address; of which tasks it shows a run, where it shows one."""

    name: str  # of its file under pages/, which is its address too
    icon: str
    suits: Callable[[Task], bool]

    @property
    def file(self) -> str:
        return f"pages/{self.name}.py"

    @property
    def title(self) -> str:
        return title_of(self.name)


def title_of(name: str) -> str:
    """What the page of this name is called."""
    return texts.PLACES[name]


def drawable(task: Task) -> bool:
    """Whether its samples are pictures of 28 x 28, which somebody could draw."""
    return task.modality is Modality.IMAGE and task.signature().inputs[0][1] == PICTURE


def asked(task: Task) -> bool:
    """Whether it is asked with symbols, numbers or points."""
    return task.modality not in (Modality.IMAGE, Modality.GAME)


def playable(task: Task) -> bool:
    """Whether it is a game."""
    return task.game is not None


def supervised(task: Task) -> bool:
    """Whether it has targets to learn from."""
    return task.supervised


def draws(task: Task) -> bool:
    """Whether its networks are given a drawing, or draw what they are asked for."""
    return drawable(task) or task.diffusion is not None


def any_task(_: Task) -> bool:
    return True


DOORS = (Place(WORKBENCH, ":material/account_tree:", any_task), Place("lab", ":material/science:", any_task),
         Place("runs", ":material/history:", any_task), Place("learn", ":material/school:", any_task),
         Place("classroom", ":material/groups:", any_task))
OF_A_RUN = (Place("train", ":material/show_chart:", any_task), Place("look", ":material/visibility:", asked),
            Place("play", ":material/stadia_controller:", playable),
            Place("draw", ":material/draw:", draws),
            Place("motion", ":material/slow_motion_video:", supervised),
            Place("explain", ":material/lightbulb:", supervised),
            Place("landscape", ":material/landscape:", supervised))


def pages() -> dict[str, st.Page]:
    """All pages by their files; those that are no doors have an address, and no place in the navigation."""
    def page(place: Place, visibility: Literal["visible", "hidden"]) -> st.Page:
        return st.Page(place.file, title=place.title, icon=place.icon, default=place.name == WORKBENCH,
                       visibility=visibility)

    return {place.file: page(place, "visible") for place in DOORS} | {
        place.file: page(place, "hidden") for place in OF_A_RUN}
