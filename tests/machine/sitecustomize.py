"""Lets a test run believe in another machine: one that was switched on seconds or days ago, with more or fewer cores.

    PYTHONPATH=tests/machine DLVIZ_TEST_CLOCK=5 pytest            # the machine was switched on five seconds ago
    PYTHONPATH=tests/machine DLVIZ_TEST_CLOCK=864000 DLVIZ_TEST_CORES=8 pytest

Python imports this module by its name before anything else, in every process that a test starts too; all of them
share one offset, since some compare their clocks. Another processor is played by torch's own variables:
ATEN_CPU_CAPABILITY=default, ONEDNN_MAX_CPU_ISA=SSE41, MKL_ENABLE_INSTRUCTIONS=SSE4_2.
"""
import os
import time

CLOCKS = ("monotonic", "perf_counter")  # both count from the machine's start on Linux


def _shift(seconds: float) -> None:
    nanoseconds = int(seconds * 1e9)
    for name in CLOCKS:
        real, real_ns = getattr(time, name), getattr(time, name + "_ns")
        setattr(time, name, lambda real=real: real() + seconds)
        setattr(time, name + "_ns", lambda real=real_ns: real() + nanoseconds)


if "DLVIZ_TEST_CLOCK" in os.environ:
    offset = os.environ.setdefault("DLVIZ_TEST_CLOCK_OFFSET",
                                   str(float(os.environ["DLVIZ_TEST_CLOCK"]) - time.monotonic()))
    _shift(float(offset))

if "DLVIZ_TEST_CORES" in os.environ:
    cores = int(os.environ["DLVIZ_TEST_CORES"])
    os.cpu_count = lambda: cores
    os.sched_getaffinity = lambda pid=0: set(range(cores))
