"""CartPole: keep a pole upright on a cart by pushing the cart left or right.

Barto, Sutton and Anderson, Neuronlike adaptive elements that can solve difficult learning control problems, 1983.
The constants are those of Gymnasium's CartPole-v1.
"""
from __future__ import annotations

import numpy as np

from dlviz.games.base import Game

GRAVITY = 9.8  # m/s²
CART = 1.0  # kg
POLE = 0.1  # kg
HALF = 0.5  # m, half the pole's length
FORCE = 10.0  # N
TAU = 0.02  # s between two moves
TRACK = 2.4  # m to each side: beyond it the game is lost
ANGLE = 12 * np.pi / 180  # rad, likewise


class CartPole(Game):
    """The state is the cart's place and speed, the pole's angle and its speed; each move that it stands gives 1."""

    actions = ("push left", "push right")
    shape = (4,)
    lowest, highest, limit = 0.0, 500.0, 500
    reveals = "cart"

    def __init__(self, copies: int) -> None:
        super().__init__(copies)
        self.state = np.zeros((copies, 4))

    def begin(self, fresh: np.ndarray) -> None:
        self.state[fresh] = self.random.uniform(-0.05, 0.05, (fresh.sum(), 4))

    def move(self, actions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        x, speed, angle, turning = self.state.T
        force, sine, cosine = np.where(actions == 1, FORCE, -FORCE), np.sin(angle), np.cos(angle)
        mass = CART + POLE
        common = (force + POLE * HALF * turning**2 * sine) / mass
        turn = (GRAVITY * sine - cosine * common) / (HALF * (4 / 3 - POLE * cosine**2 / mass))
        push = common - POLE * HALF * turn * cosine / mass
        self.state = np.stack([x + TAU * speed, speed + TAU * push, angle + TAU * turning, turning + TAU * turn], 1)
        fallen = (abs(self.state[:, 0]) > TRACK) | (abs(self.state[:, 2]) > ANGLE)
        return np.ones(self.copies), fallen

    def observe(self) -> np.ndarray:
        return self.state.astype(np.float32)

    def frame(self) -> np.ndarray:
        return self.state[0].astype(np.float32)

    def guide(self) -> np.ndarray:
        """Push to where the pole falls: its angle and how fast it turns."""
        return (self.state[:, 2] + 0.25 * self.state[:, 3] > 0).astype(np.int64)
