"""What a server takes from a browser: frames that are messages, values that its widgets can have.

Whatever else comes ends that visitor's own connection or page, with one line in the log. Knows no page.
"""
from __future__ import annotations

import json
import logging
import math
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import TypeVar

import streamlit
from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dlviz.errors import RunError
from dlviz.translation import _
from pages.ui.shared.leaving import Leaving

STREAMLIT = str(Path(streamlit.__file__).parent)
READS = ("deserialize", "unpack_widget_state_value", "get_serialized")  # where Streamlit reads what a browser sent
LOGGERS = ("streamlit.error_util", "streamlit.components.v2.bidi_component.serialization")  # that tell of it
ID = b"$$ID-"  # in every message that draws a widget
MOST = 10_000  # widgets that are remembered; a page has fewer than a hundred
FIELDS = {  # of a WidgetState, in which a widget's value comes
    "button": ("trigger_value",), "download_button": ("trigger_value",), "checkbox": ("bool_value",),
    "selectbox": ("string_value",), "text_input": ("string_value",), "text_area": ("string_value",),
    "radio": ("string_value",), "number_input": ("double_value", "int_value"), "multiselect": ("string_array_value",),
    "button_group": ("string_array_value",), "slider": ("double_array_value", "string_array_value"),
    "menu_button": ("string_trigger_value",), "file_uploader": ("file_uploader_state_value",),
    "plotly_chart": ("string_value",), "bidi_component": ("json_value", "json_trigger_value")}
JSON = ("json_value", "json_trigger_value")
CHOICES = ("selectbox", "multiselect", "radio")
GONE: Message = {"type": "websocket.disconnect", "code": 1002}
T = TypeVar("T")
Kinds = OrderedDict[str, str]  # by the id of a widget, which is that of no other in any session
log = logging.getLogger(__name__)


class Gate:
    """Closes a websocket that sends what is no message, and takes from messages what no widget can have sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kinds: Kinds = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        widgets, leaving = Widgets(self._kinds), Leaving()

        async def receive_messages() -> Message:
            while True:
                event = await receive()
                if event["type"] != "websocket.receive":
                    return event
                message = read(event.get("bytes"))
                if message is None:
                    log.warning("A browser sent something that is no message; its connection was closed.")
                    await send({"type": "websocket.close", "code": 1002})
                    return GONE
                if not leaving.is_late(message):
                    return {**event, "bytes": widgets.sifted(message) or event["bytes"]}

        async def send_messages(event: Message) -> None:
            if event["type"] == "websocket.send":
                data = event.get("bytes") or b""
                widgets.learn(data)
                leaving.learn(data)
            await send(event)

        await self._app(scope, receive_messages, send_messages)


class Widgets:
    """What one connection has drawn; the kinds of widgets are those of all connections, since a browser that connects
    anew sends the values of widgets that an earlier connection drew."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._options: OrderedDict[str, frozenset[str]] = OrderedDict()

    def learn(self, data: bytes) -> None:
        """Note the widget that a message to the browser draws."""
        if ID not in data:
            return
        element = ForwardMsg.FromString(data).delta.new_element
        kind = element.WhichOneof("type")
        if kind not in FIELDS:
            return
        widget = getattr(element, kind)
        _put(self._kinds, widget.id, kind)
        if kind in CHOICES and not getattr(widget, "accept_new_options", False):
            _put(self._options, widget.id, frozenset(widget.options))

    def sifted(self, message: BackMsg) -> bytes | None:
        """A message from the browser without values that its widgets cannot have; None if it has no such value."""
        states = message.rerun_script.widget_states.widgets
        fitting = [state for state in states if self._fits(state)]
        if len(fitting) == len(states):
            return None
        log.warning("A browser sent values that its widgets cannot have; they were left out.")
        del states[:]
        states.extend(fitting)
        return message.SerializeToString()

    def _fits(self, state: WidgetState) -> bool:
        field = state.WhichOneof("value")
        if field is None or state.id not in self._kinds:
            return True  # emptied, or drawn by an earlier server
        if field not in FIELDS[self._kinds[state.id]]:
            return False
        value = getattr(state, field)
        if field in JSON:
            return is_written_by_a_browser(value)
        chosen = (value,) if isinstance(value, str) else getattr(value, "data", ())
        return state.id not in self._options or self._options[state.id].issuperset(chosen)


def read(data: bytes | None) -> BackMsg | None:
    """A message from the browser; None for what is no message: a frame of text, or garbage."""
    if data is None:
        return None
    try:
        return BackMsg.FromString(data)
    except (DecodeError, TypeError):
        return None


def _put(known: OrderedDict[str, T], widget: str, value: T) -> None:
    known[widget] = value
    while len(known) > MOST:
        known.popitem(last=False)


def is_written_by_a_browser(text: str) -> bool:
    """Whether it is JSON as browsers write it: without NaN and infinity, and no number is larger than a float holds."""
    try:
        json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number)
    except (ValueError, RecursionError):
        return False
    return True


def _number(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError(f"{digits:.40} is no number of a browser")
    return number


def refusal(error: Exception) -> Exception:
    """What the page says of an error: a sentence for a value that Streamlit could not read, else the error itself."""
    if not is_unreadable(error):
        return error
    return RunError(_("This page"), _("takes what its widgets can hold"), _("something else was sent"),
                    _("Reload the page."))


def is_unreadable(error: BaseException | None) -> bool:
    """Whether Streamlit met this error while it read what a browser had sent as a widget's value."""
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)] if error else []
    return any(code.co_name in READS and code.co_filename.startswith(STREAMLIT) for code in codes)


def shorten(record: logging.LogRecord) -> bool:
    """One line in the log for what a browser has sent, instead of Streamlit's traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if is_unreadable(error):
        record.msg, record.args = "A browser sent a value that its widget cannot have: %.100s", (str(error),)
        record.exc_info = record.exc_text = None
    return True


for name in LOGGERS:
    logging.getLogger(name).addFilter(shorten)
