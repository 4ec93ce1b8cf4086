"""Fragments that draw into places outside themselves, and what becomes of them when their page was broken off."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitInvalidLayoutContextError
from streamlit.runtime.scriptrunner import get_script_run_ctx


def placed(tick: Callable[..., None]) -> Callable[..., None]:
    """Have the whole page drawn when a tick finds its places gone.

    Streamlit forgets the places at the start of each run of the page, and the fragment makes them anew in it. A run
    that is broken off before (its session closes, its browser says stop) leaves a fragment that ticks on without them.
    In a run of the whole page the same error is a mistake of ours, and stays one.
    """
    @wraps(tick)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            tick(*args, **kwargs)
        except StreamlitInvalidLayoutContextError:
            context = get_script_run_ctx()
            if context is None or not context.fragment_ids_this_run:
                raise
            st.rerun()

    return guarded
