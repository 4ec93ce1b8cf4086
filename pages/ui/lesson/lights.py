"""Where the controls that lessons speak of stand on the pages: a ring of light around them, or none of them.

What is lit or hidden is as it was when the lesson is left.
"""
from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dlviz.lessons.sites import CONTROLS
from pages.ui.shared.component import static_component

_MOUNT = static_component("dlviz_light", "light")

SELECTORS = {
    "play": ".st-key-dock-play button, .st-key-dock-pause button",
    "one_batch": ".st-key-dock-batch button",
    "learning_rate": ".st-key-dock_controls [data-testid='stNumberInput']",
    "curve": ".st-key-dock_curve",
    "scrubber": ".st-key-dock_scrubber, .st-key-run-scrubber, .st-key-draw-moments, .st-key-look-moments",
    "layers": ".st-key-build_split > div > [data-testid='stHorizontalBlock'] > [data-testid='stColumn']:first-child",
    "inspector": ".st-key-inspector",
    "presets": ".st-key-build-presets button",
    "settings": ".st-key-settings-rates, .st-key-settings-mechanisms, .st-key-settings-more",
    "controls": ".st-key-run-controls",
    "rates": ".st-key-run-changes",
    "curves": "[class*='st-key-run-charts']",
    "train_views": ".st-key-run-looking [data-testid='stButtonGroup']",
    "health": ".st-key-run-doctor",
    "envelope": ".st-key-run-envelope button",
    "new_run": ".st-key-run-new button",
    "pad": ".st-key-draw_canvas",
    "answer": ".st-key-draw_right",
    "run": "[class*='st-key-strip-run']",
    "places": ".st-key-strip-places",
    "answer_box": ".st-key-motion-answer",
    "part": ".st-key-motion-view, .st-key-explain-part",
    "explanation": ".st-key-explain-without, .st-key-explain_right",
    "question": ".st-key-look-question",
    "reply": ".st-key-look-answer",
    "look_views": ".st-key-look-views",
    **{word: f".st-key-lab_card_{word.removeprefix('study_')}" for word in CONTROLS if word.startswith("study_")},
}
RING = ("<style>:is({}) {{ outline: 3px solid #f59e0b; outline-offset: 3px; border-radius: 8px; "
        "animation: var(--lesson-ring); }}</style>")
HIDDEN = "<style>:is({}) {{ display: none !important; }}</style>"


def light(words: Iterable[str], step: str) -> None:
    """A ring around these controls, where the page has them; they are brought into sight once for each `step`."""
    if found := ", ".join(SELECTORS[word] for word in words):
        st.html(RING.format(found))
        _MOUNT(key="lesson.light", height=1, data={"step": step, "selector": found})


def hide(words: Iterable[str]) -> None:
    """None of these controls, as long as the lesson is open."""
    if found := ", ".join(SELECTORS[word] for word in words):
        st.html(HIDDEN.format(found))
