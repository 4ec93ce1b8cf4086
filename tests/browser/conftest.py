"""One Chromium for all browser tests: skipped, with the reason, where there is none; required where CI says so."""
from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--enable-unsafe-swiftshader"]  # WebGL by software: 3-D figures and parallel coordinates need it
REQUIRED = os.environ.get("DLVIZ_BROWSER_TESTS") == "required"


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, the same for the whole session."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed (pip install -r requirements.txt)")
    if CHROMIUM is None:
        _missing("no Chromium on the PATH (Debian: apt-get install chromium)")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def _missing(reason: str) -> None:
    (pytest.fail if REQUIRED else pytest.skip)(reason)


@pytest.fixture
def keep(request):
    """`keep(page, "words")` keeps a picture of the page in the folder `DLVIZ_ARTIFACTS`, when that is set."""
    folder = os.environ.get("DLVIZ_ARTIFACTS")

    def take(page, words: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            name = re.sub(r"\W+", "_", f"{request.node.name} {words}").strip("_")
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return take
