"""All studies of this server: made, kept going, stopped, deleted, from any thread. Knows no page.

A thread looks after those that still have runs to make, and ends when there are none. Every run is one of the
service's; a study only knows their ids, so a run that somebody deletes is simply gone from its study.
"""
from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from dlviz import clock, settings
from dlviz.errors import DlvizError, RunError
from dlviz.runs.info import RunInfo
from dlviz.runs.naming import new_id
from dlviz.runs.service import RunService
from dlviz.spec import Experiment
from dlviz.studies import search as searching
from dlviz.studies.past import past_of
from dlviz.studies.plan import Axis, Variant, variant, variants
from dlviz.studies.search import TrialRecord
from dlviz.studies.storage import StudyStore
from dlviz.studies.study import Member, Search, Study
from dlviz.training.control import Message, Pause, Resume, Stop
from dlviz.translation import _

TICK = 0.5  # seconds between two looks at studies that have runs to make

log = logging.getLogger(__name__)
_by_service: weakref.WeakKeyDictionary[RunService, Studies] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def of(service: RunService) -> Studies:
    """The one `Studies` of a service; the first call lets those that an earlier server left go on."""
    with _lock:
        if service not in _by_service:
            _by_service[service] = Studies(service)
        return _by_service[service]


class Studies:
    """Studies over the runs of one service."""

    def __init__(self, service: RunService, store: StudyStore | None = None) -> None:
        self._service = weakref.ref(service)
        self._store = store or StudyStore()
        self._lock = threading.RLock()
        self._studies = self._store.read()
        self._thread: threading.Thread | None = None
        self._go_on()

    # reading

    def list(self, owner: str) -> tuple[Study, ...]:
        """The owner's studies, the newest first."""
        with self._lock:
            return tuple(study for study in reversed(self._studies.values()) if study.owner == owner)

    def get(self, study: str) -> Study:
        """RunError when there is none of this id."""
        with self._lock:
            if study not in self._studies:
                raise RunError(_("The study {study!r}", study=study[:40]), _("is one that this dlviz keeps"),
                               _("there is none of this name"),
                               _("It was deleted, or the link is not complete. Choose another from the list."))
            return self._studies[study]

    # making

    def compare(self, name: str, owner: str, base: Experiment, axes: Sequence[Axis], *,
                lead: int | None = None, at_once: int = 4, observation: str = "",
                design: Experiment | None = None) -> str:
        """A run for every combination of the axes' values; returns the study's id.

        Args:
            lead: steps between two meetings in lock-step: then all train at once; None for each on its own.
            at_once: how many train at a time without lock-step; the others are made as places come free.
            design: the user's own, where `base` is it with other training settings for this study's sake.

        Raises:
            SpecError, TaskError: one of them cannot be trained, or there are too few or too many.
            RunError: lock-step with more runs than can train at once.
        """
        all_variants = variants(base, axes)
        if lead:
            _check_room(len(all_variants), self._runs.capacity())
        self._require_room(owner, len(all_variants))
        study = Study(id=new_id(), owner=owner, name=name, created=self._now(), base=base, axes=tuple(axes),
                      pending=tuple(each.values for each in all_variants), lead=lead,
                      at_once=min(at_once, self._runs.capacity()), observation=observation, design=design)
        self._save(study)
        if lead:
            self._begin_together(study, all_variants)
        self._tend(study.id)
        self._go_on()
        return study.id

    def search(self, name: str, owner: str, base: Experiment, search: Search, *, at_once: int = 2,
               observation: str = "") -> str:
        """Runs one after another (`at_once` at a time), each with values that Optuna chooses; returns its id.

        Raises as `compare` does, and RunError where Optuna is not installed.
        """
        first = searching.propose(search, ())
        variant(base, [span.hyperparameter for span in search.spans], first)
        self._require_room(owner, 1)
        study = Study(id=new_id(), owner=owner, name=name, created=self._now(), base=base, search=search,
                      at_once=at_once, observation=observation)
        self._save(study)
        self._tend(study.id)
        self._go_on()
        return study.id

    # steering

    def together(self, study: str, lead: int | None, by: str) -> None:
        """Lock-step on, with a meeting every `lead` steps, or off.

        RunError when the study is not of who asks (`by`), here and wherever a study is changed.
        """
        self._owned(study, by)
        with self._changing(study) as change:
            found = change(lead=lead)
            if lead:
                _check_room(found.planned, self._runs.capacity())
            self._runs.together(found.runs, lead, by)

    def pause(self, study: str, by: str) -> None:
        self._post(self._owned(study, by), Pause(), lambda info: not info.over and info.state != "paused")

    def resume(self, study: str, by: str) -> None:
        """Go on with everything that can: paused and stopped runs, and those still to be made."""
        found = self._owned(study, by)
        with self._changing(study) as change:
            change(stopped=False, trouble="")
        self._post(found, Resume(), lambda info: info.state in ("paused", "stopped", "failed"))
        self._go_on()

    def stop(self, study: str, by: str) -> None:
        """End its runs where they are and make no further ones."""
        found = self._owned(study, by)
        with self._changing(study) as change:
            change(stopped=True)
        self._post(found, Stop(), lambda info: not info.over)

    def delete(self, study: str, runs: bool, by: str) -> None:
        """Forget the study; with `runs` its runs too, for good. Runs that stay train on, each on its own."""
        with self._lock:
            found = self._owned(study, by)
            self._runs.together(found.runs, None, by)
            del self._studies[study]
            self._store.delete(study)
        if runs:
            known = [info.id for info in self.infos(found) if info is not None]
            with ThreadPoolExecutor(max(1, len(known))) as pool:  # all are ended at once, and waited for together
                list(pool.map(lambda run: self._runs.delete(run, by), known))

    def infos(self, study: Study) -> tuple[RunInfo | None, ...]:
        """Its runs as they are now, in its order; None for one that was deleted."""
        return tuple(self._info(member.run) for member in study.members)

    # inside

    @property
    def _runs(self) -> RunService:
        service = self._service()
        assert service is not None, "the service is gone, and with it whoever could ask"
        return service

    def _info(self, run: str) -> RunInfo | None:
        try:
            return self._runs.get(run)
        except RunError:
            return None  # deleted on the Runs page

    def _owned(self, study: str, by: str) -> Study:
        found = self.get(study)
        if found.owner != by:
            raise RunError(_("The study {name!r}", name=found.name), _("may be changed by its owner alone"),
                           _("somebody else asked for that"), _("Start one of your own."))
        return found

    def _require_room(self, owner: str, runs: int) -> None:
        """RunError when the owner has too many studies, or these runs would be too many."""
        mine = self.list(owner)
        if len(mine) >= settings.MAX_STUDIES:
            raise RunError(_("Each visitor"), _("keeps {most} studies at most", most=settings.MAX_STUDIES),
                           _("you have {count}", count=len(mine)),
                           _("Delete some in the Lab; the oldest is {name!r}.", name=mine[-1].name))
        self._runs.make_room(owner, runs)

    def _post(self, study: Study, message: Message, condition: Callable[[RunInfo], bool]) -> None:
        for info in self.infos(study):
            if info is not None and condition(info):
                try:
                    self._runs.post(info.id, message, study.owner)
                except RunError as error:  # it ended between our look and our word
                    log.info("%s", error.sentence)

    def _now(self) -> float:
        return clock.after(study.created for study in tuple(self._studies.values()))

    def _save(self, study: Study) -> Study:
        with self._lock:
            self._store.write(study)
            self._studies[study.id] = study
        return study

    @contextmanager
    def _changing(self, study: str):
        """Yields `change(**fields)`, which keeps the study with new values and returns it."""
        with self._lock:
            yield lambda **fields: self._save(self.get(study).model_copy(update=fields))

    def _begin_together(self, study: Study, all_variants: Sequence[Variant]) -> None:
        """All are made before the first may train: the pack is whole from the first step on."""
        runs = [self._runs.create(each.experiment, study.owner, start=False) for each in all_variants]
        members = tuple(Member(run=run, values=each.values) for run, each in zip(runs, all_variants))
        with self._changing(study.id) as change:
            change(members=members, pending=())
        self._runs.together(runs, study.lead, study.owner)
        for run in runs:
            self._runs.post(run, Resume(), study.owner)

    def _go_on(self) -> None:
        with self._lock:
            alive = self._thread is not None and self._thread.is_alive()
            if not alive and any(self._busy(study) for study in self._studies.values()):
                self._thread = threading.Thread(target=self._look_after, daemon=True)
                self._thread.start()

    def _busy(self, study: Study) -> bool:
        """Whether there is something to do: a run to make, or one of a search that may be ended early."""
        pruning = study.search is not None and study.search.prune and not study.stopped
        return not study.complete or (pruning and any(info and not info.over for info in self.infos(study)))

    def _look_after(self) -> None:
        while True:
            time.sleep(TICK)
            service = self._service()
            if service is None or service.closed:
                return
            with self._lock:
                busy = [study.id for study in self._studies.values() if self._busy(study)]
                if not busy:
                    self._thread = None
                    return
            del service
            for study in busy:
                self._tend(study)

    def _tend(self, study: str) -> None:
        """End what is hopeless, make the next runs. What goes wrong stops the study and is told."""
        with self._lock:
            if study not in self._studies:
                return
            found = self.get(study)
            try:
                self._prune(found)
                while not (found := self.get(study)).complete and self._working(found) < found.at_once:
                    self._make_next(found)
            except DlvizError as error:
                with self._changing(study) as change:
                    change(stopped=True, trouble=error.sentence)

    def _working(self, study: Study) -> int:
        return sum(info is not None and not info.over for info in self.infos(study))

    def _make_next(self, study: Study) -> None:
        values = searching.propose(study.search, self._past(study)) if study.search else study.pending[0]
        made = variant(study.base, study.hyperparameters, values)
        run = self._runs.create(made.experiment, study.owner)
        with self._changing(study.id) as change:
            change(members=(*study.members, Member(run=run, values=tuple(values))), pending=study.pending[1:])

    def _prune(self, study: Study) -> None:
        if study.search is None or not study.search.prune:
            return
        past = self._past(study)
        for info, trial in zip(self.infos(study), past):
            if info and info.state == "training" and searching.hopeless(trial.accuracies, past):
                self._runs.post(info.id, Stop(), study.owner)

    def _past(self, study: Study) -> list[TrialRecord]:
        return past_of(self._runs, study, self.infos(study))


def _check_room(count: int, most: int) -> None:
    if count > most:
        raise RunError(_("Lock-step"), _("needs all runs at once, {most} at most on this server", most=most),
                       _("this study has {count}", count=count), _("Take fewer values, or train without lock-step."))
