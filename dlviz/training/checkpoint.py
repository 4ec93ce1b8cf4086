"""A training's whole state in one safetensors file, so that going on equals never having stopped. Never pickle.

The file before the newest stays beside it: a power cut may leave a file of the right length and the wrong
bytes, so each carries a sum of its words.
"""
from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError

from dlviz import files, tasks, versions
from dlviz import network as net
from dlviz.errors import RunError
from dlviz.network import Network
from dlviz.shapes import Signature
from dlviz.spec import Experiment
from dlviz.training import tensorfile
from dlviz.translation import _

LARGE = 4_000_000  # bytes of a file whose room is worth keeping
FORMAT = "2"  # 2: what mechanisms remember has torch's and Keras's names
TRAINER_STATE = "~"  # before the keys of what a mechanism remembers; no layer's key begins so


@dataclass(frozen=True)
class TrainerState:
    """What mechanisms of training remember from step to step: tensors, and plain JSON values."""

    tensors: Mapping[str, torch.Tensor] = field(default_factory=dict[str, torch.Tensor])
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


def save(path: Path, network: Network, optimizer: torch.optim.Optimizer, step: int,
         state: TrainerState = TrainerState()) -> bool:
    """Write weights, optimizer, random state and step, to another file that then takes `path`'s place at once.

    Keys: a layer's own (`conv1.weight`), `optimizer.<index>.<name>`, `random.cpu`, `random.device`,
    `~<name>`. Returns whether it needed new room on the disk, because there was no older file to write over.
    """
    tensors = {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
    tensors |= _optimizer_tensors(optimizer) | _random_tensors(network)
    groups = [{key: value for key, value in group.items() if key != "params"}
              for group in optimizer.state_dict()["param_groups"]]
    tensors |= {TRAINER_STATE + name: value.detach().cpu().contiguous() for name, value in state.tensors.items()}
    metadata = {"format": FORMAT, "step": str(step), "groups": json.dumps(groups), "sum": checksum(tensors),
                "trainer_state": json.dumps(dict(state.values))}

    def write(partial: Path) -> bool:
        new = not _recycled(path, partial, tensors, metadata)
        if new:
            tensorfile.write(tensors, partial, metadata)
        _keep_older(path)
        return new

    return files.replace(path, write)


def older(path: Path) -> Path:
    """Where the checkpoint before the one in `path` lies."""
    return path.with_suffix(f".older{path.suffix}")


def spare(path: Path) -> Path:
    """Where the checkpoint before those two lies, whose room the next one takes; a part of no run that has ended."""
    return path.with_suffix(".spare")


def _recycled(path: Path, partial: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> bool:
    """Whether the new checkpoint could be written over one that is out of use."""
    try:
        spare(path).replace(partial)
    except FileNotFoundError:
        return False
    if any(tensor.dtype not in tensorfile.DTYPES for tensor in tensors.values()) \
            or not tensorfile.write_over(tensors, partial, metadata):
        partial.unlink()
        return False
    return True


def _keep_older(path: Path) -> None:
    """The newest gets a second name; at no moment is `path` missing."""
    before = older(path)
    with suppress(FileNotFoundError):
        if before.exists() and before.stat().st_size >= LARGE:
            before.replace(spare(path))
        before.unlink(missing_ok=True)
        try:
            os.link(path, before)
        except FileNotFoundError:
            raise
        except OSError:
            path.replace(before)  # a file system without links; a kill right here leaves the older one alone


def checksum(tensors: Mapping[str, torch.Tensor]) -> str:
    """The sum of all 64-bit words, tensor by tensor, at 15 GB/s."""
    total = 0
    for tensor in tensors.values():
        data = np.frombuffer(tensor.numpy().reshape(-1).view(np.uint8), np.uint8)
        words = len(data) // 8 * 8
        total += int(np.add.reduce(data[:words].view(np.uint64))) + int(np.add.reduce(data[words:], dtype=np.uint64))
    return str(total)


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    state = optimizer.state_dict()["state"]
    return {f"optimizer.{index}.{name}": value.detach().cpu().contiguous()
            for index, values in state.items() for name, value in values.items() if value is not None}


def _random_tensors(network: Network) -> dict[str, torch.Tensor]:
    device = next(network.parameters()).device
    tensors = {"random.cpu": torch.get_rng_state()}
    if device.type in ("cuda", "mps"):
        tensors["random.device"] = getattr(torch, device.type).get_rng_state().cpu()
    return tensors


def load(path: Path, network: Network, optimizer: torch.optim.Optimizer | None = None) -> int:
    """Put the file's state into network and optimizer (and torch's random state); returns the step.

    Without an optimizer only the weights are read. RunError for a file that does not fit or is damaged.
    """
    try:
        with tensorfile.opened(path) as file:
            metadata = file.metadata() or {}
            names = file.keys() if optimizer is not None else network.state_dict()
            tensors = {key: file.get_tensor(key) for key in names}
            if optimizer is not None and metadata.get("sum") not in (None, checksum(tensors)):
                raise ValueError("its bytes are not those that were written")
            network.load_state_dict({key: tensors[key] for key in network.state_dict()})
            if optimizer is not None:
                _restore_optimizer(optimizer, tensors, json.loads(metadata["groups"]))
                _restore_random(network, tensors)
        return int(metadata["step"])
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise RunError(_("The checkpoint {name}", name=path.name), _("must hold the weights of this network"),
                       _("it cannot be used ({error})", error=str(error).splitlines()[0][:120]),
                       _("Start the run again from the beginning.")) from error


def read_weights(path: Path, experiment: Experiment) -> tuple[dict[str, torch.Tensor], int]:
    """The weights in a checkpoint of this experiment, and their step. RunError for a file that is damaged or another's.

    Every byte is looked at: what is taken over into another run must not be what a power cut left.
    """
    try:
        with tensorfile.opened(path) as file:
            tensors = {key: file.get_tensor(key).clone() for key in file.keys()}
            metadata = file.metadata() or {}
            if metadata.get("sum") not in (None, checksum(tensors)):
                raise ValueError("its bytes are not those that were written")
            names = net.build(experiment.network, _signature(experiment), seed=0).state_dict()
            return {name: tensors[name] for name in names}, int(metadata["step"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise RunError(_("The checkpoint {name}", name=path.name), _("must hold the weights of its run"),
                       _("it cannot be used ({error})", error=str(error).splitlines()[0][:120]),
                       _("Take the weights of another run, or begin with new ones.")) from error


def write_weights(path: Path, tensors: Mapping[str, torch.Tensor], step: int) -> None:
    """A file of weights alone, some of a network's or all; OSError when the disk refuses."""
    tensorfile.write(tensors, path, {"format": FORMAT, "step": str(step), "sum": checksum(tensors)})


def load_some(path: Path, network: Network) -> None:
    """Put the weights that a file of `write_weights` has into the network; others stay. RunError for a damaged one."""
    try:
        with tensorfile.opened(path) as file:
            tensors = {key: file.get_tensor(key).clone() for key in file.keys()}
            if (file.metadata() or {}).get("sum") != checksum(tensors):
                raise ValueError("its bytes are not those that were written")
        if unknown := set(tensors) - set(network.state_dict()):
            raise ValueError(f"this network has no {min(unknown)}")
        network.load_state_dict(tensors, strict=False)
    except (OSError, SafetensorError, ValueError, RuntimeError) as error:
        raise RunError(_("The file {name}", name=path.name), _("must hold the first weights of this run"),
                       _("it cannot be used ({error})", error=str(error).splitlines()[0][:120]),
                       _("Start a new run, from the weights of another one or from new ones.")) from error


def step(path: Path) -> int:
    """How many updates are behind the weights in a file. RunError for one that cannot be read."""
    try:
        with tensorfile.opened(path) as file:
            return int((file.metadata() or {})["step"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise RunError(_("The checkpoint {name}", name=path.name), _("must say after which step it was written"),
                       _("it cannot be read"), _("Start the run again from the beginning.")) from error


def load_trainer_state(path: Path) -> TrainerState:
    """What mechanisms remembered in a file that `load` has read. RunError for a damaged one."""
    try:
        with tensorfile.opened(path) as file:
            values = _values(file.metadata() or {})
            names = [name for name in file.keys() if name.startswith(TRAINER_STATE)]
            return TrainerState({name.removeprefix(TRAINER_STATE): file.get_tensor(name).clone() for name in names},
                                values)  # what was read lies in the file until it is copied
    except (OSError, SafetensorError, ValueError) as error:
        raise RunError(_("The checkpoint {name}", name=path.name), _("must hold what the run remembers"),
                       _("it cannot be read"), _("Start the run again from the beginning.")) from error


def _values(metadata: Mapping[str, str]) -> dict[str, Any]:
    """The plain values that mechanisms remembered, as this version or version 1 has written them."""
    if "kept" in metadata:
        return versions.upgrade_trainer_state(json.loads(metadata["kept"]))
    return json.loads(metadata.get("trainer_state", "{}"))


def _restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor],
                       groups: list[dict[str, Any]]) -> None:
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".", 2)
            state.setdefault(int(index), {})[name] = _laid_out_like(weights[int(index)], value)
    fresh = optimizer.state_dict()["param_groups"]
    restored = [old | {key: _from_json(value) for key, value in new.items()} for old, new in zip(fresh, groups)]
    optimizer.load_state_dict({"state": state, "param_groups": restored})


def _from_json(value: list[Any] | str | float | None) -> Any:
    """A field of an optimizer: JSON has lists where torch has tuples."""
    return tuple(value) if isinstance(value, list) else value


def _laid_out_like(weight: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """A copy in the weight's own memory format: fused optimizers walk the bytes of both side by side."""
    return torch.empty_like(weight, device="cpu").copy_(value) if value.shape == weight.shape else value.clone()


def _restore_random(network: Network, tensors: dict[str, torch.Tensor]) -> None:
    torch.set_rng_state(tensors["random.cpu"])
    device = next(network.parameters()).device
    if "random.device" in tensors and device.type in ("cuda", "mps"):
        getattr(torch, device.type).set_rng_state(tensors["random.device"])


def load_network(experiment: Experiment, path: Path) -> tuple[Network, int]:
    """The network of an experiment with the weights in `path`, on the CPU in evaluation mode, and its step."""
    network = net.build(experiment.network, _signature(experiment))
    return network.eval(), load(path, network)


def _signature(experiment: Experiment) -> Signature:
    return tasks.get(experiment.task.name, experiment.task.fields).signature()


def drop_optimizer(path: Path) -> None:
    """Leave in the file what the network answers with.

    The training cannot go on from it. RunError for a damaged one.
    """
    try:
        with tensorfile.opened(path) as file:
            metadata = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()
                       if not key.startswith(("optimizer.", "random.", TRAINER_STATE))}
    except (OSError, SafetensorError) as error:
        raise RunError(_("The checkpoint {name}", name=path.name), _("must hold the weights of this network"),
                       _("it cannot be read"), _("Delete the run.")) from error
    metadata.pop("kept", None)
    metadata |= {"groups": "[]", "trainer_state": "{}", "sum": checksum(tensors)}
    files.replace(path, lambda partial: tensorfile.write(tensors, partial, metadata))
