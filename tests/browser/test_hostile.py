"""A server that strangers send messages to: it goes on serving, loses no run, and shows no traceback."""
from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed

from tests.browser.serving import ROOT, serving
from tests.browser.visitor import Visitor

OWN, OTHER = "owner-of-these-runs", "somebody-else-entirely"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(home=tmp_path_factory.mktemp("hostile")) as found:
        with visiting(found):
            pass  # a fresh server leads the first visit home
        yield found


@contextmanager
def visiting(address: str, page: str = "", query: str = "", cookie: str = OWN):
    with Visitor(address, page, query, cookie) as visitor:
        yield visitor.open()


def test_without_a_data_folder_every_page_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with serving("app.py", tmp_path, data=tmp_path / "file" / "below") as address:
        for page in ("", *(path.stem for path in (ROOT / "pages").glob("[!b]*.py"))):
            with visiting(address, page) as visitor:
                assert "set DLVIZ_HOME to another one" in visitor.text and not visitor.exceptions, page


def test_what_another_server_has_is_said_once_on_every_page(tmp_path):
    with serving(home=tmp_path) as first, serving(home=tmp_path / "second", data=tmp_path) as second:
        with visiting(first):
            pass  # a fresh server leads the first visit home
        for page in ("", *(path.stem for path in (ROOT / "pages").glob("[!b]*.py"))):
            with visiting(second, page) as visitor:
                assert visitor.text.count("but another one uses it") == 1 and not visitor.exceptions, page
        goes_on(first)


def train(visitor: Visitor) -> str:
    """Start the design in hand; the run's id."""
    visitor.click("setup.train")
    return visitor.query["run"]


def test_a_tick_after_a_page_that_was_broken_off_draws_the_page_anew(address):
    with visiting(address, "train", "run=new") as visitor:
        train(visitor)
        visitor.open()
        fragment = min(visitor.paces, key=visitor.paces.__getitem__)
        for _ in range(5):
            visitor.break_off()
            visitor.tick(fragment)
            assert not visitor.exceptions


def test_a_cleared_cache_takes_nothing_from_the_server(address):
    with visiting(address, cookie=OTHER) as before:
        assert "Train" in before.text and not before.exceptions
        message = BackMsg(clear_cache=True)
        before.send(message)
        before.open()
        assert not before.exceptions
    with visiting(address, "runs", cookie=OTHER) as after:
        assert "No runs yet" in after.text and not after.exceptions


def goes_on(address: str) -> None:
    """Another visitor gets every word of a page."""
    with visiting(address, "runs", cookie="a-visitor-who-means-no-harm") as visitor:
        assert "No runs yet" in visitor.text and not visitor.exceptions


def test_a_flood_of_messages_keeps_nobody_from_their_page(address):
    with visiting(address, cookie=OTHER) as visitor:
        for _ in range(500):
            visitor.send(visitor._rerun())
        goes_on(address)
        visitor.open()
        assert not visitor.exceptions


def a_message() -> bytes:
    message = BackMsg()
    message.rerun_script.widget_states.widgets.append(WidgetState(id="$$ID-0-a", string_value="a" * 100))
    return message.SerializeToString()


@pytest.mark.parametrize("frame", [b"\xff" * 1000, b"\x0a\xff\xff\xff\xff\x0f", a_message()[:-50], "a frame of text"],
                         ids=["garbage", "a length of 4 GB", "truncated", "text"])
def test_who_sends_what_is_no_message_loses_their_own_connection_only(address, frame):
    with visiting(address, cookie=OTHER) as visitor:
        visitor.socket.send(frame)
        with pytest.raises(ConnectionClosed):
            visitor.until(lambda kind, it: False)
    goes_on(address)


def forged(own: str) -> list[WidgetState]:
    """Values of every kind, most of them such as the widget `own` cannot have."""
    deep = "[" * 5_000 + "]" * 5_000
    states = [WidgetState(id=own, **value) for value in (
        {"trigger_value": True}, {"bool_value": True}, {"double_value": 1e300}, {"double_value": float("nan")},
        {"int_value": 2**62}, {"string_value": "x" * 1_000_000}, {"json_value": '{"a": '}, {"json_value": deep},
        {"json_value": "[1]"}, {"json_value": "null"}, {"json_trigger_value": "{"}, {"bytes_value": b"\xff" * 1_000})]
    numbers, texts = WidgetState(id=own), WidgetState(id=own)
    numbers.double_array_value.data.extend([1e300] * 1_000)
    texts.string_array_value.data.extend(["x"] * 1_000)
    return [*states, numbers, texts]


@pytest.mark.parametrize(("page", "key"), [
    ("", "stack"), ("", "experiment.name"), ("train", "settings.learning_rate"), ("train", "settings.optimizer"),
    ("train", "settings.train_fraction"), ("train", "setup.train")])
def test_values_that_a_widget_cannot_have_reach_no_page(address, page, key):
    with visiting(address, page, "run=new", OTHER) as visitor:
        own = visitor.widget(key)
        for state in forged(own):
            visitor.open(state)
            assert not visitor.exceptions, state.WhichOneof("value")
            assert "\n" not in visitor.query.get("run", "") and len(visitor.query.get("run", "")) < 40
    with visiting(address, page, "run=new", OTHER) as again:
        assert again.widget(key) and not again.exceptions
    goes_on(address)


def test_ten_thousand_edits_in_one_message_are_not_all_made(address):
    with visiting(address, cookie=OTHER) as visitor:
        own = visitor.widget("stack")
        shown = json.loads(visitor.data[own])
        edit = {"type": "add", "kind": "ReLU", "at": 0}
        entries = [{"rev": rev, "epoch": shown["epoch"], "edit": edit} for rev in range(1, 10_001)]
        edits = {"channel": shown["channel"], "edits": entries}
        visitor.open(WidgetState(id=own, json_value=json.dumps({"edits": edits})))
        assert not visitor.exceptions
        assert json.loads(visitor.data[own])["ack"] == 100
        visitor.open()
        assert json.loads(visitor.data[own])["ack"] == 100


def test_buttons_of_another_visitors_run_change_nothing(address):
    with visiting(address, "train", "run=new") as owner:
        run = train(owner)
        owner.open()
        keys = ("run.Pause", "run.Stop", "run.One batch", "run.over", "run.rate.÷ 10")
        buttons = [WidgetState(id=owner.widget(key), trigger_value=True) for key in keys]
        with visiting(address, "train", f"run={run}", OTHER) as other:
            for button in buttons:
                other.open(button)
                assert not other.exceptions
        with visiting(address, "runs", f"run={run}", OTHER) as other:
            menu = next(one for one in [*other.ids, f"$$ID-0-runs.menu.{run}"] if "menu" in one)
            asked = WidgetState(id=menu)
            asked.string_trigger_value.data = "Delete"
            other.open(asked)
            assert not other.exceptions
        owner.open()
        assert owner.query["run"] == run and owner.widget("run.Pause") and "belongs to somebody else" not in owner.text
        owner.click("run.Stop")


@pytest.mark.parametrize("query", ["run=" + "x" * 100_000, "x" * 100_000, "design=" + "x" * 100_000,
                                   "&".join(f"a{i}={i}" for i in range(10_000)), "run=..%2F..%2Fetc", "run=%00%ff"])
def test_an_address_of_any_length_leads_to_a_page(address, query):
    for page in ("", "train", "look", "runs"):
        with visiting(address, page, query, OTHER) as visitor:
            assert not visitor.exceptions and max(map(len, visitor.texts)) < 20_000, page
