"""Named Experiments that open and train. Plain data only; a new one is one row in the file of its group."""
from __future__ import annotations

from dlviz.errors import SpecError
from dlviz.presets.base import Preset
from dlviz.presets.games import GAMES
from dlviz.presets.images import IMAGES
from dlviz.presets.language import LANGUAGE
from dlviz.presets.patterns import PATTERNS
from dlviz.presets.plane import PLANE
from dlviz.presets.sequences import SEQUENCES
from dlviz.translation import _

PRESETS: dict[str, Preset] = {
    preset.key: preset for preset in (*IMAGES, *PATTERNS, *PLANE, *SEQUENCES, *LANGUAGE, *GAMES)}
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(preset.group for preset in PRESETS.values()))
DEFAULT = "mlp"


def get(key: str) -> Preset:
    """The preset of this key. SpecError names the choices."""
    if key not in PRESETS:
        raise SpecError(_("The preset {key!r}", key=key[:60]), _("must be one of {names}", names=", ".join(PRESETS)),
                        _("it is none of them"), _("Choose one of these."))
    return PRESETS[key]


__all__ = ["DEFAULT", "GROUPS", "PRESETS", "Preset", "get"]
