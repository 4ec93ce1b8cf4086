"""Pictures smaller than a digit of MNIST, where a view shows which samples a unit responds to."""
from __future__ import annotations

import base64

import numpy as np

from dlviz import presets, views
from dlviz.probes.receptive_field import ReceptiveField
from dlviz.views import top_activations


def test_what_units_of_a_small_picture_respond_to_is_as_large_as_it_is():
    subject = views.subject(presets.get("diffusion").experiment)
    sample = top_activations._sample(subject, 7)
    assert sample["size"] == [14, 14] and len(base64.b64decode(sample["ink"])) == 14 * 14
    reach = ReceptiveField(1, -2, 2), ReceptiveField(1, -2, 2)
    assert top_activations._place(subject, 7, reach, np.array([13, 0]))["frame"] == [11, 0, 14, 3]
