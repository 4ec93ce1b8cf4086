"""Who owns a run: a visitor, known by the secret in their browser's cookie, of which only a fingerprint is kept.

So whoever reads the data folder, a backup of it or a run's row cannot come back as its owner.
"""
from __future__ import annotations

import hashlib
import re

PREFIX = "v1-"
_OWNER = re.compile(r"v1-[0-9a-f]{40}")


def owner_of(secret: str) -> str:
    """The owner's id: the same for the same secret, and no way back. The secret is random, so it needs no salt."""
    return PREFIX + hashlib.sha256(b"dlviz owner\0" + secret.encode()).hexdigest()[:40]


def is_owner(text: str) -> bool:
    """Whether it is such an id already, and not a secret of an earlier version."""
    return _OWNER.fullmatch(text) is not None
