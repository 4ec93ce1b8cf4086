"""Every limit and every place on disk, in one file. Knows no layer, no task and no run."""
from __future__ import annotations

import os
from pathlib import Path

MAX_LAYERS = 120  # a page with more cards than this cannot be read
MAX_PARAMETERS = 20_000_000  # 80 MB of weights, 320 MB with their gradients and Adam's two moments
MAX_STEP_BYTES = 2 * 2**30  # memory of one training step; thirty students share one small server
JUDGED_AT_ONCE = 250  # samples of an evaluation: with 1,000 a convolution's maps leave the cache and take twice as long
MAX_AXIS = 1_000_000  # the longest axis of any output
MAX_NAME = 40  # characters of a layer's or a run's name
MAX_JSON_BYTES = 250_000  # a design is some kilobytes; more is not a design
MAX_JSON_VALUES = 10_000  # keys and values of a design, at all depths; the largest that may be built has 6,000
MAX_JSON_DEPTH = 12  # a design is six levels deep
MAX_TEXT = 5_000  # characters of one text in a design
MAX_SENTENCE = 500  # characters of what an error says, whatever a user typed
MAX_LINK_BYTES = 8_000  # what browsers and chat programs carry unharmed
MAX_KEYFRAME_BYTES = 24_000_000  # of one run: the weights of the moments that it can be scrubbed back to
MAX_RUNS = 300  # of one visitor
MAX_BYTES = 3_000_000_000  # on disk, of one visitor's runs; a common run takes 25 MB, the largest allowed 0.5 GB
THIN_BYTES = 1_000_000_000  # of one visitor's runs; beyond that the oldest keep fewer moments
THIN_MOMENTS = 7  # that such a run keeps, of 80
MIN_FREE_BYTES = 200_000_000  # of disk, for a new run to begin
MAX_STUDIES = 100  # of one visitor
MAX_BATCH = 4_096
MAX_EPOCHS = 1_000


def home() -> Path:
    """The folder that holds runs and downloads: `DLVIZ_HOME`, else `~/.dlviz`. Made when missing."""
    path = Path(os.environ.get("DLVIZ_HOME") or Path.home() / ".dlviz").expanduser()
    path.mkdir(parents=True, exist_ok=True)
    return path


def max_running() -> int:
    """How many runs train at once (`DLVIZ_MAX_RUNNING`, default 32); further ones wait in a queue."""
    return max(1, int(os.environ.get("DLVIZ_MAX_RUNNING", "32")))
