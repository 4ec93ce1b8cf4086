"""Files that are replaced whole: a reader finds the old one or the new one, never half of one. Knows no content."""
from __future__ import annotations

import errno
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

# how a disk, a user's quota (which Windows does not have) and a limit of file sizes say that there is no room
FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
Value = TypeVar("Value")
UNFINISHED = ("*.part", ".tmp*")  # what a killed writer leaves; the second is safetensors' own


def replace(path: Path, write: Callable[[Path], Value]) -> Value:
    """Have `write` fill a new file, which then takes `path`'s place; what `write` returns. Makes a missing folder.

    Each call has a file of its own, so any number may write at once; the last one stays. OSError when the disk
    does not take it: then `path` is as it was, and nothing else is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.stem}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        result = write(partial)
        partial.replace(path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    return result


@contextmanager
def held(path: Path, opened: Callable[[], AbstractContextManager[Value]]) -> Iterator[Value]:
    """What `opened` gives of the file at `path`, in whose room nobody writes meanwhile who asks `lock` before."""
    while True:
        with path.open("rb") as file:
            lock(file, shared=True)
            with opened() as content:
                if os.path.samestat(os.fstat(file.fileno()), path.stat()):  # else another has taken its place
                    yield content
                    return


def lock(file: IO[bytes], shared: bool) -> bool:
    """Hold an open file until it is closed: many readers, or a writer if there is no reader. Whether that could be."""
    try:
        import fcntl
    except ImportError:
        return False  # Windows
    try:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False  # taken, or a file system that has no locks
    return True


def discard(folder: Path, trash: Path) -> None:
    """Have nothing at `folder` from now on. It goes to `trash`, where its files are removed in the background."""
    place = trash / f"{folder.name}-{secrets.token_hex(4)}"
    try:
        trash.mkdir(parents=True, exist_ok=True)
        folder.replace(place)
    except FileNotFoundError:
        return  # there was none
    except OSError:
        place = folder  # a disk that moves nothing
    remove(place)


def remove(folder: Path) -> None:
    """Remove a folder with all that is in it; nobody waits for it, and what cannot be removed stays."""
    threading.Thread(target=shutil.rmtree, args=(folder, True), daemon=True).start()


def clear_unfinished(folder: Path) -> None:
    """Remove what writers that were killed have left in a folder that nobody writes to now."""
    for pattern in UNFINISHED:
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)


def reason(error: OSError) -> str:
    """Why the disk did not take a file, for the middle of a sentence."""
    if error.errno in FULL:
        return "the disk is full"
    return (error.strerror or str(error)).splitlines()[0][:120]
