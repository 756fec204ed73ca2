"""Version tokens: a part for the content, and behind a border, where it is taken over, one for the sharing.

The ledger keeps them and compares them whole. Here the parts tell a file that is to be read again from one that only
has other readers, and the content's part tells what bytes to expect.
"""

from __future__ import annotations

from rag_pipeline.sources.google_drive.formats import EXPORTS, Format
from rag_pipeline.sources.google_drive.resources import DriveFile

_BORDER = "~"
_CHECKSUM = "md5:"

_FORMATS_OF_SUFFIX = {formats[0].suffix[1:]: formats for formats in EXPORTS.values()}


def version_token(file: DriveFile, sharing: str | None) -> str:
    """The token of a file whose sharing has the mark ``sharing``; None where sharing is not taken over."""
    content = _content(file)
    return content if sharing is None else f"{content}{_BORDER}{sharing}"


def _content(file: DriveFile) -> str:
    """Differs whenever the content may differ; the same when a file was only renamed, moved or shared."""
    formats = EXPORTS.get(file.mime_type)
    if formats:
        return f"{formats[0].suffix[1:]}:{file.modified_time.isoformat()}"
    if file.md5_checksum:
        return f"{_CHECKSUM}{file.md5_checksum}"
    return f"time:{file.modified_time.isoformat()}:{file.size}"


def same_content(one: str, other: str) -> bool:
    """Whether two tokens stand for the same content."""
    return one.split(_BORDER)[0] == other.split(_BORDER)[0]


def checksum_in(token: str) -> str | None:
    """The MD5 checksum of the bytes to expect, where the token knows it."""
    content = token.split(_BORDER)[0]
    return content.removeprefix(_CHECKSUM) if content.startswith(_CHECKSUM) else None


def formats_in(token: str) -> tuple[Format, ...]:
    """The formats in which a document of Google's own can be had; none for a file that has bytes of its own."""
    return _FORMATS_OF_SUFFIX.get(token.split(":")[0], ())
