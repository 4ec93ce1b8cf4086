"""Masked language modelling: masks as BERT's paper draws them, the counted baseline, and the guesses that are shown."""
from __future__ import annotations

import io
import math

import numpy as np
import pytest
import torch

from dlviz import corruption, presets, tasks, views
from dlviz.errors import TaskError
from dlviz.export.data import data_file
from dlviz.tasks.presentation import IGNORE
from dlviz.views import masked
from dlviz.views.question import question_of

TASK = tasks.get("masked")


def test_masks_are_drawn_as_in_the_paper():
    clean = torch.randint(30, (4000, 40), generator=torch.Generator().manual_seed(5))
    (shown,), targets = corruption.mask([clean], torch.Generator().manual_seed(0), symbols=30, fraction=0.15)
    asked = targets != IGNORE
    assert asked.any(1).all() and asked.float().mean().item() == pytest.approx(0.15, abs=0.005)
    assert torch.equal(targets[asked], clean[asked]) and torch.equal(shown[~asked], clean[~asked])
    hidden, same = (shown[asked] == 30).float().mean().item(), (shown[asked] == clean[asked]).float().mean().item()
    assert hidden == pytest.approx(0.8, abs=0.01) and same == pytest.approx(0.1 + 0.1 / 30, abs=0.01)
    _, targets = corruption.mask([clean], torch.Generator().manual_seed(0), symbols=30, fraction=0.0)
    assert ((targets != IGNORE).sum(1) == 1).all()


def test_the_baseline_is_a_count_of_neighbours():
    train, val = TASK.data().train.clean[0].numpy(), TASK.data().val
    between: dict[tuple[int, int], dict[int, int]] = {}
    for row in train.tolist():
        for left, middle, right in zip(row, row[1:], row[2:]):
            found = between.setdefault((left, right), {})
            found[middle] = found.get(middle, 0) + 1
    prior = np.bincount(train.ravel(), minlength=len(TASK.classes)) / train.size
    losses, fractions = [], []
    for tokens, targets in zip(val.inputs[0].tolist(), val.targets.tolist()):
        hits = []
        for place, target in enumerate(targets):
            if target == IGNORE:
                continue
            pair = (tokens[place - 1], tokens[place + 1]) if 0 < place < len(tokens) - 1 else None
            chances = prior.copy()
            for symbol, count in between.get(pair, {}).items():
                chances[symbol] += count
            chances /= chances.sum()
            losses.append(-math.log(chances[target]))
            hits.append(int(chances.argmax()) == target)
        fractions.append(np.mean(hits))
    baseline = TASK.baseline()
    assert baseline.val_loss == pytest.approx(np.mean(losses)) and baseline.val_accuracy == pytest.approx(
        np.mean(fractions))


def test_no_row_is_in_two_splits_and_training_samples_are_made_anew():
    parts = (getattr(TASK.data(), split).clean[0].numpy() for split in ("train", "val", "test"))
    rows = [{row.tobytes() for row in part} for part in parts]
    assert not rows[0] & rows[1] and not rows[0] & rows[2] and not rows[1] & rows[2]
    one = np.load(io.BytesIO(data_file(TASK)))
    assert np.array_equal(one["train_text"], TASK.data().train.clean[0].numpy())  # the exported script masks it anew
    assert np.array_equal(one["val_text"], TASK.data().val.inputs[0].numpy())


def test_the_view_shows_the_likeliest_guess_at_each_place_that_is_asked_for():
    inputs, target = TASK.sample("test", 3)
    found = np.random.default_rng(0).dirichlet(np.ones(len(TASK.classes)), TASK.length)
    data = masked.payload(TASK, question_of(TASK, inputs, target), found)
    asked = [at for at, row in enumerate(data["rows"]) if "guess" in row]
    assert asked == np.flatnonzero(target != IGNORE).tolist() and data["judged"] == len(asked)
    assert data["right"] == sum(int(found[at].argmax()) == target[at] for at in asked)
    for at in asked:
        row = data["rows"][at]
        assert row["guess"] == masked.visible(TASK.classes)[found[at].argmax()] == row["next"][0][0]
        assert row["hidden"] == (inputs[0][at] == TASK.mask_token)


def test_a_typed_text_is_asked_for_its_low_lines():
    inputs = TASK.parse("the c_t sat")
    data = masked.payload(TASK, question_of(TASK, inputs, TASK.solve(inputs)), np.eye(TASK.length, len(TASK.classes)))
    assert [at for at, row in enumerate(data["rows"]) if "guess" in row] == [5] and data["judged"] == 0
    for text, part in (("the cat", "0 of them low lines"), ("x" * 47 + "__", "49 were typed"), ("§_", "none of them")):
        with pytest.raises(TaskError) as caught:
            TASK.parse(text)
        assert part in caught.value.sentence


def test_only_this_task_has_the_view():
    view = views.get("masked")
    for key, suits in (("masked", True), ("names", False), ("reverse", False)):
        of = views.subject(presets.get(key).experiment)
        assert bool(view.suits(of.report, of.task)) is suits
