"""Every figure drawn once in a real Chromium, in both themes and narrow: no page error, no colour missing."""
from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from tests.browser.serving import ROOT, serving

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

WAIT = 90_000  # ms; a busy machine may take its time, a right page never needs it
PAGE = ROOT / "tests/browser/apps/figures_app.py"
COUNT = len(re.findall(r'plot\("all\.', PAGE.read_text()))  # figures on it
CROSSED = """(plot) => {
  const inside = (box, [x, y]) => x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1;
  const labels = [...plot.querySelectorAll(".annotation-text")].map((text) => text.getBoundingClientRect());
  const lines = [...plot.querySelectorAll(".scatterlayer .js-line, .shapelayer path")];
  const points = lines.flatMap((line) => {
    const matrix = line.getScreenCTM(), length = line.getTotalLength();
    const at = (part) => line.getPointAtLength(length * part).matrixTransform(matrix);
    return Array.from({ length: 400 }, (_, place) => at(place / 399)).map(({ x, y }) => [x, y]);
  });
  return [labels.length, lines.length, labels.filter((box) => points.some((point) => inside(box, point))).length];
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("figures_app")
    (home / "static").symlink_to(ROOT / "static")
    shutil.copy(PAGE, home / "app.py")
    with serving(home / "app.py", home) as address:
        yield address


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_every_figure_is_drawn(server, browser, keep, scheme: str, width: int):
    faults: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 8200}, color_scheme=scheme)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(server)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=WAIT)
    expect(page.locator(".js-plotly-plot")).to_have_count(COUNT, timeout=WAIT)
    expect(page.locator("figure .save")).to_have_count(COUNT, timeout=WAIT)  # each is drawn to its end
    for plot in page.locator(".js-plotly-plot").all():
        assert "var(--dlviz" not in plot.evaluate("(plot) => JSON.stringify([plot.layout, plot.data])")
        assert plot.evaluate("(plot) => plot.clientWidth - plot._fullLayout.width") == pytest.approx(0, abs=2)
    labels, lines, crossed = page.locator(".js-plotly-plot").last.evaluate(CROSSED)
    assert labels >= 2 and lines >= 2 + labels and crossed == 0, "a line runs through the label of a suggestion"
    keep(page, f"{scheme} {width}")
    context.close()
    assert not [fault for fault in faults if "favicon" not in fault]
