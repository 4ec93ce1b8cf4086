"""A browser on its way to another page: what the page that it leaves still says, and what it may say."""
from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages.ui.shared.leaving import Leaving


def asked(page: str, part: str = "") -> BackMsg:
    message = BackMsg()
    message.rerun_script.page_script_hash, message.rerun_script.fragment_id = page, part
    return message


def led(page: str, *parts: str) -> bytes:
    message = ForwardMsg()
    message.new_session.page_script_hash = page
    message.metadata.run.fragment_ids.extend(parts)
    return message.SerializeToString()


def test_a_part_of_the_page_that_is_left_is_late_until_the_new_page_speaks():
    leaving = Leaving()
    assert [leaving.is_late(one) for one in (asked(""), asked("a", "part"), asked("b"), asked("a", "part"),
                                             asked("a", "part"), asked("b", "part"), asked("a", "part"))] == [
        False, False, False, True, True, False, False]


def test_also_where_the_first_page_has_not_spoken():
    leaving = Leaving()
    assert [leaving.is_late(one) for one in (asked(""), asked("b"), asked("a", "part"))] == [False, False, True]


def test_a_page_to_which_the_server_leads_instead_is_heard():
    leaving = Leaving()
    leaving.is_late(asked("a"))
    leaving.is_late(asked("b"))
    leaving.learn(led("a", "part"))  # a part of the old page had run already
    assert leaving.is_late(asked("a", "part"))
    leaving.learn(led("b"))
    leaving.learn(led("a"))  # the new page has sent the visitor back
    assert not leaving.is_late(asked("a", "part"))


def test_whole_pages_and_other_messages_are_never_late():
    leaving = Leaving()
    assert not any(leaving.is_late(one) for one in (asked("a"), asked("b"), asked("a"), BackMsg(stop_script=True),
                                                    BackMsg(), asked("a", "part")))
