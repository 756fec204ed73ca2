"""PDF, office documents, HTML, e-mail and images, through kreuzberg, with pypdfium2 as the second try at PDF."""

from __future__ import annotations

import re
from pathlib import Path

import kreuzberg

from core.knowledge.chunking import first_heading
from core.knowledge.documents import Block, Extracted, Place
from rag_pipeline.extraction.failure import ExtractionFailed
from rag_pipeline.extraction.formats import Reader
from rag_pipeline.extraction.plain_text import make_table

_PASSWORD = re.compile(r"password|encrypt", re.IGNORECASE)
_HTML_FRONT = re.compile(r"\A---\n.*?\n\n(?=#|\S)", re.DOTALL)


def read_document(path: Path, mime_type: str, reader: Reader) -> Extracted:
    """Read a file of any kind but plain text.

    Raises:
        ExtractionFailed: With the reason that the ledger keeps.
    """
    try:
        result = kreuzberg.extract_file_sync(str(path), mime_type=mime_type, config=_config())
    except (kreuzberg.KreuzbergError, OSError, ValueError, RuntimeError) as error:
        raise _failure(error) from error
    title = str(result.metadata.get("title") or result.metadata.get("subject") or "").strip() or None
    if reader == "sheets":
        return _sheets(result, mime_type, title)
    if reader == "pdf" and result.pages:
        blocks = [
            Block(page["content"].replace("\r\n", "\n"), markdown=False, place=Place(page=page["page_number"]))
            for page in result.pages
            if page["content"].strip()
        ]
        return Extracted(mime_type, title, blocks)
    text = result.content
    return Extracted(mime_type, title or first_heading(text), [Block(text)])


def _config() -> kreuzberg.ExtractionConfig:
    return kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format="markdown",
        pages=kreuzberg.PageConfig(extract_pages=True),
    )


def _sheets(result: kreuzberg.ExtractionResult, mime_type: str, title: str | None) -> Extracted:
    names = list(result.metadata.get("sheet_names") or [])
    tables = [
        make_table(names[table.page_number - 1] if 0 < table.page_number <= len(names) else "", table.cells)
        for table in result.tables
        if table.cells
    ]
    return Extracted(mime_type, title, [], tables)


def _failure(error: Exception) -> ExtractionFailed:
    text = str(error)
    if _PASSWORD.search(text):
        return ExtractionFailed("encrypted", text)
    return ExtractionFailed("corrupt", text)
