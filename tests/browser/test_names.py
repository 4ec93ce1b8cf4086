"""Names that hold addresses are names: nothing on a page leads where a stranger wants it to."""
from __future__ import annotations

import pytest

from tests.browser.serving import serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")


def test_an_address_in_a_name_is_no_link(browser, tmp_path):
    with serving("tests/browser/apps/names_app.py", tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        sync_api.expect(page.get_by_text("This is the end")).to_be_visible(timeout=60_000)
        sync_api.expect(page.get_by_text("Look at https").first).to_be_visible()
        assert page.locator("a[href*='evil'], a[href^='mailto']").count() == 0
        assert page.locator("[data-testid='stMarkdownContainer'] b").count() == 0
        page.close()
