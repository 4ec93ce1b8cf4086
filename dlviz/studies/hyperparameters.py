"""Hyperparameters: everything about an Experiment that a study can vary, read from the specs' own fields. Knows no run.

A hyperparameter is a path: `training batch_size`, `training optimizer learning_rate`, `seed`,
`layer hidden1 out_features`, `every Dropout p` (the field of all layers of a kind), `activations` (the kind
of all), `toggle batch_norm`, `recipe` (an optimizer with its usual settings, with and without momentum),
`mechanism clipping` (several settings that make one choice).
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, get_origin

from pydantic import BaseModel, Field, ValidationError

from dlviz import layers, tasks
from dlviz.errors import SpecError
from dlviz.network import editing
from dlviz.optimizers import LIVE, OPTIMIZERS, Optimizer
from dlviz.spec import Experiment, NetworkSpec, Plain, Scalar, TrainingSpec
from dlviz.studies import mechanisms, toggles
from dlviz.studies.domains import Domain, bare, field_domain, fitting, is_optional, kind_name, models, word
from dlviz.studies.mechanisms import MECHANISMS
from dlviz.translation import _, translated

SEEDS = 2**31 - 1
EACH_OPTIMIZER = _("The optimizer, each with its usual settings.")
EACH_ACTIVATION = _("The function that bends the numbers after each layer.")
WORDS = {"batch_size": _("batch size"), "train_fraction": _("fraction of the data"), "seed": _("seed")}


class Hyperparameter(Plain):
    """Which part of an Experiment is varied."""

    path: Annotated[tuple[str, ...], Field(min_length=1, max_length=6, strict=False)]

    @property
    def title(self) -> str:
        """As a person reads it: 'learning rate', 'hidden1: out features', 'all Dropout: p'."""
        match self.path:
            case ("layer", name, field):
                return f"{name}: {_plain(field)}"
            case ("every", kind, field):
                return str(_("all {kind}: {field}", kind=kind, field=_plain(field)))
            case ("activations",):
                return "activation"
            case ("recipe",):
                return "optimizer"
            case ("mechanism", name):
                return MECHANISMS[name].title if name in MECHANISMS else name
            case ("toggle", toggle):
                return toggles.TOGGLES[toggle].title if toggle in toggles.TOGGLES else toggle
            case ("present", name):
                return f"layer {name}"
            case ("training", "optimizer", field) if field in LIVE:
                return LIVE[field].title
            case ("training", part, field) if part != "optimizer":
                return f"{_plain(part)}: {_plain(field)}"
            case _:
                return _plain(self.path[-1])


def available(experiment: Experiment) -> tuple[Hyperparameter, ...]:
    """Everything that can be varied in this experiment, training settings first."""
    found = [*_training_paths(experiment), ("recipe",), ("seed",),
             *(("mechanism", name) for name in MECHANISMS if name not in _unused(experiment)
               and mechanisms.fits(experiment, name)),
             *_toggle_paths(experiment.network),
             *_layer_paths(experiment.network)]
    return tuple(Hyperparameter(path=path) for path in found)


def domain(experiment: Experiment, hyperparameter: Hyperparameter) -> Domain:
    """The values that this hyperparameter takes here. SpecError when the experiment has no such hyperparameter."""
    match hyperparameter.path:
        case ("training", *names):
            return _training_domain(experiment.training, hyperparameter, names)
        case ("seed",):
            return Domain("integer", experiment.seed, 0, False, SEEDS, sentence=_sentence(Experiment, "seed"))
        case ("layer", name, field) if name in experiment.network.names():
            spec = experiment.network.layer(name)
            return _layer_domain(hyperparameter, spec.kind, field, spec.fields.get(field))
        case ("every", kind, field):
            first = next((x for x in experiment.network.layers if x.kind == kind), None)
            if first is not None:
                return _layer_domain(hyperparameter, kind, field, first.fields.get(field))
        case ("recipe",):
            return Domain("choice", _recipe(experiment.training), choices=tuple(recipes()),
                          sentence=str(EACH_OPTIMIZER))
        case ("mechanism", name) if name in MECHANISMS:
            mechanisms.require(experiment, name)
            made = MECHANISMS[name]
            return Domain("choice", made.now(experiment), choices=tuple(made.choices), sentence=made.sentence)
        case ("activations",):
            used = _activations(experiment.network)
            if not used:
                raise SpecError(_("Activation functions"), _("need a network that has some, to be swapped"),
                                _("this one has none as a layer of its own"),
                                _("Add one on the Workbench, ReLU for instance."))
            kind = experiment.network.layer(used[0]).kind
            return Domain("choice", kind, choices=tuple(dict.fromkeys((kind, *layers.activations()))),
                          sentence=str(EACH_ACTIVATION))
        case ("toggle", toggle) if toggle in toggles.TOGGLES:
            present = toggles.TOGGLES[toggle].present(experiment.network)
            return Domain("choice", present, choices=(True, False))
        case ("present", name) if name in experiment.network.names():
            return Domain("choice", True, choices=(True, False))
    raise _unknown(hyperparameter)


def set_value(experiment: Experiment, hyperparameter: Hyperparameter, value: Scalar) -> Experiment:
    """The experiment with this one thing changed and nothing else.

    Another optimizer comes with its own usual settings, as in the form. SpecError for a value that it does
    not take; whether the network still fits together, `network.check` says.
    """
    known = domain(experiment, hyperparameter)
    value = fitting(hyperparameter.title, known, value)
    match hyperparameter.path:
        case ("training", *names):
            changed = _with_value(experiment.training, hyperparameter, names, value)
            return experiment.model_copy(update={"training": changed})
        case ("seed",):
            return experiment.model_copy(update={"seed": value})
        case ("layer", name, field):
            return _networked(experiment, editing.set_fields(experiment.network, name, {field: value}))
        case ("every", kind, field):
            names = [layer.name for layer in experiment.network.layers if layer.kind == kind]
            return _each(experiment, names, lambda net, name: editing.set_fields(net, name, {field: value}))
        case ("recipe",):
            changed = experiment.training.model_copy(update={"optimizer": recipes()[str(value)]})
            return experiment.model_copy(update={"training": changed})
        case ("mechanism", name):
            return MECHANISMS[name].choices[str(value)](experiment)
        case ("activations",):
            return _each(experiment, _activations(experiment.network),
                         lambda net, name: editing.change_kind(net, name, str(value)))
        case ("toggle", toggle):
            return _networked(experiment, toggles.apply(experiment.network, toggle, bool(value)))
        case ("present", name):
            return experiment if value else _networked(experiment, toggles.remove_layer(experiment.network, name))
    raise _unknown(hyperparameter)


# what there is

def _training_paths(experiment: Experiment) -> Iterator[tuple[str, ...]]:
    unused = _unused(experiment)
    for name, info in TrainingSpec.model_fields.items():
        value, kind = getattr(experiment.training, name), bare(info)
        if name in unused:
            continue
        if models(kind):
            if name != "optimizer" and (len(models(kind)) > 1 or is_optional(info)):  # `recipe` says more
                yield "training", name
            if isinstance(value, BaseModel):
                yield from (("training", name, field) for field, sub in type(value).model_fields.items()
                            if bare(sub) in (int, float, bool) or get_origin(bare(sub)) is Literal
                            if field != "kind")
        elif kind in (int, float, bool) or get_origin(kind) is Literal:
            yield "training", name


def _unused(experiment: Experiment) -> tuple[str, ...]:
    return tasks.get(experiment.task.name, experiment.task.fields).unused_settings


def _toggle_paths(network: NetworkSpec) -> Iterator[tuple[str, ...]]:
    for name, toggle in toggles.TOGGLES.items():
        if toggle.present(network) or (toggle.add and toggle.add(network) != network):
            yield "toggle", name
    if _activations(network):
        yield ("activations",)


def _layer_paths(network: NetworkSpec) -> Iterator[tuple[str, ...]]:
    kinds = [layer.kind for layer in network.layers if layer.kind in layers.CATALOGUE]
    for kind in dict.fromkeys(kinds):
        if kinds.count(kind) > 1:
            yield from (("every", kind, field) for field in _fields(kind) if field != layers.get(kind).width)
    for layer in network.layers:
        last = layer is network.layers[-1]
        if layer.kind in layers.CATALOGUE:
            yield from (("layer", layer.name, field) for field in _fields(layer.kind)
                        if not (last and field == layers.get(layer.kind).width))  # that is the task's, not ours
    yield from (("present", layer.name) for layer in network.layers[:-1])


def _fields(kind: str) -> list[str]:
    return [name for name, info in layers.get(kind).model_fields.items()
            if bare(info) in (int, float, bool) or get_origin(bare(info)) is Literal]


def _recipe(training: TrainingSpec) -> str | None:
    """The recipe that is in hand, if it is one just as it stands."""
    return next((name for name, made in recipes().items() if made == training.optimizer), None)


def recipes() -> dict[str, Optimizer]:
    """Every optimizer with its usual settings, in each of the ways that it is compared in."""
    return {name: made for optimizer in OPTIMIZERS.values() for name, made in optimizer.recipes().items()}


def _activations(network: NetworkSpec) -> list[str]:
    return [layer.name for layer in network.layers if layer.kind in layers.activations()]


# what values they take

def _training_domain(training: TrainingSpec, hyperparameter: Hyperparameter, names: list[str]) -> Domain:
    model: Any = training
    for name in names[:-1]:
        model = getattr(model, name, None)
    if not isinstance(model, BaseModel) or names[-1] not in type(model).model_fields:
        raise _unknown(hyperparameter)
    info, now = type(model).model_fields[names[-1]], getattr(model, names[-1])
    kinds = models(bare(info))
    if kinds:
        choices = tuple(kind_name(kind) for kind in kinds) + ((None,) if is_optional(info) else ())
        return Domain("choice", kind_name(type(now)) if now is not None else None, choices=choices,
                      sentence=translated(info.description or ""))
    return field_domain(info, now)


def _layer_domain(hyperparameter: Hyperparameter, kind: str, field: str, now: Scalar) -> Domain:
    info = layers.get(kind).model_fields.get(field)
    if info is None:
        raise _unknown(hyperparameter)
    return field_domain(info, info.default if now is None else now)


# from a value to an experiment

def _with_value(model: Any, hyperparameter: Hyperparameter, names: list[str], value: Scalar) -> Any:
    """The frozen model with the field at the end of `names` changed, validated anew."""
    if len(names) > 1:
        inner = _with_value(getattr(model, names[0]), hyperparameter, names[1:], value)
        return model.model_copy(update={names[0]: inner})
    kinds = models(bare(type(model).model_fields[names[0]]))
    made: Any = next((kind() for kind in kinds if kind_name(kind) == value), value)
    if kinds and isinstance(getattr(model, names[0]), type(made)):
        return model  # it is the one in hand: its settings stay
    try:
        return type(model)(**(dict(model) | {names[0]: made}))
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        raise SpecError(_("The {title}", title=hyperparameter.title), _("must stay within its bounds"),
                        _("{value} was given ({rule})", value=word(value), rule=reason[:1].lower() + reason[1:]),
                        _("Choose another value.")) from error


def _each(experiment: Experiment, names: list[str],
          change: Callable[[NetworkSpec, str], NetworkSpec]) -> Experiment:
    network = experiment.network
    for name in names:
        network = change(network, name)
    return _networked(experiment, network)


def _networked(experiment: Experiment, network: NetworkSpec) -> Experiment:
    return experiment.model_copy(update={"network": network})


def _unknown(hyperparameter: Hyperparameter) -> SpecError:
    return SpecError(_("The hyperparameter {name!r}", name=" ".join(hyperparameter.path)[:60]),
                     _("must be one that this experiment has"), _("it has none of this name"), _("Choose another one."))


def _plain(name: str) -> str:
    return str(WORDS.get(name, name.replace("_", " ")))


def _sentence(model: Any, name: str) -> str:
    return translated(model.model_fields[name].description or "")
