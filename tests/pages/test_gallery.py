"""The gallery of presets: found by words and level, each with its picture, its seconds and what it stands for."""
from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from benchmarks.gallery import picture
from dlviz import presets, tasks
from dlviz.presets import gallery as facts
from pages.ui.build import gallery
from tests.pages.test_build import button, editor, page, service, shell_text, words  # noqa: F401  the fixtures

LANGUAGE = [key for key, preset in presets.PRESETS.items() if preset.group == "Language"]


def shown(page) -> set[str]:
    return {one.key.removeprefix("preset.") for one in page.button if (one.key or "").startswith("preset.")}


@pytest.fixture
def opened(page):
    button(page, "Presets").click().run()
    assert not page.exception
    return page


def keys(words: str, level: str = gallery.ALL) -> set[str]:
    return {preset.key for preset in gallery.found(words, level)}


def test_words_and_levels_narrow_what_is_shown(opened):
    assert shown(opened) == set(presets.PRESETS) == keys("")
    assert keys("novel gru") == {"book_words_gru"} and keys("GRU  Novel ") == {"book_words_gru"}
    assert "dates_transformer" in keys("TransformerDecoderLayer") and not keys("no such thing")
    assert keys("", "first") == set(facts.FIRST) and keys("novel", "first") == set()


def test_a_card_says_how_long_it_trains_and_where_the_toy_ends(opened):
    text = words(opened)
    task = tasks.get("names")
    assert shell_text(task.stands_for) in shell_text(text) and shell_text(task.limits) in shell_text(text)
    assert f"{facts.seconds('names'):.1g} s" in text or f"{facts.seconds('names'):.0f} s" in text


@pytest.mark.parametrize("key", presets.PRESETS)
def test_every_preset_says_what_it_stands_for_and_can_be_found(key: str):
    preset = presets.get(key)
    assert gallery.fits(preset, preset.title) and gallery.fits(preset, preset.experiment.network.layers[0].kind)
    task = gallery.task_of(preset)
    assert (not task.stands_for) == (not task.limits) and gallery.world(task).endswith((".", "?", ""))


@pytest.mark.parametrize("key", LANGUAGE)
def test_a_picture_is_what_the_script_draws(key: str):
    stored = (gallery.PICTURES / f"{key}.svg").read_text("utf-8")
    assert stored == picture(presets.get(key))
    assert ElementTree.fromstring(stored).tag.endswith("svg")


def test_a_preset_without_a_file_has_its_layers_as_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "PICTURES", tmp_path)
    drawn = ElementTree.fromstring(gallery._picture(presets.get("lenet")))
    assert len(drawn) == len(presets.get("lenet").experiment.network.layers)


def test_seconds_are_read_from_what_was_measured():
    measured = json.loads(facts.SECONDS.read_text())
    assert set(measured) <= set(presets.PRESETS) and all(value > 0 for value in measured.values())
    assert facts.seconds("mlp") == measured["mlp"] and facts.seconds("no such preset") is None


def test_levels_name_presets_that_are_there():
    assert set(presets.PRESETS) >= facts.FIRST | facts.ADVANCED and not facts.FIRST & facts.ADVANCED
