"""A user's own words made safe: as the name of a module, and inside a comment. Knows no torch."""
from __future__ import annotations

import keyword
import re
import sys

from dlviz.spec import Experiment

FALLBACK = "network"
TAKEN = sys.stdlib_module_names | {  # and all that torch imports
    "torch", "numpy", "safetensors", "dlviz", "filelock", "fsspec", "functorch", "jinja2", "markupsafe",
    "mpmath", "networkx", "packaging", "setuptools", "sympy", "torchgen", "triton", "typing_extensions"}


def file_stem(experiment: Experiment) -> str:
    """What the experiment's files are called: `classic_mlp` for `Classic MLP`.

    A Python identifier that hides no module: a `random.py` beside the script would break torch itself.
    """
    stem = re.sub(r"[^a-z0-9]+", "_", experiment.name.lower()).strip("_") or FALLBACK
    if stem[0].isdigit() or keyword.iskeyword(stem) or stem in TAKEN:
        stem = f"{FALLBACK}_{stem}"
    return stem


def in_comment(text: str) -> str:
    """The text on one line: whatever is not printable, line ends above all, becomes a space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
