"""How dlviz's SQLite files are opened, changed and complained of; what is in them is their owners' matter."""
from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dlviz.errors import DlvizError

PATIENCE = 10  # seconds that another process may hold the file before a statement gives up


def connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    """The database in the file, made if need be, for any thread; each statement is a transaction of its own.

    Args:
        pragmas: such as "synchronous = NORMAL"; each file has a write-ahead log beside these.
    """
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", *pragmas):
        db.execute(f"PRAGMA {pragma}")
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All that is written inside, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
        db.execute("COMMIT")
    finally:
        if db.in_transaction:  # a full disk may have ended it already
            db.execute("ROLLBACK")


@contextmanager
def sentences(explain: Callable[[sqlite3.DatabaseError, bool], DlvizError]) -> Iterator[None]:
    """Raise what `explain(error, damaged)` makes of an error that the disk or the file is to blame for.

    Errors that are our own mistakes (a column that is not there, a key taken twice) stay what they are.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        damaged = type(error) is sqlite3.DatabaseError
        if not damaged and not isinstance(error, sqlite3.OperationalError):
            raise
        raise explain(error, damaged) from error
