"""The secret of the teacher's link: made once, kept in the data folder, printed by the server. Knows no class.

Who deletes the file `teacher.key` gets another one at the next start.
"""
from __future__ import annotations

import hmac
import os
import re
import secrets
from pathlib import Path

from dlviz import files, settings
from dlviz.errors import ClassError
from dlviz.translation import _

NAME = "teacher.key"
_SECRET = re.compile(r"[\w-]{22}")


def teacher_secret(home: Path | None = None) -> str:
    """The secret of this data folder; 132 bits. ClassError where it cannot be read or kept."""
    path = (home or settings.home()) / NAME
    try:
        text = path.read_text().strip() if path.exists() else ""
        return text if _SECRET.fullmatch(text) else files.replace(path, _write)
    except OSError as error:
        raise ClassError(_("The teacher's link"), _("must be kept in the data folder"),
                         _("it cannot ({reason})", reason=files.reason(error)),
                         _("See whether {path} can be read and written.", path=path)) from error


def opens(given: str, home: Path | None = None) -> bool:
    """Whether it is the secret."""
    return hmac.compare_digest(given.encode(), teacher_secret(home).encode())


def _write(path: Path) -> str:
    secret = secrets.token_urlsafe(16)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
    return secret
