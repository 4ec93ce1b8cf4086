"""What the server answers besides Streamlit's own: plotly.js, headers of every answer, addresses that are no page.

Imported once, by the server itself (`app.py` outside a session). Knows no session.
"""
from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.ui.shared import gate, language, registry

PLOTLY = "/vendor/plotly.min.js"  # asked for with ?v=<version>, so that it may be kept for good
NAMES = {page.stem for page in Path(__file__).parents[2].glob("*.py")} | {registry.SHORT.strip("/")}
PAGES = frozenset(NAMES - {"build"})  # build is at /
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
           "Content-Security-Policy": "frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}


@cache
def _plotly() -> bytes:
    """The script of the installed plotly package, packed once for all browsers; 1.5 MB."""
    spec = find_spec("plotly")  # imports nothing
    if spec is None or spec.origin is None:
        raise FileNotFoundError("plotly is not installed: pip install -r requirements.txt")
    script = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return gzip.compress(script.read_bytes(), 6)


async def plotly(request: Request) -> Response:
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable",
               "Vary": "Accept-Encoding"}
    return Response(_plotly(), media_type="text/javascript", headers=headers)


class Guard:
    """Every answer says that it is not to be framed elsewhere nor guessed at; an unknown address leads home.

    Only what a browser opens as a page (it accepts `text/html`) is led anywhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = _home(scope) if _is_lost(scope) else self._app
        await answer(scope, receive, send_with_headers)


def _is_lost(scope: Scope) -> bool:
    """Whether a person asks for an address that is no page: one name, or several, that mean nothing here."""
    name = _place(scope).strip("/")
    served = name.startswith(("_stcore", "app/static", "static", "vendor", "media", "component")) or "." in name
    return (scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
            and bool(name) and name not in PAGES and not served)


def _place(scope: Scope) -> str:
    """The path behind `server.baseUrlPath`."""
    from streamlit import config

    base = "/" + str(config.get_option("server.baseUrlPath")).strip("/")
    return scope["path"].removeprefix(base) if base != "/" else scope["path"]


def _home(scope: Scope) -> RedirectResponse:
    query = scope["query_string"].decode("latin-1")
    home = scope["path"][:len(scope["path"]) - len(_place(scope))].rstrip("/") + "/"
    return RedirectResponse(home + (f"?{query}" if query else ""))


def say(error: Exception) -> bool:
    """An error that nobody has caught, said as a sentence if it is meant for users; True if it is."""
    from pages.ui.shared import shell  # not before a session has set its page's config

    return shell.show_error(gate.refusal(error))


ROUTES = [Route(PLOTLY, plotly), Route(language.ADDRESS, language.served), Route(registry.PULSE, registry.pulse),
          Route(registry.SHORT, registry.to_page)]
MIDDLEWARE = [Middleware(Guard), Middleware(gate.Gate)]
PLOTLY_ADDRESS = f"{PLOTLY}?v={version('plotly')}"
