"""A process with torch and the data loaded that forks a worker for each line `fork` on its stdin.

It keeps to one thread and never touches a GPU, so that its children may. When stdin closes it waits for
them to end and ends. Knows no run, no store and no service.
"""
from __future__ import annotations

import gc
import os
import signal
import sys
import traceback

from dlviz.runs.process.wire import Address, be_first_to_go
from dlviz.runs.process.worker import QUIT, Program, load, serve


def main() -> None:
    """`python -m dlviz.runs.process.fork_server [programs to load ahead]`, started in a process group of its own by
    `runs.early`.
    """
    ahead = {name: load(name) for name in sys.argv[1:]}  # while the server is still busy with itself
    line = sys.stdin.buffer.readline()
    if not line:
        return  # nobody needed it after all
    address = Address.from_line(line)
    program = ahead.get(address.program) or load(address.program)
    gc.collect()
    gc.freeze()  # children share these pages as long as no collector writes into them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that ended leave no zombie
    for line in sys.stdin.buffer:
        if line == b"fork\n" and os.fork() == 0:
            _be_worker(address, program)
    _wait_for_children()


def _be_worker(address: Address, program: Program) -> None:
    code = 1
    try:
        be_first_to_go()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the fork server's stdin is its own alone
        serve(address, program)
        code = 0
    except Exception:  # a fork's edge: it must never fall into the parent's loop
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _wait_for_children() -> None:
    """They see their connections close and write checkpoints; whoever hangs goes with our whole group."""
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(os.getpgrp(), signal.SIGKILL))
    signal.alarm(int(QUIT) + 2)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass  # none is left


if __name__ == "__main__":
    main()
