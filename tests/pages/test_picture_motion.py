"""Slow motion where pictures come out: what the browser is given of each sample."""
from __future__ import annotations

import base64

import numpy as np
import pytest

from dlviz import presets, tasks
from dlviz.inspect.slow_motion import record_update
from pages.ui.motion import player


@pytest.mark.parametrize("key", ["autoencoder", "half_digits", "scene", "diffusion"])
def test_where_pictures_come_out_all_three_are_shown_as_large_as_they_are(key: str):
    experiment = presets.get(key).experiment
    task = tasks.get(experiment.task.name, experiment.task.fields)
    motion = record_update(experiment)
    for index, sample in enumerate(player.payload(motion, task, 0)["samples"]):
        images = {image["title"]: np.frombuffer(base64.b64decode(image["picture"]), np.uint8).reshape(image["size"])
                  for image in sample["images"]}
        assert {image.shape for image in images.values()} == {motion.inputs[0].shape[2:]} and sample["picture"] is None
        assert (images["in"] == task.to_picture(motion.inputs[0][index])).all()
        assert (images["target"] == task.to_picture(motion.targets[index])).all()
        off = np.square(motion.logits(index) - motion.targets[index]).mean()
        if motion.signature.score == "explained":
            explained = max(0.0, 1 - off / motion.targets[index].var())
            assert sample["prediction"] == f"{100 * explained:.0f} % of the pixels' variance explained"
