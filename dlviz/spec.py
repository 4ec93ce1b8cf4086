"""What a user designed: a network, how it is trained, and both as one Experiment. Plain data, JSON in and out.

Knows neither torch nor the layer catalogue: whether a kind exists and its fields make sense, `network.check` says.
"""
from __future__ import annotations

import base64
import json
import math
import zlib
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeGuard

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializeAsAny,
    ValidationError,
    field_validator,
    model_validator,
)

from dlviz import algorithms, bounds, optimizers, schedules, settings, versions
from dlviz.algorithms import DQN, Algorithm
from dlviz.augmentation import Augmentation
from dlviz.english import count
from dlviz.errors import SpecError
from dlviz.layout import Layout
from dlviz.optimizers import Adam, Optimizer
from dlviz.schedules import Constant, Schedule
from dlviz.text_table import text_table
from dlviz.translation import _

if TYPE_CHECKING:
    from dlviz.shapes import Signature  # brings torch

VERSION = 3  # 2: PyTorch's names; `versions` has those of 1. 3: fields that an older dlviz refuses
Scalar = bool | int | float | str | None


class Plain(BaseModel):
    """Frozen, strict, and refusing keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class LayerSpec(Plain):
    """One layer: its name (the user's own), its kind, its fields, and whose outputs it takes.

    `inputs` of None means the output of the layer before (of the task's first input for the first layer);
    empty ones mean that nothing is wired to it yet. A layer that is not `trainable` is frozen: its weights, and what a
    batch normalization has seen of its batches, stay as they are.
    """

    name: str = Field(min_length=1, max_length=settings.MAX_NAME)
    kind: str = Field(min_length=1, max_length=60)
    fields: dict[str, Scalar] = {}
    inputs: Annotated[tuple[str, ...], Field(max_length=settings.MAX_INPUTS, strict=False)] | None = None
    trainable: bool = True

    @field_validator("name")
    @classmethod
    def _printable(cls, name: str) -> str:
        if not name.isprintable() or name != name.strip():
            raise ValueError("a name is printable text without spaces at its ends")
        return name


class NetworkSpec(Plain):
    """Layers in order; each takes earlier ones by name, so skips and branches need nothing else."""

    layers: Annotated[tuple[LayerSpec, ...], Field(max_length=settings.MAX_LAYERS, strict=False)] = ()

    @model_validator(mode="after")
    def _unique_names(self) -> NetworkSpec:
        names = [layer.name for layer in self.layers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two layers are called {twice[0]!r}; names are unique")
        return self

    def names(self) -> tuple[str, ...]:
        """Names of all layers, in order."""
        return tuple(layer.name for layer in self.layers)

    def index(self, name: str) -> int:
        """Where the layer stands, from 0. KeyError when there is none of this name."""
        for index, layer in enumerate(self.layers):
            if layer.name == name:
                return index
        raise KeyError(name)

    def layer(self, name: str) -> LayerSpec:
        """The layer of this name. KeyError when there is none."""
        return self.layers[self.index(name)]

    def __repr__(self) -> str:
        """A table of the layers; `dlviz.check(experiment)` prints one with shapes and parameters."""
        rows = [(layer.name, layer.kind, _fields(layer.fields | ({} if layer.trainable else {"trainable": False})),
                 ", ".join(("the layer before",) if layer.inputs is None else layer.inputs)) for layer in self.layers]
        return text_table(("layer", "kind", "fields", "inputs"), rows)


class TaskSpec(Plain):
    """Which task, and its own fields."""

    name: str = Field(default="mnist", min_length=1, max_length=60)
    fields: dict[str, Scalar] = {}


class TrainingSpec(Plain):
    """How a network is trained."""

    optimizer: Annotated[SerializeAsAny[Optimizer], BeforeValidator(optimizers.load)] = Adam()
    schedule: Annotated[SerializeAsAny[Schedule], BeforeValidator(schedules.read)] = Field(
        default=Constant(), description="How the learning rate changes over the run.")
    batch_size: int = Field(default=64, ge=1, le=settings.MAX_BATCH,
                            description="Samples for each update of the weights.")
    epochs: int = Field(default=5, ge=1, le=settings.MAX_EPOCHS, description="How often all the training data is seen.")
    train_fraction: float = Field(default=1.0, gt=0, le=1, description="Fraction of the training data that is used.")
    clip: Literal["off", "norm", "value"] = Field(
        "off", description="Gradient clipping: shorten all gradients together when their norm (their length) is above "
        "the threshold, or cut each number off at it.")
    clip_threshold: float = Field(default=1.0, gt=0, le=1e6,
                                  description="The threshold at which gradients are clipped.")
    label_smoothing: float = Field(
        0.0, ge=0, le=0.9, description="Fraction of the target that is spread over all classes while training, so that "
        "the network does not grow too sure. Validation and test are evaluated without it.")
    early_stopping: int = Field(
        0, ge=0, le=1_000, description="End when this many evaluations of the whole validation split in a row (one an "
        "epoch) brought no lower loss, and put the best weights back (patience); 0 is off.")
    l1: float = Field(
        0.0, ge=0, le=10, description="L1 regularization: what the sum of all weights, without their signs, costs. It "
        "drives weights that are not needed to zero. Biases are free; the loss is shown without it.")
    l2: float = Field(
        0.0, ge=0, le=10, description="L2 regularization: what the sum of all squared weights costs. It keeps weights "
        "small. Biases are free; the loss is shown without it.")
    augmentation: Augmentation = Field(
        Augmentation(), description="Change each training picture a little whenever it is seen.")
    algorithm: Annotated[SerializeAsAny[Algorithm], BeforeValidator(algorithms.load)] = Field(
        default=DQN(), description="How the network learns from games; of tasks that are games.")

    def steps_per_epoch(self, samples: int | None) -> int:
        """Updates of an epoch over so many training samples; None where there are none, and games are played."""
        if samples is None:
            return self.algorithm.updates_per_epoch
        return math.ceil(max(1, round(self.train_fraction * samples)) / self.batch_size)

    def require(self, signature: Signature) -> None:
        """SpecError for a mechanism that a task of this signature cannot use."""
        if self.label_smoothing and signature.loss != "cross_entropy":
            raise SpecError(_("Label smoothing"), _("softens answers that are classes"),
                            _("this task is answered with numbers"), _("Set label smoothing to 0."))
        if self.augmentation.active and signature.out_shape.kind == "image":
            raise SpecError(_("Augmentation"), _("changes what goes in and leaves the target as it is"),
                            _("the targets of this task are pictures, which would have to change with it"),
                            _("Set all amounts of augmentation to 0."))
        if self.augmentation.active and not any(shape.kind == "image" for _, shape in signature.inputs):
            raise SpecError(_("Augmentation"), _("shifts, turns, scales and bends pictures"), _("this task has none"),
                            _("Set all amounts of augmentation to 0."))


class Experiment(Plain):
    """Everything that decides a training curve, as one value. Same Experiment, same machine: same curve.

    `name` and `layout` decide nothing of it; they go where the experiment goes.
    """

    version: Literal[3] = VERSION
    name: str = Field(default="Untitled", min_length=1, max_length=settings.MAX_NAME)
    network: NetworkSpec = NetworkSpec()
    task: TaskSpec = TaskSpec()
    training: TrainingSpec = TrainingSpec()  # pyright: ignore[reportCallIssue] - Field's first argument is a default
    seed: int = Field(default=1, ge=0, le=2**31 - 1,
                      description="Decides the first weights, the order of the data, dropout.")
    layout: Layout = Layout()

    @model_validator(mode="before")
    @classmethod
    def _of_any_version(cls, value: Any) -> Any:
        return versions.upgrade_experiment(value)

    def __repr__(self) -> str:
        training = self.training
        return (f"{self.name}: {self.task.name}{f' ({_fields(self.task.fields)})' if self.task.fields else ''}, "
                f"{training.optimizer.kind}, batch_size {training.batch_size}, {count(training.epochs, 'epoch')}, "
                f"seed {self.seed}\n{self.network!r}")

    def without_layout(self) -> Experiment:
        """The same with its nodes nowhere: by this two are compared, and results remembered."""
        return self if self.layout == Layout() else self.model_copy(update={"layout": Layout()})

    def trains_as(self, other: Experiment) -> bool:
        """Whether both are the same but for their names and layouts."""
        one, another = (each.model_copy(update={"name": "", "layout": None}) for each in (self, other))
        return one == another

    def to_json(self, indent: int | None = 2) -> str:
        """JSON text that `from_json` reopens exactly; on one line where `indent` is None."""
        return self.model_dump_json(indent=indent)

    def to_link(self) -> str:
        """URL-safe text that `from_link` reopens exactly; SpecError when longer than a link may be."""
        packed = zlib.compress(self.to_json(indent=None).encode(), 9)
        text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
        if len(text) > settings.MAX_LINK_BYTES:
            raise SpecError(_("This experiment"),
                            _("must fit into a link of {most:,} characters at most", most=settings.MAX_LINK_BYTES),
                            _("it needs {count:,}", count=len(text)), _("Save it as a file instead."))
        return text


def from_json(text: str | bytes) -> Experiment:
    """Read an Experiment from JSON text. SpecError, in one sentence, for anything else."""
    if len(text) > settings.MAX_JSON_BYTES:
        raise SpecError(_("The file"), _("may hold {most:,} KB at most", most=settings.MAX_JSON_BYTES // 1000),
                        _("this one has {count:,} KB", count=len(text) // 1000),
                        _("Choose a file that dlviz has saved."))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SpecError(_("The file"), _("must be an experiment saved as JSON"),
                        _("it cannot be read ({reason})", reason=_first(error)),
                        _("Choose a file that dlviz has saved.")) from error
    return from_value(value)


def from_link(text: str) -> Experiment:
    """Read an Experiment from the text that `to_link` made. SpecError for a link that is cut, changed or too long."""
    if len(text) > settings.MAX_LINK_BYTES:
        raise _bad_link()
    try:
        packed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except ValueError as error:
        raise _bad_link() from error
    plain = bounds.unpacked(packed, settings.MAX_JSON_BYTES)
    if plain is None:
        raise _bad_link()
    return from_json(plain)


def from_value(value: Any) -> Experiment:
    """Read an Experiment from decoded JSON. SpecError names the first thing that is wrong and where."""
    if not _is_object(value):
        raise SpecError(_("The file"), _("must be an experiment (a JSON object)"),
                        _("it holds {value}", value=_short(value)), _("Choose a file that dlviz has saved."))
    bounds.require_small(value)
    if value.get("version") not in range(1, VERSION + 1):
        raise _bad_version(value.get("version"))
    try:
        return Experiment.model_validate_json(json.dumps(value))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "experiment"
        raise SpecError(_("The experiment's {where}", where=where),
                        _("must keep its rule ({rule})", rule=_lower(first["msg"])),
                        _("it is {first}", first=_short(first["input"])),
                        _("Correct it in the file, or choose another file.")) from error
    except (ValueError, RecursionError) as error:
        raise SpecError(_("The file"), _("must be an experiment saved as JSON"),
                        _("it cannot be read ({reason})", reason=_first(error)),
                        _("Choose a file that dlviz has saved.")) from error


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)


def _fields(fields: dict[str, Scalar]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in fields.items())


def _bad_version(version: Any) -> SpecError:
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        return SpecError(_("The file"), _("must have version {newest} or older", newest=VERSION),
                         _("this one has version {version}", version=version), _("Open it with a newer dlviz."))
    return SpecError(_("The file"), _("must name its version (1 to {newest})", newest=VERSION),
                     _("this one says {version}", version=_short(version)),
                     _("It was made by another program or an early trial; build the network anew."))


def _bad_link() -> SpecError:
    return SpecError(_("The link"), _("must carry a whole experiment"), _("it is cut or changed"),
                     _("Ask for it again, or for the experiment as a file."))


def _first(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _lower(text: str) -> str:
    text = text.removeprefix("Value error, ")
    return text[:1].lower() + text[1:]
