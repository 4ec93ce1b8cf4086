"""What the slow motion page says of steps and layers: plain words, the exact term beside them."""
from __future__ import annotations

from pages.ui.motion.texts import texts


def steps() -> list[dict[str, str]]:
    """Name, title, sentence and formula (plain text) of each step of one update."""
    return [
        {"name": "forward", "title": texts.FORWARD_2, "formula": texts.Y_LAYER_X,
         "sentence": texts.NUMBERS_FLOW_FROM_SAMPLES},
        {"name": "loss", "title": texts.LOSS_2, "formula": texts.L_MEAN_LOG_P,
         "sentence": texts.OUTPUT_COMPARED_TARGET_ONE},
        {"name": "gradients", "title": texts.GRADIENTS, "formula": "∂L/∂w = Σ δ · a",
         "sentence": texts.BACKWARDS_LAYER_LAYER_HOW},
        {"name": "clip", "title": texts.CLIP, "formula": texts.G_G_MIN_THRESHOLD,
         "sentence": texts.IF_ALL_GRADIENTS_TOGETHER},
        {"name": "update", "title": texts.UPDATE, "formula": texts.W_W_STEP,
         "sentence": texts.EVERY_WEIGHT_TAKES_SMALL},
    ]


# kind -> what it computes, as plain text

# kind -> how a gradient comes back through it


def place(index: tuple[int, ...]) -> str:
    """Where a number stands in a layer's output, counted from 0 as in code."""
    match index:
        case (unit,):
            return texts.UNIT_2.format(unit=unit)
        case (step, unit):
            return texts.STEP_UNIT.format(step=step + 1, unit=unit)
        case (channel, row, column):
            return texts.MAP_ROW_COLUMN.format(channel=channel, row=row, column=column)
    return ", ".join(map(str, index))
