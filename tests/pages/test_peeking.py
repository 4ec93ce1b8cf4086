"""A network that sees what it has to name: its card warns and repairs it, and it can be trained all the same."""
from __future__ import annotations

from dlviz import presets
from dlviz.network import editing
from dlviz.spec import Experiment
from pages.ui.build import cards, edits
from pages.ui.build.stack import Edit
from pages.ui.shared.design import Design


def peeking() -> Experiment:
    ready = presets.get("names").experiment
    return ready.model_copy(update={"network": editing.set_fields(ready.network, "memory", {"bidirectional": True})})


def test_the_card_that_peeks_warns_and_offers_a_repair():
    view = cards.view(peeking(), dark=False)
    warnings = {card["name"]: card["error"] for card in view.cards if card["error"]}
    assert view.report.ok and list(warnings) == ["memory"]
    assert warnings["memory"]["warning"] and warnings["memory"]["repair"] == {"label": "Set bidirectional to off"}
    assert "must look back only" in warnings["memory"]["sentence"]


def test_the_button_on_the_card_makes_it_look_back_only():
    design = Design("peeking", peeking())
    edits.apply(design, Edit("repair", "memory"))
    assert design.network.layer("memory").fields["bidirectional"] is False
    assert not cards.view(design.experiment, dark=False).peeking


def test_an_error_is_no_warning():
    ready = presets.get("names").experiment
    broken = ready.model_copy(update={"network": editing.set_fields(ready.network, "output", {"out_features": 3})})
    [problem] = [card["error"] for card in cards.view(broken, dark=False).cards if card["error"]]
    assert not problem["warning"]
