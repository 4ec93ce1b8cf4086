"""The language of a session: what its browser has chosen, else what the browser speaks, else English. Draws nothing.

It stays the same as long as the session lives: who chooses another has the page loaded anew, in a new session, so
that what Python says and what the browser's scripts say is never of two languages.
"""
from __future__ import annotations

import gzip
import hashlib
import json
import threading
from functools import cache
from gettext import NullTranslations

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dlviz import languages, translation

COOKIE = "dlviz_language"
ADDRESS = "/vendor/texts/{language}.json"  # asked for with ?v=<hash>, so that it may be kept for good


class _Session(threading.local):
    """What the session of this thread speaks, worked out once for a run of its script."""

    id = ""
    language = languages.ENGLISH


_here = _Session()


def follow_sessions() -> None:
    """From now on each text is in the language of the session that reads it. Called once, by the server."""
    translation.install(_catalogue)


def _catalogue() -> NullTranslations:
    return languages.catalogue(current())


def current() -> str:
    """The code of this session's language; English outside of sessions."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return languages.ENGLISH
    if _here.id != context.session_id:
        _here.language = _chosen()
        _here.id = context.session_id
    return _here.language


def _chosen() -> str:
    asked = st.context.cookies.get(COOKIE, "")
    return asked if asked in languages.NAMES else languages.nearest(st.context.locale)


async def served(request: Request) -> Response:
    """The texts of the browser's scripts in a language, for the server's routes."""
    language = str(request.path_params["language"])
    if language not in languages.NAMES or language == languages.ENGLISH:
        return Response(status_code=404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable",
               "Vary": "Accept-Encoding"}
    return Response(_packed(language), media_type="application/json", headers=headers)


@cache
def _packed(language: str) -> bytes:
    written = json.dumps(languages.for_browsers(language), separators=(",", ":"), ensure_ascii=False)
    return gzip.compress(written.encode(), 6, mtime=0)


@cache
def address(language: str) -> str:
    """Where a component finds the texts of a language, from the app's root on; empty for English."""
    if language == languages.ENGLISH:
        return ""
    version = hashlib.sha256(_packed(language)).hexdigest()[:10]
    return f"{ADDRESS.format(language=language).strip('/')}?v={version}"
