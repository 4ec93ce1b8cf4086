"""What a class does together: a study shared out among all, a piece each (jigsaw).

Each learner trains one value of one hyperparameter; thirty short runs make one sweep that nobody had to wait for.
"""
from __future__ import annotations

from functools import lru_cache

from dlviz.classroom.model import Jigsaw
from dlviz.spec import Scalar, from_json
from dlviz.studies import plan
from dlviz.studies.hyperparameters import Hyperparameter
from dlviz.studies.plan import Axis, Variant


def require(jigsaw: Jigsaw) -> None:
    """SpecError for fewer than two values, or one that cannot be trained."""
    plan.variants(from_json(jigsaw.base), [Axis(hyperparameter=hyperparameter(jigsaw), values=jigsaw.values)])


def hyperparameter(jigsaw: Jigsaw) -> Hyperparameter:
    """What is varied."""
    return Hyperparameter(path=jigsaw.path)


def part(jigsaw: Jigsaw, number: int) -> Variant:
    """What the learner with this number trains; the values are gone through again and again."""
    return _variant(jigsaw.base, jigsaw.path, jigsaw.values[number % len(jigsaw.values)])


@lru_cache(512)
def _variant(base: str, path: tuple[str, ...], value: Scalar) -> Variant:
    return plan.variant(from_json(base), [Hyperparameter(path=path)], [value])
