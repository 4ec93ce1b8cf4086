"""The stack editor in a real browser: what it shows, at every width, and that fingers can use it."""
from __future__ import annotations

import random

from tests.browser.stack_page import FOUR, expect, open_stack, server  # noqa: F401


def test_a_group_opens_and_closes_and_a_layer_tells_what_it_does(open_stack):
    stack = open_stack()
    head = stack.page.get_by_role("button", name="Activations")
    expect(head).to_have_attribute("aria-expanded", "true")
    head.click()
    expect(stack.layer("Tanh")).to_be_hidden()
    head.click()
    stack.layer("Tanh").hover()
    expect(stack.page.locator(".hint")).to_have_text("Squeezes any number between -1 and 1.")
    label = "Add Tanh. Squeezes any number between -1 and 1."
    expect(stack.layer("Tanh")).to_have_attribute("aria-label", label)


def test_a_problem_is_told_and_repaired(open_stack):
    stack = open_stack("scene=errors&cards=5")
    expect(stack.slot("linear1").get_by_text("Put a Flatten between them.")).to_be_visible()
    stack.page.get_by_role("button", name="Put a Flatten before it").click()
    stack.python_has("conv2d1", "relu1", "maxpool2d1", "flatten1", "linear1", "batchnorm2d1")
    expect(stack.page.locator(".slot.wrong")).to_have_count(1)


def test_names_are_text_and_never_html(open_stack):
    stack = open_stack("scene=names")
    evil = "<img src=x onerror=alert(1)>"
    expect(stack.page.locator(".slot .name").first).to_have_text(evil)
    stack.page.locator(".slot .name").nth(1).dblclick()
    stack.keys.type("<b>bold</b>")
    stack.keys.press("Enter")
    expect(stack.page.locator(".slot .name").nth(1)).to_have_text("<b>bold</b>")
    stack.choose(evil)
    stack.keys.press("Alt+ArrowDown")
    expect(stack.page.locator(".status")).to_contain_text(f"Moved {evil}")
    stack.lift(stack.card(evil), *stack.above("<b>bold</b>"))
    expect(stack.page.locator(".ghost")).to_have_text(evil)
    stack.page.mouse.up()
    stack.python_took("rename", "move", "move")
    expect(stack.page.locator(".name img, .name b, .ghost img")).to_have_count(0)


def test_skips_are_drawn_as_arcs_and_said_in_words(open_stack):
    stack = open_stack("scene=skips")
    expect(stack.slot("add1").get_by_text("from conv2d1, relu2")).to_be_visible()
    expect(stack.page.locator(".arc:not(.head)")).to_have_count(4)
    expect(stack.page.locator(".arc.hot")).to_have_count(0)
    stack.choose("add1")
    expect(stack.page.locator(".arc.hot:not(.head)")).to_have_count(1)


def test_an_arc_runs_from_the_card_it_leaves_to_the_card_it_enters(open_stack):
    stack = open_stack("scene=skips&height=1200")
    stack.choose("add1")
    arc = stack.page.locator(".arc.hot:not(.head)").bounding_box()
    source, target = stack.card("conv2d1").bounding_box(), stack.card("add1").bounding_box()
    assert source["y"] < arc["y"] < source["y"] + source["height"]
    assert target["y"] < arc["y"] + arc["height"] < target["y"] + target["height"]
    assert arc["x"] + arc["width"] <= source["x"] + 1


REPLAY = """async ([url, cases]) => {
    const { replay } = await import(url);
    const card = (name) => ({ name, inputs: null });
    const entry = (edit, i) => ({ rev: i + 1, edit, like: { kind: edit.kind } });
    return cases.map(([names, edits]) =>
        replay({ cards: names.map(card), selected: null }, edits.map(entry)).cards.map((card) => card.name));
}"""


def test_what_is_shown_before_python_answers_is_what_python_will_answer(open_stack, server):
    rng = random.Random(7)
    cases = [(list("abcdefg"[:rng.randint(1, 7)]), [some_edit(rng) for _ in range(6)]) for _ in range(300)]
    shown = open_stack().page.evaluate(REPLAY, [f"{server}/app/static/stack/model.js", cases])
    for (names, edits), order in zip(cases, shown, strict=True):
        for edit in edits:
            apply_to(names, edit)
        assert order == names


def some_edit(rng: random.Random) -> dict:
    kind, name = rng.choice(["add", "move", "delete", "rename", "select"]), rng.choice("abcdefg")
    more = {"add": {"kind": "New", "at": rng.randint(0, 3)}, "move": {"name": name, "to": rng.randint(0, 3)},
            "rename": {"name": name, "to": name.upper()}}
    return {"type": kind} | more.get(kind, {"name": name})


def apply_to(names: list[str], edit: dict) -> None:
    if edit["type"] == "add":
        names.insert(edit["at"], edit["kind"])
    elif edit["type"] == "select" or edit["name"] not in names:
        return
    elif edit["type"] == "rename":
        names[names.index(edit["name"])] = edit["to"]
    else:
        names.remove(edit["name"])
        if edit["type"] == "move":
            names.insert(edit["to"], edit["name"])


def test_a_narrow_editor_has_its_palette_above(open_stack):
    stack = open_stack()
    stack.page.set_viewport_size({"width": 480, "height": 900})
    expect(stack.layer("Tanh")).to_be_hidden()
    stack.page.get_by_role("button", name="Activations").click()
    assert stack.layer("Tanh").bounding_box()["y"] < stack.card("conv2d1").bounding_box()["y"]
    stack.layer("Tanh").click()
    stack.python_has(*FOUR, "tanh1")
    stack.page.get_by_role("button", name="Images").click()
    expect(stack.layer("Tanh")).to_be_hidden()


def test_a_finger_drags_by_the_handle_and_after_a_rest(open_stack):
    stack = open_stack(has_touch=True)
    touch = stack.page.context.new_cdp_session(stack.page)

    def send(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def carry(locator, target: tuple[float, float]) -> None:
        x, y = stack.centre(locator)
        send("touchStart", x, y)
        expect(stack.page.locator(".ghost")).to_be_visible()
        send("touchMove", x + 3, y + 12)
        send("touchMove", *target)
        send("touchEnd")

    carry(stack.card("linear1").locator(".grip"), stack.above("relu1"))
    stack.python_has("conv2d1", "linear1", "relu1", "maxpool2d1")
    carry(stack.layer("Tanh"), stack.above("conv2d1"))
    stack.python_has("tanh1", "conv2d1", "linear1", "relu1", "maxpool2d1")
    carry(stack.card("conv2d1").locator(".text"), stack.above("maxpool2d1"))
    stack.python_has("tanh1", "linear1", "relu1", "conv2d1", "maxpool2d1")


def test_a_picture_is_enlarged_by_a_whole_number_and_a_strip_is_shown_smaller_where_room_is_scarce(open_stack):
    stack = open_stack()
    square, strip = (stack.card(name).locator("img.picture") for name in ("conv2d1", "linear1"))
    assert [round(square.bounding_box()[side]) for side in ("width", "height")] == [56, 56]  # 28 x 28, twice
    assert [round(strip.bounding_box()[side]) for side in ("width", "height")] == [120, 60]
    stack.page.set_viewport_size({"width": 700, "height": 900})
    assert [round(strip.bounding_box()[side]) for side in ("width", "height")] == [86, 43]
