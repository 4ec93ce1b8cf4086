"""Which moments runs have kept, read from the disk only where something has changed. Knows no page and no process.

Every tick of every page that watches a run asks for its moments. A folder's own time says whether there are others.
"""
from __future__ import annotations

import time
from collections import OrderedDict
from pathlib import Path

from dlviz.training import keyframes

KEEP = 256  # folders; their listings have at most some hundred numbers
SURE = 2.0  # seconds after which a second change would have given a folder another time, whatever the file system


class KeyframeListings:
    """The last listing of each folder with keyframes. For any thread: what two read at once is the same."""

    def __init__(self) -> None:
        self._listings: OrderedDict[Path, tuple[int, tuple[int, ...]]] = OrderedDict()

    def steps(self, folder: Path) -> tuple[int, ...]:
        """The moments that are kept in the folder, in order, as `keyframes.steps` has them."""
        try:
            changed = folder.stat().st_mtime_ns
        except OSError:
            return keyframes.steps(folder)
        listing = self._listings.get(folder)
        if listing is not None and listing[0] == changed:
            return listing[1]
        found = keyframes.steps(folder)
        if time.time_ns() - changed > SURE * 1e9:
            self._listings[folder] = changed, found
            while len(self._listings) > KEEP:
                self._listings.popitem(last=False)
        return found
