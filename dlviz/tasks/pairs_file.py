"""Pairs of sentences: of a user's file of two columns, or of a small grammar of English and German. Knows no task."""
from __future__ import annotations

import csv
import itertools

import numpy as np

from dlviz.errors import TaskError
from dlviz.tasks import corpora
from dlviz.translation import Words, _, _n

Pair = tuple[str, str]
LEAST, MOST = 50, 20_000  # pairs
DRAWN = 4_000  # of those that the grammar makes
SEPARATORS = "\t;,"

SUBJECTS = (("i", "ich", 0), ("you", "du", 1), ("she", "sie", 2), ("he", "er", 2), ("we", "wir", 3), ("they", "sie", 3))
VERBS = (("see", "sees", ("sehe", "siehst", "sieht", "sehen")), ("buy", "buys", ("kaufe", "kaufst", "kauft", "kaufen")),
         ("find", "finds", ("finde", "findest", "findet", "finden")),
         ("love", "loves", ("liebe", "liebst", "liebt", "lieben")),
         ("need", "needs", ("brauche", "brauchst", "braucht", "brauchen")),
         ("paint", "paints", ("male", "malst", "malt", "malen")))
NOUNS = (("dog", "hund", "den"), ("tree", "baum", "den"), ("table", "tisch", "den"), ("house", "haus", "das"),
         ("car", "auto", "das"), ("book", "buch", "das"), ("boat", "boot", "das"), ("flower", "blume", "die"),
         ("lamp", "lampe", "die"), ("bag", "tasche", "die"))
ADJECTIVES = (("", ""), ("old", "alte"), ("small", "kleine"), ("red", "rote"), ("new", "neue"), ("beautiful", "schöne"))
TIMES = (("", ""), ("today", "heute"), ("now", "jetzt"), ("often", "oft"))


def from_grammar() -> tuple[Pair, ...]:
    """Short sentences and their translations, in an order drawn by lot.

    German puts the verb before the subject behind a word of time, its 'not' at the end, and declines.
    """
    every = list(itertools.product(SUBJECTS, VERBS, NOUNS, ADJECTIVES, TIMES, (False, True)))
    chosen = np.random.default_rng(0).permutation(len(every))[:DRAWN]
    return tuple(_sentence(*every[place]) for place in chosen.tolist())


def _sentence(subject: tuple[str, str, int], verb: tuple[str, str, tuple[str, ...]], noun: tuple[str, str, str],
              adjective: Pair, time: Pair, negated: bool) -> Pair:
    who, wer, person = subject
    plain, third, forms = verb
    does = "does" if person == 2 else "do"
    acts = f"{does} not {plain}" if negated else third if person == 2 else plain
    ending = "n" if noun[2] == "den" and adjective[1] else ""
    order = (forms[person], wer) if time[1] else (wer, forms[person])
    english = (time[0], who, acts, "the", adjective[0], noun[0])
    german = (time[1], *order, noun[2], adjective[1] + ending, noun[1], "nicht" if negated else "")
    return " ".join(filter(None, english)), " ".join(filter(None, german))


def read(content: bytes) -> str:
    """The pairs of a file as lines with a tab between, for `from_text`. TaskError in a sentence for what is none.

    Columns stand between tabs, semicolons or commas, whichever the first line has; further columns are left out.
    """
    text = corpora.decode(content, "The file of pairs")
    lines = [line for line in text.splitlines() if line.strip()]
    mark = next((mark for mark in SEPARATORS if lines and mark in lines[0]), "\t")
    quoting = csv.QUOTE_NONE if mark == "\t" else csv.QUOTE_MINIMAL
    try:
        rows = list(csv.reader(lines, delimiter=mark, quoting=quoting))
    except csv.Error as error:
        raise _refuse(_("needs two columns in each line, a sentence and its translation"),
                      _("it cannot be read ({reason})", reason=error)) from error
    for number, row in enumerate(rows, 1):
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise _refuse(_("needs two columns in each line, a sentence and its translation"),
                          _n("line {number} has {count:,} column", "line {number} has {count:,} columns",
                             count=len([cell for cell in row if cell.strip()]), number=number))
    if not LEAST <= len(rows) <= MOST:
        raise _refuse(_("needs {most} to {most_2:,} lines", most=LEAST, most_2=MOST),
                      _("it has {count:,}", count=len(rows)))
    return "".join(f"{_plain(row[0])}\t{_plain(row[1])}\n" for row in rows)


def from_text(text: str) -> tuple[Pair, ...]:
    """What `read` has written."""
    return tuple((first, second) for first, second in (line.split("\t") for line in text.splitlines()))


def _plain(sentence: str) -> str:
    return " ".join(sentence.lower().split())


def _refuse(expected: Words, came: Words) -> TaskError:
    return TaskError(_("The file of pairs"), expected, came, _("Take a file with a line such as: the dog, der Hund."))
