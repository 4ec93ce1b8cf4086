"""Groups of layers that a visitor keeps, to be put into any design: one file a visitor in `drafts` of the data folder.

Knows no page. The layers of a group take one another by name; what they take from outside has a name that is no layer's
of the group.
"""
from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dlviz import files, settings
from dlviz.errors import SpecError
from dlviz.layout import Block, Position
from dlviz.spec import LayerSpec
from dlviz.translation import _

MOST = 24  # of one visitor
MOST_BYTES = settings.MAX_JSON_BYTES  # of one visitor's file

log = logging.getLogger(__name__)
_writing = threading.Lock()  # two tabs of one visitor save one after the other


class LayerGroup(BaseModel):
    """A block with all that is needed to make it again.

    Attributes:
        layers: in their order, each with its inputs written out.
        places: where layers stand to the block's corner, of those that somebody has placed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    block: Block
    layers: Annotated[tuple[LayerSpec, ...], Field(min_length=1, max_length=settings.MAX_LAYERS, strict=False)]
    places: Annotated[dict[str, Position], Field(max_length=settings.MAX_LAYERS)] = {}

    @property
    def title(self) -> str:
        return self.block.title

    @property
    def output(self) -> str:
        """The layer whose output goes on: the last one that no other of the group takes."""
        taken = {name for layer in self.layers for name in layer.inputs or ()}
        return [layer.name for layer in self.layers if layer.name not in taken][-1]

    def behind(self, source: str, names: Mapping[str, str]) -> tuple[LayerSpec, ...]:
        """The layers under these names, which take `source` for all that they took from outside."""
        return tuple(layer.model_copy(update={"name": names[layer.name], "inputs": tuple(dict.fromkeys(
            names.get(name, source) for name in layer.inputs or (source,)))}) for layer in self.layers)


_FILE = TypeAdapter(tuple[LayerGroup, ...])


def path_of(owner: str) -> Path:
    return settings.home() / "drafts" / f"{owner}.groups"


def of(owner: str) -> tuple[LayerGroup, ...]:
    """All groups of this visitor, the oldest first."""
    path = path_of(owner)
    try:
        found = path.stat()
    except OSError:
        return ()
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, changed: int, size: int) -> tuple[LayerGroup, ...]:
    try:
        return _FILE.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        log.warning("The groups in %s cannot be read: %s", path, error)
        return ()


def get(owner: str, title: str) -> LayerGroup:
    """SpecError where there is none of this title."""
    for group in of(owner):
        if group.title == title:
            return group
    raise SpecError(_("This group"), _("must be one of yours"), _("none is called {title!r}", title=title[:60]),
                    _("It may have been removed in another tab; choose another one."))


def save(owner: str, group: LayerGroup) -> None:
    """Keep it, in place of one of the same title. SpecError where there is no more room."""
    with _writing:
        others = [one for one in of(owner) if one.title != group.title]
        if len(others) >= MOST:
            raise SpecError(_("Your groups"), _("may be {most} at most", most=MOST), _("this would be one more"),
                            _("Remove one that you need no more, in the palette."))
        _write(owner, (*others, group))


def remove(owner: str, title: str) -> None:
    """SpecError where there is none of this title."""
    get(owner, title)
    with _writing:
        _write(owner, tuple(one for one in of(owner) if one.title != title))


def forget(owner: str) -> None:
    """Delete all groups of this visitor."""
    path_of(owner).unlink(missing_ok=True)


def _write(owner: str, groups: tuple[LayerGroup, ...]) -> None:
    text = _FILE.dump_json(groups)
    if len(text) > MOST_BYTES:
        raise SpecError(_("Your groups"), _("may take {most:,} KB at most", most=MOST_BYTES // 1000),
                        _("they would take {count:,} KB", count=len(text) // 1000),
                        _("Remove one that you need no more, in the palette."))
    try:
        files.replace(path_of(owner), lambda partial: partial.write_bytes(text))
    except OSError as error:
        raise SpecError(_("Your groups"), _("must be kept in the data folder"),
                        _("it cannot take them ({reason})", reason=files.reason(error)),
                        _("Make room on the disk.")) from error
