"""Is a folder without its files the one that held them, or what is left where its disk is not mounted?

An unmounted disk leaves an empty folder behind, and a volume that was made anew is nearly one: both look as if
everybody had deleted everything. They are another folder to the file system, though, and that is noted with each run.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from core.errors import ConfigurationError
from rag_pipeline.sources.base import Checkpoint, Known

_NOTE = "folder"


def note(folder: Path) -> Checkpoint:
    """What to remember of ``folder`` until the next run; nothing where it is not there."""
    return {_NOTE: identity} if (identity := _identity(folder)) else {}


def require_same_if_bare(folder: Path, known: Known, present: Collection[str], way_out: str) -> None:
    """Let nothing be taken for deleted because its disk is away.

    Args:
        folder: A folder that is there.
        known: What is known of it.
        present: The names that are in it now.
        way_out: A sentence that says what to do where everything was really deleted.

    Raises:
        ConfigurationError: The folder is not the one that it was, and nothing of what is known is in it.
    """
    before = known.checkpoint.get(_NOTE)
    # What was never read was never there: an upload of just now is known, and in the new folder.
    held = {name for name, file in known.files.items() if file.version_token}
    if not held or before is None or before == _identity(folder) or not held.isdisjoint(present):
        return
    raise ConfigurationError(
        f"The folder {folder} is not the one that held {len(held):,} known files, and holds none of them: is its disk "
        f"mounted? Nothing was deleted here. {way_out}"
    )


def _identity(folder: Path) -> str:
    try:
        status = folder.stat()
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"
