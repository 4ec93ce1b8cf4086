"""What the server answers besides Streamlit's own, asked as an ASGI server asks it."""
from __future__ import annotations

import asyncio
import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from pages.ui.shared import server


async def _inner(scope, receive, send):
    await PlainTextResponse("a page")(scope, receive, send)


def _get(path: str, query: str = "", accept: str = "text/html") -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a GET."""
    app = Starlette(routes=[*server.ROUTES, Mount("/", _inner)], middleware=server.MIDDLEWARE)
    parts: list[dict] = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        parts.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
             "query_string": query.encode(), "headers": [(b"accept", accept.encode())], "http_version": "1.1",
             "scheme": "http", "server": ("localhost", 80), "client": ("localhost", 1)}
    with ThreadPoolExecutor(1) as apart:  # a browser's tests in the same process have a loop of their own
        apart.submit(asyncio.run, app(scope, receive, send)).result()
    headers = {name.decode(): value.decode() for name, value in parts[0]["headers"]}
    return parts[0]["status"], headers, b"".join(part.get("body", b"") for part in parts[1:])


def test_every_answer_refuses_to_be_framed_or_guessed_at():
    for path in ("/", "/train", "/vendor/plotly.min.js", "/nowhere"):
        headers = _get(path)[1]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/build", "/nowhere", "/train/more", "/TRAIN"])
def test_an_unknown_address_leads_home_and_keeps_its_query(path: str):
    status, headers, _ = _get(path, "run=ab12")
    assert status == 307 and headers["location"] == "/?run=ab12"


@pytest.mark.parametrize("path", ["/", "/train", "/runs/", "/_stcore/health", "/app/static/icon.png", "/media/x"])
def test_pages_and_files_are_served(path: str):
    assert _get(path)[0] == 200


def test_what_a_program_asks_for_is_never_led_away():
    assert _get("/nowhere", accept="*/*")[0] == 200


def test_plotly_comes_from_the_installed_package_and_may_be_kept():
    status, headers, body = _get("/vendor/plotly.min.js", accept="*/*")
    assert status == 200 and headers["content-encoding"] == "gzip" and "immutable" in headers["cache-control"]
    assert b"plotly.js v" in gzip.decompress(body)[:400]
