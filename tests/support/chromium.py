"""Where a Chromium is that Playwright can drive."""

import os
import shutil
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root has no sandbox to start Chromium in; the rest keeps it from calling its makers' servers.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@cache
def chromium() -> str | None:
    """The path of the machine's Chromium or Chrome, or of the one that CHROMIUM names; None: Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and not list(playwright_browsers()):
        raise FileNotFoundError("no Chromium was found: ./scripts/test installs one, or set CHROMIUM to its path")
    return found


def playwright_browsers() -> list[Path]:
    """The browsers that `playwright install` has fetched."""
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return sorted(folder.glob("chromium*")) if folder.is_dir() else []
