"""What the build page's dock costs: the click on Play to the first point, and a tick of twenty live layers.

    python -m benchmarks.dock           # needs benchmarks/requirements.txt and a Chromium
    python -m benchmarks.dock tick      # only some: click, fresh, tick, speed; written to no file

`speed` trains the classic MLP in this process by turns: the processor time of a step with what a dock in sight asks
for, health and moments kept, against the same with all of that off. The rest has servers of its own, and nothing else
on the machine.
"""
from __future__ import annotations

import json
import pickle
import re
import shutil
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import psutil
import torch
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks import report
from benchmarks.pages import CLICKS, SHORT, clicks_on_fresh_servers, served, window
from benchmarks.pictures import QUIET
from benchmarks.training import unhealthy
from benchmarks.visitors import serving_process, spread
from dlviz import presets
from dlviz.spec import Experiment, LayerSpec, NetworkSpec
from dlviz.training import control as ctl
from dlviz.training import events as ev
from dlviz.training import packing
from dlviz.training.loop import train

PARTS = ("fresh", "click", "tick", "speed")
POINT = re.compile(r"Step [1-9]")
LAYERS, SECONDS = 20, 10.0  # of a tick's measurement
TURNS = 5  # of each way to train; the first of each warms up
GATHER = 0.1  # seconds between two messages, as a worker has them
EPOCHS = 1_000  # more than anybody waits for


def play(page: Page, address: str, query: str) -> float:
    """Milliseconds from the click on Play to the first step said in the dock."""
    page.goto(f"{address}/{query}")
    expect(page.locator(".stack .card").first).to_be_visible()
    button = page.locator(".st-key-dock").get_by_role("button", name="Play", exact=True).first
    expect(button).to_be_enabled()
    page.wait_for_timeout(2_500)
    button.click()
    started = time.perf_counter()
    page.locator(".st-key-dock_bar").get_by_text(POINT).first.wait_for()
    return 1000 * (time.perf_counter() - started)


def warm_clicks(browser: Browser) -> dict[str, float]:
    """Each by a visitor of its own, whose dock shows no earlier run's steps, when the run before is over."""
    with served() as address:
        took = []
        for _ in range(CLICKS + 1):
            page = window(browser)
            took.append(play(page, address, SHORT))
            expect(page.get_by_text("Finished").first).to_be_visible()
            page.context.close()
        return spread(took[1:])


def twenty_layers() -> str:
    """The address part of a network of twenty layers with feature maps, that trains for long."""
    layers = [LayerSpec(name=f"{kind.lower()}{index}", kind=kind,
                        fields={"out_channels": 8, "padding": 1, "kernel_size": 3} if kind == "Conv2d" else {})
              for index in range((LAYERS - 2) // 2) for kind in ("Conv2d", "ReLU")]
    layers += [LayerSpec(name="flatten", kind="Flatten"), LayerSpec(name="out", kind="Linear",
                                                                  fields={"out_features": 10})]
    training = presets.get("mlp").experiment.training.model_copy(update={"epochs": EPOCHS, "batch_size": 16})
    return f"?experiment={Experiment(network=NetworkSpec(layers=tuple(layers)), training=training).to_link()}"


def ticks(browser: Browser) -> dict[str, float]:
    """Bytes from the server and its processor time for a tick, all twenty cards in sight; and the ticks a second."""
    with served() as address:
        page = browser.new_context(viewport={"width": 1440, "height": 2_600}).new_page()
        received: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
        play(page, address, twenty_layers())
        expect(page.locator("canvas.live:visible")).to_have_count(LAYERS)
        page.wait_for_timeout(3_000)
        server, moments = serving_process(), page.evaluate_handle(COUNT)
        before, bytes_before, from_count = cpu(server), sum(received), page.evaluate("(c) => c.count", moments)
        page.wait_for_timeout(1000 * SECONDS)
        count = page.evaluate("(c) => c.count", moments) - from_count
        return {"layers": LAYERS, "ticks_a_second": round(count / SECONDS, 1),
                "server_ms_each": round(1000 * (cpu(server) - before) / count, 1),
                "kilobytes_each": round((sum(received) - bytes_before) / 1024 / count, 1)}


COUNT = """() => {
  const counter = { count: 0 };
  const bar = document.querySelector(".st-key-dock_bar");
  new MutationObserver(() => { counter.count += 1; }).observe(bar, { subtree: true, characterData: true });
  return counter;
}"""


def speeds() -> dict[str, float]:
    """Microseconds of processor time for a step of the classic MLP, watched by the dock and not."""
    torch.set_num_threads(1)
    rounds = [(step_time(watched=True), step_time(watched=False)) for _ in range(TURNS)][1:]
    watched, unwatched = (statistics.median(times) for times in zip(*rounds))
    return {"watched_us_a_step": round(watched), "silent_us_a_step": round(unwatched),
            "ratio": round(statistics.median(one / other for one, other in rounds), 3)}


def step_time(watched: bool) -> float:
    """Two epochs; from the first step to the last."""
    experiment = presets.get("mlp").experiment
    training = experiment.training.model_copy(update={"epochs": 2})
    experiment = experiment.model_copy(update={"training": training})
    control = ctl.Control()
    if watched:
        control.post(ctl.Watch(outputs=experiment.network.names()))
    with tempfile.TemporaryDirectory() as folder, unhealthy(not watched):
        return _timed(experiment, control, Path(folder) / "weights" if watched else None)


def _timed(experiment: Experiment, control: ctl.Control, checkpoint: Path | None) -> float:
    waiting: list[ev.Event] = []
    began = ended = sent = 0.0
    steps = 0
    for event in train(experiment, control, checkpoint=checkpoint, device="cpu"):
        if isinstance(event, ev.Step):
            began, ended, steps = began or time.process_time(), time.process_time(), steps + 1
        waiting.append(event)
        if (now := time.perf_counter()) - sent >= GATHER:
            pickle.dumps(packing.pack(waiting))
            waiting, sent = [], now
    return 1e6 * (ended - began) / (steps - 1)


def cpu(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def main() -> None:
    chosen = set(sys.argv[1:]) or set(PARTS)
    first_play = partial(clicks_on_fresh_servers, click=play)
    measured = {"fresh": ("first_play_on_a_fresh_server", first_play), "click": ("play_to_first_point", warm_clicks),
                "tick": ("tick", ticks)}
    result: dict[str, object] = {"speed": speeds()} if "speed" in chosen else {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                                       args=QUIET)
        result |= {title: measure(browser) for part, (title, measure) in measured.items() if part in chosen}
    if chosen == set(PARTS):
        report.write("dock", result)
    else:
        print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
