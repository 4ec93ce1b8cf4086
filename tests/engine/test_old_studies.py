"""Studies of version 1, as an older dlviz wrote them, open as the studies that they were."""
from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dlviz.studies import hyperparameters
from dlviz.studies.storage import StudyStore
from dlviz.studies.study import Study
from dlviz.studies.versions import upgrade_study

OLD = Path(__file__).with_name("old_files")  # written by version 1 itself
AXES, SEARCH = "study_v1_axes.json", "study_v1_search.json"


@pytest.fixture
def studies(tmp_path) -> dict[str, Study]:
    (tmp_path / "studies").mkdir()
    for name in (AXES, SEARCH):
        shutil.copy(OLD / name, tmp_path / "studies" / name)
    return StudyStore(tmp_path).read()


def test_a_comparison_has_its_axes_its_runs_and_what_is_still_to_come(studies):
    study = studies["schedules22"]
    schedule, dropout = study.axes
    assert schedule.hyperparameter.path == ("training", "schedule")
    assert schedule.values == ("Constant", "StepLR", "CosineAnnealingLR", "OneCycleLR", "ReduceLROnPlateau")
    assert dropout.hyperparameter.path == ("toggle", "dropout") and dropout.values == (True, False)
    assert study.pending == (("CosineAnnealingLR", True), ("ReduceLROnPlateau", False))
    assert [(each.run, each.values) for each in study.members] == [("abc", ("Constant", True)),
                                                                    ("def", ("StepLR", False))]
    assert (study.lead, study.observation) == (20, "Which schedule is ahead half way?")
    training = study.base.training
    assert (training.train_fraction, training.clip_threshold, training.schedule.step_size) == (0.25, 0.5, 2)
    assert study.design.training.train_fraction == 1.0


def test_what_it_varies_can_still_be_set(studies):
    for study in studies.values():
        for hyperparameter in study.hyperparameters:
            now = hyperparameters.domain(study.base, hyperparameter).now
            assert hyperparameters.set_value(study.base, hyperparameter, now) == study.base


def test_a_search_looks_where_it_looked(studies):
    study = studies["search22"]
    assert [span.hyperparameter.path for span in study.search.spans] == [
        ("training", "train_fraction"), ("training", "schedule", "step_size"), ("training", "schedule"),
        ("training", "clip_threshold")]
    assert [span.integer for span in study.search.spans] == [False, True, False, False]
    assert study.search.spans[2].choices == ("Constant", "ExponentialLR")
    assert study.members[0].values == (0.5, 4, "ExponentialLR", 1.0)
    assert study.stopped and study.trouble == "It is full."


def test_what_is_written_anew_is_read_the_same(studies, tmp_path):
    for study in studies.values():
        StudyStore(tmp_path).write(study)
    assert StudyStore(tmp_path).read() == studies
    for path in (tmp_path / "studies").glob(f"{'*22'}.json"):
        value = json.loads(path.read_text())
        assert value["version"] == 2 and upgrade_study(value) == value


@pytest.mark.parametrize("text", ["{", "[]", '{"version": 1}', '{"version": 1, "axes": [{}], "search": null}',
                                  '{"version": 1, "axes": 3, "search": null}'])
def test_a_damaged_one_is_left_out(studies, tmp_path, text, caplog):
    (tmp_path / "studies" / "damaged.json").write_text(text)
    assert StudyStore(tmp_path).read() == studies and "damaged.json holds no study" in caplog.text
