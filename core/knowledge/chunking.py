"""Cut a document into passages along its own structure.

Markdown is cut where it is divided anyway (headings, then blocks, then sentences), never inside a fence that fits. A
passage knows the headings above it and its offsets. Rows of a table are put together with the column names repeated in
every row, so that each row can be found, and understood, by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from semantic_text_splitter import MarkdownSplitter, TextSplitter

from core.knowledge.documents import Block, Chunk, Extracted, Place, Table

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
#: A heading longer than this is a paragraph that somebody set in large type.
_LONGEST_HEADING = 200


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How large passages are.

    Attributes:
        size: Most characters of a passage. The default is what docs/retrieval.md found best for the default model.
        most: Most passages of one document; what is beyond is left out and said.
    """

    size: int = 600
    most: int = 20_000


def chunk_document(document: Extracted, settings: ChunkSettings) -> Iterator[Chunk]:
    """Yield the passages of ``document`` in order, one more than ``settings.most`` at most."""
    ordinal = 0
    offset = 0
    carried: list[tuple[int, str]] = []
    for block in document.blocks:
        for text, heading, start in _cut(block, settings.size, carried):
            place: Place = {**block.place, "start": offset + start, "end": offset + start + len(text)}
            yield Chunk(ordinal, text, heading, place)
            ordinal += 1
            if ordinal > settings.most:
                return
        offset += len(block.text) + 2
    for table in document.tables:
        for text, rows in _rows_together(table, settings.size):
            place = Place(rows=rows)
            if table.name:
                place["sheet"] = table.name
            yield Chunk(ordinal, text, (), place)
            ordinal += 1
            if ordinal > settings.most:
                return


def first_heading(text: str) -> str | None:
    """The first heading of the first level in Markdown, the title that an author gave it."""
    return next((title for _, level, title in _headings(text) if level == 1), None)


def _cut(block: Block, size: int, carried: list[tuple[int, str]]) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield (text, headings, offset in the block). ``carried`` are the headings that are open, over blocks."""
    splitter = MarkdownSplitter(size) if block.markdown else TextSplitter(size)
    headings = list(_headings(block.text)) if block.markdown else []
    at = 0
    for start, text in splitter.chunk_indices(block.text):
        if not text.strip():
            continue
        while at < len(headings) and headings[at][0] <= start:
            _, level, title = headings[at]
            while carried and carried[-1][0] >= level:
                carried.pop()
            carried.append((level, title))
            at += 1
        yield text, tuple(title for _, title in carried), start


def _headings(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (offset, level, title) of each heading outside code fences."""
    offset = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if mark:
            kind = mark.group(1)
            if not fence:
                fence = kind
            elif kind.startswith(fence[0]) and len(kind) >= len(fence):
                fence = ""
        elif not fence and (found := _HEADING.match(line.rstrip("\r\n"))) and len(found.group(2)) <= _LONGEST_HEADING:
            yield offset, len(found.group(1)), found.group(2).strip("*_` ")
        offset += len(line)


def _rows_together(table: Table, size: int) -> Iterator[tuple[str, list[int]]]:
    lines: list[str] = []
    length = 0
    first = table.first_row
    number = first
    for row in table.rows:
        line = "; ".join(f"{name}: {cell}" for name, cell in zip(table.columns, row, strict=True) if cell)[: 4 * size]
        if lines and length + len(line) > size:
            yield "\n".join(lines), [first, number - 1]
            lines, length, first = [], 0, number
        if line:
            lines.append(line)
            length += len(line) + 1
        number += 1
    if lines:
        yield "\n".join(lines), [first, number - 1]
