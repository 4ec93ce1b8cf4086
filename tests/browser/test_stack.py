"""The stack editor in a real browser: every way to edit, by mouse and keyboard, none lost when fast."""
from __future__ import annotations

import re

import pytest

from tests.browser.stack_page import FOUR, expect, open_stack, server  # noqa: F401


def test_a_click_adds_at_the_end_and_behind_the_chosen_card(open_stack):
    stack = open_stack()
    stack.layer("Tanh").click()
    stack.python_has(*FOUR, "tanh1")
    stack.choose("conv2d1")
    stack.layer("Sigmoid").click()
    stack.python_has("conv2d1", "sigmoid1", *FOUR[1:], "tanh1")
    stack.python_chose("sigmoid1")


def test_a_layer_is_dragged_to_its_place(open_stack):
    stack = open_stack()
    stack.lift(stack.layer("Dropout"), *stack.above("maxpool2d1"))
    expect(stack.page.locator(".insertion")).to_be_visible()
    expect(stack.page.locator(".ghost")).to_have_text("Dropout")
    stack.page.mouse.up()
    expect(stack.page.locator(".insertion")).to_be_hidden()
    stack.python_has("conv2d1", "relu1", "dropout1", "maxpool2d1", "linear1")
    stack.python_took("add")


def test_escape_and_letting_go_outside_cancel_a_drag(open_stack):
    stack = open_stack()
    stack.lift(stack.layer("Dropout"), *stack.above("relu1"))
    stack.keys.press("Escape")
    expect(stack.page.locator(".ghost")).to_be_hidden()
    stack.page.mouse.up()
    stack.lift(stack.layer("Dropout"), 20, 20)
    stack.page.mouse.up()
    stack.layer("Tanh").hover()  # pressed, lifted, cancelled over itself: must not count as a click
    stack.page.mouse.down()
    stack.page.mouse.move(*[at + 9 for at in stack.centre(stack.layer("Tanh"))])
    stack.keys.press("Escape")
    stack.page.mouse.up()
    stack.layer("ReLU").click()
    stack.python_has(*FOUR, "relu2")
    stack.python_took("add")


def test_a_card_is_dragged_up_and_down(open_stack):
    stack = open_stack()
    stack.lift(stack.card("linear1"), *stack.above("relu1"))
    stack.page.mouse.up()
    stack.python_has("conv2d1", "linear1", "relu1", "maxpool2d1")
    stack.python_chose("linear1")
    stack.lift(stack.card("conv2d1"), *stack.above("maxpool2d1"))
    stack.page.mouse.up()
    stack.python_has("linear1", "relu1", "conv2d1", "maxpool2d1")


def test_a_card_put_back_where_it_was_is_no_edit(open_stack):
    stack = open_stack()
    stack.lift(stack.card("relu1"), *stack.above("maxpool2d1"))
    expect(stack.page.locator(".ghost")).to_be_visible()
    expect(stack.page.locator(".insertion")).to_be_hidden()
    stack.page.mouse.up()
    stack.layer("Tanh").click()
    stack.python_took("add")


def test_the_column_scrolls_by_itself_while_a_card_is_dragged(open_stack):
    stack = open_stack("cards=30")
    column = stack.page.locator(".column")
    box = column.bounding_box()
    stack.lift(stack.card("conv2d1"), box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)
    stack.page.wait_for_function(
        "(c) => c.scrollTop + c.clientHeight >= c.scrollHeight - 2", arg=column.element_handle())
    stack.page.mouse.up()
    expect(stack.page.locator(".slot .name").last).to_have_text("conv2d1")
    stack.python_took("move")


def test_buttons_duplicate_delete_rename(open_stack):
    stack = open_stack()
    stack.tool("relu1", "Duplicate")
    stack.python_has("conv2d1", "relu1", "relu2", "maxpool2d1", "linear1")
    stack.tool("conv2d1", "Delete")
    stack.python_has("relu1", "relu2", "maxpool2d1", "linear1")
    stack.tool("linear1", "Rename")
    stack.keys.type("the head")
    stack.keys.press("Enter")
    stack.python_has("relu1", "relu2", "maxpool2d1", "the head")


def test_double_click_renames_escape_cancels_and_a_taken_name_is_refused(open_stack):
    stack = open_stack()
    stack.page.locator(".name", has_text="relu1").dblclick()
    field = stack.page.get_by_label("New name of relu1")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("maxlength", "40")
    field.fill("gone")
    stack.keys.press("Escape")
    expect(stack.slot("relu1")).to_have_count(1)
    stack.page.locator(".name", has_text="relu1").dblclick()
    field.fill("linear1")
    stack.keys.press("Enter")
    expect(stack.page.get_by_role("alert").filter(has_text="already called linear1")).to_be_visible()
    field.fill("bend")
    stack.keys.press("Enter")
    stack.python_has("conv2d1", "bend", "maxpool2d1", "linear1")
    stack.python_took("rename")


def test_undo_and_redo_by_button(open_stack):
    stack = open_stack()
    undo, redo = stack.page.get_by_label(re.compile("^Undo")), stack.page.get_by_label(re.compile("^Redo"))
    expect(undo).to_be_disabled()
    stack.tool("relu1", "Delete")
    stack.python_has("conv2d1", "maxpool2d1", "linear1")
    undo.click()
    stack.python_has(*FOUR)
    redo.click()
    stack.python_has("conv2d1", "maxpool2d1", "linear1")
    expect(redo).to_be_disabled()


def test_everything_by_keyboard(open_stack):
    stack = open_stack()
    stack.page.get_by_label("Find a layer").focus()
    stack.keys.type("tan")
    stack.keys.press("Enter")
    stack.python_has(*FOUR, "tanh1")
    stack.keys.press("Escape")  # empties the field
    stack.keys.press("Escape")  # goes to the cards
    expect(stack.card("tanh1")).to_be_focused()
    stack.keys.press("ArrowUp")
    expect(stack.card("linear1")).to_be_focused()
    stack.python_chose("linear1")
    stack.keys.press("Alt+ArrowUp")
    stack.python_has("conv2d1", "relu1", "linear1", "maxpool2d1", "tanh1")
    expect(stack.card("linear1")).to_be_focused()
    stack.keys.press("Alt+ArrowDown")
    stack.python_has(*FOUR, "tanh1")
    stack.keys.press("Control+d")
    stack.python_has(*FOUR, "linear2", "tanh1")
    expect(stack.card("linear2")).to_be_focused()
    stack.keys.press("F2")
    stack.keys.type("head")
    stack.keys.press("Enter")
    stack.python_has(*FOUR, "head", "tanh1")
    expect(stack.card("head")).to_be_focused()
    stack.keys.press("Delete")
    stack.python_has(*FOUR, "tanh1")
    expect(stack.card("tanh1")).to_be_focused()
    stack.keys.press("Backspace")
    stack.python_has(*FOUR)
    stack.python_chose("linear1")
    stack.keys.press("Control+z")
    stack.python_has(*FOUR, "tanh1")
    stack.keys.press("Control+Shift+Z")
    stack.python_has(*FOUR)
    stack.keys.press("Control+z")
    stack.python_has(*FOUR, "tanh1")
    stack.keys.press("Control+y")
    stack.python_has(*FOUR)
    stack.keys.press("/")
    expect(stack.page.get_by_label("Find a layer")).to_be_focused()
    expect(stack.page.get_by_label("Find a layer")).to_have_value("")


def test_what_happened_is_said(open_stack):
    stack = open_stack()
    status = stack.page.locator('.status[aria-live="polite"]')
    stack.choose("relu1")
    stack.keys.press("Alt+ArrowUp")
    expect(status).to_have_text("Moved relu1 to place 1 of 4.")
    stack.keys.press("Delete")
    expect(status).to_contain_text("Deleted relu1.")


@pytest.mark.parametrize("slow", [0, 0.4])
def test_three_fast_edits_arrive_each_once_and_in_order(open_stack, slow):
    stack = open_stack(f"cards=6&slow={slow}")
    stack.choose("conv2d1")
    for _ in range(3):
        stack.keys.press("Delete")
    stack.python_has("linear1", "batchnorm2d1", "dropout1")
    stack.python_took("delete", "delete", "delete")


def test_fast_edits_of_a_card_that_python_has_yet_to_name(open_stack):
    stack = open_stack("cards=2&slow=0.5")
    stack.choose("conv2d1")
    for key in ("Control+d", "Alt+ArrowDown", "Control+d", "Delete", "Control+z"):
        stack.keys.press(key)
    stack.python_took("duplicate", "move", "duplicate", "delete", "undo")
    stack.python_has("conv2d1", "relu1", "conv2d2", "conv2d3")


def test_fast_clicks_in_the_palette_keep_their_order(open_stack):
    stack = open_stack("scene=empty&slow=0.3")
    expect(stack.page.get_by_text("Drag a layer here, or click one")).to_be_visible()
    for kind in ("Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"):
        stack.layer(kind).click()
    expect(stack.page.locator(".slot")).to_have_count(5)  # shown before Python has answered
    stack.python_has("conv2d1", "relu1", "maxpool2d1", "flatten1", "linear1")
    expect(stack.page.get_by_text("Drag a layer here, or click one")).to_be_hidden()


def test_a_layer_is_dragged_into_an_empty_network(open_stack):
    stack = open_stack("scene=empty")
    stack.lift(stack.layer("Conv2d"), *stack.centre(stack.page.locator(".empty")))
    stack.page.mouse.up()
    stack.python_has("conv2d1")


HOLD_DOWN = """async (card) => {
    const list = card.closest(".list");
    for (let i = 0; i < 24; i++) {
        const key = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true });
        list.querySelector('.card[tabindex="0"]').dispatchEvent(key);
        await new Promise((done) => setTimeout(done, 15));
    }
}"""


def test_an_arrow_key_held_down_does_not_ask_python_for_every_card(open_stack):
    stack = open_stack("cards=30")
    stack.choose("conv2d1")
    stack.python_chose("conv2d1")
    stack.card("conv2d1").evaluate(HOLD_DOWN)
    stack.python_chose("conv2d5")
    expect(stack.card("conv2d5")).to_be_focused()
    times = int(re.search(r"\d+", stack.page.get_by_text(re.compile("^Chosen:")).inner_text())[0])
    assert times <= 8


def test_keys_typed_in_another_widget_are_left_alone(open_stack):
    stack = open_stack()
    stack.choose("relu1")
    stack.python_chose("relu1")
    note = stack.page.get_by_label("A note")
    note.click()
    note.press_sequentially("a/b")
    for key in ("Backspace", "Delete", "Alt+ArrowUp", "F2", "Control+z"):
        stack.keys.press(key)
    expect(note).to_be_focused()
    stack.layer("Tanh").click()
    stack.python_has("conv2d1", "relu1", "tanh1", "maxpool2d1", "linear1")
    stack.python_took("add")


def test_letters_in_the_search_field_are_not_streamlits_shortcuts(open_stack):
    stack = open_stack()
    runs = stack.page.get_by_text(re.compile("^Runs:"))
    expect(runs).to_have_text("Runs: 1")
    field = stack.page.get_by_label("Find a layer")
    field.press_sequentially("rrr")  # r is Streamlit's key for running the script again
    expect(field).to_have_value("rrr")
    expect(stack.page.get_by_text("No layer has this word.")).to_be_visible()
    field.fill("tanh")
    stack.keys.press("Enter")
    stack.python_has(*FOUR, "tanh1")
    expect(runs).to_have_text("Runs: 3")  # one that takes the edit, one that shows it


def test_another_design_drops_what_was_on_its_way(open_stack):
    stack = open_stack()
    stack.tool("relu1", "Delete")
    stack.python_has("conv2d1", "maxpool2d1", "linear1")
    stack.page.get_by_role("button", name="Another network").click()
    stack.python_has("fresh")
    expect(stack.page.get_by_text("Deleted relu1.")).to_have_count(0)  # that was another design
    stack.layer("Tanh").click()
    stack.python_has("fresh", "tanh1")
