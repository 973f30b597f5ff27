"""Compiles the scanner's inner loops when the package is built: C files with no Python in them.

Where there is no compiler the package is built without it, and reads logs more slowly.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCES = Path("advisor/logs")
_LIBRARY = Path("advisor/logs/libcolumns.so")


class Columns(BuildHookInterface[Any]):
    """Hatchling's hook."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compiles the library, and puts it into the wheel, which then is for this kind of machine alone."""
        root = Path(self.root)
        compiler = shutil.which(os.environ.get("CC", "cc"))
        if compiler is None:
            sys.stderr.write("advisor: no C compiler (cc): logs will be read more slowly\n")
            return
        sources = [str(source) for source in sorted((root / _SOURCES).glob("*.c"))]
        command = [compiler, "-O3", "-shared", "-fPIC", "-o", str(root / _LIBRARY), *sources]
        if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - the compiler of this machine
            sys.stderr.write("advisor: no library compiled: logs will be read more slowly\n")
            return
        build_data["artifacts"].append(str(_LIBRARY))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
