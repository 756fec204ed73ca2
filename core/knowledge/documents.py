"""What a document is made of on its way from a file into the index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict


class Place(TypedDict, total=False):
    """Where a passage stands, as far as its format knows.

    ``start`` and ``end`` are offsets in characters into the document's whole text; pages, slides and rows count from 1.
    """

    start: int
    end: int
    page: int
    slide: int
    sheet: str
    rows: list[int]


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that shares a page, a slide or a sheet.

    Attributes:
        text: Markdown, or plain text.
        markdown: Whether headings and code fences of Markdown mean something in it.
        place: The page, slide or sheet; no offsets.
    """

    text: str
    markdown: bool = True
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as rows, for exact questions and for passages that repeat the column names.

    Attributes:
        name: The sheet's or the file's name.
        columns: Names of the columns, each different and not empty.
        rows: Cells as text, each row as long as ``columns``.
        first_row: Number of the first row in its file, counted from 1 as a person sees it.
        truncated: Whether rows were left out because there were too many.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    first_row: int = 2
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was read from a file.

    Attributes:
        mime_type: What the file turned out to be.
        title: The document's own title; ``None``: it has none, and the file's name serves.
        blocks: Its text in order.
        tables: Its tables, where the format has real ones (spreadsheets, CSV).
        reason: A code of `core.knowledge.reasons`, where not all of it could be read.
    """

    mime_type: str
    title: str | None
    blocks: list[Block]
    tables: list[Table] = field(default_factory=list[Table])
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: what is embedded, found and cited.

    Attributes:
        ordinal: Its number in the document, from 0.
        text: What stands there, untouched.
        heading: The headings it stands under, outermost first.
        place: Where it stands.
    """

    ordinal: int
    text: str
    heading: tuple[str, ...]
    place: Place


def place_label(place: Place, heading: tuple[str, ...] | list[str] = ()) -> str:
    """Say for a person where a passage stands: its page, slide, sheet and rows, or headings."""
    if "sheet" in place:
        rows = place.get("rows")
        return f"sheet {place['sheet']}" + (f", {_rows(rows)}" if rows else "")
    if "rows" in place:
        return _rows(place["rows"])
    if "slide" in place:
        return f"slide {place['slide']}"
    if "page" in place:
        return f"page {place['page']}"
    return " › ".join(heading)  # noqa: RUF001


def _rows(rows: list[int]) -> str:
    return f"row {rows[0]}" if rows[0] == rows[1] else f"rows {rows[0]}–{rows[1]}"  # noqa: RUF001
