"""`python -m dlviz`, which is the command `dlviz`."""
import sys

from dlviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
