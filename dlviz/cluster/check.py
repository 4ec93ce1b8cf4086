"""Whether all nodes of a cluster are as a class needs them: `python -m dlviz.cluster.check`, on one of them.

Each node says which Python, Ray, torch and dlviz it has, and whether it sees the data folder. Changes nothing.
"""
from __future__ import annotations

import argparse
import platform
import secrets
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from dlviz import __version__, settings

EQUAL = ("Python", "Ray", "torch", "dlviz", "data folder")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 where every node is as this one."""
    parser = argparse.ArgumentParser(prog="python -m dlviz.cluster.check", description=str(__doc__).splitlines()[0])
    parser.add_argument("--address", default="auto", help="of the cluster; the one that runs here, unless said")
    options = parser.parse_args(arguments)
    from dlviz.cluster import ray_cluster

    home = settings.home().resolve()
    mark = home / f"check-{secrets.token_hex(4)}"
    mark.touch()
    try:
        cluster = ray_cluster.RayCluster(options.address, "dlviz-check")
        found = cluster.on_each_node(facts, str(mark))
        cluster.close()
    finally:
        mark.unlink()
    lines, complaints = compared(facts(str(mark.parent)), found)
    print("\n".join([*lines, *complaints]))
    return 1 if complaints or not found else 0


def facts(mark: str) -> dict[str, str]:
    """What must be equal, on the node that this is called on; `mark` is a file in the data folder."""
    return {"Python": platform.python_version(), "Ray": metadata.version("ray"), "torch": metadata.version("torch"),
            "dlviz": __version__, "data folder": "seen" if Path(mark).exists() else "not seen"}


def compared(own: Mapping[str, str], found: Mapping[str, Mapping[str, str]]) -> tuple[list[str], list[str]]:
    """A line for each node, and a sentence for each thing that is not as here."""
    lines = [f"{name}: " + ", ".join(f"{each} {values[each]}" for each in EQUAL) for name, values in found.items()]
    return lines, [f"{name} has {each} {values[each]}, but here it is {own[each]}. Make them equal."
                   for name, values in found.items() for each in EQUAL if values[each] != own[each]]


if __name__ == "__main__":
    sys.exit(main())
