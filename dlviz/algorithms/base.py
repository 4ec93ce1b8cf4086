"""What a reinforcement learning algorithm is: hyperparameters, each with a sentence. Knows neither torch nor games."""
from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Algorithm(BaseModel):
    """How a network learns from games. A subclass declares its fields; its docstring's first line explains it.

    Class attributes:
        kind: its name; a field, so that files say it.
        formula: the loss, in LaTeX.
        updates_per_epoch: updates after which the network is tested, and an epoch is over.
        probabilistic: whether what the network gives for each action is a logit, and its softmax a probability; else it
            is the value of the action.
        samples: what `batch_size` counts.
        td_error: the temporal-difference error in signs; empty where nothing is learnt from an estimate of what comes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    kind: str = ""
    discount: float = 0.99
    formula: ClassVar[str]
    updates_per_epoch: ClassVar[int]
    probabilistic: ClassVar[bool] = False
    samples: ClassVar[str] = "moves"
    td_error: ClassVar[str] = ""

    def least_samples(self, batch_size: int) -> int:
        """How many positions an update may have to learn from at the fewest."""
        return batch_size

    @classmethod
    def sentence(cls) -> str:
        return (cls.__doc__ or "").strip().splitlines()[0]


def discount(default: float = 0.99) -> Any:
    return Field(default=default, ge=0, le=1,
        description="Discount: what a reward is worth one move later, as a factor. Below 1, a reward that comes "
                    "sooner is worth more.")


def copies(default: int) -> Any:
    return Field(default=default, ge=1, le=64, description="How many copies of the game are played side by side.")


def bootstrap_at_end() -> Any:
    return Field(default=False,
        description="Estimate what would come after a lost or won game, as if it went on: a classic bug, to be seen. "
                    "Off, nothing comes after an end; games that were only broken off go on either way.")
