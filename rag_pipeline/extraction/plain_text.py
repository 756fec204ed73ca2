"""Text, Markdown and delimited tables, in whatever encoding they come."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from core.knowledge.chunking import first_heading
from core.knowledge.documents import Block, Extracted, Table
from rag_pipeline.extraction.failure import ExtractionFailed

#: Byte order marks, the longer ones first: UTF-32's begins with UTF-16's.
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: More control characters than this share, and it is no text.
_MOST_CONTROL = 0.02
MOST_ROWS = 200_000
_MOST_COLUMNS = 1_000
_LONGEST_CELL = 10_000


def decode(data: bytes) -> str:
    """The text in ``data``: by its mark, as UTF-8, as UTF-16 without a mark, else as Windows' Western code page.

    Raises:
        ExtractionFailed: It is no text.
    """
    text = _decoded(data)
    sample = text[:100_000]
    if sample and len(_CONTROL.findall(sample)) > _MOST_CONTROL * len(sample):
        raise ExtractionFailed("corrupt", "The bytes are not text in any encoding that is known.")
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").lstrip("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut off in the middle of a character, or with one bad byte, is still UTF-8.
        if error.start > 200 and data.count(b"\xc3") + data.count(b"\xe2") > 0:
            text = data.decode("utf-8", "replace")
            if text.count("\ufffd") < 0.001 * len(text):
                return text
    zeros = data[:1000].count(0)
    if zeros > 0.2 * min(len(data), 1000):
        return data.decode("utf-16-be" if data[:1] == b"\x00" else "utf-16-le", "replace")
    return data.decode("cp1252", "replace")


def read_text(path: Path, mime_type: str) -> Extracted:
    """A plain text: no title of its own, no structure but its paragraphs."""
    return Extracted(mime_type, None, [Block(decode(path.read_bytes()), markdown=False)])


def read_markdown(path: Path, mime_type: str) -> Extracted:
    """Markdown: its title is that of the front matter, or its first heading."""
    text = decode(path.read_bytes())
    title = None
    if front := _FRONT_MATTER.match(text):
        named = _TITLE.search(front.group(1))
        title = named.group(1) if named else None
        text = text[front.end() :]
    return Extracted(mime_type, title or first_heading(text), [Block(text)])


def read_csv(path: Path, mime_type: str) -> Extracted:
    """A table in text. The separator is found out; the first row names the columns."""
    text = decode(path.read_bytes())
    separator = "\t" if mime_type == "text/tab-separated-values" else _separator(text)
    csv.field_size_limit(10_000_000)
    try:
        rows = _limited(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise ExtractionFailed("corrupt", f"Not a table: {error}") from error
    return Extracted(mime_type, None, [], [make_table("", rows)] if rows else [])


def _separator(text: str) -> str:
    head = text[:20_000]
    try:
        return csv.Sniffer().sniff(head, delimiters=",;\t|").delimiter
    except csv.Error:
        return max(",;\t|", key=head.count)


def _limited(rows: Iterable[list[str]]) -> list[list[str]]:
    kept: list[list[str]] = []
    for row in rows:
        if any(cell.strip() for cell in row):
            kept.append(row)
        if len(kept) > MOST_ROWS + 1:
            break
    return kept


def make_table(name: str, rows: list[list[str]]) -> Table:
    """A table of rows of which the first one names the columns; short rows are filled up."""
    width = min(max(len(row) for row in rows), _MOST_COLUMNS)
    columns: list[str] = []
    for number in range(width):
        label = " ".join(rows[0][number].split())[:200] if number < len(rows[0]) else ""
        label = label or f"column {number + 1}"
        while label in columns:
            label += f" ({number + 1})"
        columns.append(label)
    body = [
        tuple([cell.strip()[:_LONGEST_CELL] for cell in row[:width]] + [""] * (width - len(row)))
        for row in rows[1 : MOST_ROWS + 1]
    ]
    return Table(name, tuple(columns), body, truncated=len(rows) - 1 > MOST_ROWS)
