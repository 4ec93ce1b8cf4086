"""What a class has handed in, as one zip for its teacher: a table, designs, scripts, and a page to print.

Names in it are the made-up ones. Knows no page.
"""
from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

from dlviz import english, tasks
from dlviz.classroom.model import Card, Seat
from dlviz.errors import DlvizError
from dlviz.export.script import script
from dlviz.spec import Experiment, from_json

COLUMNS = ("student", "run", "step", "state", "parameters", "validation accuracy", "test accuracy", "sentence",
           "design", "link")
STYLE = ("body{font:11pt/1.45 sans-serif;margin:2em auto;max-width:46em}article{break-inside:avoid;border-top:1px "
         "solid #bbb;padding:.6em 0}h2{font-size:13pt;margin:0}svg{width:100%;height:7em}polyline{fill:none;"
         "stroke:#2b44c0;stroke-width:1.5;vector-effect:non-scaling-stroke}p{margin:.3em 0}")


def zipped(code: str, cards: Sequence[Card], seats: Sequence[Seat]) -> bytes:
    """The zip of these cards, which were handed in at these seats."""
    names = {seat.id: f"{seat.colour} {seat.animal}" for seat in seats}
    titled = {f"{number:02} {names.get(card.seat, 'unknown')}": card for number, card in enumerate(cards, 1)}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("results.csv", table(titled))
        archive.writestr("page to print.html", page(code, titled))
        for title, card in titled.items():
            experiment = from_json(card.experiment)
            archive.writestr(f"designs/{title}.json", experiment.to_json())
            archive.writestr(f"scripts/{title}.py", _script(experiment))
    return file.getvalue()


def table(cards: Mapping[str, Card]) -> str:
    """A row for each, as CSV. `cards` by their titles, as in all that follows."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for title, card in cards.items():
        rows.writerow([title, _cell(card.name), card.step, card.state, card.parameters, _number(card.val_accuracy),
                       _number(card.test_accuracy), _cell(card.sentence), f"designs/{title}.json",
                       _link(from_json(card.experiment))])
    return text.getvalue()


def page(code: str, cards: Mapping[str, Card]) -> str:
    """All of it to be read and printed; nothing is loaded from elsewhere."""
    articles = "".join(_article(title, card) for title, card in cards.items())
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Class {code}</title><style>{STYLE}</style>'
            f"<h1>Class {code}</h1>{articles}</html>")


def _article(title: str, card: Card) -> str:
    figures = [f"step {card.step:,}", f"{card.parameters:,} parameters"]
    if card.val_accuracy is not None:
        figures.append(f"{english.percent(card.val_accuracy)} in validation")
    if card.test_accuracy is not None:
        figures.append(f"{english.percent(card.test_accuracy)} on the test set")
    layers = " → ".join(layer.kind for layer in from_json(card.experiment).network.layers)
    return (f"<article><h2>{escape(title)}: {escape(card.name)}</h2><p>{', '.join(figures)}</p>{_curve(card)}"
            f"<p>{escape(layers)}</p><p><b>{escape(card.sentence)}</b></p></article>")


def _curve(card: Card) -> str:
    """The training loss, from the first step to the last."""
    points = [(step, loss) for step, loss in zip(*card.line) if loss is not None]
    if len(points) < 2:
        return ""
    right, top = points[-1][0] or 1, max(loss for _, loss in points) or 1.0
    drawn = " ".join(f"{100 * step / right:.1f},{30 - 29 * loss / top:.1f}" for step, loss in points)
    return (f'<svg viewBox="0 0 100 31" preserveAspectRatio="none"><title>training loss</title>'
            f'<polyline points="{drawn}"/></svg>')


def _script(experiment: Experiment) -> str:
    try:
        return script(experiment, tasks.get(experiment.task.name, experiment.task.fields))
    except DlvizError as error:
        return f"# {error.sentence}\n"


def _link(experiment: Experiment) -> str:
    """The design behind an address: `/?experiment=...`; empty where it is too long for one."""
    try:
        return f"/?experiment={experiment.to_link()}"
    except DlvizError:
        return ""


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
