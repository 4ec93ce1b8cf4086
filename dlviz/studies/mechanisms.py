"""Mechanisms of training as one choice each: settings that several fields make up. Knows no run.

`mechanism clipping` is a hyperparameter with the values "no clipping", "norm at most 1" and so on; where nothing of
the experiment can be chosen so (a network without weights), a sentence says why.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dlviz import layers
from dlviz.augmentation import Augmentation
from dlviz.errors import SpecError
from dlviz.layers.initialisation import FIELDS
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, Scalar, TrainingSpec
from dlviz.translation import _, declared

Change = Callable[[Experiment], Experiment]


@declared("title", "sentence")
@dataclass(frozen=True)
class Mechanism:
    """What it is called, what it is for, and what can be chosen: name -> what that makes of an experiment."""

    title: str
    sentence: str
    choices: Mapping[str, Change]

    def now(self, experiment: Experiment) -> str | None:
        """The choice that is in hand, if it is one just as it stands."""
        return next((name for name, change in self.choices.items() if change(experiment) == experiment), None)


def _set(**settings: object) -> Change:
    """The experiment with these training settings."""
    def change(experiment: Experiment) -> Experiment:
        training = TrainingSpec(**{**dict(experiment.training), **settings})
        return experiment.model_copy(update={"training": training})

    return change


def _drawn(**how: Scalar) -> Change:
    """The experiment with first weights drawn so wherever they can be chosen; torch's way if empty."""
    def layer(spec: LayerSpec) -> LayerSpec:
        if not has_first_weights(spec):
            return spec
        others = {name: value for name, value in spec.fields.items() if name not in FIELDS}
        return spec.model_copy(update={"fields": {**others, **how}})

    def change(experiment: Experiment) -> Experiment:
        network = NetworkSpec(layers=tuple(layer(spec) for spec in experiment.network.layers))
        return experiment.model_copy(update={"network": network})

    return change


def has_first_weights(spec: LayerSpec) -> bool:
    """Whether the first weights of this layer can be chosen."""
    return spec.kind in layers.CATALOGUE and layers.get(spec.kind).drawn


def require(experiment: Experiment, mechanism: str) -> None:
    """SpecError, with the reason, where the mechanism can do nothing for this experiment."""
    if mechanism == "first_weights" and not any(map(has_first_weights, experiment.network.layers)):
        raise SpecError(_("First weights"), _("can only be chosen for layers such as Linear or Conv2d"),
                        _("this network has none whose first weights can be chosen"), _("Add one on the Workbench."))


def fits(experiment: Experiment, mechanism: str) -> bool:
    """Whether the mechanism can do something for this experiment."""
    try:
        require(experiment, mechanism)
    except SpecError:
        return False
    return True


MECHANISMS: dict[str, Mechanism] = {
    "clipping": Mechanism(
        "gradient clipping", "How long the gradients of one update may be.",
        {"no clipping": _set(clip="off"), "norm at most 1": _set(clip="norm", clip_threshold=1.0),
         "norm at most 0.1": _set(clip="norm", clip_threshold=0.1)}),
    "first_weights": Mechanism(
        "first weights", "How the weights of all layers are drawn before the first step.",
        {"torch's own": _drawn(), "Kaiming": _drawn(init="kaiming_normal"), "all zero": _drawn(init="zeros"),
         "too large": _drawn(init="normal", init_std=1.0)}),
    "augmentation": Mechanism(
        "augmentation", "How training pictures are changed each time that they are seen.",
        {"as they are": _set(augmentation=Augmentation()),
         "shifted": _set(augmentation=Augmentation(shift=2.0)),
         "shifted, turned, bent": _set(augmentation=Augmentation(shift=2.0, rotate=10.0, scale=0.1,
                                                                    elastic=1.0))}),
    "early_stopping": Mechanism(
        "early stopping", "Whether a run ends by itself when it gets no better on validation data.",
        {"to the last epoch": _set(early_stopping=0), "early stopping": _set(early_stopping=5)}),
}
