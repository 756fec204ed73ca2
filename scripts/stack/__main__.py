"""The embedded stack's command line; `scripts/dev` calls it when everything is installed."""

import argparse
import asyncio
import errno
import os
import sys
from pathlib import Path

from scripts.stack.data_folder import DataFolder
from scripts.stack.errors import StackError
from scripts.stack.installation import EMBEDDED, build_web_app, install_packages
from scripts.stack.supervisor import Options, Supervisor
from scripts.stack.sync import sync

ROOT = Path(__file__).parents[2]
DEFAULT_DATA = ROOT / ".roost"
DEFAULT_WATCHED = ROOT / "docs" / "user"
FAILED = 1
CONFIGURATION = 2

DISK_ERRORS = {
    errno.ENOSPC: "the disk is full: make room and start again",
    errno.EDQUOT: "your disk quota is used up: make room and start again",
    errno.EROFS: "the disk cannot be written: choose another folder with --data",
}


def main() -> int:
    """Run what the command line asks for; the exit code tells how it went."""
    arguments = read_arguments(sys.argv[1:])
    data = DataFolder(arguments.data)
    try:
        if arguments.command == "sync":
            return sync(data)
        if arguments.command == "install":
            asyncio.run(install())
            return 0
        options = Options(data=data.path, port=arguments.port, watched=existing_folder(arguments.watch))
        with data.owned():
            asyncio.run(Supervisor(options, data).run())
    except StackError as error:
        return complain(str(error), error.log, CONFIGURATION if arguments.command == "sync" else FAILED)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return complain(f"{place}{DISK_ERRORS.get(error.errno or 0, error.strerror or str(error))}", "", FAILED)
    return 0


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; argparse itself tells what is wrong with one and exits with 2."""
    parser = argparse.ArgumentParser(
        prog="scripts/dev",
        description="Run Roost on this machine, without Docker.",
        epilog="`sync`: one pipeline run against the running Roost. `install`: npm packages and the web app, no start.",
    )
    parser.add_argument("command", nargs="?", choices=["run", "sync", "install"], default="run")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, metavar="DIR", help="data folder (default .roost/)")
    parser.add_argument("--port", type=port, default=8080, metavar="N", help="port of localhost (default 8080)")
    parser.add_argument(
        "--watch", type=Path, default=DEFAULT_WATCHED, metavar="DIR", help="folder of documents (default docs/user/)"
    )
    return parser.parse_args(arguments)


def port(text: str) -> int:
    """A TCP port."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not a port: choose one from 1 to 65535")
    return number


async def install() -> None:
    """Install npm's packages and build the web app, as a start would."""
    log = ROOT / "test-results" / "npm.log"
    log.parent.mkdir(exist_ok=True)
    await install_packages(EMBEDDED, log)
    await build_web_app(log)


def existing_folder(path: Path) -> Path:
    """The folder of documents.

    Raises:
        StackError: it is not there, or not a folder, or may not be read.
    """
    if not path.is_dir():
        raise StackError(f"the folder to watch, {path}, does not exist: make it, or choose another with --watch")
    if not os.access(path, os.R_OK | os.X_OK):
        raise StackError(f"no permission to read {path}: choose another folder with --watch")
    return path.absolute()


def complain(message: str, log: str, code: int) -> int:
    """Say on standard error what went wrong."""
    if log:
        print("\n".join(f"  | {line}" for line in log.splitlines()), file=sys.stderr)
    print(f"Roost: {message}", file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
