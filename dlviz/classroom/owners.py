"""Who owns the runs that are made at a seat: an owner as any visitor is one, and known as a seat's by its first digits.

So what a seat has left behind is found even when nobody remembers the seat. Knows no class.
"""
from __future__ import annotations

import secrets

from dlviz.owners import PREFIX

MARK = PREFIX + "c1a55c1a55c1"  # a visitor's fingerprint begins like that once in 3e14


def new_seat_owner() -> str:
    return MARK + secrets.token_hex(14)


def is_seat_owner(owner: str) -> bool:
    return owner.startswith(MARK)
