"""Who owns a run: a visitor, known by the secret in their browser's cookie, of which only a fingerprint is kept.

So whoever reads the data folder, a backup of it or a run's row cannot come back as its owner.
"""
from __future__ import annotations

import hashlib
import re
import secrets

PREFIX = "v1-"
SEAT = PREFIX + "c1a55c1a55c1"  # a visitor's fingerprint begins like that once in 3e14
_OWNER = re.compile(r"v1-[0-9a-f]{40}")


def owner_of(secret: str) -> str:
    """The owner's id: the same for the same secret, and no way back. The secret is random, so it needs no salt."""
    return PREFIX + hashlib.sha256(b"dlviz owner\0" + secret.encode()).hexdigest()[:40]


def is_owner(text: str) -> bool:
    """Whether it is such an id already, and not a secret of an earlier version."""
    return _OWNER.fullmatch(text) is not None


def new_seat_owner() -> str:
    """The owner of what is made at a seat in a class: an owner like any, and known as a seat's by its first digits."""
    return SEAT + secrets.token_hex(14)


def is_seat_owner(owner: str) -> bool:
    """Whether it is a seat's: found among what is left behind, even when nobody remembers the seat."""
    return owner.startswith(SEAT)
