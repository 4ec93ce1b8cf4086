"""Every widget of every page is told what no browser would say: the page goes on, and no traceback is logged."""
from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from dlviz import presets
from dlviz.owners import owner_of
from dlviz.runs.process.engine import WEIGHTS
from dlviz.runs.storage.store import RunRow, Store
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import events as ev
from dlviz.training import loop, packing
from tests.browser.serving import serving
from tests.browser.visitor import Visitor

OWNER, OTHER = "owner-of-these-runs", "somebody-else-entirely"
BIG = 10 ** 400  # JSON holds it, a float does not
STATES = ("at", "brush", "cell", "chosen", "click", "edits", "index", "off", "open", "place", "sample", "step", "unit",
          "zoom", "drawing", "imageData", "width", "value")  # what components say, under these names
PAGES = [("", ""), ("train", "run=image"), ("draw", "run=image"), ("look", "run=words"), ("motion", "run=image"),
         ("explain", "run=image"), ("explain", "run=words"), ("landscape", "run=image"), ("lab", ""), ("runs", ""),
         ("runs", "compare=image.words")]


def small(name: str, **training) -> Experiment:
    made = presets.get(name).experiment
    return made.model_copy(update={"training": made.training.model_copy(update={"epochs": 1, **training})})


def image() -> Experiment:
    layers = (LayerSpec(name="conv", kind="Conv2d", fields={"out_channels": 4, "kernel_size": 5, "stride": 3}),
              LayerSpec(name="relu", kind="ReLU"), LayerSpec(name="flatten", kind="Flatten"),
              LayerSpec(name="out", kind="Linear", fields={"out_features": 10}))
    return small("mlp", train_fraction=0.02).model_copy(update={"network": NetworkSpec(layers=layers)})


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("hostile_pages")
    rows, messages = [], {}
    for run, experiment in (("image", image()), ("words", small("reverse", train_fraction=0.02))):
        (home / "runs" / run).mkdir(parents=True)
        path = home / "runs" / run / WEIGHTS
        events = messages[run] = packing.pack(loop.train(experiment, checkpoint=path, device="cpu"))
        steps = next(event.step for event in events if isinstance(event, ev.Ended))
        rows.append(RunRow(run, owner_of(OWNER), f"https://a.example/{run}", time.time(), time.time(), "done",
                           experiment.to_json(None), step=steps, planned_steps=steps))
    store = Store(home)
    store.write(rows, messages)
    store.close()
    with serving(home=home) as found:
        with Visitor(found) as visitor:
            visitor.open()  # a fresh server leads the first visit home
        yield found


def evil() -> Iterator[object]:
    """What a component's value may be made of."""
    yield from (None, True, -1, 1.5, float("nan"), float("inf"), 1e308, BIG, -BIG, "x" * 5_000, [], {}, [BIG], [[]],
                [None, None, None], [0, BIG, 0.5], [0, 1, BIG], ["conv", BIG], {"run": None}, {"x": BIG})
    for run in ("image", "words", "image.words"):
        yield from ({"run": run, "from": -BIG, "to": BIG}, {"run": run, "from": 0, "to": 1e308},
                    {"run": run, "from": float("nan"), "to": 3}, {"run": run, "step": BIG}, {"run": run, "step": "1"},
                    {"run": run, "step": [1]})
    for data in ("", "x", ";base64,", ";base64,x", "data:image/png;base64,AAAA", 3):
        yield {"raw": {"objects": [3]}, "data": data}
    for units in ([BIG], [True], "all", [1.0], [[0]], list(range(5_000))):
        yield {"layer": "relu", "turn": 0, "units": units}


def aimed(data: str) -> Iterator[object]:
    """The same about what the component itself has been told of: layers, modules, units."""
    for name in list(dict.fromkeys(words(json.loads(data or "null"))))[:12]:
        yield from ([name, -1], [name, -(10**9)], [name, 10**9], {"layer": name, "turn": 0, "units": [-1]}, name,
                    {"run": name, "from": -1, "to": -1}, {"run": name, "step": -1}, {name: 10**9})


def words(found: object) -> Iterator[str]:
    """The short strings somewhere in a JSON value."""
    if isinstance(found, str):
        yield from [found] if 0 < len(found) < 40 else []
    elif isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from words(one)


def filled(state: WidgetState, field: str, values: list) -> WidgetState:
    getattr(state, field).data.extend(values)
    return state


def forged(own: str, kind: str, data: str) -> Iterator[WidgetState]:
    """What a widget of this kind could be told to hold."""
    nan, inf = float("nan"), float("inf")
    match kind:
        case "slider":
            for values in ([nan], [inf], [-1e308], [1e308] * 100, [], [nan, nan]):
                yield filled(WidgetState(id=own), "double_array_value", values)
        case "number_input":
            yield from (WidgetState(id=own, double_value=value) for value in (nan, inf, -inf, 1e308, -1.0, 0.5))
            yield from (WidgetState(id=own, int_value=value) for value in (2**62, -2**62, 10**9))
        case "text_input" | "text_area" | "selectbox" | "radio":
            yield from (WidgetState(id=own, string_value=text) for text in (
                "x" * 50_000, "\0", "../../etc/passwd", "[a](https://evil.example) <script>", "\ud7ff￿", ""))
        case "multiselect" | "button_group":
            for values in (["x"] * 1_000, [""], ["\0"], ["0"], ["-1"], ["999999999999999999999"]):
                yield filled(WidgetState(id=own), "string_array_value", values)
        case "checkbox":
            yield WidgetState(id=own, bool_value=True)
            yield WidgetState(id=own, bool_value=False)
        case "bidi_component":
            yield from (WidgetState(id=own, json_value=text) for text in (
                "null", "[1]", "3", '"x"', "{", "[" * 5_000 + "]" * 5_000, "{}", '{"a":' * 900 + "1" + "}" * 900))
            yield from (WidgetState(id=own, json_value=json.dumps(dict.fromkeys(STATES, value)))
                        for value in (*evil(), *aimed(data)))


@pytest.mark.parametrize(("page", "query"), PAGES)
def test_what_no_widget_can_hold_ends_no_page(address, page, query):
    with Visitor(address, page, query, OWNER) as visitor:
        visitor.open()
        for states in rounds(visitor):
            visitor.open(*states)
            assert not visitor.exceptions and visitor.texts, [(state.id, str(state)[:300]) for state in states]
    with Visitor(address, page, query, OWNER) as again:
        assert not again.open().exceptions and again.texts


def rounds(visitor: Visitor) -> Iterator[list[WidgetState]]:
    """One kind of widget after the other, since a value that Streamlit cannot read hides all that comes behind it."""
    for kind in dict.fromkeys(visitor.kinds.values()):
        widgets = [own for own in dict.fromkeys(visitor.ids) if visitor.kinds[own] == kind]
        sequences = [list(forged(own, kind, visitor.data.get(own, ""))) for own in widgets]
        for turn in range(max(map(len, sequences), default=0)):
            yield [states[turn] for states in sequences if turn < len(states)]


@pytest.mark.parametrize("value", ["²", "-1", "9" * 400, "x" * 10_000, "%00", "1.5", "../..", "<b>", "image.words",
                                   ".".join(["image"] * 5_000), "https://evil.example"])
def test_what_no_address_says_ends_no_page(address, value):
    names = ("at", "draw", "study", "compare", "landscape.directions", "landscape.points", "run", "design")
    for page in ("", "train", "explain", "landscape", "lab", "runs"):
        for name in names:
            with Visitor(address, page, f"{name}={value}", OWNER) as visitor:
                visitor.open()
                assert not visitor.exceptions and max(map(len, visitor.texts)) < 20_000, (page, name)


def test_anothers_runs_are_looked_at_and_not_changed(address):
    for page, query in PAGES:
        with Visitor(address, page, query, OTHER) as visitor:
            visitor.open()
            assert not visitor.exceptions, page
            assert not [own for own in visitor.ids if "menu" in own], page
