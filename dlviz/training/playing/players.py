"""Who plays by which algorithm. A new one is one class, and its place here."""
from __future__ import annotations

from dlviz.training.playing.dqn import DQNPlayer
from dlviz.training.playing.player import Player
from dlviz.training.playing.policy import ActorCriticPlayer, ReinforcePlayer

PLAYERS: dict[str, type[Player]] = {player.algorithm.__name__: player
                                    for player in (DQNPlayer, ReinforcePlayer, ActorCriticPlayer)}
