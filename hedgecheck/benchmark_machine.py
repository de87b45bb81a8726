"""What a benchmark ran on: versions and machine, without the names of people and hosts."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

_PACKAGES: Final = ("numpy", "scipy", "scikit-learn", "pandas")
_CPU_INFO: Final = Path("/proc/cpuinfo")


def versions() -> dict[str, str]:
    """Versions of hedgecheck, Python and the packages that the figures can depend on.

    >>> sorted(versions())[:2]
    ['hedgecheck', 'numpy']
    """
    from hedgecheck import __version__

    found = {"hedgecheck": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # it runs from a folder that nobody installed
            found[name] = "unknown"
    return found


def machine() -> dict[str, Any]:
    """Platform, processor and cores.

    >>> sorted(machine())
    ['cores', 'platform', 'processor']
    """
    return {
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}".strip(),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
    }


def _processor() -> str:
    # platform.processor() is empty on many a Linux.
    if _CPU_INFO.is_file():
        for line in _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
