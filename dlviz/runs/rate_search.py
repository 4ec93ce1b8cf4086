"""Searches for a learning rate before a run, each in a process of its own. Thread-safe; knows no store and no page."""
from __future__ import annotations

import secrets
import shutil
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from dlviz.errors import RunError
from dlviz.runs.process import limits
from dlviz.runs.process.engine import End, Engine, EngineEvent, Need
from dlviz.spec import Experiment
from dlviz.training import trainable
from dlviz.training.control import FindRate, SetThreads, Stop
from dlviz.training.events import Progressed, RateFound
from dlviz.translation import _

KEPT = 64  # results that are remembered
AT_ONCE = 8  # searches of all visitors together; one takes some seconds


@dataclass(frozen=True)
class RateSearch:
    """How far a search is; over when it has `found` something or says why not in `sentence`."""

    fraction: float = 0.0
    found: RateFound | None = None
    sentence: str = ""

    @property
    def over(self) -> bool:
        return self.found is not None or bool(self.sentence)


class RateSearches:
    """`folder` is where the processes write; each folder in it goes with its search."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._lock = threading.Lock()
        self._searches: dict[str, RateSearch] = {}
        shutil.rmtree(folder, ignore_errors=True)  # of a server that was killed

    def start(self, experiment: Experiment) -> str:
        """Begin; returns the search's ticket. SpecError or TaskError for what cannot be trained."""
        trainable.require(experiment)
        self._require_room()
        ticket = f"find-{secrets.token_hex(8)}"
        with self._lock:
            self._searches[ticket] = RateSearch()
            while len(self._searches) > KEPT:
                del self._searches[next(iter(self._searches))]
        self._engine.start(ticket, experiment, Need(
            self._folder / ticket, (SetThreads(1), FindRate(),
                                    Stop()), memory=limits.allowance(limits.need(experiment))))
        return ticket

    def _require_room(self) -> None:
        """Each search has a process beside those of the runs, so there are few at a time."""
        with self._lock:
            running = sum(not search.over for search in self._searches.values())
        if running >= AT_ONCE:
            raise RunError(_("This server"), _("makes {most} searches for a learning rate at a time", most=AT_ONCE),
                           _("{running} are under way", running=running), _("Try again in a minute."))

    def get(self, ticket: str) -> RateSearch:
        with self._lock:
            return self._searches.get(ticket, RateSearch(sentence="This search is over. Start it again."))

    def stop(self, ticket: str) -> None:
        """End a search that is no longer wanted."""
        if not self.get(ticket).over:
            self._engine.kill(ticket)

    def on_event(self, ticket: str, event: EngineEvent) -> bool:
        """Take in an event, if it is of a search."""
        with self._lock:
            if ticket not in self._searches:
                return ticket.startswith("find-")
            now = self._searches[ticket]
            match event:
                case Progressed():
                    self._searches[ticket] = replace(now, fraction=event.done / event.of)
                case RateFound():
                    self._searches[ticket] = RateSearch(1.0, event)
                case End() if not now.over:
                    self._searches[ticket] = replace(now, sentence=event.sentence or "The search was ended.")
        if isinstance(event, End):
            shutil.rmtree(self._folder / ticket, ignore_errors=True)
        return True
