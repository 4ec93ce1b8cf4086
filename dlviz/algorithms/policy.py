"""Policy gradients: the network says how likely each action is. REINFORCE (Williams 1992), and an actor with a critic
(Mnih et al. 2016) whose advantages are estimated as by Schulman et al. (2016)."""
from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from dlviz.algorithms.base import Algorithm, bootstrap_at_end, copies, discount


def entropy(default: float) -> Any:
    return Field(default=default, ge=0, le=1,
        description="Exploration: what it is worth to be undecided (the entropy of the probabilities), so that no "
                    "action dies out too early.")


class REINFORCE(Algorithm):
    """REINFORCE: play games to their ends, then make the moves of games that went well more likely."""

    kind: Literal["REINFORCE"] = "REINFORCE"
    discount: float = discount()
    entropy: float = entropy(0.0)
    normalize: bool = Field(default=True,
        description="Compare each return with the mean of the batch, in units of its spread: a baseline, without "
                    "which every move of a game that gave anything becomes more likely.")
    formula: ClassVar[str] = r"-\log \pi(a \mid s)\, \hat G, \quad G_t = r_t + \gamma\, G_{t+1}"
    updates_per_epoch: ClassVar[int] = 10
    probabilistic: ClassVar[bool] = True
    samples: ClassVar[str] = "games"


class ActorCritic(Algorithm):
    """Actor-critic: a second network says how good a position is, and moves that turned out better become likelier."""

    kind: Literal["ActorCritic"] = "ActorCritic"
    discount: float = discount()
    gae_lambda: float = Field(default=0.95, ge=0, le=1,
        description="Generalized advantage estimation: how far rewards that really came count against the critic's "
                    "estimate; 0 trusts the critic after one move, 1 waits for the end of the game.")
    value_weight: float = Field(default=0.5, ge=0, le=10,
        description="How much the critic's loss counts beside the actor's.")
    entropy: float = entropy(0.01)
    normalize: bool = Field(default=True, description="Bring the advantages of a batch to mean 0 and spread 1.")
    copies: int = copies(16)
    bootstrap_at_end: bool = bootstrap_at_end()
    formula: ClassVar[str] = r"-\log \pi(a \mid s)\, \hat A + c\,(V(s) - \hat G)^2 - \beta\, H(\pi)"
    updates_per_epoch: ClassVar[int] = 50
    probabilistic: ClassVar[bool] = True
    td_error: ClassVar[str] = "|r + γ V(s′) − V(s)|"

    def least_samples(self, batch_size: int) -> int:
        return max(1, batch_size // self.copies) * self.copies
