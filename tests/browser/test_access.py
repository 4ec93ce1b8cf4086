"""Every page for everybody: axe-core finds nothing serious or critical, light and dark, whatever the page shows."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlviz import presets
from dlviz.owners import owner_of
from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
expect = sync_api.expect

WAIT = 60_000  # ms; a busy machine may take its time, a right page never needs it
OWNER, LEARNER, NEWCOMER = (f"visitor-of-all-pages-{number}" for number in range(3))
AXE = (Path(axe.__file__).parent / "axe.min.js").read_text()
FOUND = """async () => {
  const { violations, passes } = await axe.run(document);
  const nodes = (rule) => rule.nodes.map((node) => [rule.id, node.target.flat().at(-1),
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join(" ").slice(0, 200)]);
  return { wrong: violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).flatMap(nodes),
           right: passes.flatMap(nodes).length };
}"""
QUIET = """() => new Promise((done) => {
  let last = setTimeout(done, 400);
  const watch = new MutationObserver(() => { clearTimeout(last); last = setTimeout(done, 400); });
  watch.observe(document.body, { subtree: true, childList: true });
  setTimeout(() => { watch.disconnect(); done(); }, 1500);  // a run that trains is never quiet
})"""
EXCEPTIONS: dict[tuple[str, str], str] = {}  # (rule, selector): why neither a theme option nor CSS can mend it

# who looks, where, and what is clicked there, the last of it being in sight before the page is judged
STATES = {
    "build": (NEWCOMER, "/", (".stack .card",)),
    "build, a layer": (NEWCOMER, "/", (".slot .card >> nth=1",)),
    "build, an error": (LEARNER, "/", (".slot.wrong .card",)),
    "build, ready networks": (NEWCOMER, "/", ("role=button[name=/Presets/]", "text=Small CNN")),
    "build, link": (NEWCOMER, "/", ("role=button[name=/Link/]", "[data-testid=stCode]")),
    "train, before a run": (NEWCOMER, "/train", ("text=How it is trained",)),
    "train, a run": (OWNER, "/train?run={live}", (".curves", "text='Feature maps'")),
    "train, health": (OWNER, "/train?run={live}", ("text='Health'", "button.row")),
    "train, confusion": (OWNER, "/train?run={live}", ("text='Confusion'", ".js-plotly-plot .heatmaplayer")),
    "train, nothing learned": (OWNER, "/train?run={sigmoid}", ("text='Confusion'", ".js-plotly-plot .heatmaplayer")),
    "train, mistakes": (OWNER, "/train?run={cnn}", ("text='Mistakes'",)),
    "train, take home": (OWNER, "/train?run={cnn}", ("role=button[name=/Export/]", "[data-testid=stCode]")),
    "draw, empty": (NEWCOMER, "/draw", ("text=There is no network",)),
    "draw, a test image": (OWNER, "/draw?run={live}", ("text='Test image'", ".answer .big")),
    "look": (OWNER, "/look?run={reverse}", (".head canvas",)),
    "look, positions": (OWNER, "/look?run={reverse}", ("text='Positions'",)),
    "slow motion": (OWNER, "/motion?run={cnn}", (".motion .card.waiting",)),
    "slow motion, gradients": (OWNER, "/motion?run={cnn}", (".step >> nth=2", ".card.back")),
    "slow motion, a layer": (OWNER, "/motion?run={cnn}", ("text='Inside a layer'", ".sliding")),
    "explain": (OWNER, "/explain?run={cnn}", ("text=Saliency",)),
    "explain, parts": (OWNER, "/explain?run={reverse}", ("text='Switch parts off'",)),
    "landscape": (OWNER, "/landscape?run={cnn}", ("text=Draw the landscape",)),
    "landscape, a hill": (NEWCOMER, "/landscape", ("text='A ball on a hill'", ".push.main")),
    "lab": (NEWCOMER, "/lab", ("text=Three learning rates",)),
    "runs, empty": (NEWCOMER, "/runs", ("text=Every training",)),
    "runs": (OWNER, "/runs", ("text=/MNIST digits/",)),
    "runs, two compared": (OWNER, "/runs", ("[data-testid=stCheckbox] label >> nth=0",
                                           "[data-testid=stCheckbox] label >> nth=1",
                                           "role=button[name=/Compare/]", ".curves")),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The whole app over a data folder with runs, one of which trains, and a design with an error in it."""
    home = tmp_path_factory.mktemp("pages")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "DLVIZ_HOME": str(home)}
    seed = subprocess.run([sys.executable, str(ROOT / "tests/browser/apps/runs_seed.py"), owner_of(OWNER)], cwd=ROOT,
                          env=env, capture_output=True, text=True, timeout=300, check=True)
    drafts = home / "drafts"
    drafts.mkdir(exist_ok=True)
    (drafts / f"{owner_of(LEARNER)}.json").write_text(_wrong_design())
    with serving("app.py", home) as address:
        yield address, json.loads(seed.stdout.splitlines()[-1])


def _wrong_design() -> str:
    experiment = presets.get("cnn").experiment
    layers = [layer for layer in experiment.network.layers if layer.kind != "Flatten"]
    network = experiment.network.model_copy(update={"layers": tuple(layers)})
    return experiment.model_copy(update={"network": network}).to_json()


@pytest.fixture(scope="module")
def visit(served, browser):
    """`visit(who, path)` gives the page of a visitor, who came through the front door."""
    address, runs = served
    pages = {}
    for who in (OWNER, LEARNER, NEWCOMER):
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.add_cookies([{"name": "dlviz_visitor", "value": who, "url": address}])
        pages[who] = context.new_page()
        pages[who].set_default_timeout(WAIT)
        pages[who].goto(address)
        expect(pages[who].locator(".stack .card").first).to_be_visible(timeout=WAIT)

    def go(who: str, path: str):
        pages[who].emulate_media(color_scheme="light")
        pages[who].goto(address + path.format(**runs))
        return pages[who]

    yield go
    for page in pages.values():
        page.context.close()


@pytest.mark.parametrize("state", STATES)
def test_nothing_serious_in_either_theme(visit, state, keep):
    who, path, clicks = STATES[state]
    page = visit(who, path)
    for selector in clicks[:-1]:
        page.locator(selector).first.click()
    last = page.locator(clicks[-1]).first
    expect(last).to_be_visible(timeout=WAIT)
    if clicks[-1].startswith(("text='", ".slot")):
        last.click()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("(wanted) => getComputedStyle(document.querySelector('[data-testid=stApp]'))"
                               ".colorScheme === wanted", arg=theme)
        page.evaluate(QUIET)
        keep(page, theme)
        assert judge(page) == [], theme


def judge(page) -> list[list[str]]:
    """What axe-core counts as serious or critical: rule, selector and message of each."""
    page.evaluate("(source) => window.axe || (0, eval)(source)", AXE)
    found = page.evaluate(FOUND)
    assert found["right"] >= 50, "axe saw hardly anything: the page was not there yet"
    return [node for node in found["wrong"] if tuple(node[:2]) not in EXCEPTIONS]
