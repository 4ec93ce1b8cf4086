"""How training pictures are changed a little each time they are seen: amounts as plain data. Knows no torch."""
from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Augmentation(BaseModel):
    """Amounts; each picture gets its own random change up to these. All 0: the pictures as they are."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
    shift: float = Field(default=0.0, ge=0, le=14, description="Move by up to this many pixels, across and down.")
    rotate: float = Field(default=0.0, ge=0, le=180, description="Turn by up to this many degrees, either way.")
    scale: float = Field(default=0.0, ge=0, le=0.9, description="Make larger or smaller by up to this share.")
    elastic: float = Field(default=0.0, ge=0, le=10, description="Bend like rubber: how many pixels a point typically "
                           "wanders (Simard et al. 2003 bend by 1.4).")

    @property
    def active(self) -> bool:
        return bool(self.shift or self.rotate or self.scale or self.elastic)
