"""Rows longer than trained: what is drawn, what is captured of them, and what the view says of it."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlviz import network as net
from dlviz import presets, tasks, views
from dlviz.errors import TaskError
from dlviz.figures.lengths import accuracy_by_length, by_length
from dlviz.probes.patterns import PatternWatch, merged
from dlviz.training import captures
from dlviz.training.control import Watch
from dlviz.training.metrics import IGNORE
from dlviz.views.base import Observation

TASK = tasks.get("recall")


def test_only_test_rows_are_longer_than_trained():
    longest = {split: int(TASK.lengths(split).max()) for split in ("train", "val", "test")}
    assert longest == {"train": 8, "val": 8, "test": 16} and TASK.longest_trained == 8
    found, counts = np.unique(TASK.lengths("test"), return_counts=True)
    assert found.tolist() == list(range(4, 17)) and counts.min() > 90
    for (row,), target in (TASK.sample("test", index) for index in (0, 600, 1200)):
        letters = [token for token in row.tolist() if token < TASK.letters]
        assert len(letters) == 2 * ((target != IGNORE).sum() + 1) - 1


def test_lengths_are_averaged_as_in_a_loop():
    random = np.random.default_rng(0)
    scores, lengths = random.random(300), random.integers(4, 17, 300)
    found, means = by_length(scores, lengths)
    assert found.tolist() == sorted(set(lengths.tolist()))
    for length, mean in zip(found, means):
        assert np.isclose(mean, np.mean([score for score, one in zip(scores, lengths) if one == length]))
    shorter, longer = accuracy_by_length(scores, lengths, 8).data
    assert list(shorter.x) == [4, 5, 6, 7, 8] and max(longer.x) == 16 and np.allclose(shorter.y, means[:5])


def test_a_run_is_asked_for_its_scores_and_the_view_says_them():
    experiment = presets.get("recall_alibi").experiment
    network, view = net.build(experiment.network, TASK.signature(), 0), views.get("lengths")
    watch = view.request(views.subject(experiment), {}).watch(0)
    captured = captures.capture(network, TASK, watch, 7)
    split = TASK.split("test")
    with torch.no_grad():
        predicted = network.eval()(*split.inputs).argmax(-1)
    counted = split.targets != IGNORE
    expected = ((predicted == split.targets) & counted).sum(1) / counted.sum(1)
    assert np.allclose(captured.patterns.scores, expected)
    plot, note = view.draw(views.subject(experiment), Observation(7, captured=captured), {})
    better = replace(captured, patterns=replace(captured.patterns, scores=(TASK.lengths("test") <= 8).astype(float)))
    _, note = view.draw(views.subject(experiment), Observation(7, captured=better), {})
    assert "up to 8 letters, as in training: 100 %" in note and "Longer ones: 0 %" in note and "step 7" in note
    assert "100 %" in plot.label or "%" in plot.label


def test_watches_of_two_viewers_ask_for_the_most():
    assert merged([PatternWatch(scores=5), PatternWatch(errors=3)]) == PatternWatch(scores=5, errors=3)
    assert Watch(patterns=PatternWatch(scores=1)).patterns.active


@pytest.mark.parametrize(("text", "part"), [("abc ab", "3 came before"), ("abcdef fa", "asks for letters"),
                                            ("abcdefgh ao", "asks for letters")])
def test_what_cannot_be_looked_up_is_refused(text: str, part: str):
    with pytest.raises(TaskError) as caught:
        TASK.parse(text)
    assert part in caught.value.sentence


def test_what_is_typed_is_solved():
    inputs = TASK.parse("hafcjdkb dhka")
    assert "".join(TASK.to_words(TASK.solve(inputs))) == "kabf"
