"""Pages of a PDF that are pictures, as pictures: what OCR reads."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

#: What OCR reads best, and the most dots of a side: a poster is not rendered in all its size.
_DOTS_AN_INCH = 200
_MOST_DOTS = 4000
#: A picture within a drawing within a drawing; deeper than that nobody scans.
_DEEPEST = 4


def pages_with_pictures(path: Path) -> list[int]:
    """Numbers, from 1, of the pages that have a picture on them; none where the file cannot be opened."""
    try:
        with pypdfium2.PdfDocument(path) as document:
            return [
                number
                for number, page in enumerate(document, 1)
                if next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST), None)
            ]
    except pypdfium2.PdfiumError:
        return []


def pictures_of_pages(path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield (number, PNG in shades of grey) of each of these pages, one at a time: each is megabytes."""
    with pypdfium2.PdfDocument(path) as document:
        for number in numbers:
            page = document[number - 1]
            scale = min(_DOTS_AN_INCH / 72, _MOST_DOTS / max(1, *page.get_size()))
            picture = page.render(scale=scale, grayscale=True)
            yield number, _png(picture)
            picture.close()


def _png(picture: pypdfium2.PdfBitmap) -> bytes:
    pixels = bytes(picture.buffer)
    rows = b"".join(
        b"\0" + pixels[start : start + picture.width]
        for start in range(0, picture.stride * picture.height, picture.stride)
    )
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    )
