"""The chooser of the interface's language, in the head of every page."""
from __future__ import annotations

import streamlit as st

from dlviz import languages
from dlviz.translation import _
from pages.ui.shared import language
from pages.ui.shared.component import static_component

_REMEMBER = static_component("dlviz_language", "visitor")
_LANGUAGE = _("Language")


def draw() -> None:
    """Called by app.py, above each page. What is chosen goes into a cookie, and the page is loaded anew."""
    here = language.current()
    with st.container(key="language"):
        asked = st.menu_button(here.upper(), list(languages.NAMES), key="language.choice", type="tertiary",
                               icon=":material/language:", format_func=languages.NAMES.__getitem__, help=str(_LANGUAGE))
        if asked and asked != here:
            _REMEMBER(key="dlviz_remember_language", height=1,
                      data={"name": language.COOKIE, "id": asked, "reload": True})
