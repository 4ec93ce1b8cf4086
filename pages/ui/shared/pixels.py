"""A small grey picture, every pixel a sharp square."""
from __future__ import annotations

import numpy as np

from dlviz.figures import tiles
from pages.ui.shared.component import static_component

_MOUNT = static_component("dlviz_pixels", "pixels")


def pixels(key: str, picture: np.ndarray, alt: str, size: int) -> None:
    """A grey uint8 picture `(28, 28)`, `size` CSS pixels wide."""
    _MOUNT(key=key, data={"url": tiles.data_url(picture), "alt": alt, "size": size})
