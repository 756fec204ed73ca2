"""What a file is, told by its content: a name or a sender's word for it can be anything."""

from __future__ import annotations

import base64
import binascii
import re

from core.errors import TooLarge, Unprocessable

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
_TEXTS = frozenset({"text/plain", "text/markdown", "text/csv", "application/json"})
_DATA_URL = re.compile(r"^data:(?P<type>[\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,(?P<data>[A-Za-z0-9+/=\s]*)$")

ACCEPTED = "images (PNG, JPEG, GIF, WebP), PDF, and text (plain, Markdown, CSV, JSON)"


def detect(content: bytes) -> str | None:
    """The media type of ``content``; ``text/plain`` for any text, None for what is not accepted."""
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content and b"\x00" not in content:
        try:
            content.decode()
        except UnicodeDecodeError:
            return None
        return "text/plain"
    return None


def check_type(content: bytes, declared: str, filename: str) -> str:
    """The media type that a file goes by.

    Raises:
        Unprocessable: It is of no type that is accepted, or not what it is said to be.
    """
    name = filename or "The file"
    declared = declared.partition(";")[0].strip().lower()
    found = detect(content)
    if found == "text/plain":
        if declared in _TEXTS:
            return declared
        # Text that calls itself an image or a page is what a browser might run.
        found = "text/plain" if declared in ("", "application/octet-stream") else None
    elif found is not None and declared.startswith(("text/", "application/json")):
        found = None
    if found is None:
        raise Unprocessable(
            f"{name} is not of a kind that can be part of a question, or not what it says it is. Taken are {ACCEPTED}; "
            "add other files under Documents and ask about them there.",
            slug="attachment-not-supported",
        )
    return found


def read_data_url(url: str, *, most: int, filename: str) -> tuple[str, bytes]:
    """The declared type and the content of a data URL.

    Raises:
        Unprocessable: It is not a data URL in base64. Nothing is ever fetched for a question.
        TooLarge: Its content has more than ``most`` bytes.
    """
    if len(url) > most * 4 // 3 + 500:
        raise TooLarge(
            f"{filename or 'The file'} is larger than the {most:,} bytes that are taken with a question. Add it under "
            "Documents and ask about it there.",
            slug="attachment-too-large",
        )
    match = _DATA_URL.match(url)
    try:
        if match is None:
            raise ValueError("no data URL")
        return match["type"] or "", base64.b64decode(match["data"], validate=False)
    except (ValueError, binascii.Error) as error:
        raise Unprocessable(
            f"{filename or 'The file'} cannot be read. Send files as data URLs in base64.",
            slug="attachment-not-readable",
        ) from error
