"""Where a page of a list ends: a time and an id, as one opaque word."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from core.errors import InvalidRequest


def write_cursor(at: str, last_id: str) -> str:
    """The cursor of a page whose last row has this time and this id."""
    return base64.urlsafe_b64encode(f"{at} {last_id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, str]:
    """Time and id of the last row of the page before.

    Raises:
        InvalidRequest: The cursor is not one that was given out.
    """
    try:
        at, last_id = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().rsplit(" ", 1)
        datetime.fromisoformat(at)
    except (ValueError, binascii.Error) as error:
        raise _refusal() from error
    if not last_id.replace("-", "").replace("_", "").isalnum():
        raise _refusal()
    return at, last_id


def _refusal() -> InvalidRequest:
    return InvalidRequest("The cursor is not one that was given out. Begin with the first page.")
