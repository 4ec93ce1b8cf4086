"""What a browser session remembers: who visits, the design in hand, the run in focus; and the server's one service.

The only file that names session keys.
"""
from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dlviz import lessons, once, presets
from dlviz.classroom import sealing, wiping
from dlviz.classroom.model import Seat
from dlviz.errors import DlvizError, RunError
from dlviz.owners import owner_of
from dlviz.runs.info import RunInfo
from dlviz.runs.service import RunService
from dlviz.runs.storage.store import Store
from dlviz.studies import studies
from dlviz.studies.storage import StudyStore
from pages.ui.shared import registry, warming
from pages.ui.shared.component import static_component
from pages.ui.shared.design import Design, design_of
from pages.ui.shared.texts import texts

NEW = "new"  # in the address instead of a run: the design in hand, with its settings
_KEY_VISITOR, _KEY_DESIGN, _KEY_RUN, _KEY_VALUES = "dlviz.visitor", "dlviz.design", "dlviz.run", "dlviz.value."
_KEY_DESTINATION, _KEY_SECRET, _KEY_REFUSED = "dlviz.destination", "dlviz.secret", "dlviz.refused"
_KEY_ACTING = "dlviz.acting"
_SERVICE = "service"
Value = TypeVar("Value")
_REMEMBER = static_component("dlviz_visitor", "visitor")


def service() -> RunService:
    """The one service of this server; made by the first visitor, with the studies that were under way."""
    if has_service():
        return once.get(_SERVICE, _make_service)
    try:
        with st.spinner(texts.STARTING_2):
            return once.get(_SERVICE, _make_service)
    except DlvizError:
        st.session_state[_KEY_REFUSED] = True
        raise


def has_service() -> bool:
    """Whether asking for the service costs nothing."""
    return once.made(_SERVICE)


def begin_service() -> bool:
    """Make what the first click on Train needs, unless the page that was just drawn has said why that cannot be.

    False where it has.
    """
    if _KEY_REFUSED in st.session_state:
        return False
    service()
    return True


def _make_service() -> RunService:
    store = Store()
    try:
        made = RunService(store=store, lockstep_groups=StudyStore().lockstep_groups())
    except BaseException:
        store.close()  # or the next try would find the folder in use
        raise
    studies.of(made)
    made.seals.add(lessons.sealing.rule(lessons.record()))
    made.seals.add(sealing.rule(registry.classroom))
    made.let_first(registry.is_teacher)
    wiping.keep_sweeping(registry.classroom, made)
    warming.begin()
    return made


def trouble() -> str:
    """A sentence while what happens cannot be kept on disk; else empty."""
    found = service().trouble if has_service() else ""
    return found or (st.session_state[_KEY_DESIGN].trouble if _KEY_DESIGN in st.session_state else "")


def require_frame() -> None:
    """Send a visit that came straight to a page of a fresh server through app.py, which draws the frame.

    app.py then calls `go_on`, which leads to the page and the run that the address named.
    """
    if _KEY_VISITOR not in st.session_state:
        st.session_state[_KEY_DESTINATION] = (urlsplit(st.context.url or "").path, st.query_params.to_dict())
        st.switch_page("app.py")


def go_on(pages: Iterable[str]) -> None:
    """Lead to the page that `require_frame` was called on, if one of these. Called by app.py only."""
    path, query = st.session_state.pop(_KEY_DESTINATION, ("", {}))
    page = f"pages/{path.rstrip('/').rpartition('/')[2]}.py"
    if page in pages:
        st.switch_page(page, query_params=query)


def open_session() -> None:
    """Make sure that this session knows its visitor, and that their browser remembers it. Called by app.py only."""
    _become(visitor())
    st.session_state.pop(_KEY_REFUSED, None)
    secret = st.session_state.get(_KEY_SECRET, "")
    if secret and st.context.cookies.get(registry.COOKIE) != secret:
        _REMEMBER(key="dlviz_remember_visitor", data={"name": registry.COOKIE, "id": secret}, height=1)


def _become(owner: str) -> None:
    """Who sits down in a class, or gets up, begins with a clean session: design and runs are somebody else's now."""
    if st.session_state.setdefault(_KEY_ACTING, owner) == owner:
        return
    for key in set(st.session_state) - {_KEY_VISITOR, _KEY_SECRET, _KEY_DESTINATION}:
        del st.session_state[key]
    st.session_state[_KEY_ACTING] = owner
    st.query_params.pop("run", None)


def device() -> str:
    """The opaque id of this browser: a fingerprint of the cookie's secret. What it may do in a class goes by it.

    Anyone may have their own session forget everything at any time, between two ticks too.
    """
    if _KEY_VISITOR not in st.session_state:
        known = st.context.cookies.get(registry.COOKIE, "")
        secret = known if re.fullmatch(r"[\w-]{16,64}", known) else secrets.token_urlsafe(16)
        st.session_state[_KEY_SECRET], st.session_state[_KEY_VISITOR] = secret, owner_of(secret)
    return st.session_state[_KEY_VISITOR]


def visitor() -> str:
    """The owner of what is made here: this browser, or the seat that it has in a class."""
    found = seat()
    return found.owner if found else device()


def seat() -> Seat | None:
    """The seat that this browser has in a class."""
    return registry.seat_of(device())


def design() -> Design:
    """The design in hand: that of the visitor's other tabs, the draft of the last visit, or the first preset."""
    if _KEY_DESIGN not in st.session_state or st.session_state[_KEY_DESIGN].owner != visitor():
        st.session_state[_KEY_DESIGN] = design_of(visitor(), lambda: presets.get(presets.DEFAULT).named)
    return st.session_state[_KEY_DESIGN]


def focus() -> RunInfo | None:
    """The run in focus: the one in the address (?run=...), else the session's last, else the visitor's newest.

    A tick that was on its way while a callback put another run in focus still carries the older address.
    """
    asked = (st.query_params.get("run"), st.session_state.get(_KEY_RUN))
    for run in reversed(asked) if ticking() else asked:
        if run:
            try:
                return _remember(service().get(run))
            except RunError:
                if st.session_state.get(_KEY_RUN) == run:
                    del st.session_state[_KEY_RUN]
    runs = service().list(visitor())
    return _remember(runs[0]) if runs else None


def session_value(name: str, make: Callable[[], Value]) -> Value:
    """This session's value of that name; made at the first call."""
    key = _KEY_VALUES + name
    if key not in st.session_state:
        st.session_state[key] = make()
    return st.session_state[key]


def set_focus(run: str) -> None:
    """Put a run in focus, here and in the page's address."""
    st.session_state[_KEY_RUN] = run
    st.query_params["run"] = run


def ticking() -> bool:
    """Whether a fragment runs alone, without its page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def draw_page() -> NoReturn:
    """End a tick and have the whole page drawn, with the run that the session has in focus (see `focus`).

    What every fragment calls instead of `st.rerun`, which would take the tick's own address for the page's.
    """
    if st.query_params.get("run") not in (None, NEW) and _KEY_RUN in st.session_state:
        st.query_params["run"] = st.session_state[_KEY_RUN]
    st.rerun()


def _remember(info: RunInfo) -> RunInfo:
    st.session_state[_KEY_RUN] = info.id
    return info
