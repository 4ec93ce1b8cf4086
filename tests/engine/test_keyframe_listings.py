"""The moments that a run has kept, read once for each change of their folder."""
from __future__ import annotations

import os

import pytest

from dlviz.runs import listings
from dlviz.runs.listings import SURE, KeyframeListings
from dlviz.training import keyframes

LONG_AGO = 1_000_000_000


@pytest.fixture
def reads(monkeypatch):
    """The folders that were read."""
    found, read = [], keyframes.steps
    monkeypatch.setattr(listings.keyframes, "steps", lambda folder: found.append(folder) or read(folder))
    return found


def keep(folder, step: int, at: float) -> None:
    keyframes.path(folder, step).touch()
    os.utime(folder, (at, at))


def test_a_folder_is_read_again_only_when_it_has_changed(tmp_path, reads):
    made = KeyframeListings()
    keep(tmp_path, 7, LONG_AGO)
    assert [made.steps(tmp_path) for _ in range(3)] == [(7,)] * 3 and len(reads) == 1
    keep(tmp_path, 3, LONG_AGO + 1)
    assert [made.steps(tmp_path) for _ in range(3)] == [(3, 7)] * 3 and len(reads) == 2


def test_one_that_has_just_changed_may_change_again_under_the_same_time(tmp_path, reads, monkeypatch):
    made = KeyframeListings()
    monkeypatch.setattr(listings.time, "time_ns", lambda: int((LONG_AGO + SURE / 2) * 1e9))
    keep(tmp_path, 7, LONG_AGO)
    assert made.steps(tmp_path) == (7,)
    keep(tmp_path, 8, LONG_AGO)
    assert made.steps(tmp_path) == (7, 8)


def test_where_there_is_no_folder_there_are_no_moments(tmp_path):
    assert KeyframeListings().steps(tmp_path / "nothing") == ()


def test_no_more_listings_are_held_than_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(listings, "KEEP", 2)
    made = KeyframeListings()
    for number in range(5):
        folder = tmp_path / str(number)
        folder.mkdir()
        keep(folder, number, LONG_AGO)
        assert made.steps(folder) == (number,)
    assert len(made._listings) == 2
