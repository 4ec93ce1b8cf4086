"""Widgets of a form by the key that it gave them: where Python changed what one shows, another stands in its place."""
from __future__ import annotations

import re
from typing import Any


def shown(elements: Any, key: str) -> Any:
    """The one that stands there now."""
    found, = [one for one in elements if one.key and re.fullmatch(re.escape(key) + r"(\.\d+)?", one.key)]
    return found
