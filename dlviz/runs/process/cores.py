"""How many processor threads training may use on this computer."""
from __future__ import annotations

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # a container's share: "200000 100000" is two cores


def cores() -> int:
    """Cores that this process may use: by affinity, by the container's quota, by `OMP_NUM_THREADS`."""
    limits = [len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1]
    wish = os.environ.get("OMP_NUM_THREADS", "")
    if wish.isdigit():
        limits.append(int(wish))
    if QUOTA.exists():
        quota, period = QUOTA.read_text().split()
        if quota != "max":
            limits.append(round(int(quota) / int(period)))
    return max(1, min(limits))
