"""A visitor without a browser: speaks Streamlit's own messages over its websocket, the honest and the hostile ones."""
from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import parse_qsl

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

PATIENCE = 60.0  # seconds for one answer; a fresh server imports torch meanwhile


class Visitor:
    """One session of a served app. `texts` holds what the page says, `widgets` the ids of its widgets by key."""

    def __init__(self, address: str, page: str = "", query: str = "", cookie: str = "") -> None:
        self._page, self._query = page, query
        self.script = ""  # the page's hash, which a browser names in every message
        self.texts: list[str] = []
        self.exceptions: list[str] = []
        self.ids: list[str] = []
        self.kinds: dict[str, str] = {}  # of widgets by their ids, as Streamlit's messages name them
        self.data: dict[str, str] = {}  # of components by their ids, as JSON
        self.paces: dict[str, float] = {}  # seconds between ticks, by the fragment that asked to be run again and again
        self.pages = 0  # runs of the whole page
        self.led: list[str] = []  # the page's hash of each run, of a part too
        self.parts: set[str] = set()  # fragments that have drawn something
        headers = {"Cookie": f"dlviz_visitor={cookie}"} if cookie else {}
        self._open = ExitStack()
        self.socket = self._open.enter_context(
            connect(address.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=["streamlit"], max_size=None,
                    open_timeout=PATIENCE, additional_headers=headers))

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def open(self, *states: WidgetState, query: str | None = None) -> Visitor:
        """Have the whole page run, with these widgets changed; returns when it has."""
        self.ids = []
        self._query = self._query if query is None else query
        message = self._rerun()
        message.rerun_script.widget_states.widgets.extend(states)
        return self._run(message)

    def _rerun(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = "" if self.script else self._page
        message.rerun_script.page_script_hash = self.script
        return message

    def _run(self, message: BackMsg) -> Visitor:
        self.texts, self.exceptions = [], []
        self.send(message)
        self.until(lambda kind, it: kind == "script_finished"
                   and it.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)
        return self

    def tick(self, fragment: str) -> Visitor:
        """Have one fragment run, as a browser does at each tick."""
        message = self._rerun()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = True
        return self._run(message)

    def break_off(self) -> Visitor:
        """Have the whole page run and stop it at once, as happens to a session that is left while it runs."""
        self.send(self._rerun())
        return self._run(BackMsg(stop_script=True))

    def click(self, key: str) -> Visitor:
        """Press the button with this key."""
        return self.open(WidgetState(id=self.widget(key), trigger_value=True))

    def widget(self, key: str) -> str:
        found, = {one for one in self.ids if one.endswith(f"-{key}")}
        return found

    def until(self, matches: Callable[[str, ForwardMsg], bool]) -> None:
        """Read messages until one is wanted."""
        deadline = time.monotonic() + PATIENCE
        for kind, message in self._messages(deadline):
            self._note(kind, message)
            if matches(kind, message):
                return

    def _messages(self, deadline: float) -> Iterator[tuple[str, ForwardMsg]]:
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=max(0.0, deadline - time.monotonic())))
            yield message.WhichOneof("type") or "", message

    def _note(self, kind: str, message: ForwardMsg) -> None:
        if kind == "navigation":
            self.script = message.navigation.page_script_hash
        if kind == "auto_rerun":
            self.paces[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        if kind == "new_session":
            self.pages += not message.metadata.run.fragment_ids
            self.led.append(message.new_session.page_script_hash)
        if kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        if kind == "delta" and message.delta.fragment_id:
            self.parts.add(message.delta.fragment_id)
        if kind != "delta" or message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        sort = element.WhichOneof("type")
        value = getattr(element, sort)
        if sort == "exception":
            self.exceptions.append(f"{value.type}: {value.message}")
        self.texts += [getattr(value, name) for name in ("body", "label")
                       if isinstance(getattr(value, name, None), str)]
        if getattr(value, "id", ""):
            self.ids.append(value.id)
            self.kinds[value.id] = sort
        if sort == "bidi_component":
            data = json.loads(value.json or "null")
            ours = isinstance(data, dict) and set(data) == {"json"}  # one of ours has it in a text
            self.data[value.id] = data["json"] if ours else value.json

    @property
    def ticking(self) -> list[str]:
        """The fragments that tick."""
        return list(self.paces)

    @property
    def query(self) -> dict[str, str]:
        """What the page's address says behind its question mark."""
        return dict(parse_qsl(self._query))

    @property
    def text(self) -> str:
        """All that the page says, without the backslashes that keep Markdown from reading it."""
        return "\n".join(self.texts).replace("\\", "")
