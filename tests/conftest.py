"""Every test starts from the same seed, with its own data folder and one thread."""
from __future__ import annotations

import os

import hypothesis
import numpy as np
import pytest
import torch

os.environ.setdefault("OMP_NUM_THREADS", "1")
torch.set_num_threads(1)  # fixtures of a module come before those of a test
hypothesis.settings.register_profile("dlviz", deadline=None)  # no test fails for being slow on a busy machine
hypothesis.settings.load_profile("dlviz")
WITHOUT_BROWSER = ("test_hostile.py", "test_hostile_pages.py", "test_class.py")  # they speak to servers themselves


@pytest.fixture(autouse=True)
def _same_start(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path / "dlviz"))
    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.seed(0)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file's tests stay together, since they share servers; stories in a browser run one after the other.

    They are the longest, so one worker does nothing else from the start, and the others help it when all else is done.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid.split("::", 1)[0]

        def _assign_work_unit(self, node) -> None:
            first = node is self.nodes[0]
            fitting = next((scope for scope in self.workqueue if _in_a_browser(scope) == first), None)
            if fitting:
                self.workqueue.move_to_end(fitting, last=False)
            super()._assign_work_unit(node)

    config.option.loadscopereorder = False
    return ByFile(config, log)


def _in_a_browser(file: str) -> bool:
    return "/browser/" in file and not file.endswith(WITHOUT_BROWSER)
