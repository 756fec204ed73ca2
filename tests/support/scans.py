"""Pictures of text, as a scanner makes them: a page is rendered, and only its pixels are kept."""

from __future__ import annotations

import struct
import zlib

import pypdfium2

from tests.support import sample_files

_DOTS_PER_POINT = 200 / 72


def png(text: str) -> bytes:
    """A PNG with ``text`` on it, black on white, at 200 dots an inch."""
    width, height, pixels = _pixels(text)
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


def scanned_pdf(pages: list[str]) -> bytes:
    """A PDF of pictures, one a page, with no text in it."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids: list[str] = []
    for text in pages:
        width, height, pixels = _pixels(text)
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        picture = zlib.compress(pixels)
        drawing = b"612 0 0 792 0 0 cm /Scan Do"
        about = f"/Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /XObject << /Scan %d 0 R >> >> >>" % (number + 1, number + 2),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
            f"<< /Type /XObject /Subtype /Image {about} /Length {len(picture)} >>\nstream\n".encode()
            + picture
            + b"\nendstream",
        ]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file(objects)


def _pixels(text: str) -> tuple[int, int, bytes]:
    """Width, height and one byte of grey for each dot of a page with ``text`` on it."""
    with pypdfium2.PdfDocument(sample_files.pdf([text])) as document:
        picture = document[0].render(scale=_DOTS_PER_POINT, grayscale=True)
        rows = bytes(picture.buffer)
        grey = b"".join(
            rows[start : start + picture.width] for start in range(0, picture.stride * picture.height, picture.stride)
        )
        return picture.width, picture.height, grey


def _file(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.4\n"
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(out),
    )  # fmt: skip
