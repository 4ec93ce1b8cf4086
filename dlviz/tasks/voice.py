"""A small formant synthesizer (after Klatt 1980): ten spoken digits from a table of sounds. Knows no task.

A buzz (the vocal cords) runs through three resonances (the mouth), hiss through a fourth; both fade.
All voices of a batch are computed side by side, one time step after the other.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RATE = 8_000  # samples a second
LENGTH = 6_400  # samples of one recording: 0.8 s
FRAME = 40  # samples for which the mouth stands still: 5 ms
MOST_SOUNDS = 6  # in one word
FADE = 6  # frames over which loudness changes: 30 ms

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Sound:
    """One sound: resonances in Hz at its beginning and end, loudness of buzz and hiss, pitch of the hiss."""

    milliseconds: float
    begin: tuple[float, float, float]
    end: tuple[float, float, float]
    buzz: float = 1.0
    hiss: float = 0.0
    hiss_hz: float = 2_500.0


def _vowel(milliseconds: float, begin: tuple[float, float, float],
           end: tuple[float, float, float] | None = None) -> Sound:
    return Sound(milliseconds, begin, end or begin)


def _silence(milliseconds: float, mouth: tuple[float, float, float]) -> Sound:
    return Sound(milliseconds, mouth, mouth, buzz=0.0)


def _hiss(milliseconds: float, mouth: tuple[float, float, float], loud: float, hz: float,
          buzz: float = 0.0) -> Sound:
    return Sound(milliseconds, mouth, mouth, buzz, loud, hz)


_IY, _IH, _EH, _AH = (280, 2250, 2900), (400, 1950, 2550), (550, 1800, 2450), (640, 1200, 2400)
_AO, _UW, _N, _R = (570, 850, 2400), (310, 900, 2250), (280, 1450, 2400), (330, 1100, 1500)
_TEETH, _LIPS = (320, 1600, 2600), (320, 1000, 2300)
_NASAL = Sound(80, _N, _N, buzz=0.35)

WORDS: tuple[tuple[Sound, ...], ...] = (
    (_hiss(80, _TEETH, 0.1, 3_600, 0.3), _vowel(90, _IH, _R), _vowel(50, _R),
     _vowel(150, (500, 900, 2300), (350, 800, 2300))),
    (_vowel(80, (300, 620, 2200)), _vowel(150, _AH), _NASAL),
    (_silence(40, _TEETH), _hiss(40, _TEETH, 0.2, 3_200), _vowel(220, (330, 1500, 2300), _UW)),
    (_hiss(100, _TEETH, 0.06, 3_000), _vowel(70, _R), _vowel(190, _IY)),
    (_hiss(100, _LIPS, 0.05, 2_000), _vowel(160, _AO), _vowel(100, (450, 1100, 1600), _R)),
    (_hiss(100, _LIPS, 0.05, 2_000), _vowel(240, (720, 1200, 2450), (320, 2150, 2600)),
     _hiss(70, _LIPS, 0.03, 2_000, 0.25)),
    (_hiss(110, _TEETH, 0.15, 3_600), _vowel(90, _IH), _silence(60, _IH), _hiss(30, _IH, 0.15, 1_900),
     _hiss(120, _TEETH, 0.15, 3_600)),
    (_hiss(110, _TEETH, 0.15, 3_600), _vowel(100, _EH), _hiss(50, _LIPS, 0.03, 2_000, 0.3),
     _vowel(80, (520, 1500, 2400)), _NASAL),
    (_vowel(220, (480, 2000, 2550), _IY), _silence(60, _TEETH), _hiss(40, _TEETH, 0.2, 3_200)),
    (_NASAL, _vowel(240, (720, 1250, 2450), (320, 2150, 2600)), _NASAL))


@dataclass(frozen=True)
class Voice:
    """Who speaks, how, and where in the recording.

    Attributes:
        pitch: of the vocal cords, in Hz.
        mouth: factor on all resonances; a child's mouth is short (1.2), a tall man's long (0.85).
        speed: 1 is calm speech.
        start: share of the silence that lies before the word.
        noise: loudness of the room, beside a voice of about 1.
        accent: factors on the three resonances, this speaker's own.
        rhythm: factors on how long the sounds of a word last, in their order.
    """

    pitch: float
    mouth: float
    speed: float
    start: float
    noise: float
    accent: tuple[float, ...] = (1.0, 1.0, 1.0)
    rhythm: tuple[float, ...] = (1.0,) * MOST_SOUNDS


def some_voice(random: np.random.Generator, noise: float) -> Voice:
    """Anybody's voice: pitch 90 to 260 Hz, high voices mostly from short mouths."""
    high = random.random()
    return Voice(pitch=90 * (260 / 90) ** high, mouth=0.88 + 0.24 * high + 0.05 * random.standard_normal(),
                 speed=random.uniform(0.8, 1.3), start=random.random(),
                 noise=noise * random.uniform(0.5, 1.5),
                 accent=tuple(np.exp(0.07 * random.standard_normal(3))),
                 rhythm=tuple(np.exp(0.2 * random.standard_normal(MOST_SOUNDS))))


def speak(words: np.ndarray, voices: list[Voice], randoms: list[np.random.Generator]) -> np.ndarray:
    """Digits `(N,)` spoken, each with its voice and chance: waves `(N, LENGTH)` float32, loudest part 1."""
    tracks = np.stack([_track(WORDS[word], voice) for word, voice in zip(words, voices)])  # (N, frames, 6)
    pitch = np.array([voice.pitch for voice in voices])
    hiss = np.stack([random.standard_normal(LENGTH, np.float32) for random in randoms])
    waves = _resonate(tracks, pitch, hiss)
    waves /= np.abs(waves).max(1, keepdims=True)
    room = np.stack([random.standard_normal(LENGTH, np.float32) for random in randoms])
    return waves + np.array([[voice.noise] for voice in voices], np.float32) * room


def _track(sounds: tuple[Sound, ...], voice: Voice) -> np.ndarray:
    """Resonances 1 to 3, buzz, hiss and its pitch, for each frame: `(LENGTH / FRAME, 6)`."""
    frames = LENGTH // FRAME
    lasting = np.array([sound.milliseconds for sound in sounds]) / 1000 * RATE / FRAME / voice.speed
    lasting = lasting * voice.rhythm[:len(sounds)]
    lasting *= min(1.0, (frames - 6) / lasting.sum())  # a very slow word is said in the time there is
    first = 2 + voice.start * (frames - 6 - lasting.sum())
    ends = first + lasting.cumsum()
    begins = ends - lasting
    places = np.stack([begins + 0.2 * lasting, ends - 0.2 * lasting], axis=1).ravel()
    steps = np.arange(frames) + 0.5
    targets = np.array([value for sound in sounds for value in (sound.begin, sound.end)])
    mouth = [voice.mouth * voice.accent[number] * np.interp(steps, places, targets[:, number])
             for number in range(3)]
    at = np.searchsorted(ends, steps).clip(max=len(sounds) - 1)
    inside = (steps >= first) & (steps < ends[-1])
    loud = [_faded(np.array([getattr(sound, name) for sound in sounds])[at] * inside)
            for name in ("buzz", "hiss")]
    hiss_hz = voice.mouth ** 0.5 * np.array([sound.hiss_hz for sound in sounds])[at]
    return np.stack([*mouth, *loud, hiss_hz.clip(max=3_800)], axis=1)


def _faded(loudness: np.ndarray) -> np.ndarray:
    return np.convolve(loudness, np.ones(FADE) / FADE, mode="same")


def _poles(hz: np.ndarray, width: float, at_peak: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Klatt's resonance y[t] = a x[t] + b y[t-1] + c y[t-2]; its gain is 1 at 0 Hz or, `at_peak`, at `hz`."""
    radius, angle = np.exp(-np.pi * width / RATE), 2 * np.pi * hz / RATE
    c = np.full_like(hz, -radius ** 2)
    b = 2 * radius * np.cos(angle)
    a = (1 - radius) * np.sqrt(1 - 2 * radius * np.cos(2 * angle) + radius ** 2) if at_peak else 1 - b - c
    return a, b, c


def _resonate(tracks: np.ndarray, pitch: np.ndarray, hiss: np.ndarray) -> np.ndarray:
    """Buzz through three resonances in a row, plus hiss through one: `(N, LENGTH)` float32."""
    count, frames, _ = tracks.shape
    out = np.empty((frames * FRAME, count), np.float32)
    before, last = np.zeros((2, 4, count), np.float32)  # given two samples ago and one ago
    phase, cords = np.zeros((2, count), np.float32)
    hiss = np.ascontiguousarray(hiss.T)
    for frame in range(frames):
        first, second, third, buzz, breath, hiss_hz = tracks[:, frame].T.astype(np.float32)
        a, b, c = (np.stack(part) for part in zip(_poles(first, 70.0), _poles(second, 90.0),
                                                  _poles(third, 130.0),
                                                  _poles(hiss_hz, 500.0, at_peak=True)))
        step = (pitch * (1.1 - 0.25 * frame / frames) / RATE).astype(np.float32)  # the voice falls a little
        opens, sighs = a[0] * buzz, a[3] * breath
        for sample in range(frame * FRAME, (frame + 1) * FRAME):
            phase += step
            shut = phase >= 1
            phase -= shut
            cords *= 0.92  # pulses, rounded off
            cords += shut
            memory = b * last + c * before
            before, last = last, memory
            last[0] += opens * cords
            last[1] += a[1] * last[0]
            last[2] += a[2] * last[1]
            last[3] += sighs * hiss[sample]
            out[sample] = last[2] + last[3]
    radiated = np.diff(out, axis=0, prepend=out[:1])  # lips let high tones out more easily
    return np.ascontiguousarray(radiated.T)
