"""What Google's own documents are had as. They have no bytes; Google makes a file of them, at most 10 MB large."""

from __future__ import annotations

from dataclasses import dataclass

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """A media type, and the ending of a file of that type."""

    mime_type: str
    suffix: str


DOCX = Format(f"{_OFFICE}.wordprocessingml.document", ".docx")
XLSX = Format(f"{_OFFICE}.spreadsheetml.sheet", ".xlsx")
PPTX = Format(f"{_OFFICE}.presentationml.presentation", ".pptx")
PDF = Format("application/pdf", ".pdf")
TEXT = Format("text/plain", ".txt")

#: The formats of each kind, the best first. The next is taken where the one before is too large to be exported: a
#: document full of pictures still has its text. A spreadsheet as text would be its first sheet only, so it has none.
#: No two kinds have the same best format, so that it stands for the kind.
EXPORTS: dict[str, tuple[Format, ...]] = {
    "application/vnd.google-apps.document": (DOCX, TEXT),
    "application/vnd.google-apps.spreadsheet": (XLSX,),
    "application/vnd.google-apps.presentation": (PPTX, PDF, TEXT),
    "application/vnd.google-apps.drawing": (PDF,),
}

_GOOGLE = "application/vnd.google-apps."


def is_google_document(mime_type: str) -> bool:
    """Whether something of this type has no bytes of its own."""
    return mime_type.startswith(_GOOGLE)


def can_be_read(mime_type: str) -> bool:
    """Whether there are bytes to be had: a form, a site or a map has none."""
    return not is_google_document(mime_type) or mime_type in EXPORTS
