"""PDF, office documents, HTML, e-mail and images, through kreuzberg, with pypdfium2 as the second try at PDF."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import kreuzberg

from core.knowledge.chunking import first_heading
from core.knowledge.documents import Block, Extracted, Place
from rag_pipeline.extraction.failure import ExtractionFailed
from rag_pipeline.extraction.formats import Reader
from rag_pipeline.extraction.plain_text import make_table
from rag_pipeline.extraction.scans import pages_with_pictures, pictures_of_pages

_PASSWORD = re.compile(r"password|encrypt", re.IGNORECASE)
#: What kreuzberg makes of a page's <title>: a block between rules, before the text itself.
_HTML_FRONT = re.compile(r"\A---\s+(?:#+ )?\w[^\n]*:[^\n]*\n(?:(?!---|#)[^\n]*\n)*(?:---\n)?\s*")
#: What kreuzberg writes before each slide for us to divide by; its own page lists leave slides out.
_SLIDE = "@@ roost slide {page_num} @@"
_SLIDES = re.compile(r"@@ roost slide (\d+) @@")
_TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata", "/usr/local/share/tessdata", "/opt/homebrew/share/tessdata",
)  # fmt: skip


def read_document(path: Path, mime_type: str, reader: Reader, ocr_languages: str) -> Extracted:
    """Read a file of any kind but plain text.

    Raises:
        ExtractionFailed: With the reason that the ledger keeps.
    """
    if reader == "image":
        return _read_image(path, mime_type, ocr_languages)
    if reader == "pdf":
        return _read_pdf(path, mime_type, ocr_languages)
    result = _extract(path, mime_type, kreuzberg.PageConfig(insert_page_markers=True, marker_format=_SLIDE))
    title = _title(result)
    if reader == "sheets":
        return _sheets(result, mime_type, title)
    if reader == "slides":
        return Extracted(mime_type, title, list(_slides(result.content)))
    text = _SLIDES.sub("", result.content)
    if reader == "html":
        text = _HTML_FRONT.sub("", text)
    return Extracted(mime_type, title or first_heading(text), [Block(text)])


def _read_pdf(path: Path, mime_type: str, ocr_languages: str) -> Extracted:
    try:
        result = _extract(path, mime_type, kreuzberg.PageConfig(extract_pages=True))
        document = Extracted(mime_type, _title(result), list(_pages(result)))
    except ExtractionFailed as failure:
        if failure.reason != "corrupt":
            raise
        document = Extracted(mime_type, None, list(_pages_by_pdfium(path, failure)))
    written = {block.place.get("page") for block in document.blocks}
    pictures = [page for page in pages_with_pictures(path) if page not in written]
    if not pictures:
        return document
    if not ocr_data(ocr_languages):
        if not document.blocks:
            raise ExtractionFailed("ocr-missing", f"No Tesseract data for {ocr_languages} on this machine.")
        return replace(document, reason="pages-not-read")
    scans = [
        Block(text, markdown=False, place=Place(page=number))
        for number, picture in pictures_of_pages(path, pictures)
        if (text := _text_in(picture, ocr_languages))
    ]
    return replace(document, blocks=sorted(document.blocks + scans, key=lambda block: block.place.get("page", 0)))


def _read_image(path: Path, mime_type: str, ocr_languages: str) -> Extracted:
    if not ocr_data(ocr_languages):
        raise ExtractionFailed("ocr-missing", f"No Tesseract data for {ocr_languages} on this machine.")
    result = _extract(path, mime_type, None, ocr=ocr_languages)
    return Extracted(mime_type, None, [Block(result.content, markdown=False)])


def _text_in(picture: bytes, languages: str) -> str:
    """The text in a picture of a page. A page on which nothing can be made out is an empty one, not a damaged file."""
    try:
        return kreuzberg.extract_bytes_sync(picture, "image/png", config=_settings(None, languages)).content.strip()
    except (kreuzberg.KreuzbergError, ValueError, RuntimeError):
        return ""


def _extract(
    path: Path, mime_type: str, pages: kreuzberg.PageConfig | None, ocr: str | None = None
) -> kreuzberg.ExtractionResult:
    try:
        return kreuzberg.extract_file_sync(str(path), mime_type=mime_type, config=_settings(pages, ocr))
    except (kreuzberg.KreuzbergError, OSError, ValueError, RuntimeError) as error:
        raise ExtractionFailed("encrypted" if _PASSWORD.search(str(error)) else "corrupt", str(error)) from error


def _settings(pages: kreuzberg.PageConfig | None, ocr: str | None) -> kreuzberg.ExtractionConfig:
    if ocr:
        os.environ["TESSDATA_PREFIX"] = ocr_data(ocr) or ""
    return kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format="plain" if ocr else "markdown",
        pages=pages,
        force_ocr=bool(ocr),
        ocr=kreuzberg.OcrConfig(backend="tesseract", language=ocr) if ocr else None,
    )


@cache
def ocr_data(languages: str) -> str | None:
    """The folder with Tesseract's data for each of ``languages`` (joined by +); ``None``: there is none."""
    given = os.environ.get("TESSDATA_PREFIX")
    for folder in ([given] if given else []) + list(_TESSDATA):
        if all((Path(folder) / f"{language}.traineddata").is_file() for language in languages.split("+")):
            return folder
    return None


def _title(result: kreuzberg.ExtractionResult) -> str | None:
    return " ".join(str(result.metadata.get("title") or result.metadata.get("subject") or "").split())[:300] or None


def _pages(result: kreuzberg.ExtractionResult) -> Iterator[Block]:
    for page in result.pages or []:
        text = page["content"].replace("\r\n", "\n")
        if text.strip():
            yield Block(text, markdown=False, place=Place(page=page["page_number"]))


def _pages_by_pdfium(path: Path, first: ExtractionFailed) -> Iterator[Block]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            for number, page in enumerate(document, 1):
                text = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
                if text.strip():
                    yield Block(text, markdown=False, place=Place(page=number))
    except pypdfium2.PdfiumError as error:
        raise ExtractionFailed("encrypted" if _PASSWORD.search(str(error)) else "corrupt", first.detail) from error


def _slides(content: str) -> Iterator[Block]:
    parts = _SLIDES.split(content)
    if parts[0].strip():
        yield Block(parts[0])
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        if text.strip():
            yield Block(text.strip(), place=Place(slide=int(number)))


def _sheets(result: kreuzberg.ExtractionResult, mime_type: str, title: str | None) -> Extracted:
    names = list(result.metadata.get("sheet_names") or [])
    tables = [
        make_table(names[table.page_number - 1] if 0 < table.page_number <= len(names) else "", table.cells)
        for table in result.tables
        if table.cells
    ]
    return Extracted(mime_type, title, [], tables)
