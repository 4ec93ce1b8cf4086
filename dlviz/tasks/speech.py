"""Spoken digits, as a spectrogram: what a speech recogniser hears. The voices come from `voice`."""
from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import ClassVar

import numpy as np
from pydantic import Field

from dlviz.shapes import Shape, Signature
from dlviz.tasks import voice
from dlviz.tasks.base import SplitName
from dlviz.tasks.modality import Modality
from dlviz.tasks.sequence import SampleBatch, SyntheticTask
from dlviz.translation import _

WINDOW, HOP = 256, 128  # samples that one step hears (32 ms), and from one step to the next (16 ms)
STEPS = 1 + (voice.LENGTH - WINDOW) // HOP
BANDS = 24  # of pitch, spaced as the ear hears them, 80 Hz to 4 kHz
CHUNK = 1_000  # voices computed side by side
MANNERS = {"low": {"pitch": 100.0, "mouth": 0.88}, "high": {"pitch": 230.0, "mouth": 1.1},
           "slow": {"speed": 0.8},
           "fast": {"speed": 1.3}}


class Speech(SyntheticTask):
    """Somebody says a digit, high or low, fast or slow, in some noise: which digit is it?"""

    samples: int = Field(default=2_000, ge=500, le=10_000, description="How many recordings there are to learn from.")
    noise: float = Field(default=0.03, ge=0.001, le=0.3,
                         description="How loud the room is, beside a voice of loudness 1.")
    name: ClassVar[str] = "speech"
    modality: ClassVar[Modality] = Modality.SERIES
    title: ClassVar[str] = "Spoken digits"
    classes: ClassVar[tuple[str, ...]] = voice.DIGITS
    stands_for: ClassVar[str] = ("Speech recognition: the same word sounds different from every mouth, and "
                                 "never starts on time.")
    limits: ClassVar[str] = ("The voices are synthetic and say single digits; people speak in sentences, in "
                             "noise, with accents.")
    metric: ClassVar[str] = "words recognised"
    held_out: ClassVar[int] = 500

    @property
    def example(self) -> str:
        return "seven high fast"

    def signature(self) -> Signature:
        return Signature((("spectrogram", Shape("sequence", (STEPS, BANDS))),), Shape("vector", (10,)),
                         "cross_entropy", _("10 words"))

    def draw(self, random: np.random.Generator, count: int) -> SampleBatch:
        words, seeds = self._words(random, count)
        return SampleBatch((_spectrograms(words.tobytes(), seeds.tobytes(), self.noise),), words)

    def _words(self, random: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Which digit each recording says, and the seed that decides all else about it."""
        return random.integers(0, 10, count), random.integers(0, 2**62, count)

    def wave(self, split: SplitName, index: int) -> np.ndarray:
        """One recording to listen to, float32 `(LENGTH,)` at `voice.RATE`; made anew from its seed, 0.3 s."""
        place = {"val": 0, "test": self.held_out, "train": 0}[split] + index
        part, count = (1, self.samples) if split == "train" else (0, 2 * self.held_out)
        words, seeds = self._words(np.random.default_rng((self.data_seed, part)), count)
        return _speak(words[place:place + 1], seeds[place:place + 1], self.noise)[0]

    def parse(self, text: str) -> tuple[np.ndarray, ...]:
        """A digit as a word or a number, and how it is said: low or high, slow or fast."""
        return (mel(self.spoken(text)[None])[0],)

    def spoken(self, text: str) -> np.ndarray:
        """What `read` hears, to listen to: float32 `(LENGTH,)`."""
        word, *manners = text.lower().split() or [""]
        digit = dict(zip(voice.DIGITS, range(10))) | {str(n): n for n in range(10)}
        if word not in digit:
            raise self.refuse(_("knows the digits zero to nine"), _("{word!r} is none of them", word=word[:30]))
        speaker = voice.Voice(pitch=150.0, mouth=1.0, speed=1.0, start=0.5, noise=self.noise)
        for manner in manners:
            if manner not in MANNERS:
                raise self.refuse(_("knows them spoken {names}", names=", ".join(MANNERS)),
                                  _("{manner!r} is none of these", manner=manner[:30]))
            speaker = replace(speaker, **MANNERS[manner])
        return voice.speak(np.array([digit[word]]), [speaker], [np.random.default_rng(0)])[0]

    def input_words(self, inputs: tuple[np.ndarray, ...]) -> tuple[tuple[str, ...], ...]:
        return (tuple(f"{1000 * HOP * step // voice.RATE} ms" for step in range(len(inputs[0]))),)


def _speak(words: np.ndarray, seeds: np.ndarray, noise: float) -> np.ndarray:
    randoms = [np.random.default_rng(seed) for seed in seeds]
    return voice.speak(words, [voice.some_voice(random, noise) for random in randoms], randoms)


@lru_cache(maxsize=4)
def _spectrograms(words: bytes, seeds: bytes, noise: float) -> np.ndarray:
    """The spectrograms of int64 words and seeds: about 1 s for a thousand, so they are kept."""
    digits, chances = np.frombuffer(words, np.int64), np.frombuffer(seeds, np.int64)
    return np.concatenate([mel(_speak(digits[start:start + CHUNK], chances[start:start + CHUNK], noise))
                           for start in range(0, len(digits), CHUNK)])


def mel(waves: np.ndarray) -> np.ndarray:
    """Loudness of each band over time, as the ear hears it: waves `(N, L)` to float32 `(N, STEPS, BANDS)`.

    Logarithmic; each recording has mean 0 and spread 1, so that loud and quiet ones look alike.
    """
    frames = np.lib.stride_tricks.sliding_window_view(waves, WINDOW, axis=1)[:, ::HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW).astype(np.float32), axis=-1)) ** 2
    loudness = np.log(power @ bands().T + 1e-3)
    loudness -= loudness.mean((1, 2), keepdims=True)
    return (loudness / loudness.std((1, 2), keepdims=True)).astype(np.float32)


@lru_cache(maxsize=1)
def bands() -> np.ndarray:
    """Triangles over the frequencies of the spectrum, equally wide in mel: `(BANDS, WINDOW / 2 + 1)`."""
    edges = 700 * (10 ** (np.linspace(_mel(80), _mel(voice.RATE / 2), BANDS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(WINDOW, 1 / voice.RATE)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    return np.maximum(0, np.minimum((hz - low) / (middle - low), (high - hz) / (high - middle)))


def _mel(hz: float) -> float:
    return 2595 * np.log10(1 + hz / 700)
