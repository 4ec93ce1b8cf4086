"""Learning from games: targets against NumPy written apart, going on to the bit, and what a run tells."""
from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from dlviz import presets, tasks
from dlviz.algorithms import DQN, REINFORCE, ActorCritic, Algorithm
from dlviz.errors import SpecError, TaskError
from dlviz.runs.storage.store import RunRow, Store
from dlviz.spec import Experiment, LayerSpec, NetworkSpec, TaskSpec, TrainingSpec, from_json
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.game_events import TDErrorRecorder, TDErrors
from dlviz.training.history import History
from dlviz.training.loop import train
from dlviz.training.playing import targets
from dlviz.training.playing.memory import ReplayMemory

RANDOM = np.random.default_rng(3)


def small(task: str, algorithm: Algorithm, **settings: object) -> Experiment:
    actions = {"catch": 3, "cartpole": 2, "tictactoe": 9, "gridworld": 4, "snake": 4}[task]
    rows = [] if task == "cartpole" else [LayerSpec(name="flatten", kind="Flatten")]
    rows += [LayerSpec(name="hidden", kind="Linear", fields={"out_features": 16}),
             LayerSpec(name="tanh", kind="Tanh"),
             LayerSpec(name="out", kind="Linear", fields={"out_features": actions})]
    training = TrainingSpec(**{"epochs": 1, "batch_size": 16, "algorithm": algorithm, **settings})
    return Experiment(network=NetworkSpec(layers=tuple(rows)), task=TaskSpec(name=task), training=training, seed=4)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_dqns_target_is_the_reward_and_what_the_target_network_says_of_the_networks_choice(sign: float):
    rewards, ended = RANDOM.normal(size=6), RANDOM.random(6) < 0.4
    values, choice = RANDOM.normal(size=(6, 3)), RANDOM.normal(size=(6, 3))
    allowed = RANDOM.random((6, 3)) < 0.7
    allowed[:, 0] = True
    by_hand = []
    for row in range(6):
        possible = [action for action in range(3) if allowed[row, action]]
        best = max(possible, key=lambda action: choice[row, action])
        by_hand.append(rewards[row] + (0 if ended[row] else sign * 0.9 * values[row, best]))
    found = targets.q_targets(*map(torch.from_numpy, (rewards, ended, values, choice, allowed)), 0.9, sign)
    assert found.numpy() == pytest.approx(by_hand)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_returns_are_the_discounted_sums_of_what_came(sign: float):
    rewards = RANDOM.normal(size=(7, 3))
    by_hand = [[sum((sign * 0.8) ** (later - step) * rewards[later, copy] for later in range(step, 7))
                for copy in range(3)] for step in range(7)]
    assert targets.discounted_returns(torch.from_numpy(rewards), 0.8, sign).numpy() == pytest.approx(np.array(by_hand))


def _gae(rewards, values, following, ended, broken, discount, decay):
    """The sum of formula 16 of Schulman et al. (2016), up to where the game stops."""
    found = np.zeros_like(rewards)
    for copy in range(rewards.shape[1]):
        for step in range(len(rewards)):
            total, factor = 0.0, 1.0
            for later in range(step, len(rewards)):
                beyond = 0 if ended[later, copy] else following[later, copy]
                total += factor * (rewards[later, copy] + discount * beyond - values[later, copy])
                if broken[later, copy]:
                    break
                factor *= discount * decay
            found[step, copy] = total
    return found


def test_advantages_are_the_sum_of_later_errors_until_the_game_stops():
    rewards, values, following = RANDOM.normal(size=(3, 9, 4))
    ended = RANDOM.random((9, 4)) < 0.15
    broken = ended | (RANDOM.random((9, 4)) < 0.15)
    found = targets.advantages(*map(torch.from_numpy, (rewards, values, following, ended, broken)), 0.95, 0.7)
    assert found.numpy() == pytest.approx(_gae(rewards, values, following, ended, broken, 0.95, 0.7))


def test_a_lambda_of_1_gives_the_return_less_the_value_and_0_the_error_of_one_move():
    rewards, values = RANDOM.normal(size=(5, 1)), RANDOM.normal(size=(5, 1))
    following = np.concatenate([values[1:], [[0.0]]])
    ended = np.zeros((5, 1), bool)
    ended[-1] = True
    tensors = [torch.from_numpy(array) for array in (rewards, values, following, ended, ended)]
    returns = targets.discounted_returns(tensors[0], 0.9).numpy()
    assert targets.advantages(*tensors, 0.9, 1.0).numpy() == pytest.approx(returns - values)
    assert targets.advantages(*tensors, 0.9, 0.0).numpy() == pytest.approx(rewards + 0.9 * following * ~ended - values)


def test_the_memory_keeps_the_latest_moves():
    memory = ReplayMemory(10, (1, 2, 2), 3)
    for start in range(0, 16, 4):
        numbers = np.arange(start, start + 4)
        boards = np.broadcast_to(numbers[:, None, None, None], (4, 1, 2, 2)).astype(np.float32)
        memory.add(before=boards, actions=numbers, rewards=numbers, after=boards, ended=numbers > 100,
                   allowed=np.ones((4, 3), bool))
    drawn = memory.draw(np.random.default_rng(0), 400)
    assert len(memory) == 10 and set(drawn.actions.tolist()) == set(range(6, 16))
    assert (drawn.before[:, 0, 0, 0] == drawn.actions).all()
    strip = memory.strip(100)
    assert strip is not None and strip.boards.shape == (10, 2, 2) and strip.drawn.all() and strip.size == 10


CASES = {"DQN": ("catch", DQN(memory=300, target_every=7)), "REINFORCE": ("cartpole", REINFORCE()),
         "ActorCritic": ("cartpole", ActorCritic(copies=4)), "self-play": ("tictactoe", DQN(memory=200)),
         "Snake": ("snake", DQN(memory=200, copies=4))}


@pytest.mark.parametrize("case", CASES)
def test_going_on_from_a_checkpoint_equals_never_having_stopped(case: str, tmp_path: Path):
    task, algorithm = CASES[case]
    experiment = small(task, algorithm, batch_size=8)
    half, planned = 6, 12
    expected = _losses(experiment, planned, tmp_path / "one" / "weights.safetensors", None)
    path = tmp_path / "two" / "weights.safetensors"
    first = _losses(experiment, half, path, None)
    assert first == expected[:half]
    assert _losses(experiment, planned - half, path, half) == expected[half:]


def _losses(experiment: Experiment, count: int, path: Path, since: int | None) -> list[tuple[float, float]]:
    """Loss and score of the next updates, after which it is stopped, with a checkpoint."""
    path.parent.mkdir(exist_ok=True)
    control, found = ctl.Control(), []
    for event in train(experiment, control, checkpoint=path, resume=since is not None, device="cpu"):
        if isinstance(event, ev.Started):
            assert event.step == (since or 0)
        if isinstance(event, ev.Step):
            found.append((event.loss, event.accuracy))
            if len(found) == count:
                control.post(ctl.Stop())
    return found


def test_the_same_experiment_gives_the_same_curve_and_another_seed_another():
    experiment = small("gridworld", DQN(memory=500), epochs=1)
    one, other = ([event for event in train(experiment, device="cpu") if isinstance(event, (ev.Step, ev.Evaluated))]
                  for _ in range(2))
    assert one == other
    changed = experiment.model_copy(update={"seed": 9})
    assert one != [event for event in train(changed, device="cpu") if isinstance(event, (ev.Step, ev.Evaluated))]


def test_a_run_tells_of_each_game_and_of_what_it_is_asked_to_show():
    experiment, control, history = small("catch", DQN(), epochs=1), ctl.Control(), History()
    control.post(ctl.Watch(sample=3, game=True))
    events = list(train(experiment, control, device="cpu"))
    for event in packing.pack(events):
        history.apply(event)
    games = [event for event in events if isinstance(event, ev.GamesPlayed)]
    assert sum(len(event.step) for event in games) == len(history.games["returns"]) == 500 // 9 * 16
    assert set(history.games["returns"].values.tolist()) == {1.0, -1.0}
    assert (history.games["length"].values == 9).all()
    assert history.captured is not None and history.captured.game is not None
    assert history.captured.game.record.seed == 3 and history.captured.game.memory is not None
    assert history.ended is not None and history.ended.reason == "done" and history.ended.test_accuracy is not None


def test_catch_is_learnt():
    *_, end = train(presets.get("catch").experiment, device="cpu")
    assert isinstance(end, ev.Ended) and end.test_accuracy is not None and end.test_accuracy >= 0.99


def test_settings_travel_with_the_experiment_and_bad_ones_are_named():
    experiment = small("catch", ActorCritic(gae_lambda=0.5))
    assert from_json(experiment.to_json()) == experiment
    with pytest.raises(SpecError, match="gae_lambda|algorithm"):
        from_json(experiment.to_json().replace('"gae_lambda": 0.5', '"gae_lambda": 1.5'))
    with pytest.raises(SpecError, match="an algorithm is one of DQN, REINFORCE, ActorCritic"):
        from_json(experiment.to_json().replace('"ActorCritic"', '"Magic"'))


def test_exploration_falls_as_planned():
    dqn = DQN(epsilon_start=1.0, epsilon_end=0.1, epsilon_fraction=0.5)
    assert [dqn.epsilon(step, 1_000) for step in (0, 250, 500, 1_000)] == pytest.approx([1.0, 0.55, 0.1, 0.1])


class Corridor:
    """An environment as Gymnasium has them: seven places in a row, the end of which is to be reached."""

    observation_space = SimpleNamespace(shape=(7,))
    action_space = SimpleNamespace(n=2)

    def reset(self, *, seed: int | None = None):
        self.place, self.moves = 3, 0
        return np.eye(7)[self.place], {}

    def step(self, action: int):
        self.place, self.moves = int(np.clip(self.place + 2 * action - 1, 0, 6)), self.moves + 1
        return np.eye(7)[self.place], float(self.place == 6), self.place == 6, self.moves == 20, {}


def test_an_environment_from_elsewhere_is_learnt(monkeypatch):
    monkeypatch.setattr(tasks, "TASKS", dict(tasks.TASKS))
    tasks.add_game("corridor", Corridor, lowest=0.0, highest=1.0)
    layer = LayerSpec(name="out", kind="Linear", fields={"out_features": 2})
    training = TrainingSpec(epochs=1, batch_size=32, algorithm=DQN(copies=4, memory=1_000))
    experiment = Experiment(network=NetworkSpec(layers=(layer,)), task=TaskSpec(name="corridor"), training=training)
    *_, end = train(experiment, device="cpu")
    assert isinstance(end, ev.Ended) and end.test_accuracy == 1.0
    with pytest.raises(TaskError, match="a task of dlviz has it"):
        tasks.add_game("catch", Corridor, lowest=0.0, highest=1.0)
    with pytest.raises(TypeError, match="observation_space"):
        tasks.add_game("other", object, lowest=0.0, highest=1.0)


@pytest.mark.parametrize("case", ["DQN", "ActorCritic", "REINFORCE"])
def test_the_temporal_difference_error_is_recorded_where_there_is_one(case: str, tmp_path: Path):
    task, algorithm = CASES[case]
    history = History()
    for event in train(small(task, algorithm, batch_size=8, epochs=1), device="cpu"):
        history.apply(event)
    steps = [record.step for record in history.td_errors]
    assert steps == (list(range(1, history.step + 1)) if algorithm.td_error else [])
    assert all(np.isfinite(record.mean) and record.mean >= 0 for record in history.td_errors)
    store, row = Store(tmp_path), RunRow("r", "me", "A run", 1.0, 1.0, "training", small(task, algorithm).to_json(None))
    store.write([row], {"r": [ev.Started(0, 100, 10, "cpu", 1), *history.td_errors]})
    assert store.history("r").td_errors == history.td_errors
    history.apply(ev.Started(4, 100, 10, "cpu", 1))
    store.write([row], {"r": [ev.Started(4, 100, 10, "cpu", 1)]})
    assert store.history("r").td_errors == history.td_errors == history.td_errors[:4]
    store.close()


def test_dqns_error_is_what_its_loss_is_made_of():
    """Within 1, Huber's loss is half the mean of the squares, whose root no mean exceeds."""
    events = list(train(small("gridworld", DQN(memory=500), epochs=1), device="cpu"))
    losses = {event.step: event.loss for event in events if isinstance(event, ev.Step)}
    for record in (event for event in events if isinstance(event, ev.TDErrors)):
        assert 0 < record.mean <= np.sqrt(2 * losses[record.step]) + 1e-3


def test_an_error_is_recorded_as_the_mean_of_the_steps_that_it_sums_up():
    recorder = TDErrorRecorder(1_500)
    found = []
    for step in range(1, 7):
        recorder.add(torch.tensor([step, -step - 2.0]))
        found.append(recorder.record(step))
    assert found[2] == TDErrors(3, 3.0) and found[5] == TDErrors(6, 6.0) and found[0] is found[1] is found[3] is None


@pytest.mark.parametrize(("memory", "low", "high"), [(2, 0.0, 0.9), (10_000, 0.99, 1.0)])
def test_without_replay_what_was_learnt_is_forgotten_and_with_it_nothing_else_is_needed(memory: int, low: float,
                                                                                        high: float):
    experiment = presets.get("catch_forgetful").experiment
    algorithm = experiment.training.algorithm
    assert isinstance(algorithm, DQN) and algorithm.memory == 2
    training = experiment.training.model_copy(update={"algorithm": algorithm.model_copy(update={"memory": memory})})
    *_, end = train(experiment.model_copy(update={"training": training}), device="cpu")
    assert isinstance(end, ev.Ended) and low <= end.test_accuracy <= high


@pytest.mark.parametrize(("discount", "low", "high"), [(1.0, 0.0, 0.5), (0.95, 0.95, 1.0)])
def test_without_a_discount_the_maze_is_not_learnt_and_with_one_nothing_else_is_needed(discount: float, low: float,
                                                                                       high: float):
    experiment = presets.get("gridworld_patient").experiment
    algorithm = experiment.training.algorithm
    assert algorithm.discount == 1
    training = experiment.training.model_copy(update={"algorithm": algorithm.model_copy(update={"discount": discount})})
    *_, end = train(experiment.model_copy(update={"training": training}), device="cpu")
    assert isinstance(end, ev.Ended) and low <= end.test_accuracy <= high
