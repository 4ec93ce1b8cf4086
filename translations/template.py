"""A template for translators: every text of the interface with the places where it stands, as gettext's tools read it.

`python translations/template.py` writes `translations/dlviz.pot`, and brings each language in `dlviz/languages/` up to
date with it: what is new stands there without a translation, what is gone is left out. What is marked by `_()` or
`_n()`, in Python and in the browser's scripts, is found in the syntax; what declarations say of themselves is asked of
`dlviz.translation`.
"""
from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
MARKED = re.compile(r"\b(_n?)\(((?:\s*\"(?:[^\"\\\n]|\\.)*\"[\s,+]*)+)\)")  # in a script: _("a" + "b"), _n("a", "b")
PART = re.compile(r"\"(?:[^\"\\]|\\.)*\"|,")
BUILT = ROOT / "static" / "canvas"  # of web/canvas
HEADER = ('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
          '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n')


@dataclass
class Entry:
    """One text: its English, its English for many where it counts, and where it stands."""

    one: str
    many: str = ""
    places: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.written(self.places, ["", ""] if self.many else [""])

    def written(self, places: list[str], forms: list[str], flags: str = "") -> str:
        """As it stands in a file, with these forms in the language."""
        form = "python-brace-format" if re.search(r"\{\w+", self.one) else ""
        flagged = ", ".join(filter(None, (flags, form)))
        lines = [f"#: {place}" for place in places] + ([f"#, {flagged}"] if flagged else [])
        lines += [f"msgid {_quoted(self.one)}"]
        if not self.many:
            return "\n".join([*lines, f"msgstr {_quoted(forms[0])}"])
        lines += [f"msgid_plural {_quoted(self.many)}"]
        return "\n".join(lines + [f"msgstr[{at}] {_quoted(form)}" for at, form in enumerate(forms)])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def in_python(path: Path) -> Iterator[tuple[str, str, int]]:
    """Texts that a Python file marks: the English, that for many or nothing, and the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "_n"):
            sources = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
            if len(sources) == len(node.args):
                yield sources[0], "".join(sources[1:]), node.lineno


def in_script(path: Path) -> Iterator[tuple[str, str, int]]:
    """Texts that a script marks, in the same form."""
    text = path.read_text(encoding="utf-8")
    for found in MARKED.finditer(text):
        sources = [""]
        for part in PART.findall(found[2]):
            if part == ",":
                sources.append("")
            else:
                sources[-1] += json.loads(part)
        yield sources[0], "".join(sources[1:]), text.count("\n", 0, found.start()) + 1


def _load(module: str) -> None:
    try:
        import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith(("dlviz", "pages")):
            raise  # else an extra that is not installed: what needs it declares nothing


def in_declarations() -> Iterator[tuple[str, str]]:
    """What layers, tasks, optimizers, presets ... say of themselves and of their fields: the English, and its file."""
    from pydantic import BaseModel

    from dlviz import translation

    for path in (*(ROOT / "dlviz").rglob("*.py"), *(ROOT / "pages" / "ui").rglob("*.py")):
        if path.stem != "__main__":
            _load(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    for source, place in translation.DECLARED.items():
        if place.startswith("dlviz.") and _is_a_file(place):
            yield source, _file(place)
    for model in _below(BaseModel):
        if model.__module__.startswith("dlviz."):
            for info in model.model_fields.values():
                if info.description:
                    yield info.description, _file(model.__module__)


def _below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def _is_a_file(place: str) -> bool:
    """Whether a class stands in a file of ours; one that a test has made does not."""
    module = [part for part in place.split(".") if not part.strip("_")[:1].isupper()]
    return ROOT.joinpath(*module).with_suffix(".py").is_file() or ROOT.joinpath(*module, "__init__.py").is_file()


def _file(place: str) -> str:
    """Of `dlviz.layers.dense.Linear`, or of the module alone: `dlviz/layers/dense.py`."""
    parts = place.split(".")
    while parts and not (ROOT.joinpath(*parts).with_suffix(".py").is_file() or ROOT.joinpath(*parts).is_dir()):
        parts = parts[:-1]
    return "/".join(parts) + (".py" if ROOT.joinpath(*parts).with_suffix(".py").is_file() else "/__init__.py")


def entries() -> list[Entry]:
    """All texts, each once, in the order of their files; ValueError where one text has two plurals."""
    found: dict[str, Entry] = {}
    for one, many, place in _all():
        entry = found.setdefault(one, Entry(one))
        if many and entry.many not in ("", many):
            raise ValueError(f"{place}: “{one}” has two plurals, “{entry.many}” and “{many}”.")
        entry.many = entry.many or many
        if place not in entry.places:
            entry.places.append(place)
    return list(found.values())


def _all() -> Iterator[tuple[str, str, str]]:
    for path in (ROOT / "app.py", *_sorted("dlviz", ".py"), *_sorted("pages", ".py")):
        for one, many, line in in_python(path):
            yield one, many, f"{path.relative_to(ROOT).as_posix()}:{line}"
    for path in (*_sorted("static", ".js"), *_sorted("web/canvas/src", ".ts")):
        if path.stem == "texts" and BUILT not in path.parents:
            for one, many, line in in_script(path):
                yield one, many, f"{path.relative_to(ROOT).as_posix()}:{line}"
    for place, one in sorted((place, one) for one, place in in_declarations()):
        yield one, "", place


def _sorted(folder: str, suffix: str) -> Iterable[Path]:
    return sorted((ROOT / folder).rglob(f"*{suffix}"))


def template() -> str:
    """The whole file."""
    return "\n\n".join([HEADER.rstrip("\n"), *map(str, entries())]) + "\n"


def brought_up_to_date(text: str) -> str:
    """A language's file with the texts that there are now; places are files, so that it changes with texts only."""
    from dlviz.languages import po

    found = list(po.read(text))
    known = {(entry.one, entry.many): entry for entry in found}
    plural = po.header(found)["plural-forms"]
    blank = [""] * int(re.findall(r"nplurals=(\d+)", plural)[0])
    blocks = [text.strip().partition("\n\n")[0]]
    for entry in entries():
        old = known.get((entry.one, entry.many))
        places = list(dict.fromkeys(place.split(":")[0] for place in entry.places))
        forms = old.forms if old else blank if entry.many else [""]
        blocks.append(entry.written(places, forms, "fuzzy" if old and old.fuzzy else ""))
    return "\n\n".join(blocks) + "\n"


def write() -> None:
    from dlviz.languages import po

    target = Path(__file__).with_name("dlviz.pot")
    target.write_text(template(), encoding="utf-8")
    print(f"{len(entries()):,} texts in {target.name}")
    for path in sorted((ROOT / "dlviz" / "languages").glob("*.po")):
        text = brought_up_to_date(path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        print(f"{sum(not entry.done for entry in po.read(text)):,} without a translation in {path.name}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    write()
