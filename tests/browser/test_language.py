"""Two browsers of one server read it in two languages at once; who chooses another has it after a reload too."""
from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import serving

SIZES = {"large": (1440, 900), "laptop": (1280, 720)}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving("app.py", tmp_path_factory.mktemp("home")) as found:
        yield found


def opened(browser: Browser, address: str, locale: str, size: str = "large") -> Page:
    width, height = SIZES[size]
    context = browser.new_context(locale=locale, viewport={"width": width, "height": height}, color_scheme="dark")
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    return page


def shows(page: Page, german: bool) -> None:
    """Words of a page, of a component and of the canvas, and a number."""
    expect(page.get_by_role("link", name="Werkbank" if german else "Workbench").first).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Voll verbunden" if german else "Fully connected").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text(re.compile(r"109\.386" if german else r"109,386")).first).to_be_visible(timeout=60_000)
    expect(page.locator("html")).to_have_attribute("lang", "de" if german else "en")


def test_two_languages_at_once_a_choice_and_a_reload(browser: Browser, address: str, keep):
    german, english = opened(browser, address, "de-AT"), opened(browser, address, "en-US")
    shows(german, True)
    shows(english, False)
    german.reload()
    shows(german, True)
    keep(german, "german")

    english.locator(".st-key-language button:visible").first.click()
    english.get_by_text("Deutsch", exact=True).click()
    shows(english, True)
    english.goto(f"{address}/lab")
    expect(english.get_by_text("Drei Lernraten").first).to_be_visible(timeout=60_000)
    english.reload()
    expect(english.get_by_text("Drei Lernraten").first).to_be_visible(timeout=60_000)
    keep(english, "german lab")
    assert ("dlviz_language", "de") in [(one.get("name"), one.get("value")) for one in english.context.cookies()]


@pytest.mark.parametrize("size", list(SIZES))
def test_the_chooser_lies_over_nothing(browser: Browser, address: str, size: str, keep):
    page = opened(browser, address, "de-DE", size)
    chooser = page.locator(".st-key-language button:visible").first
    expect(chooser).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Noch ist nichts trainiert.").first).to_be_visible(timeout=60_000)
    keep(page, size)
    box = chooser.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= SIZES[size][0]
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.evaluate("([x, y]) => !!document.elementFromPoint(x, y)?.closest('.st-key-language')", middle)
    others = page.locator("[data-testid=stHeader] :is(a, button)").all()
    for other in filter(None, (one.bounding_box() for one in others if one.is_visible())):
        apart = (other["x"] + other["width"] <= box["x"] or box["x"] + box["width"] <= other["x"]
                 or other["y"] + other["height"] <= box["y"] or box["y"] + box["height"] <= other["y"])
        assert apart, other
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
