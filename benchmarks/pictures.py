"""The README's pictures, made by using the app in a real Chromium as a newcomer would.

    python -m benchmarks.pictures        # writes static/readme/*.png

Starts a server of its own with an empty data folder, trains some small networks and draws a seven.
"""
from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

from dlviz import presets
from dlviz.spec import Experiment
from tests.browser.serving import ROOT, serving

FOLDER = ROOT / "static" / "readme"
SIZE = {"width": 1440, "height": 900}
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SEVEN = [(70, 70), (130, 62), (205, 72), (165, 150), (130, 225)]
expect.set_options(timeout=90_000)


def link(key: str, **training: object) -> str:
    """The address part that opens a ready network with some settings changed."""
    base = presets.get(key).experiment
    changed = base.model_copy(update={"training": base.training.model_copy(update=training)})
    return f"?experiment={Experiment.model_validate(changed).to_link()}"


def train(page: Page, address: str, query: str) -> str:
    """Open a design by its link and train it; the address of its run."""
    page.goto(f"{address}/{query}")
    expect(page.locator(".stack .card").first).to_be_visible()
    page.wait_for_timeout(1_500)
    to_settings(page).click()
    expect(page).to_have_url(re.compile(r"/train\?run="))
    return page.url


def to_settings(page: Page) -> Locator:
    """Go to the training settings of the design in hand; the button there that trains it large."""
    page.get_by_role("link", name="Change the task or the training settings").click()
    train_button = page.get_by_role("button", name="Train", exact=True)
    expect(train_button).to_be_enabled()
    return train_button


def wait_for_fraction(page: Page, fraction: float) -> None:
    """Until the run in view has made this share of its steps."""
    bar = page.locator('[data-testid="stProgress"]').last
    for _ in range(1200):
        found = re.search(r"Step ([\d,]+) of ([\d,]+)", bar.inner_text())
        if found and int(found[1].replace(",", "")) >= fraction * int(found[2].replace(",", "")):
            return
        page.wait_for_timeout(250)
    raise SystemExit("the run never got there")


def draw(page: Page) -> None:
    box = page.locator("canvas.upper-canvas").bounding_box()
    page.mouse.move(box["x"] + SEVEN[0][0], box["y"] + SEVEN[0][1])
    page.mouse.down()
    for x, y in SEVEN[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()
    expect(page.locator(".answer .big")).to_have_text(re.compile(r"^\d$"))
    page.mouse.move(5, 5)
    page.wait_for_timeout(1_500)


def keep(page: Page, name: str) -> None:
    """A picture with few colours, so that the repository stays small."""
    path = FOLDER / f"{name}.png"
    page.screenshot(path=str(path))
    Image.open(path).convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)
    print(path)


def inside(page: Page, address: str) -> None:
    """What shows how training works: slow motion, health, the landscape, a sequence looked into, the Lab."""
    page.get_by_role("link", name="Slow motion", exact=True).click()
    page.locator(".player .strip").wait_for()
    page.get_by_text("Gradients", exact=True).click()
    settle(page, "motion")
    train(page, address, link("sigmoid"))
    page.get_by_role("radio", name="Health").click()
    page.get_by_role("button", name="Try it in a copy").wait_for()
    page.locator("button.row").nth(4).scroll_into_view_if_needed()
    settle(page, "health")
    finished = train(page, address, link("mlp", train_fraction=0.3, epochs=3))
    expect(page.get_by_text("Finished").first).to_be_visible()
    page.goto(finished.replace("/train", "/landscape"))
    page.get_by_role("button", name="Draw the landscape").click()
    page.locator(".js-plotly-plot .contourlayer").first.wait_for()
    settle(page, "landscape")
    train(page, address, link("reverse"))
    expect(page.get_by_text("Finished").first).to_be_visible()
    page.get_by_role("link", name="Look", exact=True).click()
    page.locator(".heads, .head").first.wait_for()
    settle(page, "look")
    page.get_by_role("link", name="Lab", exact=True).click()
    page.locator(".st-key-lab_card_adam_sgd").get_by_role("button").click()
    page.wait_for_timeout(20_000)
    settle(page, "lab")


def settle(page: Page, name: str) -> None:
    page.wait_for_timeout(5_000)
    page.mouse.move(5, 5)
    keep(page, name)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as home, serving("app.py", Path(home)) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_context(viewport=SIZE).new_page()
        page.set_default_timeout(90_000)
        page.goto(address)
        expect(page.locator(".stack .card").first).to_be_visible()
        page.wait_for_timeout(4_000)
        keep(page, "build")
        train(page, address, link("mlp", train_fraction=0.3, epochs=3))
        expect(page.get_by_text("Finished").first).to_be_visible()
        train(page, address, link("cnn", train_fraction=0.5, epochs=3))
        wait_for_fraction(page, 0.55)
        keep(page, "train")
        page.get_by_role("link", name="Draw", exact=True).click()
        expect(page.locator(".answer .big")).to_have_text("?")
        page.wait_for_timeout(1_000)
        draw(page)
        keep(page, "draw")
        page.get_by_role("link", name="Runs", exact=True).click()
        expect(page.get_by_role("link", name="Classic MLP")).to_be_visible()
        for box in page.get_by_role("checkbox").all():
            box.focus()
            page.keyboard.press("Space")
            page.wait_for_timeout(1_000)
        page.get_by_role("button", name=re.compile("Compare 2 runs")).click()
        page.wait_for_timeout(4_000)
        keep(page, "runs")
        inside(page, address)
        browser.close()


if __name__ == "__main__":
    main()
