"""The classes of this server, for its sessions and for what it answers besides pages. Knows no session.

A learner's browser asks `/class-pulse` each second, which costs a small part of what a page's tick does.
"""
from __future__ import annotations

import math
import os
import re
import sys

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from dlviz import once
from dlviz.classroom import addresses
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Seat
from dlviz.classroom.teacher_key import teacher_secret
from dlviz.errors import DlvizError, RunError
from dlviz.owners import owner_of

COOKIE = "dlviz_visitor"
PULSE, SHORT = "/class-pulse", "/class"  # the second is what is typed: it leads to the page
PAGE = "classroom"


def classroom() -> Classroom:
    """The classes of the data folder. ClassError or RunError where they cannot be read."""
    return once.get(f"classroom {os.environ.get('DLVIZ_HOME', '')}", Classroom)


def seat_of(device: str) -> Seat | None:
    """Where this browser sits. Without a data folder, of which each page speaks by itself, there are no classes."""
    try:
        return classroom().seat_of(device)
    except RunError:
        return None


def is_teacher(device: str) -> bool:
    """Whether it is a teacher's browser; nobody is one where the classes cannot be read."""
    try:
        return classroom().teaches(device)
    except DlvizError:
        return False


async def pulse(request: Request) -> Response:
    """What the browser of a learner asks each second, and says: how long ago its user did something."""
    secret = request.cookies.get(COOKIE, "")
    device = owner_of(secret) if re.fullmatch(r"[\w-]{16,64}", secret) else ""
    try:
        idle = float(request.query_params.get("idle", "0"))
        found = classroom().pulse(device, idle if math.isfinite(idle) else 0.0)
    except (ValueError, DlvizError):
        return JSONResponse({}, 400)
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


async def to_page(request: Request) -> Response:
    """From the address that is typed to the page."""
    return RedirectResponse(f"{PAGE}?{request.url.query}" if request.url.query else PAGE)


def announce() -> None:
    """Print the teacher's link where the server was started."""
    try:
        print(f"  Teacher's link, for classes: {teacher_link()}\n", file=sys.stderr, flush=True)
    except DlvizError as error:
        print(error.sentence, file=sys.stderr)


def teacher_link() -> str:
    """The address that makes a browser a teacher's. ClassError where the secret cannot be kept."""
    from streamlit import config

    base = "/".join(filter(None, (str(config.get_option("server.baseUrlPath")).strip("/"), PAGE)))
    bound = str(config.get_option("server.address") or "localhost")
    address = f"http://{bound}:{config.get_option('server.port')}/{base}?teacher={teacher_secret()}"
    return address if config.get_option("server.address") else addresses.reachable(address)
