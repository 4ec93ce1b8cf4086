"""Games to be learnt, and ways of learning them that fail. Plain data only."""
from __future__ import annotations

from typing import Any

from dlviz.algorithms import DQN, REINFORCE, ActorCritic, Algorithm
from dlviz.optimizers import Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec


def _dense(actions: int, *widths: int, flat: bool = True) -> NetworkSpec:
    rows: list[tuple[Any, ...]] = [("flatten", "Flatten")] if flat else []
    for number, width in enumerate(widths, start=1):
        rows += [linear(f"hidden{number}", width), (f"relu{number}", "ReLU")]
    return layers(*rows, linear("output", actions))


def _convolutions(actions: int) -> NetworkSpec:
    """Padded, so that what lies at the edge of a small board counts as much as its middle."""
    conv = {"kernel_size": 3, "padding": 1}
    return layers(("conv1", "Conv2d", {"out_channels": 16, **conv}), ("relu1", "ReLU"),
                  ("conv2", "Conv2d", {"out_channels": 32, **conv}), ("relu2", "ReLU"), ("flatten", "Flatten"),
                  linear("hidden", 64), ("relu3", "ReLU"), linear("output", actions))


def _game(key: str, title: str, sentence: str, network: NetworkSpec, task: str, algorithm: Algorithm,
          **training: Any) -> Preset:
    return preset("Games", key, title, sentence, network, task, algorithm=algorithm, **training)


GAMES: tuple[Preset, ...] = (
    _game("catch", "Catch the ball",
          "Deep Q-learning on a board of 10 x 5: at first the paddle trembles at random, after a few seconds it "
          "catches every ball. What the network says of each action can be watched at every move.",
          _dense(3, 64), "catch", DQN(), epochs=6, optimizer=Adam(learning_rate=1e-3), batch_size=64),
    _game("gridworld", "The way through a maze",
          "Deep Q-learning in a gridworld: values spread from the goal backwards, and the arrows of the map turn "
          "until they lead around the walls and past the pit.",
          _dense(4, 64), "gridworld", DQN(), epochs=6, optimizer=Adam(learning_rate=2e-3), batch_size=64),
    _game("cartpole", "CartPole by REINFORCE",
          "Eight games are played to their ends, then the moves of the better ones are made more likely: nothing else, "
          "and after some fifteen updates the pole stands for 500 moves.",
          _dense(2, 64, flat=False), "cartpole", REINFORCE(), epochs=12, optimizer=Adam(learning_rate=1e-2),
          batch_size=8, schedule="Constant", early_stopping=4),
    _game("cartpole_critic", "CartPole with a critic",
          "Actor-critic: a second network of the same design says how good a position is, so that a move can be judged "
          "before its game is over.",
          _dense(2, 64, 64, flat=False), "cartpole", ActorCritic(), epochs=12, optimizer=Adam(learning_rate=1e-3),
          batch_size=512, early_stopping=4),
    _game("snake", "Snake",
          "Deep Q-learning with two convolutions on a board of 6 x 6: crashes into the wall at first, about ten apples "
          "a game after half a minute. The showpiece, for the snake must not lock itself in.",
          _convolutions(4), "snake",
          DQN(copies=32, memory=20_000, epsilon_end=0.02, target_every=200, discount=0.95),
          epochs=12, optimizer=Adam(learning_rate=1e-3), batch_size=64),
    _game("tictactoe", "Tic-tac-toe against itself",
          "Deep Q-learning by self-play: what is good for the one is bad for the other, so that the value of a move is "
          "minus the best that the opponent has then. After twenty seconds it hardly loses; try it under Play.",
          _dense(9, 128, 128), "tictactoe",
          DQN(copies=32, memory=50_000, epsilon_end=0.25, epsilon_fraction=0.6, discount=1.0),
          epochs=12, optimizer=Adam(learning_rate=2e-3), batch_size=256),
    _game("gridworld_bold", "A maze without exploration",
          "Fails on purpose: it always makes the move that it holds for best, and that is soon one against a wall, "
          "again and again, until the game is broken off after 50 moves. It finds the goal from few places or none. "
          "Set the exploration at first to 1 and train again: then it finds its way from everywhere.",
          _dense(4, 64), "gridworld", DQN(epsilon_start=0.0, epsilon_end=0.0, copies=4), epochs=6,
          optimizer=Adam(learning_rate=2e-3), batch_size=64, seed=2),
    _game("gridworld_patient", "A maze without a discount",
          "Fails on purpose: with a discount of 1, and neither target network nor double DQN, each value is taken from "
          "the largest of the next ones, and nothing makes it smaller: the values climb to about 1,000, where the best "
          "return is 1, and it does not find the goal. "
          "Set the discount to 0.95 and train again: then it finds its way from everywhere.",
          _dense(4, 64), "gridworld", DQN(discount=1.0, double=False, target_every=1), epochs=6,
          optimizer=Adam(learning_rate=2e-3), batch_size=64),
    _game("catch_forgetful", "Catch without replay",
          "Fails on purpose: its replay memory holds no more than the last move of each of its two games, so that all "
          "updates look at these two, and what was learnt of other balls is forgotten. About every fifth ball is "
          "missed. Set the replay memory to 10,000 and train again: then it catches them all.",
          _dense(3, 64), "catch", DQN(copies=2, memory=2), epochs=6, optimizer=Adam(learning_rate=1e-3), batch_size=64),
    _game("cartpole_fall", "CartPole that sees no fall",
          "The classic bug, on purpose: beyond a fall it estimates what would come next, as if the pole still stood, "
          "so that a fall costs nothing. It learns for a while all the same, then it unlearns everything and pushes "
          "one way only: ten moves a game. Switch bootstrap_at_end off and train again.",
          _dense(2, 64, 64, flat=False), "cartpole", ActorCritic(bootstrap_at_end=True), epochs=6,
          optimizer=Adam(learning_rate=1e-3), batch_size=512),
)
