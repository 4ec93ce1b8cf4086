"""Every test starts from the same seed, with its own data folder and one thread."""
from __future__ import annotations

import os

import numpy as np
import pytest
import torch

os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _same_start(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "dlviz"))
    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.seed(0)
