"""Which files are read, and how: by the ending of their name, or by the type their source gives."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

Reader = Literal["text", "markdown", "csv", "html", "office", "pdf", "sheets", "slides", "email", "image"]

_READERS: dict[str, tuple[Reader, str]] = {
    **dict.fromkeys([".txt", ".text", ".log", ".rst", ".adoc", ".org", ".tex"], ("text", "text/plain")),
    **dict.fromkeys([".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".xml"], ("text", "text/plain")),
    **dict.fromkeys([".py", ".js", ".ts", ".sql", ".sh", ".go", ".rs", ".java", ".c", ".h"], ("text", "text/plain")),
    **dict.fromkeys([".md", ".markdown", ".mdx"], ("markdown", "text/markdown")),
    ".csv": ("csv", "text/csv"),
    ".tsv": ("csv", "text/tab-separated-values"),
    **dict.fromkeys([".html", ".htm", ".xhtml"], ("html", "text/html")),
    ".pdf": ("pdf", "application/pdf"),
    ".docx": ("office", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".odt": ("office", "application/vnd.oasis.opendocument.text"),
    ".rtf": ("office", "application/rtf"),
    ".epub": ("office", "application/epub+zip"),
    ".pptx": ("slides", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ".xlsx": ("sheets", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".ods": ("sheets", "application/vnd.oasis.opendocument.spreadsheet"),
    ".eml": ("email", "message/rfc822"),
    ".png": ("image", "image/png"),
    **dict.fromkeys([".jpg", ".jpeg"], ("image", "image/jpeg")),
    **dict.fromkeys([".tif", ".tiff"], ("image", "image/tiff")),
    ".webp": ("image", "image/webp"),
    ".bmp": ("image", "image/bmp"),
}
_BY_TYPE: dict[str, Reader] = {mime: reader for reader, mime in _READERS.values()}

#: Endings of the names of every file that is read.
SUFFIXES = frozenset(_READERS)


def reader_for(name: str, mime_type: str = "") -> tuple[Reader, str] | None:
    """How a file is read and what its type is; ``None``: it is not read at all.

    Args:
        name: The file's name or path.
        mime_type: What the source says it is. Decides only where the name says nothing.
    """
    by_name = _READERS.get(PurePosixPath(name).suffix.lower())
    if by_name:
        return by_name
    reader = _BY_TYPE.get(mime_type)
    return (reader, mime_type) if reader else None
