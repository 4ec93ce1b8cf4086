"""What goes wrong around processes and files ends in a sentence or a line of the log, never in a dead thread."""
from __future__ import annotations

import errno
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from dlviz import files, presets, tasks
from dlviz import network as net
from dlviz.landscape.surveys import Surveys
from dlviz.runs.process.engine import End, Need
from dlviz.runs.process.local import LocalEngine
from pages.ui.shared.design import Design, load_draft


class NoRoom:
    """A source on a computer that starts no further process."""

    at_once = 2

    def __init__(self, address, log) -> None:
        pass

    def request(self) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    def tend(self, connected) -> int:
        return 0

    def close(self, timeout) -> None:
        pass


def heard_end(engine: LocalEngine, folder) -> End:
    events, came = [], threading.Event()
    engine.listen(lambda run, seq, event: (events.append(event), came.set()))
    try:
        engine.start("run", presets.get("mlp").experiment, Need(folder))
        assert came.wait(30)
        assert engine._tending.is_alive()
    finally:
        engine.close()
    return events[0]


def test_a_computer_without_room_for_a_process_tells_the_run(tmp_path):
    end = heard_end(LocalEngine(source=NoRoom), tmp_path / "run")
    assert end.reason == "failed" and end.sentence.startswith("No process could be started to train this run.")


def test_a_folder_that_cannot_be_made_tells_the_run(tmp_path):
    (tmp_path / "file").write_text("in the way")
    end = heard_end(LocalEngine(source=NoRoom), tmp_path / "file" / "run")
    assert end.reason == "failed" and "cannot be made: Not a directory" in end.sentence


CHATTY = """
import sys
print("a warning of some library")
print('["no", "object"]')
print('{"doing": "no share"}')
print('{"doing": "Measuring", "fraction": 0.5, "error": "It went wrong."}', flush=True)
"""


def test_a_line_that_is_no_progress_does_not_end_a_survey(tmp_path):
    from dlviz.landscape.survey import SurveyRequest
    surveys = Surveys(tmp_path, 1, (sys.executable, "-c", CHATTY))
    (weights := tmp_path / "weights.safetensors").write_bytes(b"never read")
    survey_request = SurveyRequest(presets.get("mlp").experiment.to_json(), "run", ((10, str(weights)),))
    surveys.start(survey_request)
    deadline = time.monotonic() + 60
    while not surveys.progress(survey_request).error and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (
        surveys.progress(survey_request).error == "It went wrong." and surveys.progress(survey_request).fraction == 0.5
    )
    surveys.close()


def test_two_who_write_one_file_at_once_never_mix(tmp_path):
    path, texts = tmp_path / "draft.json", ["a" * 100_000, "b" * 100_000]
    meet = threading.Barrier(2)

    def write(text: str) -> None:
        for _ in range(20):
            files.replace(path, lambda file: (meet.wait(30), file.write_text(text)))
            assert path.read_text() in texts

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, texts))
    assert [file.name for file in tmp_path.iterdir()] == ["draft.json"]


def test_a_draft_that_cannot_be_written_says_so_and_the_design_stays(monkeypatch):
    design = Design("visitor", presets.get("mlp").experiment)

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(files, "replace", refuse)
        design.open(presets.get("cnn").experiment)
    assert design.experiment == presets.get("cnn").experiment and design.can_undo
    assert "the disk is full" in design.trouble
    design.undo()
    assert design.trouble == "" and load_draft("visitor") == presets.get("mlp").experiment


def test_threads_that_build_at_once_get_the_weights_of_their_seeds():
    experiment = presets.get("mlp").experiment
    signature = tasks.get("mnist").signature()

    def weights(seed: int) -> torch.Tensor:
        return torch.cat([p.detach().reshape(-1) for p in net.build(experiment.network, signature, seed).parameters()])

    one_by_one = [weights(seed) for seed in range(3)]
    state = torch.get_rng_state()
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(weights, [0, 1, 2] * 2))
    assert all(torch.equal(found, one_by_one[at % 3]) for at, found in enumerate(together))
    assert torch.equal(torch.get_rng_state(), state), "whoever draws from torch's generator is not disturbed"


@pytest.mark.parametrize("seed", [1, 7])
def test_the_weights_of_a_seed_are_those_of_the_script(seed):
    experiment = presets.get("cnn").experiment
    signature = tasks.get("mnist").signature()
    torch.manual_seed(seed)
    plain = net.Network(experiment.network, net.check(experiment.network, signature, batch_size=1))
    assert all(map(torch.equal, plain.parameters(), net.build(experiment.network, signature, seed).parameters()))
