"""Fragments that tick: how often, and what becomes of those that draw into places of a page that was broken off."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from streamlit.errors import StreamlitInvalidLayoutContextError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from pages.ui.shared import state


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
            if not state.ticking():
                raise
            state.draw_page()

    return guarded


def retime(seconds: float) -> None:
    """Have the fragment that runs tick at another pace from now on.

    This is the message that `run_every` sends once a page: the browser replaces the timer, and no page has to run.
    """
    context = get_script_run_ctx()
    fragment = ThreadState.get().fragment_id if context else None
    if context is None or fragment is None:
        raise RuntimeError("Only a fragment that runs can be given another pace; call this inside one.")
    message = ForwardMsg()
    message.auto_rerun.fragment_id, message.auto_rerun.interval = fragment, seconds
    context.enqueue(message)
