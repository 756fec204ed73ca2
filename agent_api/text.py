"""What texts of people must be, so that they can be stored."""

from __future__ import annotations


def storable(text: str) -> str:
    """``text``, or a refusal of the one character that Postgres has no place for."""
    if "\x00" in text:
        raise ValueError("a NUL character cannot be stored")
    return text
