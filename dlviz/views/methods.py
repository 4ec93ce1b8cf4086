"""What is said of each way to explain an answer: what it shows, and what it does not."""
from __future__ import annotations

from dataclasses import dataclass

from dlviz.tasks import Modality
from dlviz.views.texts import texts


@dataclass(frozen=True)
class Method:
    """`thing` in the texts is a pixel or a symbol, `blank` what stands for nothing there, `of` the question."""

    title: str
    term: str
    says: str
    not_said: str
    signed: bool

    def sentences(self, **words: str) -> tuple[str, str]:
        return self.says.format(**words), self.not_said.format(**words)


def methods(modality: Modality) -> dict[str, Method]:
    """The methods by their key, in words about inputs of this kind."""
    return {
        "saliency": Method(
            texts.SALIENCY, texts.SIZE_GRADIENT,
            texts.CHANGES_MOST[modality],
            texts.NOT_WHICH_WAY[modality], False),
        "integrated": Method(
            texts.INTEGRATED_GRADIENTS, texts.GRADIENTS_ADDED_UP_WAY,
            texts.SPLITS[modality],
            texts.DOES_NOT_SAY_WHAT, True),
        "cam": Method(
            texts.GRAD_CAM, texts.FEATURE_MAPS_WEIGHTED_THEIR,
            texts.STRONG_COLOUR_FEATURE_MAPS,
            texts.DOES_NOT_SAY_WHICH_PIXELS, False),
        "occlusion": Method(
            texts.OCCLUSION, texts.HIDE_PLACE_EVALUATE_AGAIN,
            texts.RED_FALLS_WHEN_HERE,
            texts.MISSES_REDUNDANCY_TWO_PLACES, True),
    }


