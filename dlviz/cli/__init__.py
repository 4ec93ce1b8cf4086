"""The command `dlviz`: opens the app, trains and exports designs, lists the presets. Imports no Streamlit itself."""
from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from dlviz import __version__
from dlviz.errors import DlvizError, SpecError
from dlviz.translation import _

FORMATS = ("pytorch", "onnx")  # dlviz/cli/export.py writes them; it is imported when one is asked for


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0, or 1 after a sentence on stderr."""
    choice = _parser().parse_args(arguments)
    try:
        return COMMANDS[choice.command](choice)
    except DlvizError as error:
        print(error.sentence, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("dlviz", description="Build, train and understand neural networks.")
    parser.add_argument("--version", action="version", version=f"dlviz {__version__}")
    parser.set_defaults(command="open", port=None, address=None)
    commands = parser.add_subparsers(title="commands", metavar="{open,train,export,presets}")
    _open_parser(commands)
    _train_parser(commands)
    _export_parser(commands)
    commands.add_parser("presets", help="list the presets").set_defaults(command="presets")
    return parser


def _open_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("open", help="open the app in a browser (what `dlviz` alone does)")
    parser.add_argument("--port", type=int, help="the port to listen on; 8501 when free")
    parser.add_argument("--address", help="the address to listen on; `localhost` keeps it to this computer")
    parser.set_defaults(command="open")


def _train_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("train", help="train a design, with a progress bar")
    parser.add_argument("design", help="a JSON file that dlviz has saved, or the key of a preset")
    parser.add_argument("--out", type=Path, default=Path(), help="folder for design, checkpoint, weights and curves; "
                                                                 "the current one without it")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in that folder")
    parser.set_defaults(command="train")


def _export_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("export", help="write a design as code, or with its weights as ONNX")
    parser.add_argument("design", help="a JSON file that dlviz has saved, the key of a preset, or a folder that "
                                       "`dlviz train` has filled")
    parser.add_argument("--to", choices=FORMATS, required=True, help="what to write")
    parser.add_argument("--out", type=Path, help="the file to write; code is printed without it, ONNX needs it")
    parser.set_defaults(command="export")


def _design(name: str):
    """The preset of this key, else the experiment in this file. SpecError where there is neither."""
    from dlviz import api, presets
    if name in presets.PRESETS:
        return presets.get(name).experiment
    if not Path(name).exists():
        raise SpecError(_("The design {name!r}", name=name[:60]),
                        _("must be the key of a preset or a JSON file that dlviz has saved"), _("it is neither"),
                        _("Use a key that `dlviz presets` lists, or a file."))
    return api.load(name)


def app_file() -> Path:
    """Where app.py lies: inside the installed package, else beside it in a checkout. SpecError when nowhere."""
    places = Path(__file__).parents[1] / "_app" / "app.py", Path(__file__).parents[2] / "app.py"
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise SpecError(_("The command dlviz"), _("needs the file app.py"),
                        _("it lies at neither {first} nor {second}", first=places[0], second=places[1]),
                        _("Install dlviz again."))
    return found


def _open(choice: argparse.Namespace) -> int:
    command = [sys.executable, "-m", "streamlit", "run", str(app_file())]
    command += ["--server.port", str(choice.port)] if choice.port else []
    command += ["--server.address", choice.address] if choice.address else []
    try:
        return subprocess.run(command, env={**os.environ, "PYTHONPATH": _python_path()}, check=False).returncode
    except KeyboardInterrupt:
        return 0  # the server has ended too


def _python_path() -> str:
    root = str(Path(__file__).parents[2])  # a checkout that is not installed must find its own dlviz
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


def _train(choice: argparse.Namespace) -> int:
    from dlviz.cli.train import train
    return train(_design(choice.design), choice.out, choice.resume)


def _export(choice: argparse.Namespace) -> int:
    from dlviz.cli.export import design_and_weights, export
    name, weights = design_and_weights(choice.design)
    return export(_design(name), weights, choice.to, choice.out)


def _presets(choice: argparse.Namespace) -> int:
    from dlviz import api, presets
    from dlviz.text_table import text_table
    rows = [(key, preset.title, preset.group, f"{api.check(preset.experiment).parameters:,}")
            for key, preset in presets.PRESETS.items()]
    print(text_table(("key", "title", "group", "parameters"), rows, right=(3,)))
    return 0


COMMANDS = {"open": _open, "train": _train, "export": _export, "presets": _presets}
