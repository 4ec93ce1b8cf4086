"""The design in hand, with its past: every edit can be undone, and a draft on disk outlives the session.

All tabs of one visitor have one design in hand; what is selected is each tab's own. Knows nothing of Streamlit: a plain
object that a session keeps.
"""
from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from weakref import WeakValueDictionary

from dlviz import files, settings
from dlviz.errors import RunError, SpecError
from dlviz.layout import Layout
from dlviz.spec import Experiment, NetworkSpec, TrainingSpec, from_json
from pages.ui.shared.texts import texts

DEPTH = 200  # edits that can be undone

log = logging.getLogger(__name__)


def _draft_path(owner: str) -> Path:
    return settings.home() / "drafts" / f"{owner}.json"


def load_draft(owner: str) -> Experiment | None:
    """What this visitor was working on last, if it can still be read."""
    try:
        return from_json(_draft_path(owner).read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, SpecError) as error:
        log.warning("The draft of %s cannot be read: %s", owner, error)
        return None


class DesignHistory:
    """What was, is, and was undone, and whether the draft could be written. Several sessions may hold one."""

    def __init__(self, experiment: Experiment):
        self.past: list[Experiment] = []
        self.now = experiment
        self.future: list[Experiment] = []
        self.trouble = ""
        self.lock = threading.RLock()  # for an edit, which looks before it changes


_histories: WeakValueDictionary[Path, DesignHistory] = WeakValueDictionary()  # of the sessions that are open
_opening = threading.Lock()


def design_of(owner: str, first: Callable[[], Experiment]) -> Design:
    """The design in hand of this visitor: that of another tab, else the draft, else the `first`."""
    with _opening:
        history = _histories.get(_draft_path(owner)) or DesignHistory(load_draft(owner) or first())
        _histories[_draft_path(owner)] = history
    return Design(owner, history.now, history)


class Design:
    """An Experiment and the ones before and after it.

    Attributes:
        lock: held over an edit that looks at the design before it changes it.
        epoch: grows when Python itself replaces the design (undo, a preset, a file), so that edits that the
            browser made to an older one are dropped.
        selection: names of the selected layers.
        weights_from: the run whose weights a new run of it begins with, or None.
        trouble: a sentence while the draft cannot be written; the design itself is as it should be.
    """

    def __init__(self, owner: str, experiment: Experiment, history: DesignHistory | None = None):
        self.owner = owner
        self.epoch = 0
        self._selection: tuple[str, ...] = ()
        self.weights_from: str | None = None
        self._history = history or DesignHistory(experiment)
        self.lock = self._history.lock

    @property
    def experiment(self) -> Experiment:
        return self._history.now

    @property
    def network(self) -> NetworkSpec:
        return self._history.now.network

    @property
    def trouble(self) -> str:
        return self._history.trouble

    @property
    def selection(self) -> tuple[str, ...]:
        """Another tab may have deleted what was selected here."""
        names = self.network.names()
        return tuple(name for name in self._selection if name in names)

    @selection.setter
    def selection(self, names: tuple[str, ...]) -> None:
        self._selection = names

    @property
    def selected(self) -> str | None:
        """The selected layer, where it is the only one."""
        selection = self.selection
        return selection[0] if len(selection) == 1 else None

    @selected.setter
    def selected(self, name: str | None) -> None:
        self.selection = () if name is None else (name,)

    @property
    def can_undo(self) -> bool:
        return bool(self._history.past)

    @property
    def can_redo(self) -> bool:
        return bool(self._history.future)

    def replace(self, experiment: Experiment) -> None:
        """Another experiment takes the place of the one in hand, which stays one undo away."""
        history = self._history
        if experiment == history.now:
            return
        with self.lock:
            history.past = [*history.past, history.now][-DEPTH:]
            history.future = []
            self._set(experiment)

    def set_network(self, network: NetworkSpec, layout: Layout | None = None) -> None:
        """Another network; what the layout (as it is, unless another is given) knows of layers that are gone, goes."""
        layout = self.experiment.layout if layout is None else layout
        gone = set(self.network.names()).difference(network.names())
        self.replace(self.experiment.model_copy(update={"network": network, "layout": layout.without(gone)}))

    def set_layout(self, layout: Layout) -> None:
        self.replace(self.experiment.model_copy(update={"layout": layout}))

    def set_training(self, training: TrainingSpec) -> None:
        self.replace(self.experiment.model_copy(update={"training": training}))

    def open(self, experiment: Experiment) -> None:
        """Open a preset, a file or a link: the same as `replace`, and edits still on their way are dropped."""
        self.replace(experiment)
        self.epoch += 1
        self.selected = self.weights_from = None

    def undo(self) -> None:
        with self.lock:
            if self._history.past:
                self._history.future.append(self.experiment)
                self._set(self._history.past.pop())

    def redo(self) -> None:
        with self.lock:
            if self._history.future:
                self._history.past.append(self.experiment)
                self._set(self._history.future.pop())

    def _set(self, experiment: Experiment) -> None:
        self._history.now = experiment
        self.selection = self.selection  # without what has gone
        try:
            files.replace(_draft_path(self.owner), lambda partial: partial.write_text(experiment.to_json()))
            self._history.trouble = ""
        except OSError as error:
            self._history.trouble = texts.DESIGN_WILL_LOST_WHEN.format(reason=files.reason(error))
        except RunError as error:
            self._history.trouble = error.sentence
