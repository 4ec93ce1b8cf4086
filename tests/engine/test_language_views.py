"""Views of language models: what a symbol cost, and byte pairs merge by merge, against numbers worked out here."""
from __future__ import annotations

import math

import numpy as np
import pytest

from dlviz import presets, tasks
from dlviz.tasks import corpora, tokenizers
from dlviz.views import merges, surprise
from dlviz.views.question import question_of

PIECES = tasks.get("text", {"units": "byte pairs", "vocabulary": 120, "length": 16})


def chances(rows: int, count: int) -> np.ndarray:
    found = np.random.default_rng(0).random((rows, count))
    return found / found.sum(1, keepdims=True)


def test_the_loss_of_each_symbol_is_that_of_its_target():
    inputs, target = PIECES.sample("test", 2)
    found = chances(16, len(PIECES.classes))
    data = surprise.payload(PIECES, question_of(PIECES, inputs, target), found)
    expected = [-math.log2(found[step, token]) for step, token in enumerate(target)]
    assert [row["bits"] for row in data["rows"]] == pytest.approx(expected, abs=1e-3)
    assert data["mean"] == pytest.approx(np.mean(expected), abs=1e-3)
    assert data["perplexity"] == pytest.approx(2 ** np.mean(expected), rel=1e-3)
    assert data["per_character"] == pytest.approx(np.mean(expected) / PIECES.characters_per_symbol(), abs=1e-3)
    assert data["rows"][0]["next"][0][0] == PIECES.classes[found[0].argmax()]
    assert data["rows"][3]["rank"] == 1 + sum(found[3] > found[3, target[3]])


def test_a_typed_text_has_the_loss_of_what_follows_in_it():
    task = tasks.get("names")
    data = surprise.payload(task, question_of(task, task.parse("anna"), None), chances(12, 27))
    assert [row["word"] for row in data["rows"]] == list("anna") and data["first"] == "."


def test_what_is_not_judged_has_no_loss():
    task = tasks.get("names")
    inputs, target = task.sample("test", 0)
    data = surprise.payload(task, question_of(task, inputs, target), chances(12, 27))
    assert "".join(row["word"] for row in data["rows"]) == "".join(task.to_words(target))


@pytest.mark.parametrize("count", [0, 1, 30])
def test_a_text_is_cut_as_after_so_many_merges(count: int):
    text = "It is a truth universally acknowledged"
    data = merges.payload(PIECES.tokenizer, text, count)
    fewer = tokenizers.learn(corpora.shipped(corpora.BOOK), "byte pairs",
                             len(PIECES.tokenizer.symbols) - len(PIECES.tokenizer.pairs.merges) + count)
    assert data["pieces"] == [fewer.shown[token] for token in fewer.encode(text)]
    assert data["symbols"] == len(fewer.symbols) and len(data["rows"]) == min(count, merges.ROWS)
    assert "".join(data["pieces"]).replace("␣", " ") == text


def test_the_last_merge_stands_first():
    data = merges.payload(PIECES.tokenizer, "the", 5)
    last = PIECES.tokenizer.pairs.merges[4]
    assert data["rows"][0]["number"] == 5 and data["rows"][0]["count"] == last.count
    assert data["last"] == tokenizers.visible(last.joined)


@pytest.mark.parametrize("key", [key for key, preset in presets.PRESETS.items()
                                 if preset.experiment.task.name == "text"])
def test_a_network_is_as_wide_as_its_vocabulary(key: str):
    experiment = presets.get(key).experiment
    task = tasks.get("text", experiment.task.fields)
    assert experiment.network.layers[-1].fields["out_features"] == len(task.classes)
