"""A browser is always a little behind: what it still shows, and sends along with every message, is nobody's edit."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dlviz import presets
from dlviz.network import editing
from dlviz.owners import owner_of
from dlviz.spec import Experiment, from_json
from tests.browser.serving import serving
from tests.browser.visitor import Visitor

MLP = presets.get("mlp").experiment


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    home = tmp_path_factory.mktemp("late")
    with serving(home=home) as address:
        with Visitor(address) as visitor:
            visitor.open()  # a fresh server leads the first visit home
        yield address, home


class Tab:
    """A tab with the canvas that sends what a browser would, as late as the test says."""

    def __init__(self, server: tuple[str, Path], cookie: str) -> None:
        address, home = server
        self.draft = home / "drafts" / f"{owner_of(cookie)}.json"
        self.visitor = Visitor(address, query="view=canvas", cookie=cookie)
        self.visitor.open()
        self.rev = 0

    def states(self, *edits: dict, **fields: float | bool) -> list[WidgetState]:
        """These edits, beside what fields of hidden1 show in the browser."""
        canvas = self.visitor.widget("canvas")
        entries = [{"rev": self.rev + at, "edit": edit} for at, edit in enumerate(edits, 1)]
        self.rev += len(edits)
        message = {"channel": json.loads(self.visitor.data[canvas])["channel"], "mount": "m", "have": -1,
                   "edits": entries}
        return [WidgetState(id=canvas, json_value=json.dumps({"edits": message})),
                *(self.field(name, value) for name, value in fields.items())]

    def field(self, name: str, value: float | bool) -> WidgetState:
        own = self.visitor.widget(f"layer.hidden1.Linear.{name}")
        return WidgetState(id=own, bool_value=value) if isinstance(value, bool) else WidgetState(id=own,
                                                                                              int_value=int(value))

    def experiment(self) -> Experiment:
        return from_json(self.draft.read_text())


@pytest.fixture
def tab(server, request) -> Iterator[Tab]:
    made = Tab(server, f"late-{request.node.name}"[:60])
    with made.visitor:
        yield made


def fields(tab: Tab) -> dict:
    return dict(tab.experiment().network.layer("hidden1").fields)


def test_a_field_that_still_shows_what_was_undone_does_not_bring_it_back(tab):
    visitor = tab.visitor
    visitor.open(*tab.states({"type": "select", "names": ["hidden1"]}))
    for width in (50, 60, 70):
        visitor.open(tab.field("out_features", width))
    late = tab.field("out_features", 70)
    assert fields(tab)["out_features"] == 70
    for width in (60, 50, 128):
        visitor.open(*tab.states({"type": "undo"}), late)
        assert fields(tab)["out_features"] == width


def test_a_form_that_has_just_gone_changes_nothing_and_leaves_what_can_be_done_again(tab):
    visitor = tab.visitor
    visitor.open(*tab.states({"type": "select", "names": ["hidden1"]}))
    late = [tab.field("bias", True), tab.field("out_features", 128)]
    visitor.open(*tab.states({"type": "add", "kind": "Dropout", "after": "relu1"}), *late)  # another form is shown
    visitor.open(*tab.states({"type": "undo"}), *late)
    assert tab.experiment() == MLP
    visitor.open(*tab.states({"type": "redo"}), *late)
    assert "dropout1" in tab.experiment().network.names()


def test_what_was_typed_while_another_edit_was_on_its_way_counts(tab):
    visitor = tab.visitor
    visitor.open(*tab.states({"type": "select", "names": ["hidden1"]}))
    visitor.open(tab.field("out_features", 50))
    typed = tab.field("out_features", 60)
    visitor.open(*tab.states({"type": "undo"}))
    visitor.open(typed)
    assert tab.experiment().network == editing.set_fields(MLP.network, "hidden1", {"out_features": 60})


def test_what_a_page_still_says_while_it_is_left_does_not_call_it_back(server):
    address, _ = server
    with Visitor(address, query="view=canvas", cookie="late-to-leave") as visitor:
        visitor.open()
        first = visitor.script
        with Visitor(address, "runs", cookie="late-to-leave") as other:
            second = other.open().script
        leave, late = BackMsg(), BackMsg()
        leave.rerun_script.page_script_hash = second
        late.rerun_script.page_script_hash, late.rerun_script.fragment_id = first, min(visitor.parts)
        visitor.led.clear()
        visitor.send(leave)
        visitor.until(lambda kind, message: kind == "new_session")
        visitor.send(late)  # by a browser that has not read that yet
        visitor.until(lambda kind, message: kind == "script_finished")
        visitor.script = second
        visitor.open()
        assert set(visitor.led) == {second}
