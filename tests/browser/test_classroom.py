"""A class in real browsers, and learners who send what no browser sends: only a teacher changes or reads a class."""
from __future__ import annotations

import json
import re
import urllib.request

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.browser.serving import serving
from tests.browser.visitor import Visitor

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect
WAIT = 60_000  # ms; a busy machine may take its time, a right page never needs it
TEACHER, ANN, EVE = "the-teacher-of-this-class", "ann-sits-in-this-class", "eve-sits-in-it-as-well"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("classroom")
    with serving(home=home) as address:
        with Visitor(address) as visitor:
            visitor.open()  # a fresh server leads the first visit home
        yield address, (home / "teacher.key").read_text()


def page(address: str, cookie: str, query: str = "") -> Visitor:
    return Visitor(address, "classroom", query, cookie).open()


def component(visitor: Visitor, key: str) -> dict:
    return json.loads(visitor.data[visitor.widget(key)])


@pytest.fixture
def led(served):
    """A class: the teacher's visitor and the code."""
    address, secret = served
    with page(address, TEACHER, f"teacher={secret}") as teacher:
        teacher.click("class.open")
        code = re.search(r"Class ([A-Z]{5})", teacher.text)[1]
        yield teacher, code
        teacher.click("class.end")


def join(address: str, cookie: str, code: str) -> Visitor:
    visitor = page(address, cookie)
    if "You are" in visitor.text:
        return visitor
    state = WidgetState(id=visitor.widget("class.code"), string_value=code)
    return visitor.open(state, WidgetState(id=next(one for one in visitor.ids if "FormSubmitter" in one
                                                   and "class.join" in one), trigger_value=True))


def pulse(address: str, cookie: str) -> dict:
    request = urllib.request.Request(f"{address}/class-pulse?idle=3", headers={"Cookie": f"dlviz_visitor={cookie}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_the_server_prints_the_link_that_opens(served, tmp_path_factory):
    """What is printed is what works: the secret in the log is the one in the folder."""
    address, secret = served
    home = next(tmp_path_factory.getbasetemp().glob("classroom*"))
    assert f"/classroom?teacher={secret}" in (home / "server.log").read_text()
    with page(address, EVE, "teacher=not-the-secret") as visitor:
        assert "this one does not" in visitor.text and "Join a class" in visitor.text


def test_a_learner_sends_what_no_browser_sends_and_changes_nothing(served, led):
    """Ids of the teacher's widgets are no secret: a session that presses them gets its own page and no more."""
    address, _ = served
    teacher, code = led
    with join(address, ANN, code) as ann, join(address, EVE, code) as eve:
        seat = component(teacher.open(), "class.tiles")["tiles"][0]["id"]
        pressed = [WidgetState(id=teacher.widget(key), trigger_value=True)
                   for key in ("class.pause", "class.open", "class.end", "class.stop")]
        named = WidgetState(id=teacher.widget("class.named"), bool_value=True)
        shown = WidgetState(id=teacher.widget("class.showing"), string_value="wall")
        tile = WidgetState(id=teacher.widget("class.tiles"), json_value=json.dumps({"chosen": seat}))
        for state in (*pressed, named, shown, tile):
            eve.open(state)
            assert not eve.exceptions and "You are" in eve.text
        assert not any(pulse(address, cookie)["paused"] for cookie in (ANN, EVE, TEACHER))
        for fragment in teacher.ticking:
            tick = eve._rerun()
            tick.rerun_script.fragment_id = fragment
            eve.send(tick)  # a fragment that this session does not have is not answered
            eve.open()
            assert not eve.exceptions and not any("tiles" in data for data in eve.data.values())
        room = teacher.query["room"]
        eve.open(query=f"room={room}&show=projector")
        assert "You are" in eve.text and not any("tiles" in data for data in eve.data.values())
        assert len(component(teacher.open(), "class.tiles")["tiles"]) == 2
        assert f"Class {code}" in teacher.text and "You are" in ann.open().text


def test_a_learners_page_holds_nothing_of_another(served, led):
    address, _ = served
    _, code = led
    with join(address, ANN, code) as ann, join(address, EVE, code) as eve:
        name = re.search(r"You are (\w+ \w+)", ann.text)[1]
        assert name not in eve.open().text + "".join(eve.data.values())


@pytest.mark.parametrize("query", ["idle=nan", "idle=-1e300", "idle=x", "idle=" + "9" * 5_000, ""])
def test_the_pulse_takes_anything(served, query):
    cookie = {"Cookie": "dlviz_visitor=" + "x" * 30}
    request = urllib.request.Request(f"{served[0]}/class-pulse?{query}", headers=cookie)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.load(answer) == {"turn": 0, "paused": False}
    except urllib.error.HTTPError as error:
        assert error.code == 400


# in real browsers

@pytest.fixture
def window(browser):
    contexts = []

    def opened(width: int, height: int):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}))
        made = contexts[-1].new_page()
        made.set_default_timeout(WAIT)
        return made

    yield opened
    for context in contexts:
        context.close()


def test_a_lesson_in_four_windows(served, window, keep):
    """A teacher, the projector, a laptop and a phone: join, look up, go on, the wall, the end."""
    address, secret = served
    teacher, laptop, phone = window(1440, 900), window(1280, 720), window(390, 800)
    teacher.goto(f"{address}/classroom?teacher={secret}")
    teacher.get_by_role("button", name="Open a class").first.click()
    teacher.wait_for_url(re.compile("room="))
    heading = teacher.get_by_role("heading", name=re.compile("Class [A-Z]{5}"))
    expect(heading).to_be_visible(timeout=WAIT)
    code = heading.inner_text().split()[-1]
    room = re.search(r"room=(\w+)", teacher.url).group(1)
    link = teacher.get_by_role("link", name="Projector page")
    expect(link).to_have_attribute("href", re.compile(room), timeout=WAIT)  # before, it is the last class's
    with teacher.context.expect_page() as opening:
        link.click()
    projector = opening.value
    projector.set_viewport_size({"width": 1024, "height": 768})
    expect(projector.locator(".code")).to_have_text(code, timeout=WAIT)
    assert projector.locator(".code").bounding_box()["height"] > 200
    fits(projector)
    keep(projector, "how to join")
    for student in (laptop, phone):
        student.goto(f"{address}/class?code={code}")
        student.get_by_role("button", name="Join", exact=True).click()
        expect(student.get_by_role("heading", name=re.compile("You are"))).to_be_visible(timeout=WAIT)
    expect(projector.get_by_text("2 joined")).to_be_visible(timeout=WAIT)
    expect(teacher.locator(".tile")).to_have_count(2, timeout=WAIT)
    teacher.get_by_role("button", name="Pause: look up").click()
    for student in (laptop, phone):
        expect(student.get_by_text("Look up", exact=True)).to_be_visible(timeout=WAIT)
        keep(student, "look up")
    teacher.get_by_role("button", name="Go on").click()
    for student in (laptop, phone):
        expect(student.get_by_text("Look up", exact=True)).to_be_hidden(timeout=WAIT)
    teacher.get_by_label("On the projector", exact=True).click()
    teacher.get_by_role("option", name="The wall").click()
    expect(projector.locator(".tile")).to_have_count(2, timeout=WAIT)
    assert projector.locator(".tile .name").all_inner_texts() == ["", ""]
    fits(projector)
    keep(projector, "the wall")
    teacher.get_by_role("button", name="End class").click()
    teacher.get_by_role("button", name="Delete everything").click()
    expect(teacher.get_by_text("Delete everything")).to_be_hidden(timeout=WAIT)
    for student in (laptop, phone):
        expect(student.get_by_role("heading", name="Join a class")).to_be_visible(timeout=WAIT)


def fits(page) -> None:
    """Nothing scrolls, and no text is smaller than 20 points."""
    found = page.locator("dialog.projector").evaluate("""(dialog) => ({
      over: [dialog.scrollHeight - dialog.clientHeight, dialog.scrollWidth - dialog.clientWidth],
      small: [...dialog.querySelectorAll("*")].filter((one) => one.checkVisibility()
        && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
        && parseFloat(getComputedStyle(one).fontSize) < 26.6).map((one) => one.className) })""")
    assert max(found["over"]) <= 0 and found["small"] == []
