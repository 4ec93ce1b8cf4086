"""The four kinds of data that flow between layers, and what a task gives and wants. Knows no layer."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch

from dlviz.translation import Words, _

Kind = Literal["vector", "image", "tokens", "sequence"]
KIND_AXES: dict[str, str] = {"vector": "D", "image": "C x H x W", "tokens": "T", "sequence": "T x D"}
KIND_WORDS = {"vector": _("a vector (a plain list of numbers)"), "image": _("an image (channels x height x width)"),
              "tokens": _("tokens (a list of symbols)"), "sequence": _("a sequence (one vector for each time step)")}


@dataclass(frozen=True, slots=True)
class Shape:
    """What flows along one wire, without the batch axis.

    Args:
        kind: `vector` (D), `image` (C, H, W), `tokens` (T) or `sequence` (T, D).
        axes: the sizes, channels first.
        vocabulary: how many different symbols there are; only for `tokens`.
    """

    kind: Kind
    axes: tuple[int, ...]
    vocabulary: int | None = None

    @property
    def numel(self) -> int:
        return math.prod(self.axes)

    def __str__(self) -> str:
        return " x ".join(f"{n:,}" for n in self.axes)

    def meta(self, batch: int = 2) -> torch.Tensor:
        """A tensor `(B, *axes)` without storage, to run a layer on."""
        dtype = torch.long if self.kind == "tokens" else torch.float32
        return torch.empty((batch, *self.axes), dtype=dtype, device="meta")


def shape_of(tensor: torch.Tensor) -> Shape | None:
    """The Shape of a batched tensor, or None when its axes are of no kind that layers know."""
    axes = tuple(tensor.shape[1:])
    if not tensor.is_floating_point():
        return Shape("tokens", axes) if len(axes) == 1 else None
    kinds: dict[int, Kind] = {1: "vector", 2: "sequence", 3: "image"}
    return Shape(kinds[len(axes)], axes) if len(axes) in kinds else None


@dataclass(frozen=True, slots=True)
class TeacherForcing:
    """Teacher forcing: the targets stand in an input, that of output row r at place r + 1 (Williams, Zipser 1989).

    Args:
        input: name of that input, which is tokens and as long as the output.
        first_row: the first output row that has a target; what stands up to its place is the question.
        prompt_length: how many of the targets a network is given before it goes on by itself (free running); where many
            answers are right, it needs a beginning.
        blank_token: the token of a place where nothing stands yet.
        end_token: the token with which an answer is over before its full length.
    """

    input: str
    first_row: int = 0
    prompt_length: int = 0
    blank_token: int = 0
    end_token: int | None = None


@dataclass(frozen=True)
class Signature:
    """What a task feeds a network and what it wants back.

    Args:
        inputs: name and shape of each input, in the order in which `forward` takes them.
        out_shape: the shape that the last layer must give.
        loss: `cross_entropy` (logits against classes, for sequences at every step) or `mse`; `actions` where a number
            for each action comes out and nothing says which is best: what is learned is the algorithm's to say.
        out_description: what the numbers of `out_shape` are, in plain words ("10 classes").
        exact_match: a sequence counts as correct only when every step is; otherwise the fraction of its correct steps
            counts.
        tolerance: with `mse`, how far a number may be off and still count as correct.
        score: with `mse`, how correct a sample is, 0 to 1: whether all its numbers are `within` the tolerance, how much
            of their variance is `explained`, or, of masks from 0 to 1, the `overlap` (intersection over union).
        teacher_forcing: where the inputs hold the targets; None where they do not.
        held_out: how many samples of validation or of test there may be, for what an evaluation takes of memory.
    """

    inputs: tuple[tuple[str, Shape], ...]
    out_shape: Shape
    loss: Literal["cross_entropy", "mse", "actions"]
    out_description: Words
    exact_match: bool = True
    tolerance: float = 0.1
    score: Literal["within", "explained", "overlap"] = "within"
    teacher_forcing: TeacherForcing | None = None
    held_out: int = 5_000

    @property
    def has_targets(self) -> bool:
        """Whether somebody knows what should come out; else only what it leads to is judged."""
        return self.loss != "actions"

    @property
    def forcing(self) -> TeacherForcing:
        """`teacher_forcing`, for those who only come where it is. ValueError where the inputs hold no targets."""
        if self.teacher_forcing is None:
            raise ValueError("the inputs hold no targets")
        return self.teacher_forcing
