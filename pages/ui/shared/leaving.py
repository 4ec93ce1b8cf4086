"""A browser that has asked for another page, and what the page that it leaves still sends.

Until the new page comes, the old one is on the screen and its views go on speaking. Streamlit takes such a message for
a wish to go back, finds nothing there to run, and shows an empty page. So it is left unread: who sent it is gone.
"""
from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

LEADS = ("new_session", "navigation")  # messages to the browser that say on which page it is


class Leaving:
    """The page of one connection, by Streamlit's hash, and whether its browser is still on the way to it."""

    def __init__(self) -> None:
        self._page = ""
        self._on_the_way = False

    def is_late(self, message: BackMsg) -> bool:
        """Whether a message from the browser is of a page that it has left; called once for each, in their order."""
        if message.WhichOneof("type") != "rerun_script":
            return False
        asked, a_part = message.rerun_script.page_script_hash, bool(message.rerun_script.fragment_id)
        if a_part and self._on_the_way and asked != self._page:
            return True
        self._on_the_way = not a_part and bool(asked) and asked != self._page
        self._page = asked
        return False

    def learn(self, data: bytes) -> None:
        """Note a page that the server has led to by itself, from a message to the browser."""
        if not self._on_the_way:
            return
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind in LEADS and not message.metadata.run.fragment_ids:
            self._page = getattr(message, kind).page_script_hash
