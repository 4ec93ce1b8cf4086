"""What comes from outside is bounded before it is built, and what is said about it is bounded too."""
from __future__ import annotations

import base64
import json
import pickle
import tracemalloc
import zlib

import pytest

from dlviz import presets, settings
from dlviz.errors import MAX_SENTENCE, DlvizError, LayerError, SpecError
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, from_json, from_link, from_value


def link(value: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(value).encode(), 9)).decode()


def design(**network: object) -> dict:
    return {"version": 1, "network": network}


HOSTILE = {
    "empty layers": design(layers=[{}] * 80_000),
    "wrong fields": design(layers=[{"name": "a", "kind": "b", "fields": {str(n): [] for n in range(20_000)}}]),
    "deep": design(layers=[[[[[[[[[[[[[[]]]]]]]]]]]]]]),
    "a long text": design(layers=[{"name": "x" * 200_000, "kind": "Linear"}]),
    "a long key": design(**{"k" * 200_000: 1}),
    "a long number": {"version": 1, "seed": int("9" * 4_000)},
    "a long version": {"version": "v" * 200_000},
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_link_costs_little_and_is_a_short_sentence(value):
    text = link(value)
    tracemalloc.start()
    with pytest.raises(SpecError) as raised:
        from_link(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 30e6
    assert len(raised.value.sentence) <= MAX_SENTENCE


def test_the_largest_design_that_may_be_built_passes():
    layers, names = [], []
    for number in range(settings.MAX_LAYERS):
        name = f"{number:040d}"
        fields = {f"a_field_of_its_own_{index}": 0.001 for index in range(12)}
        layers.append(LayerSpec(name=name, kind="TransformerEncoder", fields=fields, inputs=tuple(names[-16:]) or None))
        names.append(name)
    largest = Experiment(network=NetworkSpec(layers=tuple(layers)))
    assert from_json(largest.to_json()) == largest


def test_a_link_longer_than_a_link_is_not_even_unpacked(monkeypatch):
    monkeypatch.setattr(zlib, "decompressobj", lambda: pytest.fail("it was unpacked"))
    with pytest.raises(SpecError, match="The link"):
        from_link("A" * (settings.MAX_LINK_BYTES + 1))


def test_every_preset_is_far_from_the_bounds():
    for preset in presets.PRESETS.values():
        text = preset.experiment.to_json()
        assert from_value(json.loads(text)) == preset.experiment and len(text) * 10 < settings.MAX_JSON_BYTES


@pytest.mark.parametrize("long", range(4))
def test_a_sentence_keeps_what_is_said_and_shortens_what_was_typed(long):
    parts = ["Layer fc1 (Linear)", "takes a vector", "layer 2 gives an image", "Put a Flatten between them."]
    parts[long] = "begin " + "x" * 900_000 + " end"
    error = DlvizError(*parts)
    assert len(error.sentence) <= MAX_SENTENCE and "begin xxx" in error.sentence and "xxx end" in error.sentence
    assert all(part in error.sentence for index, part in enumerate(parts) if index != long)
    assert error.sentence == str(error) == pickle.loads(pickle.dumps(error)).sentence


def test_a_sentence_of_four_long_parts_fits():
    error = LayerError(*("x" * 10_000,) * 4)
    assert len(error.sentence) <= MAX_SENTENCE


def test_a_short_sentence_is_left_alone():
    parts = ("The data folder", "can be written", "it cannot", "Mend it.")
    assert DlvizError(*parts).sentence == "The data folder can be written, but it cannot. Mend it."
