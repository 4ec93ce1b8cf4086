"""What the stack editor's Python side takes from the browser: every edit once, in order, and nothing odd."""
from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as some
from streamlit.testing.v1 import AppTest

from pages.ui.build.stack import NAME_LENGTH, Edit, Inbox

ALL = [
    ({"type": "add", "kind": "Conv2d", "at": 0}, Edit("add", kind="Conv2d", at=0)),
    ({"type": "move", "name": "a", "to": 3}, Edit("move", name="a", to=3)),
    ({"type": "duplicate", "name": "a"}, Edit("duplicate", name="a")),
    ({"type": "delete", "name": "a"}, Edit("delete", name="a")),
    ({"type": "rename", "name": "a", "to": " b "}, Edit("rename", name="a", to="b")),
    ({"type": "select", "name": "a"}, Edit("select", name="a")),
    ({"type": "select", "name": None}, Edit("select")),
    ({"type": "repair", "name": "a"}, Edit("repair", name="a")),
    ({"type": "undo"}, Edit("undo")),
    ({"type": "redo"}, Edit("redo")),
]
ODD = [
    None, 7, "delete", [], {}, {"type": "explode"}, {"type": ["add"]}, {"type": "add", "kind": "Conv2d"},
    {"type": "add", "kind": 3, "at": 0}, {"type": "add", "kind": "Conv2d", "at": -1},
    {"type": "add", "kind": "Conv2d", "at": True}, {"type": "add", "kind": "Conv2d", "at": 10**9},
    {"type": "move", "name": "a", "to": "b"}, {"type": "move", "name": None, "to": 1}, {"type": "delete"},
    {"type": "delete", "name": ""}, {"type": "rename", "name": "a", "to": "  "},
    {"type": "rename", "name": "a", "to": "x" * (NAME_LENGTH + 1)}, {"type": "select", "name": {}},
]


def message(inbox: Inbox, *edits: object, first: int = 1, epoch: int = 0) -> dict:
    entries = [{"epoch": epoch, "rev": first + i, "edit": edit} for i, edit in enumerate(edits)]
    return {"channel": inbox.channel, "edits": entries}


@pytest.mark.parametrize(("raw", "edit"), ALL)
def test_each_type_of_edit(raw, edit):
    inbox = Inbox()
    assert inbox.take(message(inbox, raw), 0) == (edit,)


@pytest.mark.parametrize("raw", ODD)
def test_what_is_no_edit_is_logged_and_left_out(raw, caplog):
    inbox = Inbox()
    assert inbox.take(message(inbox, raw, {"type": "undo"}), 0) == (Edit("undo"),)
    assert "is no edit" in caplog.text


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, {"edits": []}, {"edits": [{"rev": 1}]}])
def test_what_is_no_message_is_nothing(odd):
    assert Inbox().take(odd, 0) == ()


@pytest.mark.parametrize("entries", [None, 3, [None, 7, {"rev": "1"}, {"rev": True}, {"rev": -1}, {}]])
def test_what_is_no_entry_is_nothing(entries):
    inbox = Inbox()
    assert inbox.take({"channel": inbox.channel, "edits": entries}, 0) == ()
    assert inbox.last_rev == 0


@given(some.lists(some.tuples(some.integers(0, 30), some.integers(1, 30)), max_size=12))
def test_messages_that_overlap_give_each_edit_once_and_in_order(parts):
    """Each message begins at some rev that is not later than the next new one, and ends at a later one."""
    inbox, taken, newest = Inbox(), [], 0
    for back, ahead in parts:
        first, newest = max(1, newest + 1 - back), newest + ahead
        edits = [{"type": "delete", "name": str(rev)} for rev in range(first, newest + 1)]
        taken += inbox.take(message(inbox, *edits, first=first), 0)
    assert [int(edit.name) for edit in taken] == list(range(1, newest + 1))
    assert inbox.last_rev == newest


def test_edits_out_of_order_in_a_message_are_put_in_order():
    inbox = Inbox()
    mixed = message(inbox, {"type": "undo"}, {"type": "redo"})
    mixed["edits"].reverse()
    assert inbox.take(mixed, 0) == (Edit("undo"), Edit("redo"))


def test_two_entries_with_one_rev_are_one_edit():
    inbox = Inbox()
    twice = message(inbox, {"type": "undo"})
    twice["edits"] *= 2
    assert inbox.take(twice, 0) == (Edit("undo"),)


def test_edits_of_another_epoch_are_dropped_for_good():
    inbox = Inbox()
    old = message(inbox, {"type": "undo"}, epoch=1)
    assert inbox.take(old, 2) == ()
    assert inbox.take(old, 1) == ()
    assert inbox.take(message(inbox, {"type": "redo"}, first=2, epoch=2), 2) == (Edit("redo"),)


def test_a_new_session_takes_nothing_that_an_old_one_was_sent():
    assert Inbox().take(message(Inbox(), {"type": "undo"}), 0) == ()


def test_an_edit_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Edit("undo").type = "redo"


def page():
    import streamlit as st

    from pages.ui.build.stack import stack
    card = {"name": "<b>a</b>", "kind": "ReLU", "family": "bend", "summary": "", "out_shape": None,
            "parameters": None, "multiply_adds": None, "picture": None, "inputs": None,
            "inputs_explicit": False, "error": {"sentence": "Something is wrong.", "repair": None}}
    for key in ("first", "second"):
        edits = stack(key, palette=[], cards=[card], inputs=[], epoch=0, selected=None, can_undo=False,
                      can_redo=False, height=300)
        st.text(f"{key} {edits}")


def test_two_editors_on_a_page_each_with_its_own_inbox():
    at = AppTest.from_function(page, default_timeout=60).run()
    assert not at.exception
    assert [text.value for text in at.text] == ["first ()", "second ()"]
    assert at.session_state["_first_inbox"].channel != at.session_state["_second_inbox"].channel
