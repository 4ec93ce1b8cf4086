"""Looks at attention: asks every attention module under a layer to publish its weights for a while, then to stop.

While nobody asks, fused attention runs and nothing is kept.
"""
from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeGuard

import numpy as np
import torch
from torch import nn


class Watchable(Protocol):
    """What an attention module must have: `layers.attention.Attention` and whatever comes after it."""

    embed_dim: int
    num_heads: int
    causal: bool
    position: str
    num_kv_heads: int
    sizes: tuple[int, ...]  # of queries, keys and values, in the rows of the projection: D, K, K
    in_proj_weight: torch.Tensor  # (D + 2 K, D)
    in_proj_bias: torch.Tensor | None  # (D + 2 K,)
    score_weight: torch.Tensor | None  # (heads, d), of additive scores
    out_proj: nn.Linear
    watching: bool
    published: torch.Tensor | None
    stages: tuple[torch.Tensor, torch.Tensor] | None
    crossing: bool

    def project(self, x: torch.Tensor, memory: torch.Tensor | None) -> tuple[torch.Tensor, ...]:
        """`x` `(B, T, D)`, `memory` `(B, S, D)` -> queries `(B, T, D)`, keys and values `(B, S, K)`."""
        ...

    def attend(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        """What these projections make, `(B, T, D)`."""
        ...

    def heads(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor,
              first: int = 0) -> tuple[torch.Tensor, ...]:
        """`(B, T, K)` each -> `(B, heads, T, D / heads)`; the first step stands at place `first`."""
        ...

    def mixed(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, first: int = 0) -> torch.Tensor:
        """Of queries `(B, heads, T, d)`, keys and values `(B, kv heads, S, d)`: what each query finds."""
        ...

    def grouped(self, x: torch.Tensor) -> torch.Tensor:
        """`(B, kv heads, S, d)` -> `(B, heads, S, d)`."""
        ...

    def scores(self, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        """How well queries and keys fit, `(B, heads, T, S)`."""
        ...

    def joined(self, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        """What additive scores weigh, `(B, heads, T, S, d)`."""
        ...

    def scaled(self, scores: torch.Tensor, first: int = 0) -> torch.Tensor:
        """The same as softmax takes them, `(B, heads, T, S)`."""
        ...

    def merged(self, mixed: torch.Tensor) -> torch.Tensor:
        """`(B, heads, T, d)` -> `(B, T, D)`."""
        ...


@dataclass(frozen=True)
class AttentionMaps:
    """One attention module's last look, for the first sample of the batch; `(heads, T, S)`, rows are queries."""

    weights: np.ndarray  # after the softmax; each row adds up to 1
    scores: np.ndarray  # query times key, raw
    scaled: np.ndarray  # divided by the root of the head's width, and -inf where the mask forbids
    crossing: bool = False  # keys come from another sequence than queries

    def sharpness(self) -> np.ndarray:
        """How sharp each head is, `(heads,)`: 1 when every query takes from one place, 0 when from all alike.

        One minus the mean entropy of the rows, each over the largest that its row can have.
        """
        allowed = np.isfinite(self.scaled).sum(-1)
        weights = np.clip(self.weights, 1e-12, 1)
        entropy = -(weights * np.log(weights)).sum(-1)
        rows = allowed > 1  # a row with one place to look at says nothing
        relative = np.where(rows, entropy / np.log(np.maximum(allowed, 2)), 0)
        return 1 - relative.sum(-1) / np.maximum(rows.sum(-1), 1)


def attentions(layer: str, module: nn.Module) -> dict[str, Watchable]:
    """The attention modules of a layer by name: the layer's own, or `block.self_attn` for those inside a block."""
    return {f"{layer}.{path}" if path else layer: part for path, part in module.named_modules() if is_watchable(part)}


def is_watchable(module: nn.Module) -> TypeGuard[Watchable]:
    """Whether it publishes its attention weights when it is asked to."""
    return hasattr(module, "watching") and hasattr(module, "published")


@contextmanager
def watched(modules: Mapping[str, nn.Module]) -> Generator[dict[str, AttentionMaps]]:
    """Within the block attention is published; the dict that is given is filled when the block ends."""
    parts = {name: part for layer, module in modules.items() for name, part in attentions(layer, module).items()}
    maps: dict[str, AttentionMaps] = {}
    for part in parts.values():
        part.watching = True
    try:
        yield maps
        for name, part in parts.items():
            if part.published is not None and part.stages is not None:
                scores, scaled = part.stages
                maps[name] = AttentionMaps(_first(part.published), _first(scores), _first(scaled), part.crossing)
    finally:
        for part in parts.values():
            part.watching, part.published, part.stages = False, None, None


@contextmanager
def muted(modules: Mapping[str, nn.Module], heads: Iterable[tuple[str, int]]) -> Generator[None]:
    """Within the block these heads, each an attention module's name and a number, add nothing to what is passed on."""
    parts = {name: part for layer, module in modules.items() for name, part in attentions(layer, module).items()}
    hooks = [parts[name].out_proj.register_forward_pre_hook(partial(_without, parts[name], head))
             for name, head in heads if name in parts and head < parts[name].num_heads]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _without(part: Watchable, head: int, module: nn.Module, given: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
    """What the output projection is given `(B, T, D)`, zero where this head speaks."""
    width = part.embed_dim // part.num_heads
    mixed = given[0].clone()
    mixed[..., head * width:(head + 1) * width] = 0.0
    return (mixed,)


def _first(tensor: torch.Tensor) -> np.ndarray:
    return tensor[0].detach().to("cpu", torch.float32, copy=True).numpy()
