"""``python -m hedgecheck`` is the same as ``hedgecheck``."""

from __future__ import annotations

import sys

from hedgecheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
