"""Names of runs: the id that nobody guesses, and the name that a user types."""
from __future__ import annotations

import secrets
import time

from dlviz import settings
from dlviz.errors import RunError
from dlviz.translation import _

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that is taken for another
LENGTH = 14  # 69 bits


def new_id() -> str:
    """A fresh run id: short, good in a URL and as a folder's name, and not to be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_process() -> str:
    """What tells a start of a run from all others of it; later ones come later in the alphabet too."""
    return f"{time.time_ns():020d}-{secrets.token_hex(4)}"


def checked_name(text: str) -> str:
    """The name without spaces at its ends. RunError when it is none."""
    text = text.strip()
    if 0 < len(text) <= settings.MAX_NAME and text.isprintable():
        return text
    came = _("{text!r} was given", text=text[:20]) if len(text) <= 20 else _("{count:,} characters were given",
                                                                             count=len(text))
    raise RunError(_("A run's name"), _("must have 1 to {most} printable characters", most=settings.MAX_NAME),
                   came if text else _("none was given"), _("Choose another name."))
