"""Is a folder that is suddenly empty the one that held the files, or what is left where its disk is not mounted?

An unmounted disk leaves an empty folder behind, and a volume that was made anew is one: both look as if everybody had
deleted everything. They are another folder to the file system, though, and that is noted with each run.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import ConfigurationError
from rag_pipeline.sources.base import Checkpoint, Known

_NOTE = "folder"


def note(folder: Path) -> Checkpoint:
    """What to remember of ``folder`` until the next run; nothing where it is not there."""
    return {_NOTE: identity} if (identity := _identity(folder)) else {}


def require_same_if_empty(folder: Path, known: Known, way_out: str) -> None:
    """Let nothing be taken for deleted because its disk is away.

    Args:
        folder: A folder that is there.
        known: What is known of it.
        way_out: A sentence that says what to do where everything was really deleted.

    Raises:
        ConfigurationError: The folder is empty, was not, and is not the one that it was.
    """
    before = known.checkpoint.get(_NOTE)
    if not known.files or before is None or before == _identity(folder) or any(folder.iterdir()):
        return
    raise ConfigurationError(
        f"The folder {folder} is empty and not the one that held {len(known.files):,} known files: is its disk mounted?"
        f" Nothing was deleted here. {way_out}"
    )


def _identity(folder: Path) -> str:
    try:
        status = folder.stat()
    except OSError:
        return ""
    return f"{status.st_dev}:{status.st_ino}"
