"""What the Explain page says of each way to explain an answer: what it shows, and what it does not."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """`thing` in the texts is a pixel or a symbol, `blank` what stands for nothing there, `of` the question."""

    title: str
    term: str
    says: str
    not_said: str
    signed: bool

    def told(self, **words: str) -> tuple[str, str]:
        return self.says.format(**words), self.not_said.format(**words)


METHODS: dict[str, Method] = {
    "saliency": Method(
        "Saliency", "size of the gradient",
        "Strong colour: a tiny change of this {thing} would move {of} most.",
        "It does not say which way, nor that the {thing} was used: a blank place can be strong.", False),
    "integrated": Method(
        "Integrated gradients", "gradients added up on the way from {blank}",
        "Splits {of} among the {thing}s: {signs}.",
        "It does not say what being blank adds: it measures from {blank}, and what equals that gets nothing.", True),
    "cam": Method(
        "Grad-CAM", "feature maps, weighed by their gradients",
        "Strong colour: the feature maps of {layer} found something here that speaks for it.",
        "It does not say which pixels: one square of a map sees a wide patch. Nor what speaks against.", False),
    "occlusion": Method(
        "Occlusion", "wipe a place out and ask again",
        "Red: {of} falls when {patch} here is wiped out. Blue: it rises.",
        "It does not see teamwork: two places that can stand in for each other both look unimportant.", True),
}
NO_MAPS = "This network has no convolution over a picture, so there are no feature maps to weigh."
SIGNS = "red ones speak for it, blue ones against it"
SIGNS_OF_A_NUMBER = "red ones push it up, blue ones pull it down"
