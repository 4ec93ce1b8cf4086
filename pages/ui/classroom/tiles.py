"""The wall's tiles as their component takes them, with or without names. Asks nobody."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dlviz import english
from dlviz.classroom.wall import Tile
from dlviz.classroom.words import COLOURS
from pages.ui.classroom.texts import texts
from pages.ui.shared import seat


def with_names(tiles: Sequence[Tile]) -> list[dict[str, Any]]:
    """For the teacher's own screen."""
    return [_plain(tile) | {"id": tile.seat.id, "name": seat.name(tile.seat), "color": COLOURS[tile.seat.colour],
                            "figures": _figures(tile), "why": why(tile)} for tile in tiles]


def without_names(tiles: Sequence[Tile]) -> list[dict[str, Any]]:
    """For the projector: nothing by which anybody could be told, neither here nor in what is sent."""
    return [_plain(tile) | {"id": "", "name": "", "color": "", "figures": "", "why": ""} for tile in tiles]


def _plain(tile: Tile) -> dict[str, Any]:
    return {"sign": tile.sign, "steps": tile.steps, "there": tile.there, "waiting": not tile.seat.admitted,
            "curve": tile.curve}


def why(tile: Tile) -> str:
    """Why somebody needs help, by the rules that hold."""
    return ", ".join(texts.RULES[rule].format(minutes=int(tile.idle // 60)) for rule in tile.rules)


def _figures(tile: Tile) -> str:
    run = tile.run
    if run is None:
        return ""
    parts = [texts.RUNS(len(tile.runs))]
    if run.val_accuracy is not None:
        parts.append(texts.VALIDATION.format(accuracy=english.percent(run.val_accuracy, 0)))
    elif run.loss is not None:
        parts.append(texts.LOSS.format(loss=run.loss))
    elif run.step:
        parts.append(texts.STEP_OF.format(step=run.step))
    return "  ·  ".join(parts)
