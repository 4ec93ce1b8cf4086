"""Tasks over numbers and time: forecasts, digits row by row, speech; each by plain loops or another way."""
from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from dlviz import tasks
from dlviz.tasks import speech, voice
from dlviz.tasks.forecast import forecast

SPLITS = ("train", "val", "test")


# Forecasts

@pytest.mark.parametrize(("name", "fields"), [("sine", {}), ("sine", {"window": 8}), ("airline", {}),
                                              ("airline", {"window": 13})])
def test_windows_slide_along_the_series_and_splits_follow_in_time(name: str, fields: dict):
    """By plain loops from the series; the units are undone by hand."""
    task = tasks.get(name, fields)
    values = [float(value) for value in task.series()]
    ends = {}
    for split in SPLITS:
        part = getattr(task.data(), split)
        for index in range(0, len(part), 7):
            start = task.starts(split)[index]
            window, following = values[start:start + task.window], values[start + task.window]
            if name == "sine":
                past, target = window, following
            else:
                past = [10 * math.log(value / window[-12]) for value in window]
                target = 10 * math.log(following / window[-12])
            assert np.allclose(part.inputs[0][index, :, 0], past, atol=1e-5)
            assert np.isclose(part.targets[index, 0], target, atol=1e-5)
            assert np.isclose(task.value(np.array(window), target), following)
            assert np.allclose(task.past(split, index), window)
            assert task.target(split, index, 1)[0] == following
        ends[split] = (task.starts(split)[0] + task.window, task.starts(split)[-1] + task.window)
    assert ends["train"][1] < ends["val"][0] and ends["val"][1] < ends["test"][0]
    assert ends["test"][1] == len(values) - 1
    if name == "sine":  # not a single value in two splits
        assert ends["train"][1] < task.starts("val")[0] and ends["val"][1] < task.starts("test")[0]


def test_the_passengers_are_those_of_the_books():
    values = tasks.get("airline").series()
    assert len(values) == 144 and values.sum() == 40_363 and (values.min(), values.max()) == (104, 622)
    assert values.argmax() == 11 * 12 + 6  # July 1960


def test_a_forecast_feeds_on_itself_and_never_sees_the_truth():
    """A network that says the window's mean, by a plain loop, with nothing after the window to look at."""
    for name in ("sine", "airline"):
        task = tasks.get(name)
        past = task.past("test", 0)

        def ask(inputs):
            return inputs[0].mean(keepdims=True)[0] * 0.5

        known = list(past)
        for _ in range(30):
            window = known[-task.window:]
            if name == "sine":
                known.append(0.5 * sum(window) / len(window))
            else:
                mean = sum(10 * math.log(value / window[-12]) for value in window) / len(window)
                known.append(window[-12] * math.exp(0.5 * mean / 10))
        assert np.allclose(forecast(task, past, ask, 30), known[task.window:], rtol=1e-4)
        assert len(task.target("test", 0, 30)) == (30 if name == "sine" else 24)


# Digits row by row

def test_rows_are_the_rows_of_the_pictures():
    digits = tasks.get("mnist")
    for by in ("rows", "columns"):
        task = tasks.get("rows", {"by": by})
        for split in SPLITS:
            for index in (0, 3, 4_321):
                ((image,), label), ((rows,), target) = digits.sample(split, index), task.sample(split, index)
                assert label == target == task.labels(split)[index]
                turned = image[0] if by == "rows" else image[0].T
                assert np.allclose(rows, turned, atol=1e-6)
                assert np.allclose(task.from_picture(task.picture(split, index))[0], turned, atol=1e-6)
    seven = task.parse("7")[0]
    assert any(np.allclose(seven, task.sample("test", index)[0][0], atol=1e-6)
               for index in np.flatnonzero(task.labels("test") == 7)[:3])


# Speech

def test_the_spectrogram_by_plain_loops():
    """Each step is a window's spectrum by Fourier's own definition, summed in triangles along mel."""
    task = tasks.get("speech")
    wave = task.wave("test", 11).astype(float)
    mels = [2595 * math.log10(1 + hz / 700) for hz in (80, 4_000)]
    edges = [700 * (10 ** ((mels[0] + (mels[1] - mels[0]) * k / 25) / 2595) - 1) for k in range(26)]
    loud = np.zeros((49, 24))
    fade = [0.5 - 0.5 * math.cos(2 * math.pi * n / 255) for n in range(256)]
    for step in range(49):
        piece = wave[128 * step:128 * step + 256] * fade
        for k in range(129):
            power = abs(sum(piece * np.exp(-2j * np.pi * k * np.arange(256) / 256))) ** 2
            hz = k * 8_000 / 256
            for band in range(24):
                low, middle, high = edges[band:band + 3]
                if low < hz < high:
                    rising, falling = (hz - low) / (middle - low), (high - hz) / (high - middle)
                    loud[step, band] += power * min(rising, falling)
    loud = np.log(loud + 1e-3)
    assert np.allclose((loud - loud.mean()) / loud.std(), task.sample("test", 11)[0][0], atol=2e-3)


@pytest.mark.parametrize("split", SPLITS)
def test_a_recording_can_be_heard_alone(split: str):
    task = tasks.get("speech", {"samples": 600})
    for index in (0, 77):
        assert np.allclose(speech.mel(task.wave(split, index)[None])[0], task.sample(split, index)[0][0],
                           atol=1e-3)
    assert task.size("train") == 600 and task.size("val") == task.size("test") == 500


def test_a_voice_has_its_pitch_and_its_vowel_its_resonances():
    """Waves repeat at the pitch, and near the second resonance of the table there is most sound."""
    quiet = {"mouth": 1.0, "speed": 0.6, "start": 0.5, "noise": 0.0}
    for pitch in (100.0, 160.0):
        [wave] = voice.speak(np.array([3]), [voice.Voice(pitch=pitch, **quiet)], [np.random.default_rng(0)])
        vowel = wave[3_400:5_000]  # the long "ee" of three
        lags = np.arange(25, 110)
        repeats = [np.dot(vowel[:-lag], vowel[lag:]) for lag in lags]
        assert abs(8_000 / lags[np.argmax(repeats)] / pitch - 1) < 0.12
        power = np.abs(np.fft.rfft(vowel * np.hanning(len(vowel)))) ** 2
        hz = np.fft.rfftfreq(len(vowel), 1 / 8_000)
        high = (hz > 900) & (hz < 2_600)
        assert abs(hz[high][power[high].argmax()] - 2_250) < 1.2 * pitch


def test_the_same_seed_says_the_same_and_every_digit_is_said():
    first, again = tasks.get("speech", {"samples": 500}), tasks.get("speech", {"samples": 501})
    assert torch.equal(first.data().val.inputs[0], again.data().val.inputs[0])
    assert set(first.data().train.targets.tolist()) == set(range(10))
    low, high = (first.spoken(f"one {how}") for how in ("low", "high"))
    assert np.isfinite(low).all() and not np.allclose(low, high)
