"""How large plain data from outside may be, looked at before anything is built from it. Knows no design.

A link of a thousand characters can unpack to a million; each of its values would cost a hundred times its own size once
pydantic explains what is wrong with it.
"""
from __future__ import annotations

import zlib
from typing import Any

from dlviz import settings
from dlviz.errors import SpecError
from dlviz.translation import Words, _


def require_small(value: Any) -> None:
    """SpecError for decoded JSON with more values, deeper nesting or longer text than any design has."""
    level, depth, count = [value], 0, 1
    while level:
        inner = [part for one in level for part in _parts(one)]
        count, depth = count + len(inner), depth + 1
        if count > settings.MAX_JSON_VALUES:
            raise _too_large(_("may hold {most:,} values at most", most=settings.MAX_JSON_VALUES),
                             _("this one has more"))
        if depth > settings.MAX_JSON_DEPTH:
            raise _too_large(_("may be nested {most} levels deep at most", most=settings.MAX_JSON_DEPTH),
                             _("this one is deeper"))
        longest = max((len(one) for one in inner if isinstance(one, str)), default=0)
        if longest > settings.MAX_TEXT:
            raise _too_large(_("may hold texts of {most:,} characters at most", most=settings.MAX_TEXT),
                             _("this one has one of {longest:,}", longest=longest))
        level = inner


def unpacked(packed: bytes, most: int) -> bytes | None:
    """What `zlib.compress` packed, in memory for `most` bytes; None for what is larger, cut or changed."""
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, most)
    except zlib.error:
        return None
    return plain if unpacker.eof else None


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [part for pair in value.items() for part in pair]
    return value if isinstance(value, list) else []


def _too_large(expected: Words, came: Words) -> SpecError:
    return SpecError(_("A design"), expected, came, _("Choose a file or a link that dlviz has made."))
