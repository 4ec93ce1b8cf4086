"""The lists of docs/lessons.md, written from what there is. `python -m dlviz.lessons.documentation` prints them."""
from __future__ import annotations

from collections.abc import Iterable

from dlviz.lessons.moments import EVENTS
from dlviz.lessons.sites import CONTROLS, PAGES
from dlviz.lessons.words import FACTS, NUMBERS, PARTS, TEXTS

FEW = 12  # texts of a word that are listed with it


def lists() -> str:
    """Tables of all words, parts, pages and controls, in Markdown."""
    texts = [(name, f"{word.sentence} {_values(word.values)}".strip()) for name, word in TEXTS.items()]
    return "\n".join((
        *_table("Numbers", ((name, word.sentence) for name, word in NUMBERS.items())),
        *_table("Texts", texts),
        *_table("Done on a page", EVENTS.items()),
        *_table("True or false", ((name, sentence) for name, (sentence, _) in FACTS.items() if name not in EVENTS)),
        *_table("After `same but`", PARTS.items()),
        *_table("Pages", PAGES.items()),
        *_table("Controls", CONTROLS.items())))


def _values(values: tuple[str, ...]) -> str:
    return f"One of {', '.join(values)}." if 0 < len(values) <= FEW else ""


def _table(title: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    return [f"### {title}", "", "| word | meaning |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in rows),
            ""]


if __name__ == "__main__":
    print(lists())
