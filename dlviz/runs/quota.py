"""How much one owner may keep: so many runs, so much disk. Before that is reached, old runs keep fewer moments.

Knows no page and no store; it looks at the folders of runs.
"""
from __future__ import annotations

import logging
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from dlviz import settings
from dlviz.errors import RunError
from dlviz.runs.info import OVER
from dlviz.runs.process.engine import WEIGHTS
from dlviz.runs.run import Run
from dlviz.training import checkpoint as ckpt
from dlviz.training import keyframes
from dlviz.translation import _

MARK = "thinned"  # a file in the folder of a run that has fewer moments than it had
NAMED = 3  # runs that a refusal names

log = logging.getLogger(__name__)


class Quota:
    """Thread-safe. `folder` gives a run's own folder."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._sizes: dict[str, tuple[object, int]] = {}  # run -> of which moment, bytes

    def make_room(self, mine: Sequence[Run], more: int = 1) -> None:
        """See that the owner of these runs may have some more, and thin the oldest when they take much disk.

        Raises:
            RunError: the owner has too many runs, too large ones, or the disk is nearly full.
        """
        oldest = sorted(mine, key=lambda run: run.row.created)
        if len(oldest) + more > settings.MAX_RUNS:
            raise _too_many(oldest, more)
        with self._lock:
            used = sum(map(self._size, oldest))
            for run in oldest:
                if used > settings.THIN_BYTES and run.row.state in OVER and run.worker is None:
                    used -= self._thin(run)
            if used > settings.MAX_BYTES:
                raise _too_large(sorted(oldest, key=self._size, reverse=True), used, self._size)
        _require_free(self._folder("").parent)

    def _size(self, run: Run) -> int:
        """Bytes in its folder; measured again when the run has come further."""
        moment = run.row.checkpoint_step, run.row.state
        known = self._sizes.get(run.id)
        if known is None or known[0] != moment:
            known = self._sizes[run.id] = moment, size(self._folder(run.id))
        return known[1]

    def _thin(self, run: Run) -> int:
        before = self._size(run)
        if not thinned(self._folder(run.id)):
            try:
                thin(self._folder(run.id), run.row.state)
            except (OSError, RunError) as error:  # a damaged run must not keep its owner from a new one
                log.warning("Run %s could not be thinned: %s", run.id, error)
            del self._sizes[run.id]
        return before - self._size(run)


def size(folder: Path) -> int:
    """Bytes of all files in the folder and below; 0 where there is none. 10 us a file."""
    total = 0
    try:
        for entry in os.scandir(folder):
            total += size(Path(entry.path)) if entry.is_dir(follow_symlinks=False) else entry.stat().st_size
    except FileNotFoundError:
        pass  # not made yet, or a worker has just replaced a file
    return total


def thinned(folder: Path) -> bool:
    """Whether moments of this run were removed."""
    return (folder / MARK).exists()


def thin(folder: Path, state: str) -> None:
    """Keep some moments from first to last and the newest weights; of a run that cannot go on, nothing else."""
    moments = keyframes.steps(folder / keyframes.FOLDER)
    for step in set(moments) - set(chosen(moments)):
        keyframes.path(folder / keyframes.FOLDER, step).unlink(missing_ok=True)
    ckpt.older(folder / WEIGHTS).unlink(missing_ok=True)
    if state in ("done", "diverged") and (folder / WEIGHTS).exists():
        ckpt.drop_optimizer(folder / WEIGHTS)
    if folder.is_dir():
        (folder / MARK).touch()


def chosen(moments: Sequence[int]) -> list[int]:
    """At most `settings.THIN_MOMENTS` of them, the first and the last included."""
    count = min(len(moments), settings.THIN_MOMENTS)
    return [moments[round(index * (len(moments) - 1) / max(1, count - 1))] for index in range(count)]


def _too_many(oldest: Sequence[Run], more: int) -> RunError:
    came = _("you have {count:,}", count=len(oldest)) if more == 1 else \
        _("you have {count:,}, and {more:,} more were asked for", count=len(oldest), more=more)
    return RunError(_("Each visitor"), _("keeps {most:,} runs at most", most=settings.MAX_RUNS),
                    came, _("Delete some on the page Runs; the oldest are {names}.", names=_names(oldest)))


def _too_large(largest: Sequence[Run], used: int, measured: Callable[[Run], int]) -> RunError:
    names = ", ".join(f"{run.row.name!r} ({measured(run) / 1e6:,.0f} MB)" for run in largest[:NAMED])
    return RunError(_("Each visitor's runs"), _("take {most:g} GB of disk at most", most=settings.MAX_BYTES / 1e9),
                    _("yours take {used:.1f} GB", used=used / 1e9),
                    _("Delete some on the page Runs; the largest are {names}.", names=names))


def _names(runs: Sequence[Run]) -> str:
    return ", ".join(repr(run.row.name) for run in runs[:NAMED])


def _require_free(home: Path) -> None:
    free = shutil.disk_usage(home).free if home.exists() else settings.MIN_FREE_BYTES
    if free < settings.MIN_FREE_BYTES:
        raise RunError(_("A new run"), _("needs {least:,.0f} MB of free disk", least=settings.MIN_FREE_BYTES / 1e6),
                       _("there are {free:,.0f} MB", free=free / 1e6),
                       _("Delete old runs on the page Runs, or other files."))
