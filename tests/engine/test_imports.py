"""Imports run one way: the floors of the house, walked in the syntax trees."""
from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GROUND = {"errors", "settings", "shapes", "optimizers", "schedules", "augmentation", "corruption", "distortion",
          "files", "penalty", "text_table", "versions", "chance", "english", "memoize", "layout", "translation",
          "worded", "algorithms"}
ALLOWED: dict[str, set[str]] = {
    "errors": {"translation"}, "settings": {"errors", "translation"}, "owners": set(), "once": {"errors"},
    "database": {"errors"}, "clock": set(), "optimizers": {"translation", "worded"},
    "schedules": {"translation", "versions"}, "versions": set(),
    "shapes": {"errors", "translation"}, "augmentation": set(), "corruption": set(), "distortion": set(),
    "penalty": set(), "files": set(), "chance": set(), "text_table": set(), "english": {"translation"},
    "translation": set(), "worded": {"translation"}, "languages": set(),
    "memoize": set(), "algorithms": set(), "games": set(), "layout": {"errors", "settings", "translation"},
    "bounds": {"errors", "settings", "translation"},
    "spec": GROUND | {"bounds"}, "layers": GROUND, "tasks": GROUND | {"games"}, "probes": GROUND | {"layers"},
    "presets": GROUND | {"spec"},
    "network": GROUND | {"spec", "layers"},
    "doctor": GROUND | {"spec", "layers", "network", "probes", "training.history", "training.events",
                       "training.calibration"},
    "export": GROUND | {"spec", "layers", "network"},
    "training": GROUND | {"games", "spec", "layers", "network", "tasks", "probes",
                       "presets"},
    "inspect": GROUND | {"spec", "layers", "network", "tasks", "probes", "training"},
    "figures": GROUND | {"spec", "layers", "network", "probes", "training.history", "training.events",
                       "training.calibration"},
    "runs": GROUND
    | {"database", "games", "owners", "clock", "spec", "layers", "network", "tasks", "probes", "presets", "training",
       "inspect"},
    "cluster": GROUND | {"__version__", "runs", "training.control", "training.events"},
    "landscape": GROUND | {"spec", "network", "tasks", "probes", "training", "runs"},
    "studies": GROUND | {"clock", "spec", "layers", "network", "tasks", "presets", "runs", "training.control"},
    "lessons": GROUND | {"bounds", "database", "once", "spec", "layers", "network", "tasks", "presets", "probes",
                         "doctor", "inspect", "runs", "studies", "training.events"},
    "classroom": GROUND | {"database", "groups", "owners", "clock", "spec", "network", "tasks", "presets",
                           "training.control", "runs", "studies", "lessons", "figures", "export"},
    "views": GROUND | {"games", "spec", "layers", "network", "tasks", "probes", "presets",
                       "training.control",
                       "training.events", "figures", "inspect"},
    "groups": GROUND | {"spec"},
    "api": GROUND | {"spec", "network", "tasks"},
    "cli": GROUND | {"api", "spec", "presets", "tasks", "training", "figures", "export", "__version__"},
    "__main__": {"cli"},
}


def _floor(path: Path) -> str:
    return path.relative_to(ROOT / "dlviz").parts[0].removesuffix(".py")


def _imports(path: Path) -> set[str]:
    """Absolute module names that the file imports, `from dlviz import x` as `dlviz.x`; typing-only ones too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _engine_files() -> list[Path]:
    return [p for p in sorted((ROOT / "dlviz").rglob("*.py")) if p.parent != ROOT / "dlviz" or p.stem != "__init__"]


@pytest.mark.parametrize("path", _engine_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_the_engine_imports_downwards_only(path: Path):
    floor = _floor(path)
    assert floor in ALLOWED, f"dlviz/{floor} stands on no floor; give it one in ALLOWED"
    for name in _imports(path):
        parts = name.split(".")
        assert parts[0] not in {"streamlit", "pages", "app"}, f"{path} imports {name}"
        if parts[0] != "dlviz" or parts[1] == floor:
            continue
        reaches = {parts[1], ".".join(parts[1:3])}
        assert reaches & ALLOWED[floor], f"{floor} must not import {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_reach_training_through_runs(path: Path):
    for name in _imports(path):
        assert name.split(".")[0] != "app", f"{path} imports app"
        if name.startswith("dlviz.training"):
            assert name.startswith(("dlviz.training.control", "dlviz.training.events", "dlviz.training.history")), \
                f"{path} imports {name}: pages come to training through dlviz.runs"


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_hold_no_modules_and_no_tensors(path: Path):
    """The engine hands over plain values: floats, NumPy arrays, frozen dataclasses."""
    assert not [name for name in _imports(path) if name.split(".")[0] == "torch"]
    reached = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
    assert not reached & {"module_of", "named_parameters", "state_dict"}


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda p: p.name)
def test_a_page_is_short(path: Path):
    assert len(path.read_text().splitlines()) <= 120


def test_the_frame_is_short():
    assert len((ROOT / "app.py").read_text().splitlines()) < 60


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_pages_parts_are_its_own(path: Path):
    """`pages/ui/train` serves pages/train.py alone; what two pages need lies in `pages/ui/shared`."""
    first, *others = path.relative_to(ROOT / "pages").with_suffix("").parts
    own = others[0] if first == "ui" and len(others) > 1 else first
    for name in _imports(path):
        place = name.split(".")
        if place[:2] == ["pages", "ui"] and len(place) > 2:
            assert place[2] in {own, "shared"}, f"{path} imports {name}"
