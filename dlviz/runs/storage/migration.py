"""The tables of the store, and what an older dlviz has left in a data folder, brought up to date when it is opened.

Version 1 kept the visitors' secrets themselves: as owners in the database and in studies, as names of drafts.
"""
from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from dlviz import files
from dlviz.errors import RunError
from dlviz.owners import is_owner, owner_of
from dlviz.runs.storage import tables
from dlviz.translation import _

VERSION = 5  # 2: owners are fingerprints; 3: columns have the code's names; 4: origins of weights; 5: processes
SCHEMA = """
CREATE TABLE runs (id TEXT PRIMARY KEY, owner TEXT, name TEXT, created REAL, updated REAL, state TEXT,
    sentence TEXT, experiment TEXT, step INTEGER, planned_steps INTEGER, loss REAL, accuracy REAL,
    val_loss REAL, val_accuracy REAL, best_val_accuracy REAL, test_accuracy REAL, parent TEXT, note TEXT,
    lost_processes INTEGER, lost_at INTEGER,
    checkpoint_step INTEGER, origin TEXT, device TEXT DEFAULT '', process TEXT DEFAULT '', seq INTEGER DEFAULT -1);
CREATE INDEX runs_by_owner ON runs (owner, created);
CREATE TABLE chunks (run TEXT, first INTEGER, last INTEGER, data BLOB);
CREATE INDEX chunks_by_run ON chunks (run, first);
CREATE TABLE evaluations (run TEXT, step INTEGER, val_loss REAL, val_accuracy REAL, samples INTEGER);
CREATE INDEX evaluations_by_run ON evaluations (run);
CREATE TABLE marks (run TEXT, step INTEGER, setting TEXT, old REAL, new REAL);
CREATE INDEX marks_by_run ON marks (run);
CREATE TABLE latest (run TEXT PRIMARY KEY, started TEXT, ended TEXT, paused INTEGER DEFAULT 0,
    detail_step INTEGER, confusion BLOB, mistakes TEXT);
"""


NEW_NAMES = {"runs": {"losses": "lost_processes", "saved": "checkpoint_step"}, "clipped": {"share": "fraction"},
             "free_running": {"forced": "teacher_forced"}}  # table -> column of version 2 -> its name now


def upgrade(db: sqlite3.Connection, path: Path) -> None:
    """Make the tables in a new file, or bring those of an older one up to date. RunError for a newer one."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise RunError(_("The store {name}", name=path.name), _("must have version {newest} or older", newest=VERSION),
                       _("this one has version {version}", version=version),
                       _("Start the newer dlviz that wrote it, or set DLVIZ_HOME to another folder."))
    if version == 0:
        db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
    if version == 1:
        _from_version_1(db, path.parent)
    if version in (1, 2):
        _from_version_2(db)
    if version in (1, 2, 3):
        _from_version_3(db)
    if version in (1, 2, 3, 4):
        _from_version_4(db)
    tables.create(db)


def _from_version_1(db: sqlite3.Connection, home: Path) -> None:
    db.execute("PRAGMA secure_delete = ON")  # what is replaced is overwritten on disk too
    db.execute("BEGIN IMMEDIATE")
    try:
        owners_become_fingerprints(db, home)
        db.execute("PRAGMA user_version = 2")
        db.execute("COMMIT")
    except OSError as error:
        raise RunError(_("The data folder {home}", home=home), _("must be brought up to date once"),
                       _("it cannot ({reason})", reason=files.reason(error)),
                       _("See whether the disk is full, and start dlviz again.")) from error
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    db.execute("VACUUM")


def _from_version_2(db: sqlite3.Connection) -> None:
    """Version 2 to 3, in one transaction. A table that such a file has not got yet is made with the new names."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for table, names in NEW_NAMES.items():
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            for old, new in names.items():
                if old in columns:
                    db.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
        db.execute("PRAGMA user_version = 3")
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def _from_version_3(db: sqlite3.Connection) -> None:
    db.executescript("BEGIN IMMEDIATE; ALTER TABLE runs ADD COLUMN origin TEXT; PRAGMA user_version = 4; COMMIT;")


def _from_version_4(db: sqlite3.Connection) -> None:
    db.executescript("BEGIN IMMEDIATE; ALTER TABLE runs ADD COLUMN device TEXT DEFAULT ''; "
                     "ALTER TABLE runs ADD COLUMN process TEXT DEFAULT ''; "
                     "ALTER TABLE runs ADD COLUMN seq INTEGER DEFAULT -1; PRAGMA user_version = 5; COMMIT;")


def owners_become_fingerprints(db: sqlite3.Connection, home: Path) -> None:
    """Version 1 to 2. Can be broken off at any point and done again: what is done already is left alone."""
    for folder in ("drafts", "studies"):
        for path in sorted((home / folder).glob("*.json")):
            _draft(path) if folder == "drafts" else _study(path)
    for (owner,) in db.execute("SELECT DISTINCT owner FROM runs").fetchall():
        db.execute("UPDATE runs SET owner = ? WHERE owner = ?", (_fingerprint(owner), owner))


def _draft(path: Path) -> None:
    if not is_owner(path.stem):
        path.replace(path.with_stem(owner_of(path.stem)))


def _study(path: Path) -> None:
    try:
        study = json.loads(path.read_bytes())
    except ValueError:
        return  # no study; the shelf names it in the log
    if isinstance(study, dict) and isinstance(study.get("owner"), str) and not is_owner(study["owner"]):
        text = json.dumps(study | {"owner": owner_of(study["owner"])})
        files.replace(path, lambda partial: partial.write_text(text))


def _fingerprint(owner: str) -> str:
    return owner if is_owner(owner) else owner_of(owner)
