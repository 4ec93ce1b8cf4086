"""Where a network's nodes stand on a canvas, and which of them form a named block. Plain data.

Changes nothing of what a network computes; knows no network, only names.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dlviz import settings
from dlviz.errors import SpecError
from dlviz.translation import _

FAR = 100_000.0  # px from the middle; a canvas with MAX_LAYERS nodes in one row is a third of that
Coordinate = Annotated[float, Field(ge=-FAR, le=FAR)]
Name = Annotated[str, Field(min_length=1, max_length=settings.MAX_NAME)]
Position = Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]  # of a node's top left corner, in px


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Block(_Frozen):
    """Some layers under a name of their own, shown as one node while it is folded."""

    title: str = Field(min_length=1, max_length=settings.MAX_NAME)
    layers: Annotated[tuple[Name, ...], Field(min_length=1, max_length=settings.MAX_LAYERS, strict=False)]
    folded: bool = False

    @field_validator("title")
    @classmethod
    def _printable(cls, title: str) -> str:
        if not title.isprintable() or title != title.strip():
            raise ValueError("a title is printable text without spaces at its ends")
        return title


class Layout(_Frozen):
    """Positions by the name of a layer or an input, and blocks. A layer is in one block at most."""

    positions: Annotated[dict[Name, Position], Field(max_length=settings.MAX_LAYERS + settings.MAX_INPUTS)] = {}
    blocks: Annotated[tuple[Block, ...], Field(max_length=settings.MAX_LAYERS, strict=False)] = ()

    @model_validator(mode="after")
    def _no_name_twice(self) -> Layout:
        for what, names in (("blocks are called", [block.title for block in self.blocks]),
                            ("blocks hold", [name for block in self.blocks for name in block.layers])):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"two {what} {twice[0]!r}")
        return self

    def block_of(self, name: str) -> str | None:
        """The title of the block that holds the layer."""
        return next((block.title for block in self.blocks if name in block.layers), None)

    def without(self, names: Iterable[str]) -> Layout:
        """The layers gone, and each block that held nothing else."""
        gone = set(names)
        positions = {name: place for name, place in self.positions.items() if name not in gone}
        blocks = [_holding(block, [name for name in block.layers if name not in gone]) for block in self.blocks]
        return Layout(positions=positions, blocks=tuple(block for block in blocks if block))

    def renamed(self, old: str, new: str) -> Layout:
        """The layer under another name."""
        def now(name: str) -> str:
            return new if name == old else name

        positions = {now(name): place for name, place in self.positions.items()}
        blocks = [block.model_copy(update={"layers": tuple(map(now, block.layers))}) for block in self.blocks]
        return Layout(positions=positions, blocks=tuple(blocks))

    def placed(self, positions: Mapping[str, tuple[float, float]]) -> Layout:
        """These nodes at these places, the others where they are."""
        return self.model_copy(update={"positions": {**self.positions, **positions}})

    def grouped(self, title: str, names: Iterable[str]) -> Layout:
        """These layers as a block, out of those that they were in. SpecError for a title that cannot be."""
        names, title = tuple(dict.fromkeys(names)), title.strip()
        if not title or len(title) > settings.MAX_NAME or not title.isprintable():
            raise SpecError(_("A block's title"),
                            _("must have 1 to {most} printable characters", most=settings.MAX_NAME),
                            _("{title!r} was given", title=title[:60]), _("Choose another title."))
        rest = self.model_copy(update={"blocks": self.without(names).blocks})
        if title in [block.title for block in rest.blocks]:
            raise SpecError(_("A block's title"), _("may belong to one block only"),
                            _("another block is called {title!r}", title=title), _("Choose another title."))
        return rest.model_copy(update={"blocks": (*rest.blocks, Block(title=title, layers=names))})

    def ungrouped(self, title: str) -> Layout:
        """The block's layers without it."""
        return self.model_copy(update={"blocks": tuple(block for block in self.blocks if block.title != title)})

    def folded(self, title: str, folded: bool) -> Layout:
        """The block as one node, or open."""
        blocks = [block.model_copy(update={"folded": folded}) if block.title == title else block
                  for block in self.blocks]
        return self.model_copy(update={"blocks": tuple(blocks)})

    def beside(self, original: str, copy: str) -> Layout:
        """A new layer in the block of another one, if that is in one."""
        blocks = [_holding(block, [*block.layers, copy]) if original in block.layers else block
                  for block in self.blocks]
        return self.model_copy(update={"blocks": tuple(block for block in blocks if block)})


def _holding(block: Block, names: list[str]) -> Block | None:
    return block.model_copy(update={"layers": tuple(names)}) if names else None
