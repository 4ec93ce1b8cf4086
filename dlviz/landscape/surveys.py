"""Surveys of this server: asked for once, made by processes of their own, kept on disk. Thread-safe.

Few at a time, so that many visitors wait for each other and not everybody for them. Knows no page and no run.
"""
from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zipfile import BadZipFile

from dlviz import settings
from dlviz.landscape.survey import REQUEST, RESULT, Survey, SurveyRequest, key
from dlviz.runs.process.cores import cores
from dlviz.runs.process.early_start import child_environment

KEPT_BYTES = 400e6  # on disk, the oldest go first
WAITING = 40  # surveys of all visitors together, each with a thread that waits
LOG = "log.txt"  # what its process wrote to its standard error
WEIGHTS = "weights"  # of a survey under way, in its folder
REMEMBERED = 16  # surveys in memory, 20 KB each
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SurveyProgress:
    """How far a survey is. `error` is a sentence once it has failed; `since` is when this work began."""

    doing: str = "Waiting for another survey to end"
    fraction: float = 0.0
    error: str = ""
    since: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """Of this part of the work; None before that can be told."""
        passed = time.monotonic() - self.since
        return passed * (1 / self.fraction - 1) if self.since and self.fraction > 0.05 and passed > 0.5 else None


@dataclass
class _Job:
    """One survey under way."""

    name: str
    request: SurveyRequest
    progress: SurveyProgress = SurveyProgress()
    process: subprocess.Popen | None = None
    left: bool = False  # nobody waits for it any more

    def leave(self) -> None:
        self.left = True
        if self.process is not None:
            self.process.kill()


class Surveys:
    """Where surveys are asked for and found.

    Args:
        folder: where they are kept; `surfaces/` of the data folder when None.
        at_once: how many are made at a time; half of the cores when None.
        command: what makes one, without the folder that it is told.
    """

    def __init__(self, folder: Path | None = None, at_once: int | None = None,
                 command: Sequence[str] = (sys.executable, "-m", "dlviz.landscape.survey")) -> None:
        self._command = command
        self._folder = folder or settings.home() / "surfaces"
        self._lock = threading.Lock()
        self._turn = threading.Semaphore(at_once or max(1, cores() // 2))
        self._jobs: dict[str, _Job] = {}
        self._known: OrderedDict[str, Survey] = OrderedDict()
        self._threads: list[threading.Thread] = []
        self._closing = False

    def find(self, request: SurveyRequest) -> Survey | None:
        """The survey, if it has been made."""
        name = key(request)
        with self._lock:
            if name not in self._known:
                path = self._folder / name / RESULT
                found = _read(path) if path.exists() else None
                if found is None:
                    return None
                self._known[name] = found
            self._known.move_to_end(name)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            return self._known[name]

    def progress(self, request: SurveyRequest) -> SurveyProgress | None:
        """How far it is; None when nobody has asked for it since the server started, or it is found."""
        job = self._jobs.get(key(request))
        return job and job.progress

    def start(self, request: SurveyRequest) -> None:
        """Have it made, soon. Nothing happens where it is being made already."""
        job = _Job(key(request), request)
        with self._lock:
            known = self._jobs.get(job.name)
            if self._closing or (known is not None and not known.progress.error):
                return
            under_way = {name: one for name, one in self._jobs.items() if not one.progress.error}
            if len(under_way) >= WAITING:
                job.progress = SurveyProgress(error=f"{WAITING} landscapes wait on this server already, and no more "
                                              "fit. Try again in a minute.")
                self._jobs = {**under_way, job.name: job}
                return
            self._jobs[job.name] = job
            thread = threading.Thread(target=self._make, args=(job,), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def cancel(self, request: SurveyRequest) -> None:
        """Do not go on with it."""
        with self._lock:
            job = self._jobs.pop(key(request), None)
            if job is not None:
                job.leave()

    def close(self) -> None:
        """End every process; what was not ready is asked for anew another time."""
        with self._lock:
            self._closing = True
            for job in self._jobs.values():
                job.leave()
            self._jobs.clear()
        for thread in self._threads:
            thread.join(5.0)

    # inside, on a thread of its own for each survey

    def _make(self, job: _Job) -> None:
        folder = self._folder / job.name
        held = folder / f"{WEIGHTS}-{secrets.token_hex(4)}"  # one that was left may still be ending in this folder
        try:
            request = _hold(job.request, held)  # before its turn comes: the run may write on meanwhile
            with self._turn:
                if not job.left:
                    job.progress = SurveyProgress("Getting ready")
                    self._run(job, request, folder)
        except FileNotFoundError:
            self._failed(job, "The run's weights are no longer there: perhaps it was deleted. Choose another run.")
        except OSError as error:
            self._failed(job, f"The survey could not be made ({error}). See whether the disk is full: "
                              f"{self._folder}.")
        finally:
            shutil.rmtree(held, ignore_errors=True)
        try:
            self._prune()
        except OSError as error:
            log.warning("Old surveys could not be removed: %s", error)

    def _run(self, job: _Job, request: SurveyRequest, folder: Path) -> None:
        (folder / REQUEST).write_text(json.dumps(asdict(request)))
        with (folder / LOG).open("wb") as errors:
            process = subprocess.Popen([*self._command, str(folder)], stderr=errors, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, env=child_environment(), **_process_options())
        with self._lock:
            job.process = process
            if job.left:
                process.kill()
        lines = 0
        with process:
            for line in process.stdout or ():
                self._read_progress(job, line)
                lines += 1
        if not (folder / RESULT).exists():
            self._failed(job, ending(process.returncode, _last_line(folder / LOG), began=lines > 0))
            return
        with self._lock:
            if self._jobs.get(job.name) is job:
                del self._jobs[job.name]

    def _read_progress(self, job: _Job, line: bytes) -> None:
        try:
            message = json.loads(line)
            doing, fraction, error = str(message["doing"]), float(message["fraction"]), str(message.get("error", ""))
        except (ValueError, TypeError, KeyError, AttributeError):
            log.warning("A survey's process said what is no word of progress: %r", line[:200])
            return
        before = job.progress
        since = before.since if before.doing == doing else time.monotonic()
        job.progress = SurveyProgress(doing, fraction, error, since)

    def _failed(self, job: _Job, sentence: str) -> None:
        if not job.progress.error and not job.left:
            log.error("%s", sentence)
            job.progress = SurveyProgress(error=sentence)

    def _prune(self) -> None:
        """Forget the oldest beyond the limit."""
        with self._lock:
            places = sorted(self._folder.iterdir(), key=lambda place: place.stat().st_mtime, reverse=True)
            total = 0
            for place in places:
                total += sum(_size(file) for file in [place, *place.glob("*")])
                if total > KEPT_BYTES and place.name not in self._jobs:
                    shutil.rmtree(place) if place.is_dir() else place.unlink()


def ending(code: int, last: str, began: bool) -> str:
    """Why a survey's process has left no survey.

    Args:
        code: its return code; below zero for a signal.
        last: the last line that it wrote to its log; an exception's, where there was one.
        began: whether it came to say that it begins.
    """
    if code < 0:
        return (f"The survey's process was ended by another program (signal {-code}), perhaps because the computer had "
                "no memory left. Choose a coarser detail, or stop other runs.")
    report = f" ({last})" if last else ""
    if not began and "MemoryError" not in last:
        return (f"The survey's process could not load dlviz{report}. Perhaps its files were changed since this server "
                "was started: start it again.")
    return (f"The survey's process ended before it was done{report}. Its full report is in the file {LOG} in the "
            "survey's folder.")


def _last_line(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][:200] if lines else ""


def _hold(request: SurveyRequest, folder: Path) -> SurveyRequest:
    """The wish with names of its own for the weights' files, which keep what is in them now.

    A checkpoint is never written over but replaced, so that a second name costs no copy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = tuple((step, str(folder / f"{step:09d}.safetensors")) for step, _ in request.weights)
    for (_, source), (_, target) in zip(request.weights, held):
        Path(target).unlink(missing_ok=True)
        try:
            os.link(source, target)
        except FileNotFoundError:
            raise
        except OSError:  # a file system without second names
            shutil.copy2(source, target)
    return replace(request, weights=held)


def _read(path: Path) -> Survey | None:
    """None for a file that a broken disk or another hand has damaged: the survey is made anew."""
    try:
        return Survey.read(path)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        log.warning("%s holds no survey: %s", path, error)
        return None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0  # a process has just put it in another's place


def _process_options() -> dict:
    """Ctrl-C in the server's terminal is the server's; Windows has no niceness but a lower priority."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}
