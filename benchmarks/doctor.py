"""How often the doctor names what a run was made to suffer from, and how often it finds fault with a sound one.

    nice python -m benchmarks.doctor [--parts written_last] [--trials]     # six minutes of CPU without trials

`tuned`: every second run of `doctor_cases`, on which the doctor's thresholds were set. `once_held_out`: the others; at
the first look 27 of 30 were named and 1 of 22 was a false alarm. `fresh`: written down afterwards; 24 of 26 were right
at first. `written_last`: forty and forty of `doctor_held_out`, written down before the doctor had seen any; at the
first look 33 of 40 were named and 3 of 40 were false alarms (results/doctor_first_look.json). Rules were mended after
each of these looks, so what results/doctor.json says of any part is no longer a held-out figure.
Validation and test of pictures are judged on 1,000 samples. With `--trials` the first finding's cures are tried on
short copies too, as the pages do before they offer one.
"""
from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import torch

from benchmarks import doctor_cases, doctor_held_out, report
from benchmarks.doctor_cases import Case
from dlviz import doctor, network, tasks
from dlviz.spec import Experiment
from dlviz.tasks import Data, mnist, rows
from dlviz.training import trials
from dlviz.training.history import History
from dlviz.training.loop import train

JUDGED = 1_000  # samples of validation and test
GOAL = {"named": 0.9, "false_alarms": 0.05}  # 36 of 40, 2 of 40


def fewer(tensors: Callable[..., Data]) -> Callable[..., Data]:
    """The same data with a part of validation and test."""
    @lru_cache(maxsize=4)
    def cut(*args: Any) -> Data:
        data = tensors(*args)
        return Data(data.train, data.val.first(JUDGED), data.test.first(JUDGED))

    return cut


def past(experiment: Experiment) -> tuple[History, float]:
    """The run's history and the seconds of CPU that it took."""
    history, began = History(), time.process_time()
    for event in train(experiment, device="cpu"):
        history.apply(event)
    return history, time.process_time() - began


def diagnosis(experiment: Experiment, history: History) -> doctor.Diagnosis:
    """What the doctor says at the end of the run."""
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    checked = network.check(experiment.network, signature, experiment.training.batch_size)
    return doctor.diagnose(experiment, checked, doctor.RunRecord.of(history))


def measure(case: Case) -> tuple[dict[str, Any], Sequence[doctor.Remedy]]:
    """What was found, and the first finding's remedies where it is the right one."""
    history, seconds = past(case.experiment)
    findings = diagnosis(case.experiment, history).findings
    named = [finding.problem for finding in findings]
    right = (bool(named) and named[0] in case.problems) if case.problems else not named
    row = {"run": case.name, "meant": list(case.problems), "found": named, "right": right,
           "cpu_seconds": round(seconds, 1)}
    print(row, flush=True)
    return row, findings[0].remedies if right and findings else ()


def run_part(name: str, cases: Sequence[Case], tried: bool) -> None:
    """All runs first, then the cures, each written as soon as it is known."""
    rows, remedies = map(list, zip(*(measure(case) for case in cases)))
    keep(name, rows)
    for case, row, offers in zip(cases, rows, remedies):
        if tried and offers:
            row["cure"] = cure(case, offers)
            print(row, flush=True)
    if tried:
        keep(name, rows)


def cure(case: Case, remedies: Sequence[doctor.Remedy]) -> str | None:
    """The remedy that helps a short copy; None where none does, so that none would be offered."""
    *_, found = trials.compare(case.experiment, [remedy.experiment for remedy in remedies], "cpu")
    helped = trials.better(found.changed[-1], found.unchanged)
    return remedies[len(found.changed) - 1].label if helped else None


def summary(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ill, well = [row for row in rows if row["meant"]], [row for row in rows if not row["meant"]]
    named, alarms = sum(row["right"] for row in ill), sum(not row["right"] for row in well)
    tried = [row for row in rows if "cure" in row]
    return {"ill": len(ill), "named_right": named, "well": len(well), "false_alarms": alarms,
            "goal_met": named >= GOAL["named"] * len(ill) and alarms <= GOAL["false_alarms"] * len(well),
            "cures_tried": len(tried), "cures_that_helped": sum(row["cure"] is not None for row in tried),
            "cpu_seconds": round(sum(row["cpu_seconds"] for row in rows))}


def parts() -> dict[str, list[Case]]:
    known = [doctor_cases.ill(), doctor_cases.well()]
    return {"written_last": [*doctor_held_out.ill(), *doctor_held_out.well()], "fresh": doctor_cases.fresh(),
            "tuned": [case for cases in known for case in cases[::2]],
            "once_held_out": [case for cases in known for case in cases[1::2]]}


def keep(name: str, rows: list[dict[str, Any]]) -> None:
    """Beside the parts that were measured before."""
    path = report.RESULTS / "doctor.json"
    runs = json.loads(path.read_text())["result"]["runs"] if path.exists() else {}
    runs[name] = rows
    report.write("doctor", {"goal": GOAL, **{part: summary(each) for part, each in runs.items()}, "runs": runs})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", action="store_true", help="try the first finding's cures on short copies too")
    parser.add_argument("--parts", nargs="*", default=list(parts()), choices=list(parts()))
    wishes = parser.parse_args()
    torch.set_num_threads(1)
    mnist._tensors, rows._tensors = fewer(mnist._tensors), fewer(rows._tensors)
    for name in wishes.parts:
        run_part(name, parts()[name], wishes.trials)


if __name__ == "__main__":
    main()
