"""Two tabs of one visitor have one design in hand: the edits of one come on top of the other's, and none is lost."""
from __future__ import annotations

import gc
import threading

from dlviz import presets
from dlviz.network import editing
from dlviz.spec import Experiment
from pages.ui.build import canvas, canvas_edits, canvas_messages, editors
from pages.ui.build import edits as stack_edits
from pages.ui.build.canvas_messages import CanvasEdit
from pages.ui.build.stack import Edit
from pages.ui.shared.design import Design, design_of, load_draft

MLP = presets.get("mlp").experiment


def tab(owner: str = "visitor") -> Design:
    return design_of(owner, lambda: MLP)


def canvas_edit(design: Design, kind: str, **values: object) -> None:
    canvas_edits.apply(design, CanvasEdit(1, kind, values))


def test_an_edit_in_one_tab_is_there_for_the_other():
    one, other = tab(), tab()
    one.selected = other.selected = "hidden2"
    canvas_edit(one, "delete", names=("relu1",))
    stack_edits.apply(other, Edit("rename", "hidden1", to="first"))
    canvas_edit(one, "connect", source="first", target="relu2", slot=None)
    assert one.experiment is other.experiment and one.network.names() == (
        "flatten", "first", "hidden2", "relu2", "output")
    assert load_draft("visitor") == one.experiment
    canvas_edit(other, "delete", names=("hidden2",))
    assert one.selected is None and one.selection == ()
    for _ in range(4):
        one.undo()
    assert other.experiment == MLP and other.can_redo and not other.can_undo


def test_visitors_have_designs_of_their_own():
    one, other = tab("one"), tab("other")
    canvas_edit(one, "delete", names=("relu1",))
    assert other.experiment == MLP


def test_when_all_tabs_are_closed_the_draft_is_left():
    one = tab()
    canvas_edit(one, "delete", names=("relu1",))
    changed = one.experiment
    del one
    gc.collect()
    again = tab()
    assert again.experiment == changed and not again.can_undo


def test_edits_of_two_tabs_at_the_same_time_all_count():
    designs = [tab(), tab()]
    start = threading.Barrier(2)

    def edit(at: int) -> None:
        start.wait()
        for number in range(25):
            with designs[at].lock:
                designs[at].set_network(editing.set_fields(designs[at].network, ("hidden1", "hidden2")[at],
                                                           {"out_features": 100 + number}))
                design = designs[at].experiment
            assert design.network.layer(("hidden1", "hidden2")[at]).fields["out_features"] == 100 + number

    threads = [threading.Thread(target=edit, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [designs[0].network.layer(name).fields["out_features"] for name in ("hidden1", "hidden2")] == [124, 124]
    for _ in range(50):
        designs[1].undo()
    assert designs[0].experiment == MLP


def test_a_design_of_its_own_is_of_nobody_else():
    assert Design("visitor", Experiment()).experiment != tab().experiment


def test_a_newer_run_of_the_page_waits_until_the_edits_that_the_older_one_took_are_applied(monkeypatch):
    design, box, order = Design("owner", presets.get("mlp").experiment), canvas.CanvasInbox(), []
    begun, go_on = threading.Event(), threading.Event()

    def apply(design: Design, edit: canvas_messages.CanvasEdit) -> None:
        begun.set()
        go_on.wait(10)
        order.append("applied")

    def draw() -> None:
        editors.take_canvas(design)
        order.append("drawn")

    message = {"channel": box.channel, "mount": "m", "have": 1, "edits": [{"rev": 1, "edit": {"type": "undo"}}]}
    for part, name, fake in ((canvas, "inbox", lambda: box), (canvas, "sent", lambda name: message),
                             (canvas, "narrow", lambda: False), (canvas_edits, "apply", apply)):
        monkeypatch.setattr(part, name, fake)
    older, newer = threading.Thread(target=editors.take_canvas, args=(design,)), threading.Thread(target=draw)
    older.start()
    assert begun.wait(10)
    newer.start()
    newer.join(0.2)  # it would be done by now, did it not wait
    go_on.set()
    older.join(10)
    newer.join(10)
    assert order == ["applied", "drawn"]
