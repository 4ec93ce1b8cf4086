"""The design in hand, with its past: every edit can be undone, and a draft on disk outlives the session.

Knows nothing of Streamlit: a plain object that a session keeps.
"""
from __future__ import annotations

import logging
from pathlib import Path

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


class Design:
    """An Experiment and the ones before and after it.

    Attributes:
        epoch: grows when Python itself replaces the design (undo, a preset, a file), so that edits that the
            browser made to an older one are dropped.
        selection: names of the selected layers.
        weights_from: the run whose weights a new run of it begins with, or None.
        trouble: a sentence while the draft cannot be written; the design itself is as it should be.
    """

    def __init__(self, owner: str, experiment: Experiment):
        self.owner = owner
        self.epoch = 0
        self.trouble = ""
        self.selection: tuple[str, ...] = ()
        self.weights_from: str | None = None
        self._past: list[Experiment] = []
        self._future: list[Experiment] = []
        self._now = experiment

    @property
    def experiment(self) -> Experiment:
        return self._now

    @property
    def network(self) -> NetworkSpec:
        return self._now.network

    @property
    def selected(self) -> str | None:
        """The selected layer, where it is the only one."""
        return self.selection[0] if len(self.selection) == 1 else None

    @selected.setter
    def selected(self, name: str | None) -> None:
        self.selection = () if name is None else (name,)

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def replace(self, experiment: Experiment) -> None:
        """Another experiment takes the place of the one in hand, which stays one undo away."""
        if experiment == self._now:
            return
        self._past = [*self._past, self._now][-DEPTH:]
        self._future = []
        self._set(experiment)

    def set_network(self, network: NetworkSpec, layout: Layout | None = None) -> None:
        """Another network; what the layout (as it is, unless another is given) knows of layers that are gone, goes."""
        layout = self._now.layout if layout is None else layout
        gone = set(self.network.names()).difference(network.names())
        self.replace(self._now.model_copy(update={"network": network, "layout": layout.without(gone)}))

    def set_layout(self, layout: Layout) -> None:
        self.replace(self._now.model_copy(update={"layout": layout}))

    def set_training(self, training: TrainingSpec) -> None:
        self.replace(self._now.model_copy(update={"training": training}))

    def open(self, experiment: Experiment) -> None:
        """Open a preset, a file or a link: the same as `replace`, and edits still on their way are dropped."""
        self.replace(experiment)
        self.epoch += 1
        self.selected = self.weights_from = None

    def undo(self) -> None:
        if self._past:
            self._future.append(self._now)
            self._set(self._past.pop())

    def redo(self) -> None:
        if self._future:
            self._past.append(self._now)
            self._set(self._future.pop())

    def _set(self, experiment: Experiment) -> None:
        self._now = experiment
        names = experiment.network.names()
        self.selection = tuple(name for name in self.selection if name in names)
        try:
            files.replace(_draft_path(self.owner), lambda partial: partial.write_text(experiment.to_json()))
            self.trouble = ""
        except OSError as error:
            self.trouble = texts.DESIGN_WILL_LOST_WHEN.format(reason=files.reason(error))
        except RunError as error:
            self.trouble = error.sentence
