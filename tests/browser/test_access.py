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
from tests.browser.apps.runs_seed import live_design
from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
expect = sync_api.expect

WAIT = 60_000  # ms; a busy machine may take its time, a right page never needs it
OWNER, LEARNER, NEWCOMER, TEACHER = (f"visitor-of-all-pages-{number}" for number in range(4))
AXE = (Path(axe.__file__).parent / "axe.min.js").read_text()
FOUND = """async (options) => {
  // under a dialog the root is 0 pixels high and clips: axe would take the dialog's own text for invisible
  document.documentElement.style.setProperty("overflow", "visible", "important");
  const { violations, passes, incomplete } = await axe.run(document, options);
  const nodes = (rule) => rule.nodes.map((node) => [rule.id, node.target.flat().at(-1),
    [...node.any, ...node.all, ...node.none].map((check) => check.message).join(" ").slice(0, 200)]);
  return { wrong: violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).flatMap(nodes),
           seen: [...passes, ...incomplete].map(({ id }) => id) };  // incomplete: text over a picture, say
}"""
ALL_RULES, COLOURS = {"resultTypes": ["violations"]}, {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
QUIET = """() => new Promise((done) => {
  let last = setTimeout(done, 250);
  const watch = new MutationObserver(() => { clearTimeout(last); last = setTimeout(done, 250); });
  watch.observe(document.body, { subtree: true, childList: true });
  setTimeout(() => { watch.disconnect(); done(); }, 1500);  // a run that trains is never quiet
})"""
STEADY = """() => !document.querySelector('[data-stale=true]')  // Streamlit pales what it is about to replace
  && !document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === 'running')"""
EXCEPTIONS: dict[tuple[str, str], str] = {}  # (rule, selector): why neither a theme option nor CSS can mend it

# who looks, where, and the stops there: what is clicked, the last of it being in sight before the page is judged
VISITS = {
    "build": (NEWCOMER, "/", (".stack .card",), (".slot .card >> nth=1",),
              ("role=button[name=/Presets/]", "text=Small CNN")),
    "build, an error": (LEARNER, "/", (".slot.wrong .card",)),
    "canvas": (NEWCOMER, "/?view=canvas", ("[data-node=hidden1]", ".st-key-inspector >> text=out_features"),
               ("summary[aria-label='Keyboard shortcuts']", ".key-table")),
    "canvas, an error": (LEARNER, "/?view=canvas", (".node.wrong",)),
    "canvas, a run": (OWNER, "/?view=canvas&run={live}", ("canvas.live",)),
    "strip": (OWNER, "/lab?run={live}", (".st-key-strip [data-testid=stSelectbox] input", "[role=option]")),
    "train, before a run": (NEWCOMER, "/train", ("text=Training settings",)),
    "train, a run": (OWNER, "/train?run={live}", (".curves", "text='Feature maps'"), ("text='Health'", "button.row"),
                     ("text='Confusion'", ".js-plotly-plot .heatmaplayer")),
    "train, a run that is over": (OWNER, "/train?run={cnn}", ("text='Mistakes'",),
                                  ("role=button[name=/Export/]", "[data-testid=stCode]")),
    "draw, no network": (NEWCOMER, "/draw", ("text=There is no network",)),
    "draw, a test image": (OWNER, "/draw?run={live}", ("text='Test image'", ".answer .big")),
    "look, no network": (NEWCOMER, "/look", ("text=There is no network",)),
    "look": (OWNER, "/look?run={reverse}", (".head canvas",), ("text='Positions'",)),
    "slow motion, untrained": (NEWCOMER, "/motion", (".motion .card.waiting",)),
    "slow motion": (OWNER, "/motion?run={cnn}", (".step >> nth=2", ".card.back"),
                    ("text='Inside a layer'", ".sliding")),
    "explain, no network": (NEWCOMER, "/explain", ("text=There is no network",)),
    "explain": (OWNER, "/explain?run={cnn}", ("text=Saliency",)),
    "explain, parts": (OWNER, "/explain?run={reverse}", ("text='Switch parts off'",)),
    "landscape, no run": (NEWCOMER, "/landscape", ("text='A ball on a hill'", ".push.main")),
    "landscape": (OWNER, "/landscape?run={cnn}", ("text=Draw the landscape",)),
    "lab": (NEWCOMER, "/lab", ("text=Three learning rates",)),
    "learn": (NEWCOMER, "/learn", ("[class*=st-key-learn_card]",)),
    "learn, a lesson": (LEARNER, "/learn?lesson=weighted-sum", ("[class*=st-key-lesson]",)),
    "play, no network": (NEWCOMER, "/play", ("text=There is no network",)),
    "play": (OWNER, "/play?run={catch}", ("canvas.board",)),
    "class, joining": (NEWCOMER, "/classroom", ("text=Join a class",)),
    "class, a teacher": (TEACHER, "/classroom?teacher={teacher}", ("text=Open a class",),
                         ("role=button[name=/Open a class/]", "text=Projector")),
    "runs, empty": (NEWCOMER, "/runs", ("text=Every run appears",)),
    "runs": (OWNER, "/runs", ("text=/MNIST digits/",), ("[data-testid=stCheckbox] label >> nth=0",
                                                       "[data-testid=stCheckbox] label >> nth=1",
                                                       "role=button[name=/Compare/]", ".js-plotly-plot")),
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
    (drafts / f"{owner_of(OWNER)}.json").write_text(live_design().to_json())
    with serving("app.py", home) as address:
        yield address, json.loads(seed.stdout.splitlines()[-1]) | {"teacher": (home / "teacher.key").read_text()}


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
    for who in (OWNER, LEARNER, NEWCOMER, TEACHER):
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


@pytest.mark.parametrize("place", VISITS)
def test_nothing_serious_in_either_theme(visit, place, keep):
    who, path, *stops = VISITS[place]
    page = visit(who, path)
    for number, clicks in enumerate(stops):
        stop_at(page, clicks)
        for theme, rules in (("light", ALL_RULES), ("dark", COLOURS)):  # a theme changes nothing but colours
            in_theme(page, theme)
            keep(page, f"{number} {theme}")
            assert judge(page, rules) == [], (clicks, theme)
        in_theme(page, "light")


def stop_at(page, clicks: tuple[str, ...]) -> None:
    for selector in clicks[:-1]:
        page.locator(selector).first.click()
    last = page.locator(clicks[-1]).first
    expect(last).to_be_visible(timeout=WAIT)
    if clicks[-1].startswith(("text='", ".slot")):
        last.click()


def in_theme(page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("(wanted) => getComputedStyle(document.querySelector('[data-testid=stApp]'))"
                           ".colorScheme === wanted", arg=theme)
    page.evaluate(QUIET)
    page.wait_for_function(STEADY)


def judge(page, rules: dict[str, list[str]]) -> list[list[str]]:
    """What axe-core counts as serious or critical: rule, selector and message of each."""
    page.evaluate("(source) => window.axe || (0, eval)(source)", AXE)
    found = page.evaluate(FOUND, rules)
    assert "color-contrast" in found["seen"], "axe saw no text: the page was not there"
    return [node for node in found["wrong"] if tuple(node[:2]) not in EXCEPTIONS]
