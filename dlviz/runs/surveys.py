"""Surveys of this server: asked for once, made by processes of their own, kept on disk. Thread-safe.

Few at a time, so that many visitors wait for each other and not everybody for them. Knows no page and no run.
"""
from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from dataclasses import asdict, dataclass
from pathlib import Path

from dlviz import settings
from dlviz.runs.cores import cores
from dlviz.runs.survey import RESULT, WISH, Survey, Wish, key
from dlviz.runs.wire import child_environment

KEPT_BYTES = 400e6  # on disk, the oldest go first
REMEMBERED = 16  # surveys in memory, 20 KB each
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far a survey is. `error` is a sentence once it has failed; `since` is when this kind of work began."""

    doing: str = "Waiting for another survey to end"
    share: float = 0.0
    error: str = ""
    since: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """Of this part of the work; None before that can be told."""
        passed = time.monotonic() - self.since
        return passed * (1 / self.share - 1) if self.since and self.share > 0.05 and passed > 0.5 else None


class Surveys:
    """Where surveys are asked for and found.

    Args:
        folder: where they are kept; `surfaces/` of the data folder when None.
        at_once: how many are made at a time; half of the cores when None.
    """

    def __init__(self, folder: Path | None = None, at_once: int | None = None) -> None:
        self._folder = folder or settings.home() / "surfaces"
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(at_once or max(1, cores() // 2))
        self._progress: dict[str, Progress] = {}
        self._known: OrderedDict[str, Survey] = OrderedDict()
        self._processes: dict[str, subprocess.Popen] = {}
        self._threads: list[threading.Thread] = []
        self._closing = False

    def find(self, wish: Wish) -> Survey | None:
        """The survey, if it has been made."""
        name = key(wish)
        with self._lock:
            if name not in self._known:
                path = self._folder / name / RESULT
                if not path.exists():
                    return None
                self._known[name] = Survey.read(path)
            self._known.move_to_end(name)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known[name]

    def progress(self, wish: Wish) -> Progress | None:
        """How far it is; None when nobody has asked for it since the server started, or it is found."""
        return self._progress.get(key(wish))

    def ask(self, wish: Wish) -> None:
        """Have it made, soon. Nothing happens where it is being made already."""
        name = key(wish)
        with self._lock:
            known = self._progress.get(name)
            if self._closing or (known is not None and not known.error):
                return
            self._progress[name] = Progress()
            thread = threading.Thread(target=self._make, args=(name, wish), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def cancel(self, wish: Wish) -> None:
        """Do not go on with it."""
        with self._lock:
            self._progress.pop(name := key(wish), None)
            if name in self._processes:
                self._processes[name].kill()

    def close(self) -> None:
        """End every process; what was not ready is asked for anew another time."""
        with self._lock:
            self._closing = True
            self._progress.clear()
            for process in self._processes.values():
                process.kill()
        for thread in self._threads:
            thread.join(5.0)

    # inside, on a thread of its own for each survey

    def _make(self, name: str, wish: Wish) -> None:
        with self._turn:
            with self._lock:
                if name not in self._progress:
                    return  # cancelled, or we are closing
            try:
                self._run(name, wish)
            except OSError as error:
                self._failed(name, f"The survey could not be made ({error}). Is the disk of {self._folder} full?")
        self._prune()

    def _run(self, name: str, wish: Wish) -> None:
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / WISH).write_text(json.dumps(asdict(wish)))
        with (folder / "log.txt").open("wb") as errors:
            process = subprocess.Popen([sys.executable, "-m", "dlviz.runs.survey", str(folder)], stderr=errors,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=child_environment(),
                                       **_apart())
        with self._lock:
            self._processes[name] = process
            if name not in self._progress:
                process.kill()
        with process:
            for line in process.stdout or ():
                self._heard(name, json.loads(line))
        with self._lock:
            self._processes.pop(name)
            done = (folder / RESULT).exists()
            if done:
                self._progress.pop(name, None)
        if not done:
            self._failed(name, "The survey's process ended before it was done. Perhaps there was too little memory; "
                               "its report is in the file log.txt beside it.")

    def _heard(self, name: str, told: dict) -> None:
        with self._lock:
            before = self._progress.get(name)
            if before is None or before.error:
                return
            since = before.since if before.doing == told["doing"] else time.monotonic()
            self._progress[name] = Progress(told["doing"], told["share"], told.get("error", ""), since)

    def _failed(self, name: str, sentence: str) -> None:
        with self._lock:
            known = self._progress.get(name)
            if known is not None and not known.error:
                log.error("%s", sentence)
                self._progress[name] = Progress(error=sentence)

    def _prune(self) -> None:
        """Forget the oldest beyond the limit: folders of surveys and files of paths alike."""
        with self._lock:
            places = sorted(self._folder.iterdir(), key=lambda place: place.stat().st_mtime, reverse=True)
            total = 0
            for place in places:
                total += sum(file.stat().st_size for file in [place, *place.glob("*")] if file.is_file())
                if total > KEPT_BYTES and place.name not in self._processes:
                    shutil.rmtree(place) if place.is_dir() else place.unlink()


def _apart() -> dict:
    """Ctrl-C in the server's terminal is the server's; on Windows, where there is no niceness, a lower priority."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
