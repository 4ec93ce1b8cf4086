"""A small app that mounts the stack editor over a list of cards in memory and really applies its edits.

?cards=N opens with N cards, ?scene=errors|skips|names|empty with special ones; ?slow=S: runs take S seconds.
"""
from __future__ import annotations

import base64
import time
from io import BytesIO

import numpy as np
import streamlit as st
from PIL import Image

from pages.ui.build.stack import Edit, stack

PALETTE = [
    {"family": "dense", "title": "Dense", "color_light": "#3F5BD9", "color_dark": "#8B9DFF", "layers": [
        {"kind": "Linear", "sentence": "Every output looks at every input; the workhorse of all networks."},
        {"kind": "Flatten", "sentence": "Lays an image out as one long row of numbers."}]},
    {"family": "image", "title": "Images", "color_light": "#1F8A70", "color_dark": "#5FD0B0", "layers": [
        {"kind": "Conv2d", "sentence": "Slides small filters over the image; each finds one pattern."},
        {"kind": "ConvTranspose2d", "sentence": "A convolution that makes the image larger."},
        {"kind": "MaxPool2d", "sentence": "Keeps the strongest answer of each little square."},
        {"kind": "AvgPool2d", "sentence": "Keeps the mean of each little square."}]},
    {"family": "bend", "title": "Activations", "color_light": "#C77700", "color_dark": "#F2B45A", "layers": [
        {"kind": "ReLU", "sentence": "Lets positive numbers through and turns negative ones into zero."},
        {"kind": "Sigmoid", "sentence": "Squeezes any number between 0 and 1."},
        {"kind": "Tanh", "sentence": "Squeezes any number between -1 and 1."}]},
    {"family": "norm", "title": "Steadying", "color_light": "#8A4FBE", "color_dark": "#C79BEF", "layers": [
        {"kind": "BatchNorm2d", "sentence": "Keeps the numbers of each channel in a similar range."},
        {"kind": "Dropout", "sentence": "Switches off a random part of the numbers during training."}]},
    {"family": "join", "title": "Joining", "color_light": "#B8405E", "color_dark": "#F08BA2", "layers": [
        {"kind": "Add", "sentence": "Adds two answers of the same shape, number by number."},
        {"kind": "Concat", "sentence": "Puts two answers side by side."}]},
    {"family": "order", "title": "Sequences", "color_light": "#55708A", "color_dark": "#9FBBD6", "layers": [
        {"kind": "LSTM", "sentence": "Reads a sequence step by step and carries a memory along."},
        {"kind": "MultiheadAttention", "sentence": "Lets every place of a sequence look at every other."}]},
]
FAMILY = {layer["kind"]: family["family"] for family in PALETTE for layer in family["layers"]}
LOOKS = {"Conv2d": ("16 filters 3 x 3", "16 x 26 x 26", 160, 97_344), "ReLU": ("", "16 x 26 x 26", 0, 0),
         "MaxPool2d": ("2 x 2", "16 x 13 x 13", 0, 0), "Linear": ("128 outputs", "128", 109_386, 1_234_567)}


def picture(seed: int, height: int = 28, width: int = 28) -> str:
    rng = np.random.default_rng(seed)
    values = np.abs(np.add.outer(np.sin(np.arange(height) / (2 + seed % 5)), np.cos(np.arange(width) / 3)))
    noisy = np.uint8(np.clip(values * 110 + rng.normal(0, 12, values.shape), 0, 255))
    file = BytesIO()
    Image.fromarray(noisy).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def card(name: str, kind: str, **more) -> dict:
    summary, shape, parameters, work = LOOKS.get(kind, ("", "16 x 13 x 13", 0, 0))
    return {"name": name, "kind": kind, "family": FAMILY[kind], "summary": summary, "out_shape": shape,
            "parameters": parameters, "multiply_adds": work, "picture": None, "inputs": None,
            "inputs_explicit": False, "error": None} | more


class Design:
    """The cards and their history; stands for the real design, which knows shapes and errors."""

    def __init__(self, cards: list[dict]) -> None:
        self.cards, self.selected, self.undos, self.redos, self.log = cards, None, [], [], []
        self.epoch = 1

    def apply(self, edit: Edit) -> None:
        self.log.append(edit)
        if edit.type not in ("select", "undo", "redo"):
            self.undos.append(list(self.cards))
            self.redos.clear()
        getattr(self, edit.type)(edit)

    def place(self, name: str | None) -> int:
        return [c["name"] for c in self.cards].index(name)

    def free(self, kind: str) -> str:
        names = {c["name"] for c in self.cards}
        return next(f"{kind.lower()}{i}" for i in range(1, 999) if f"{kind.lower()}{i}" not in names)

    def put(self, at: int, new: dict) -> None:
        self.cards = [*self.cards[:at], new, *self.cards[at:]]
        self.selected = new["name"]

    def add(self, edit: Edit) -> None:
        self.put(edit.at, card(self.free(edit.kind), edit.kind))

    def duplicate(self, edit: Edit) -> None:
        old = self.cards[self.place(edit.name)]
        self.put(self.place(edit.name) + 1, old | {"name": self.free(old["kind"])})

    def move(self, edit: Edit) -> None:
        rest = [c for c in self.cards if c["name"] != edit.name]
        self.cards = [*rest[:edit.to], self.cards[self.place(edit.name)], *rest[edit.to:]]

    def delete(self, edit: Edit) -> None:
        self.cards = [c for c in self.cards if c["name"] != edit.name]
        self.selected = None if self.selected == edit.name else self.selected

    def rename(self, edit: Edit) -> None:
        self.cards = [c | {"name": edit.to} if c["name"] == edit.name else c for c in self.cards]
        self.selected = edit.to if self.selected == edit.name else self.selected

    def repair(self, edit: Edit) -> None:
        at = self.place(edit.name)
        self.cards = [c | {"error": None} if c["name"] == edit.name else c for c in self.cards]
        self.put(at, card(self.free("Flatten"), "Flatten"))

    def select(self, edit: Edit) -> None:
        self.selected = edit.name

    def undo(self, edit: Edit) -> None:
        if self.undos:
            self.redos.append(self.cards)
            self.cards = self.undos.pop()

    def redo(self, edit: Edit) -> None:
        if self.redos:
            self.undos.append(self.cards)
            self.cards = self.redos.pop()


def picture_of(place: int) -> str | None:
    return picture(place) if place < 3 else picture(place, 60, 120) if place == 3 else None


def cards_asked_for() -> list[dict]:
    scene, count = st.query_params.get("scene", ""), int(st.query_params.get("cards", 4))
    kinds = ["Conv2d", "ReLU", "MaxPool2d", "Linear", "BatchNorm2d", "Dropout"]
    named = [(f"{kinds[i % 6].lower()}{i // 6 + 1}", kinds[i % 6]) for i in range(count)]
    cards = [card(*name, picture=picture_of(i % 6)) for i, name in enumerate(named)]
    return SCENES.get(scene, lambda cards: cards)(cards)


def errors(cards: list[dict]) -> list[dict]:
    sentence = ("Layer 4 (Linear) takes a vector, but layer 3 (MaxPool2d) gives an image of 16 x 13 x 13. "
                "Put a Flatten between them.")
    cards[3] |= {"error": {"sentence": sentence, "repair": {"label": "Put a Flatten before it"}},
                 "out_shape": None, "parameters": None, "multiply_adds": None}
    cards[-1] |= {"error": {"sentence": "Waits for the layer above.", "repair": None}, "out_shape": None}
    return cards


def skips(cards: list[dict]) -> list[dict]:
    return [
        *cards[:3],
        card("conv2", "Conv2d"),
        card("relu2", "ReLU"),
        card("add1", "Add", inputs=["conv2d1", "relu2"], inputs_explicit=True, picture=picture(9)),
        card("conv3", "Conv2d"),
        card("side", "Conv2d", inputs=["maxpool2d1"], inputs_explicit=True),
        card("join", "Concat", inputs=["image", "conv3", "side"], inputs_explicit=True),
        card("out", "Linear"),
    ]


def names(cards: list[dict]) -> list[dict]:
    odd = ["<img src=x onerror=alert(1)>", "a very long name of forty characters ok!", "M" * 40, "größe 网络 🙂"]
    return [c | {"name": name} for c, name in zip(cards, odd, strict=False)]


SCENES = {"errors": errors, "skips": skips, "names": names, "empty": lambda cards: []}

st.set_page_config(layout="wide", page_title="Stack")
if "design" not in st.session_state:
    st.session_state.design = Design(cards_asked_for())
    st.session_state.runs = 0
st.session_state.runs += 1
design: Design = st.session_state.design
if st.button("Another network"):
    st.session_state.design = design = Design([card("fresh", "ReLU")])
    design.epoch = 2
note = st.text_input("A note", key="note")
image = {"name": "image", "title": "Image", "shape": "1 x 28 x 28", "picture": picture(3)}
edits = stack("stack", palette=PALETTE, cards=design.cards, inputs=[image], epoch=design.epoch,
              selected=design.selected, can_undo=bool(design.undos), can_redo=bool(design.redos),
              height=int(st.query_params.get("height", 620)))
for edit in edits:
    design.apply(edit)
if edits:
    time.sleep(float(st.query_params.get("slow", 0)))
    st.rerun()
st.text("Order: " + " | ".join(c["name"] for c in design.cards))
st.text(f"Selected: {design.selected}")
st.text(f"Chosen: {sum(edit.type == 'select' for edit in design.log)} times")
st.text(f"Runs: {st.session_state.runs}")
st.text("Log: " + " ".join(edit.type for edit in design.log if edit.type != "select"))
