"""`functools.lru_cache` that keeps the type of what it is put before. Knows nothing else of dlviz.

A type checker takes pydantic's frozen values for unhashable, and `lru_cache` forgets the parameters of a function.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

if TYPE_CHECKING:
    def memoize(maxsize: int) -> Callable[[Function], Function]:
        """Remember the last `maxsize` results of a function of hashable arguments."""
        ...
else:
    memoize = lru_cache
