"""Every limit and every place on disk, in one file. Knows no layer, no task and no run."""
from __future__ import annotations

import os
import stat
from pathlib import Path

from dlviz.errors import RunError
from dlviz.translation import _

MAX_LAYERS = 120  # a page with more cards than this cannot be read
MAX_INPUTS = 16  # of one layer
MAX_PARAMETERS = 20_000_000  # 80 MB of weights, 320 MB with their gradients and Adam's two moments
MAX_STEP_BYTES = 2 * 2**30  # memory of one training step; thirty students share one small server
EVALUATION_BATCH = 250  # with 1,000 a convolution's maps leave the cache and take twice as long
MAX_AXIS = 1_000_000  # the longest axis of any output
MAX_NAME = 40  # characters of a layer's or a run's name
MAX_JSON_BYTES = 250_000  # a design is some kilobytes; more is not a design
MAX_JSON_VALUES = 10_000  # keys and values of a design, at all depths; the largest that may be built has 6,000
MAX_JSON_DEPTH = 12  # a design is six levels deep
MAX_TEXT = 5_000  # characters of one text in a design
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
MAX_ROOMS = 20  # classes that are open on one server
MAX_SEATS = 60  # in one class
MAX_CARDS = 30  # that a class keeps for its projector
CLASS_DAYS = 30  # after which a class and all that was made in it is wiped, whatever happens


def home() -> Path:
    """The folder that holds runs and downloads: `DLVIZ_HOME`, else `~/.dlviz`. Made when missing, for its user alone.

    RunError where it cannot be made or written.
    """
    path = Path(os.environ.get("DLVIZ_HOME") or Path.home() / ".dlviz").expanduser()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _close_to_others(path)
        writable = os.access(path, os.W_OK | os.X_OK)
    except OSError as error:
        raise _no_home(path, error.strerror or str(error)) from error
    if not writable:
        raise _no_home(path, "permission denied")
    return path


def _close_to_others(path: Path) -> None:
    """Other users of this computer have no business in it. A folder that is no data folder's alone is left as it is."""
    if not hasattr(os, "geteuid"):
        return  # Windows: folders in a user's profile are closed already
    found = path.stat()
    shared = found.st_mode & stat.S_ISVTX or path.resolve() in (Path.home().resolve(), Path("/"))
    if found.st_uid == os.geteuid() and found.st_mode & 0o077 and not shared:
        path.chmod(0o700)


def _no_home(path: Path, reason: str) -> RunError:
    return RunError(_("The data folder {path}", path=path), _("must be one that dlviz can make and write to"),
                    _("it cannot ({reason})", reason=reason),
                    _("Give this user the folder, or set DLVIZ_HOME to another one, and start dlviz again."))


def memory() -> int:
    """Bytes that all runs together may take (`DLVIZ_MEMORY_GB`, default three quarters of the computer's)."""
    if given := os.environ.get("DLVIZ_MEMORY_GB"):
        return int(float(given) * 2**30)
    return int(min(0.75 * _whole_memory(), 2**60))


def _whole_memory() -> float:
    """Bytes of the computer, or of the container that this runs in; infinite where neither says."""
    total = float("inf")
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for place in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        text = Path(place).read_text().strip() if os.access(place, os.R_OK) else ""
        total = min(total, float(text)) if text.isdigit() else total
    return total


def gpu_fraction() -> float:
    """The part of a GPU, and of its memory, that a run on a cluster has (`DLVIZ_GPU_FRACTION`, default a quarter)."""
    return min(1.0, max(0.01, float(os.environ.get("DLVIZ_GPU_FRACTION", "0.25"))))


def max_running() -> int:
    """How many runs train at once (`DLVIZ_MAX_RUNNING`, default 32); further ones wait in a queue."""
    return max(1, int(os.environ.get("DLVIZ_MAX_RUNNING", "32")))
