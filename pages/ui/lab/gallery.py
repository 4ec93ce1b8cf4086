"""Ready studies as cards: one click starts one, on its own small network or on the design in hand."""
from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from gettext import NullTranslations

import streamlit as st

from dlviz import spec
from dlviz.studies import presets
from dlviz.studies.presets import GROUPS, STUDY_PRESETS, StudyPreset
from dlviz.translation import catalogue, translated
from pages.ui.lab import actions
from pages.ui.lab.texts import texts
from pages.ui.shared import shell, state

COLUMNS = 3
BASE = "lab.base"


def show() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(texts.STUDY_PRESETS, anchor=False, width="content")
        st.space("stretch")
        name = shell.plain(state.design().experiment.name)
        words = {"ready": texts.ON_PRESETS, "mine": texts.ON_MY_DESIGN.format(name=name)}
        st.segmented_control(texts.NETWORK, list(words), key=BASE, default="ready", required=True,
                             label_visibility="collapsed", persist_state="session",
                             format_func=words.__getitem__)
    if st.session_state.get(BASE) == "mine":
        st.caption(texts.EACH_TRAINED_ABOUT_MINUTE)
    for group in GROUPS:
        st.markdown(f"##### {translated(group)}")
        _row_by_row([card for card in STUDY_PRESETS.values() if card.group == group])


@lru_cache(maxsize=256)
def _why_not(key: str, design: str, language: NullTranslations) -> str:
    """Why the study cannot be put on the design; building it to see costs some milliseconds."""
    return presets.why_not(STUDY_PRESETS[key], spec.from_json(design))


def unbroken(text: str) -> str:
    """A number and its percent sign never on two lines."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _row_by_row(cards: Sequence[StudyPreset]) -> None:
    for start in range(0, len(cards), COLUMNS):
        for column, card in zip(st.columns(COLUMNS, gap="small"), cards[start:start + COLUMNS]):
            with column:
                _card(card)


def _card(card: StudyPreset) -> None:
    mine = st.session_state.get(BASE) == "mine"
    with st.container(border=True, height="stretch", key=f"lab_card_{card.key}"):
        why = _why_not(card.key, state.design().experiment.without_layout().to_json(), catalogue()) if mine else ""
        text = shell.plain(why) if why else unbroken(card.question if mine else card.observation)
        st.markdown(f"**{card.title}**  \n:small[{text}]")
        st.button(texts.START, key=f"lab.ready.{card.key}", icon=":material/play_arrow:", disabled=bool(why),
                  help=texts.START_2.format(title=card.title), on_click=actions.begin_preset, args=(card.key, mine))
