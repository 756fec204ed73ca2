"""Small, valid files of every format Roost reads, written by hand so that no library decides what is in them."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from xml.sax.saxutils import escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(pages: list[str]) -> bytes:
    """A PDF with one page of lines for each text."""
    objects: list[bytes] = []
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects.append(b"<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for index, text in enumerate(pages):
        lines = "".join(
            f"({line.replace(chr(92), chr(92) * 2).replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n"
            for line in text.split("\n")
        )
        stream = f"BT /F1 11 Tf 14 TL 60 760 Td\n{lines}ET".encode("cp1252", "replace")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * index} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = io.BytesIO(b"")
    out.write(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def rtf(paragraphs: list[str]) -> bytes:
    """A document of rich text, in the encoding of Windows."""
    text = "\\par\n".join(paragraphs).encode("cp1252")
    body = "".join(chr(byte) if byte < 128 else f"\\'{byte:02x}" for byte in text)
    return (
        f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0 Times New Roman;}}}}\\f0\\fs24\n{body}\\par\n}}".encode()
    )


def docx(paragraphs: list[str]) -> bytes:
    """A Word document; a paragraph beginning with ``# `` or ``## `` is a heading."""
    body = ""
    for paragraph in paragraphs:
        level = len(paragraph) - len(paragraph.lstrip("#"))
        style = f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>' if level else ""
        text = escape(paragraph.lstrip("# "))
        body += f'<w:p>{style}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        f'<w:pPr><w:outlineLvl w:val="{level - 1}"/></w:pPr></w:style>'
        for level in (1, 2, 3)
    )
    return _package(
        {
            "word/document.xml": (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>',
            ),
            "word/styles.xml": (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
                f'<w:styles xmlns:w="{space}">{styles}</w:styles>',
            ),
        },
        "word/document.xml",
        {"word/document.xml": [("styles", "styles.xml")]},
    )


def pptx(slides: list[tuple[str, str]]) -> bytes:
    """A presentation: a title and a text for each slide."""
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/main"
    space = "http://schemas.openxmlformats.org/presentationml/2006/main"
    head = f'xmlns:a="{drawing}" xmlns:p="{space}" xmlns:r="{_OFFICE}"'
    parts: dict[str, tuple[str, str]] = {}
    relations: list[tuple[str, str]] = []
    for number, (title, text) in enumerate(slides, 1):
        shapes = "".join(
            f'<p:sp><p:nvSpPr><p:cNvPr id="{index}" name="s{index}"/><p:cNvSpPr/><p:nvPr>{kind}</p:nvPr></p:nvSpPr>'
            f"<p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{escape(content)}</a:t></a:r></a:p></p:txBody></p:sp>"
            for index, kind, content in ((2, '<p:ph type="title"/>', title), (3, '<p:ph idx="1"/>', text))
        )
        parts[f"ppt/slides/slide{number}.xml"] = (
            "application/vnd.openxmlformats-officedocument.presentationml.slide+xml",
            f'<p:sld {head}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
            f"</p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld></p:sld>",
        )
        relations.append(("slide", f"slides/slide{number}.xml"))
    ids = "".join(f'<p:sldId id="{255 + index}" r:id="rId{index}"/>' for index in range(1, len(slides) + 1))
    parts["ppt/presentation.xml"] = (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        f"<p:presentation {head}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
    )
    return _package(parts, "ppt/presentation.xml", {"ppt/presentation.xml": relations})


def xlsx(sheets: dict[str, list[list[str | float]]]) -> bytes:
    """A workbook: rows of cells for each sheet."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts: dict[str, tuple[str, str]] = {}
    relations: list[tuple[str, str]] = []
    names = ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        data = ""
        for row_number, row in enumerate(rows, 1):
            cells = "".join(_cell(column, row_number, value) for column, value in enumerate(row))
            data += f'<row r="{row_number}">{cells}</row>'
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
            f'<worksheet xmlns="{space}"><sheetData>{data}</sheetData></worksheet>',
        )
        relations.append(("worksheet", f"worksheets/sheet{number}.xml"))
        names += f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
    parts["xl/workbook.xml"] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        f'<workbook xmlns="{space}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
    )
    return _package(parts, "xl/workbook.xml", {"xl/workbook.xml": relations})


def _cell(column: int, row: int, value: str | float) -> str:
    reference = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def _package(parts: dict[str, tuple[str, str]], main: str, relations: dict[str, list[tuple[str, str]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (kind, _) in parts.items())
        archive.writestr(
            "[Content_Types].xml",
            f'{_XML}<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        )
        archive.writestr("_rels/.rels", _related([("officeDocument", main)]))
        for owner, items in relations.items():
            folder, name = owner.rsplit("/", 1)
            archive.writestr(f"{folder}/_rels/{name}.rels", _related(items))
        for name, (_, content) in parts.items():
            archive.writestr(name, _XML + content)
    return out.getvalue()


def _related(items: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(items, 1)
    )
    return f'{_XML}<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def odt(paragraphs: list[str]) -> bytes:
    """An OpenDocument text; a paragraph beginning with ``# `` is a heading."""
    body = ""
    for paragraph in paragraphs:
        level = len(paragraph) - len(paragraph.lstrip("#"))
        text = escape(paragraph.lstrip("# "))
        body += f'<text:h text:outline-level="{level}">{text}</text:h>' if level else f"<text:p>{text}</text:p>"
    return _open_document("application/vnd.oasis.opendocument.text", f"<office:text>{body}</office:text>")


def ods(sheets: dict[str, list[list[str | float]]]) -> bytes:
    """An OpenDocument spreadsheet."""
    body = ""
    for name, rows in sheets.items():
        data = "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
                if isinstance(value, str)
                else f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
                "</table:table-cell>"
                for value in row
            )
            + "</table:table-row>"
            for row in rows
        )
        body += f'<table:table table:name="{escape(name)}">{data}</table:table>'
    return _open_document(
        "application/vnd.oasis.opendocument.spreadsheet", f"<office:spreadsheet>{body}</office:spreadsheet>"
    )


def _open_document(kind: str, body: str) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'{_XML}<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
            "</manifest:manifest>",
        )
        archive.writestr(
            "content.xml",
            f'{_XML}<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0" '
            f'xmlns:table="{space}:table:1.0"><office:body>{body}</office:body></office:document-content>',
        )
    return out.getvalue()


def epub(title: str, chapters: list[tuple[str, str]]) -> bytes:
    """A book: a heading and a text for each chapter."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            f'{_XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="c{number}" href="c{number}.xhtml" media-type="application/xhtml+xml"/>'
            for number in range(len(chapters))
        )
        spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
        archive.writestr(
            "book.opf",
            f'{_XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
            f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier>'
            f"<dc:title>{escape(title)}</dc:title><dc:language>en</dc:language></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for number, (heading, text) in enumerate(chapters):
            archive.writestr(
                f"c{number}.xhtml",
                f'{_XML}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(heading)}</title></head>'
                f"<body><h1>{escape(heading)}</h1><p>{escape(text)}</p></body></html>",
            )
    return out.getvalue()


def eml(subject: str, text: str) -> bytes:
    """A message of plain text."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Ada <ada@example.org>"
    message["To"] = "Grace <grace@example.org>"
    message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    message.set_content(text)
    return message.as_bytes()
