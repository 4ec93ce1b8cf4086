"""The template for translators holds every text of the interface, once, in a form that gettext's tools read."""
from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dlviz.layers import CATALOGUE
from dlviz.optimizers import OPTIMIZERS
from dlviz.tasks import TASKS
from dlviz.translation import CountedText, Text, TextTable

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "translations" / "template.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translation_template", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where a dataclass looks its annotations up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def entries(tool) -> dict:
    return {entry.one: entry for entry in tool.entries()}


def marked() -> Iterator[Text | CountedText]:
    """Every text that stands in a module, in a class of it, or in a table of such a class."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith(("dlviz.", "pages.ui."))]
    classes = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    for home in (*modules, *classes):
        for value in vars(home).values():
            yield from value._texts.values() if isinstance(value, TextTable) else (value,)


def test_every_text_of_a_class_is_in_it(entries: dict):
    texts = [value for value in marked() if isinstance(value, Text)]
    counted = [value for value in marked() if isinstance(value, CountedText)]
    assert len(texts) > 900 and len(counted) > 20
    assert [text.source for text in texts if text.source not in entries] == []
    assert [text.one for text in counted if text.one not in entries or entries[text.one].many != text.many] == []


@pytest.mark.parametrize("path", sorted([*ROOT.glob("static/*/texts.js"), ROOT / "web/canvas/src/texts.ts"]),
                         ids=lambda path: path.parent.name)
def test_every_text_of_a_component_is_in_it(entries: dict, path: Path):
    """By another way than the tool's: strings are joined first, and every one that is left is looked up."""
    code = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
    code = re.sub(r'"\s*\+\s*"', "", code)
    strings = [json.loads(f'"{found}"') for found in re.findall(r'"((?:[^"\\]|\\.)*)"', code)]
    known = set(entries) | {entry.many for entry in entries.values()}
    words = [text for text in strings if re.search(r"[A-Za-z]{3}", text) and not text.endswith((".js", ".ts"))]
    assert words and [text for text in words if text not in known] == []


def test_what_declarations_say_is_in_it(entries: dict):
    for cls in (*CATALOGUE.values(), *OPTIMIZERS.values(), *TASKS.values()):
        assert cls.sentence() in entries
        assert all(info.description in entries for info in cls.model_fields.values() if info.description)
    for cls in CATALOGUE.values():
        assert {cls.plain, cls.backward, cls.passing} - {""} <= set(entries)
    assert entries[CATALOGUE["Linear"].sentence()].places == ["dlviz/layers/dense.py"]


def test_places_are_those_of_the_source(entries: dict):
    pause = next(place for place in entries["Pause"].places if place.startswith("pages/"))
    file, line = pause.split(":")
    assert '"Pause"' in (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    script = next(place for entry in entries.values() for place in entry.places if place.startswith("static/"))
    file, line = script.split(":")
    assert "_(" in (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].replace("_n(", "_(")


def test_texts_of_both_kinds_are_read(tool, tmp_path: Path):
    (tmp_path / "a.py").write_text('A = _("one "\n      "text")\nB = _n("{count} a", "{count} b")\nC = _(name)\n')
    assert list(tool.in_python(tmp_path / "a.py")) == [("one text", "", 1), ("{count} a", "{count} b", 3)]
    (tmp_path / "a.js").write_text('A: _("one \\"text\\" "\n  + "more"),\nB: _n("{count} a",\n  "{count} b"), C: _(c)')
    assert list(tool.in_script(tmp_path / "a.js")) == [('one "text" more', "", 1), ("{count} a", "{count} b", 3)]


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext's own tools are not on this computer")
def test_gettexts_own_tools_read_it(tool, tmp_path: Path):
    filled_in = tool.template().replace("nplurals=INTEGER; plural=EXPRESSION", "nplurals=2; plural=n != 1")
    (tmp_path / "dlviz.pot").write_text(filled_in, encoding="utf-8")
    subprocess.run(["msgfmt", "--check-format", "-o", "dlviz.mo", "dlviz.pot"], check=True, cwd=tmp_path)
