"""What each of the projector's views is given: plain values, with names only where the class is named."""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from dlviz import english, tasks
from dlviz import network as net
from dlviz.classroom import board, clusters, exercises, polls, records, sweep, votes
from dlviz.classroom.model import Card, Line, Room, Seat
from dlviz.classroom.wall import Tile
from dlviz.runs.info import Snapshot
from dlviz.spec import Experiment, from_json
from dlviz.studies.domains import word
from dlviz.translation import numeral
from pages.ui.classroom import sketches
from pages.ui.classroom.texts import texts
from pages.ui.shared import seat as seats
from pages.ui.shared import shell

LAYERS = 12  # that fit a projector
SPREAD = 5  # dots of one value beside each other


def curves(room: Room, tiles: Sequence[Tile]) -> dict[str, Any]:
    """All curves grey, one lit; under them, dashed, what was sketched of the training loss in the class's lesson."""
    drawn = [tile for tile in tiles if len(tile.line[0]) > 1]
    lines = [{"x": tile.line[0], "y": tile.line[1], "lit": tile.seat.id == room.lit} for tile in drawn]
    lit = next((tile for tile in drawn if tile.seat.id == room.lit), None)
    note = texts.CURVES_OF(len(drawn))
    if groups := _groups(drawn):
        note = texts.GROUPED.format(words=note, groups=groups)
    if lit and room.named:
        note = texts.LIT_IS.format(words=note, name=seats.name(lit.seat))
    sketched = sketches.of_class(room, tiles)
    if sketched:
        note = texts.SKETCHES_BELOW.format(words=note, count=len(sketched))
    return {"chart": _axes([tile.line for tile in drawn]) | {"lines": [*sketched, *lines], "note": note}}


def answers(room: Room, tiles: Sequence[Tile]) -> dict[str, Any]:
    """How often each answer was given to the question that is asked; sketches as lines."""
    found = votes.gather(room, [tile.seat for tile in tiles])
    if found is None:
        return {"answers": {"title": "", "rows": [], "note": texts.NO_QUESTION}, "chart": None}
    note = texts.ANSWERED(len(found.answers), all=found.asked)
    if found.question.form == "sketch":
        return {"answers": {"title": found.step.title, "rows": [], "note": ""},
                "chart": sketches.chart(found) | {"note": note}}
    rows = [{"word": word, "count": count} for word, count in votes.bars(found)]
    return {"answers": {"title": found.step.title, "rows": rows, "note": note}, "chart": None}


def voted(room: Room, tiles: Sequence[Tile]) -> dict[str, Any]:
    """The question with its options; how many chose each only where the teacher shows it."""
    if room.poll is None:
        return {"answers": {"title": "", "rows": [], "note": texts.NO_VOTE}, "chart": None}
    counts = polls.counts(room, [tile.seat for tile in tiles])
    note = texts.VOTED_OF(sum(counts), all=len(tiles))
    rows = [{"word": word, "count": count if room.poll.shown else None}
            for word, count in zip(room.poll.options, counts)]
    return {"answers": {"title": room.poll.question, "rows": rows,
                        "note": f"{note} {texts.VOTING_CLOSED}" if room.poll.closed else note}, "chart": None}


def _groups(tiles: Sequence[Tile]) -> str:
    """How many runs went how: '2 diverged, 20 good'."""
    counts = Counter(tile.group for tile in tiles if tile.group)
    return ", ".join(texts.GROUPS[group].format(count=counts[group]) for group in clusters.GROUPS if counts[group])


def _axes(lines: Sequence[Line]) -> dict[str, Any]:
    """A loss over steps; what climbs far above where most began leaves at the top."""
    begins = sorted(value for _, losses in lines for value in losses[:1] if value is not None and math.isfinite(value))
    top = 1.25 * begins[len(begins) // 2] if begins else 1.0
    return {"lines": [], "dots": [], "columns": None, "low": 0.0, "top": top or 1.0, "percent": False,
            "xTitle": texts.STEP, "yTitle": texts.TRAINING_LOSS, "note": ""}


def swept(room: Room, tiles: Sequence[Tile]) -> dict[str, Any]:
    """A dot for each learner who has trained their part."""
    if room.jigsaw is None:
        return {"chart": _axes([]) | {"note": texts.NO_JIGSAW}}
    found = [dot for dot in sweep.dots(room.jigsaw, _learners(tiles)) if dot.accuracy is not None]
    counts: dict[int, int] = {}
    dots = []
    for dot in found:
        beside = counts.get(dot.number, 0)
        counts[dot.number] = beside + 1
        dots.append({"x": [dot.number, _beside(beside)], "y": dot.accuracy, "lit": dot.seat.id == room.lit})
    low = _low([dot.accuracy for dot in found if dot.accuracy is not None])
    titles = {"columns": [word(value) for value in room.jigsaw.values], "low": low, "top": 1.0, "percent": True,
              "xTitle": exercises.hyperparameter(room.jigsaw).title, "yTitle": texts.VALIDATION_ACCURACY}
    return {"chart": _axes([]) | titles | {"dots": dots, "note": texts.PARTS_DONE(len(dots), all=len(tiles))}}


def _low(accuracies: Sequence[float]) -> float:
    """Where the axis begins: at a tenth below the worst, so that good results can be told apart."""
    return math.floor(10 * max(0.0, min(accuracies, default=0.0) - 0.02)) / 10


def _beside(count: int) -> float:
    """0, 1, -1, 2, -2, 0.5 ...: so that equal results lie beside each other."""
    place = count % SPREAD
    return (place + 1) // 2 * (1 if place % 2 else -1) + 0.5 * (count // SPREAD % 2)


def ranked(room: Room, tiles: Sequence[Tile]) -> dict[str, Any]:
    """The board; who keeps to the budget is ranked, the others say why they are not."""
    if room.board is None:
        return {"board": {"rows": [], "opened": False, "named": room.named, "note": texts.NO_BOARD}}
    rows = [{"rank": "–" if one.reason else str(number), "name": seats.name(one.seat) if room.named else "",
             "accuracy": english.percent(one.accuracy, 2), "outside": bool(one.reason),
             "test": english.percent(one.test, 2) if one.test is not None else "",
             "parameters": texts.REASONS[one.reason] if one.reason else numeral(f"{one.parameters:,}")}
            for number, one in enumerate(board.standings(room.board, _learners(tiles)), 1)]
    return {"board": {"rows": rows, "opened": room.board.opened is not None, "named": room.named,
                      "note": budget(room)}}


def budget(room: Room) -> str:
    """The board's budget, in one line."""
    rules, parts = room.board, []
    if rules is None:
        return ""
    if rules.parameters is not None:
        parts.append(texts.AT_MOST.format(parameters=rules.parameters))
    if rules.train_fraction is not None:
        parts.append(texts.OF_THE_DATA.format(fraction=english.percent(rules.train_fraction, 0)))
    if rules.seed is not None:
        parts.append(texts.SEED.format(seed=rules.seed))
    return "  ·  ".join(parts) or texts.NO_LIMITS


def spotlight(name: str, snapshot: Snapshot) -> dict[str, Any]:
    """One network by itself, as it is now."""
    info = snapshot.info
    return {"run": _network(name, info.experiment, records.line(snapshot), info.val_accuracy)}


def nobody() -> dict[str, Any]:
    """The spotlight before a run is chosen, and after that run was deleted."""
    return {"run": {"name": "", "layers": [], "figures": "", "chart": _axes([]) | {"note": texts.NO_SPOTLIGHT}}}


def frozen(room: Room, cards: Sequence[Card], sitting: Sequence[Seat]) -> dict[str, Any]:
    """The cards in the teacher's order."""
    names = {seat.id: seats.name(seat) for seat in sitting} if room.named else {}
    by_id = {card.id: card for card in cards}
    chosen = [by_id[card] for card in room.cards if card in by_id]
    return {"cards": [_network(names.get(card.seat, ""), from_json(card.experiment), card.line, card.val_accuracy)
                      for card in chosen]}


def _network(name: str, experiment: Experiment, line: Line, accuracy: float | None) -> dict[str, Any]:
    """Nothing that a learner has typed, such as the run's name, comes on the projector."""
    signature = tasks.get(experiment.task.name, experiment.task.fields).signature()
    report = net.check(experiment.network, signature)
    layers = [layer.kind for layer in experiment.network.layers]
    if len(layers) > LAYERS:
        layers = [*layers[:LAYERS - 1], texts.MORE_LAYERS(len(layers) - LAYERS + 1)]
    parts = [texts.PARAMETERS_OF.format(parameters=shell.short(report.parameters))]
    if accuracy is not None:
        parts.append(texts.VALIDATION.format(accuracy=english.percent(accuracy)))
    return {"name": name, "layers": layers, "figures": ", ".join(parts),
            "chart": _axes([line]) | {"lines": [{"x": line[0], "y": line[1], "lit": True}]}}


def _learners(tiles: Sequence[Tile]) -> list[tuple[Seat, tuple]]:
    return [(tile.seat, tile.runs) for tile in tiles]
