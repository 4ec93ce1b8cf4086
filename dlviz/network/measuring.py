"""What one layer needs of memory and arithmetic, measured on torch's meta device, where tensors have no storage.

Every tensor is followed from its birth to its end, forward without gradients and forward and backward with them.
Where the CPU takes another way than meta tensors do, the CPU's is taken. Knows no network and no task.
"""
from __future__ import annotations

import math
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import nn
from torch.autograd.graph import get_gradient_edge
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from dlviz.shapes import Shape, shape_of

BATCH = 1_009  # a prime: what grows with the batch is told apart from what does not by division
TYPICAL = 64  # the batch at which the two are added up to find the highest moment
SHORT, LONG = 2, 4  # steps at which a recurrent layer is measured; each further one needs as much


@dataclass(frozen=True)
class Bytes:
    """Memory for each sample of a batch, and memory that does not hang on the batch."""

    sample: float = 0.0
    fixed: float = 0.0

    def at(self, batch: int) -> float:
        return self.sample * batch + self.fixed

    def minus(self, other: Bytes) -> Bytes:
        return Bytes(max(0.0, self.sample - other.sample), max(0.0, self.fixed - other.fixed))

    def beyond(self, other: Bytes, times: float) -> Bytes:
        """On the straight line from `other` through this, `times` as far."""
        return Bytes(other.sample + times * (self.sample - other.sample),
                     other.fixed + times * (self.fixed - other.fixed))


@dataclass(frozen=True)
class Profile:
    """What one layer needs.

    Args:
        out: what it gives, None for a form that no layer knows.
        multiply_adds: of matrix products and convolutions, one sample, forward.
        size: of its output.
        alias: the input whose storage the output shares (a view), or None.
        holds_input: whether autograd holds it for the backward pass, for each input.
        holds_output: the same for the output.
        internal: what else autograd holds.
        evaluate: the highest moment of a forward pass without gradients, above the inputs.
        forward: the same with gradients.
        backward: the highest moment of the backward pass, above all that was held; without gradients of weights.
        blocks: the pieces of `internal` that grow with the batch, for a sample each.
    """

    out: Shape | None
    parameters: int
    multiply_adds: int
    size: Bytes
    alias: int | None
    holds_input: tuple[bool, ...]
    holds_output: bool
    internal: Bytes
    evaluate: Bytes
    forward: Bytes
    backward: Bytes
    blocks: tuple[float, ...]


class Meter(TorchDispatchMode):
    """Follows each storage from its birth to its end, and counts multiply-adds, while it is entered."""

    def __init__(self, *old: torch.Tensor) -> None:
        super().__init__()
        self._sample = self._fixed = self._top = self.flops = 0
        self.top = (0, 0)
        self._known: dict[int, weakref.ref | None] = {tensor.untyped_storage()._cdata: None for tensor in old}
        self._live: dict[int, int] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **kwargs) if kwargs else func(*args)
        if isinstance(out, torch.Tensor):
            self._add(out.untyped_storage())
        elif isinstance(out, (tuple, list)):
            for tensor in out:
                if isinstance(tensor, torch.Tensor):
                    self._add(tensor.untyped_storage())
        if (count := flop_registry.get(func._overloadpacket)) is not None:
            self.flops += count(*args, **(kwargs or {}), out_val=out)
        return out

    @property
    def now(self) -> Bytes:
        return Bytes(self._sample / BATCH, self._fixed)

    @property
    def highest(self) -> Bytes:
        return Bytes(self.top[0] / BATCH, self.top[1])

    def blocks(self, but: int | None) -> tuple[float, ...]:
        """What lives now and grows with the batch, for a sample each, without one storage."""
        return tuple(size / BATCH for key, size in self._live.items() if key != but and size % BATCH == 0)

    def restart(self) -> None:
        """Forget the highest moment so far."""
        self.top, self._top = (self._sample, self._fixed), self._sample * TYPICAL + self._fixed * BATCH

    def _add(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        if key in self._known:
            return
        size = storage.nbytes()

        def gone(_: weakref.ref) -> None:
            self._count(-size)
            del self._known[key], self._live[key]

        self._known[key], self._live[key] = weakref.ref(storage, gone), size
        self._count(size)
        if self._sample * TYPICAL + self._fixed * BATCH > self._top:
            self.restart()

    def _count(self, size: int) -> None:
        if size % BATCH == 0:
            self._sample += size
        else:
            self._fixed += size


def measure(module: nn.Module, shapes: Sequence[Shape]) -> Profile:
    """The profile of a module on the meta device for inputs of these shapes."""
    inputs = [_input(shape) for shape in shapes]
    old = [*module.parameters(), *module.buffers(), *inputs]
    if any(p.ndim == 4 for p in module.parameters()):
        module.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] - torch's stubs leave it out
    profile = _trained(module, inputs, old)
    if not profile.internal.sample:
        return profile  # one kernel: it rises as high without gradients
    return replace(profile, evaluate=_evaluated(module, inputs, old))


def _evaluated(module: nn.Module, inputs: list[torch.Tensor], old: list[torch.Tensor]) -> Bytes:
    module.eval()
    with torch.no_grad(), Meter(*old) as meter, _AsOnTheCPU(meter):
        module(*inputs)
    return meter.highest


def measure_steps(short: Profile, long: Profile, steps: int) -> Profile:
    """The profile for `steps` steps of a layer that does the same at each, from those for SHORT and LONG."""
    times = (steps - SHORT) / (LONG - SHORT)
    lines = {field.name: getattr(long, field.name).beyond(getattr(short, field.name), times)
             for field in fields(Profile) if isinstance(getattr(long, field.name), Bytes)}
    blocks, out = long.blocks, long.out
    if len(blocks) == len(short.blocks):  # one for all steps, not one at each
        blocks = tuple(before + times * (size - before) for before, size in zip(short.blocks, blocks))
    if out is not None and out.kind == "sequence":
        out = replace(out, axes=(steps, *out.axes[1:]))
    work = short.multiply_adds + round(times * (long.multiply_adds - short.multiply_adds))
    return replace(long, out=out, multiply_adds=work, blocks=blocks, **lines)


def _input(shape: Shape) -> torch.Tensor:
    x = shape.meta(BATCH)
    return x.to(memory_format=torch.channels_last) if x.ndim == 4 else x


def _size(tensor: torch.Tensor) -> Bytes:
    size = tensor.untyped_storage().nbytes()
    return Bytes(size / BATCH) if size % BATCH == 0 else Bytes(0.0, size)


def _trained(module: nn.Module, originals: list[torch.Tensor], old: list[torch.Tensor]) -> Profile:
    """Forward and backward; what an evaluation needs is taken to be the same."""
    leaves = [x.requires_grad_() if x.is_floating_point() else x for x in originals]
    inputs = [x.clone() for x in leaves]  # no leaves, which autograd would hold in any case
    stores = [weakref.ref(x.untyped_storage()) for x in inputs]
    sources, sizes = {x.grad_fn for x in inputs}, [_size(x) for x in leaves if x.requires_grad]
    with Meter(*old, *inputs) as meter, _AsOnTheCPU(meter):
        out = module(*inputs)
        forward, flops, shape, size = meter.highest, meter.flops, shape_of(out), _size(out)
        stores.append(weakref.ref(out.untyped_storage()))
        alias = next((i for i, store in enumerate(stores[:-1]) if store() is stores[-1]()), None)
        start = _Start(out, alias) if out.requires_grad else None
        del out, inputs
        *holds_input, holds_output = (store() is not None for store in stores)
        saved, last = meter.now, stores[-1]()
        blocks = meter.blocks(None if last is None else last._cdata)
        del last
        own = size if holds_output and alias is None else Bytes()
        backward = start.backward(meter, sources, sizes) if start else Bytes()
    parameters = sum(p.numel() for p in module.parameters())
    return Profile(shape, parameters, flops // (2 * BATCH), size, alias, tuple(holds_input), holds_output,
                   internal=saved.minus(own), evaluate=forward, forward=forward,
                   backward=backward.minus(Bytes(0.0, 4 * parameters)), blocks=blocks)


class _Start:
    """Where the backward pass of `out` begins, with a gradient that nobody but autograd holds."""

    def __init__(self, out: torch.Tensor, alias: int | None) -> None:
        self._edge, self._single = get_gradient_edge(out), alias is None
        self._shape, self._strides = out.shape, torch.empty_like(out).stride()

    def backward(self, meter: Meter, sources: set, sizes: list[Bytes]) -> Bytes:
        """How high the pass rises above what is held; not run for a single kernel, which makes gradients only."""
        if len(sizes) == 1 and self._single and all(node is None or node in sources
                                                   or node.name().endswith("AccumulateGrad")
               for node, _ in self._edge.node.next_functions):
            return Bytes(4 * math.prod(self._shape) / BATCH + sum(size.sample for size in sizes))
        before = meter.now
        meter.restart()
        self._edge.node.register_prehook(self._own)
        torch.autograd.backward(self._edge, torch.empty(1, device="meta").expand(self._shape))
        return meter.highest.minus(before)

    def _own(self, gradients: tuple[torch.Tensor | None, ...]) -> tuple[torch.Tensor | None, ...]:
        own = torch.empty_strided(self._shape, self._strides, device="meta")
        return tuple(own if i == self._edge.output_nr else gradient for i, gradient in enumerate(gradients))


class _AsOnTheCPU(TorchFunctionMode):
    """Has meta tensors take the CPU's way where torch would take another: fused attention, oneDNN's LSTM."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is F.scaled_dot_product_attention:
            query, key, value = args
            self._meter.flops += 2 * query.numel() * key.shape[-2] + 2 * query.shape[-2] * value.numel()
            return torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(*args, **kwargs)[0]
        if func is torch.lstm and torch.backends.mkldnn.is_available():
            self._meter.flops += 2 * math.prod(args[0].shape[:2]) * sum(w.numel() for w in args[2] if w.ndim == 2)
            return _lstm(*args)
        if func is F.conv_transpose2d and args[3] != (1, 1):  # input, weight, bias, stride
            out = func(*args, **kwargs)
            torch.empty_like(out)  # oneDNN makes it in an order of its own first
            return out
        if func in (F.layer_norm, F.softmax):
            return func(args[0].contiguous(), *args[1:], **kwargs)  # their kernels copy channels_last pictures
        return func(*args, **kwargs)


def _lstm(x: torch.Tensor, state: tuple[torch.Tensor, ...], weights: Sequence[torch.Tensor], biases: bool, layers: int,
          dropout: float, train: bool, bidirectional: bool, batch_first: bool) -> tuple[torch.Tensor, ...]:
    """`torch.lstm` as oneDNN does it: one call for each layer and direction, with a workspace where it learns."""
    ways, run = 1 + bidirectional, _Lstm.apply if torch.is_grad_enabled() else _Lstm.out
    each = len(weights) // (layers * ways)
    x = x.transpose(0, 1).contiguous() if batch_first else x
    for layer in range(layers):
        outs = [run(x, *weights[each * (ways * layer + way):][:each]) for way in range(ways)]
        x = torch.cat(outs, -1) if bidirectional else outs[0]
        if dropout and train and layer < layers - 1:
            x = F.dropout(x, dropout)
    hidden = torch.stack([x[-1, :, :state[0].shape[-1]]] * ways)
    return x.transpose(0, 1) if batch_first else x, hidden, hidden


class _Lstm(torch.autograd.Function):
    """One layer, one direction: `(T, B, D)` to `(T, B, H)`. The sizes of its workspaces were measured."""

    @staticmethod
    def out(x: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return x.new_empty(*x.shape[:2], weights[1].shape[1])

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        out = _Lstm.out(x, *weights)
        workspace = x.new_empty(*x.shape[:2], 6 * out.shape[-1])
        ctx.save_for_backward(x, out, workspace, *weights)
        return out

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, ...]:
        x, out, _, *weights = ctx.saved_tensors
        width, hidden = x.shape[-1], out.shape[-1]
        scratchpad = x.new_empty(*x.shape[:2], 8 * hidden + 3 * max(0, width - hidden))
        gradients = tuple(torch.empty_like(tensor) for tensor in (x, *weights))
        del scratchpad
        return gradients
