"""A network that has learnt a game, as one plain script that plays it, without dlviz.

The training stays in dlviz: `dlviz train` repeats it. Knows no particular game.
"""
from __future__ import annotations

from string import Template

from dlviz.export.model import model_sources
from dlviz.export.names import file_stem, in_comment
from dlviz.export.writing import assemble
from dlviz.network import NetworkReport
from dlviz.spec import Experiment

HEADER = Template('''\
"""$title: a neural network in plain PyTorch, which plays.

    python $stem.py --weights $stem.safetensors

Needs PyTorch 2.9 or newer, NumPy, and safetensors for the weights.
"""
# Exported from the dlviz experiment "$name".
''')

PLAYING = '''\
import argparse

import numpy as np
import torch


@torch.no_grad()
def play(model, copies, seed):
    """One game in each copy, played to its end; returns what each gave."""
    game = make_game(copies)
    observations, info = game.reset(seed=seed)
    returns, over = np.zeros(copies), np.zeros(copies, bool)
    while not over.all():
        outputs = model(torch.from_numpy(observations)).numpy()
        actions = np.where(info["action_mask"], outputs, -np.inf).argmax(1)
        side = np.where(game.adversarial & (game.moves % 2 == 1), -1, 1)
        observations, rewards, terminated, truncated, info = game.step(actions)
        returns += np.where(over, 0, side * rewards)
        over |= terminated | truncated
    return returns


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", help="a file of weights; without one it has not learnt")
    parser.add_argument("--games", type=int, default=100, help="how many games are played")
    options = parser.parse_args()
    model = Network()
    if options.weights:
        from safetensors.torch import load_file

        model.load_state_dict(load_file(options.weights))
    returns = play(model.eval(), options.games, seed=0)
    print(f"{options.games} games: a mean return of {returns.mean():.3f}, "
          f"from {returns.min():g} to {returns.max():g}")


if __name__ == "__main__":
    main()
'''


def play_script(experiment: Experiment, title: str, game: str, report: NetworkReport) -> str:
    """The network, the game (`game` is its source, which defines `make_game(copies)`), and a loop that plays."""
    header = HEADER.substitute(title=title, stem=file_stem(experiment), name=in_comment(experiment.name))
    return f"{header}\n{assemble([*model_sources(experiment.network, report), game, PLAYING])}"
