"""No page has a fragment within a fragment.

When the outer one ticks before its last drawing is sent, Streamlit drops what the outer drew and sends what the inner
did, at places that the browser does not have: the page dies with "Bad delta path".
"""
from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest
import streamlit as st


@pytest.fixture(autouse=True)
def _no_fragment_within_a_fragment(monkeypatch: pytest.MonkeyPatch):
    inside, nested, original = threading.local(), [], st.fragment

    def watched(function: Callable[..., Any], *args: Any, **options: Any) -> Callable[..., Any]:
        name = f"{function.__module__}.{getattr(function, '__qualname__', function)}"

        @wraps(function)
        def body(*given: Any, **named: Any) -> Any:
            outer, inside.name = getattr(inside, "name", None), name
            if outer:
                nested.append(f"{name} within {outer}")
            try:
                return function(*given, **named)
            finally:
                inside.name = outer

        return original(body, *args, **options)

    monkeypatch.setattr(st, "fragment", watched)
    yield
    assert not nested, nested
