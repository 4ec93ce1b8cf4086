"""What a doctor says: findings with cause, evidence and remedy, and what was looked at. Plain values, no
rules."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dlviz.doctor.evidence import RunEvidence
from dlviz.spec import Experiment
from dlviz.translation import Words
from dlviz.worded import Worded, WordedLines, worded


@worded
@dataclass(frozen=True)
class Remedy:
    """What may help: a few words on it, and the experiment with it done."""

    label: Worded
    experiment: Experiment


@worded
@dataclass(frozen=True)
class Finding:
    """One problem of a run.

    Attributes:
        problem: its key, one of `doctor.PROBLEMS`.
        title: what is wrong, in plain words, the exact term in brackets.
        cause: why it happens.
        evidence: the numbers that say so, a sentence each.
        advice: what to do.
        layers: the layers that it is about.
        remedies: what may help by changing the experiment, the likeliest first; empty where nothing can.
    """

    problem: str
    title: Worded
    cause: Worded
    evidence: WordedLines
    advice: Worded
    layers: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()


@worded
@dataclass(frozen=True)
class CheckResult:
    """Something that was looked at and is well, or cannot be told (yet): then it is not `known`."""

    title: Worded
    sentence: Worded
    known: bool = True


@dataclass(frozen=True)
class Diagnosis:
    """All that was found, the most telling first, and all that was looked at without a finding."""

    findings: tuple[Finding, ...]
    results: tuple[CheckResult, ...]
    early: bool  # there is too little of a past to say much, and more will come
    brief: bool = False  # there is too little, and nothing more will come


@dataclass(frozen=True)
class Check:
    """One thing that is looked at.

    Attributes:
        rule: says what it found: a Finding, a sentence when all is well, or None when it cannot be told yet.
        unless: problems that explain the same signs; where one of them was found, this is not looked at.
        at_once: it can be told from the design, or before the first update.
        by_targets: it reads the loss or the accuracy as what is wrong with answers whose targets are known.
    """

    problem: str
    title: Words
    rule: Callable[[RunEvidence], Finding | Words | None]
    unless: frozenset[str] = frozenset()
    at_once: bool = False
    by_targets: bool = False
