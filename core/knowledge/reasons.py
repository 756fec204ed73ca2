"""Why a file is not (or not wholly) searchable: one table for the ledger, the JSON line, the API and the web app.

A code is stable and never reused. Its sentence is for the person who put the file there and says what to do.
``retries`` is how many tries are worth making before the file is called dead; a file that changes begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["pending", "ready", "failed", "dead", "ignored", "unsupported", "deleted"]

#: Tries for what will hardly be different the next time, and for what probably will be.
_FEW = 3
_MANY = 12


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the table.

    Attributes:
        text: A sentence or two for a person.
        state: The state a file gets with this reason.
        retries: Tries before a failed file is dead.
    """

    text: str
    state: State = "failed"
    retries: int = _FEW


REASONS: dict[str, Reason] = {
    # The file itself
    "unsupported-type": Reason("Roost does not read this kind of file.", "unsupported"),
    "empty": Reason("The file is empty.", "unsupported"),
    "no-text": Reason(
        "No text was found in the file. If it is a scan, install Tesseract with the language's data and retry."
    ),
    "ocr-missing": Reason(
        "This is an image or a scan, and this machine cannot read text from images. Install Tesseract and retry.",
        "unsupported",
    ),
    "corrupt": Reason("The file is damaged or is not what its name says. Open it, save it again, and retry."),
    "encrypted": Reason("The file is protected by a password. Save a copy without one."),
    "too-large": Reason("The file is larger than is read (RAG_MAX_FILE_BYTES). Split it or raise the limit."),
    "too-long": Reason("The file holds more text than is read (RAG_MAX_TEXT_CHARACTERS). Split it or raise the limit."),
    "too-slow": Reason("Reading the file took too long (RAG_PARSE_TIMEOUT). Simplify it or raise the limit."),
    "too-much-memory": Reason(
        "Reading the file needed more memory than it may take (RAG_PARSE_MEMORY_BYTES). Split it or raise the limit."
    ),
    "parser-crashed": Reason("The program that reads this kind of file crashed on it. Save it in another format."),
    "partly-indexed": Reason(
        "The file is very long: its first part can be found by search; whole tables can still be asked.", "ready"
    ),
    "pages-not-read": Reason(
        "Some pages are pictures, and this machine cannot read text from pictures. Install Tesseract with the data of "
        "their language, then retry.",
        "ready",
    ),
    # Getting at it
    "not-permitted": Reason("Roost is not permitted to read the file. Give it the right to, and retry.", retries=_MANY),
    "unreadable": Reason("The file could not be read from its disk. Check the disk, then retry.", retries=_MANY),
    "download-failed": Reason("The file could not be downloaded. Roost tries again by itself.", retries=_MANY),
    "rate-limited": Reason("Too many requests were made to the source. Roost tries again by itself.", retries=_MANY),
    "export-too-large": Reason("Google cannot export a document as large as this. Split it, or upload it as a file."),
    "download-forbidden": Reason("Its owner does not allow this file to be downloaded. Ask them to allow it."),
    "sharing-unreadable": Reason(
        "Roost may not see with whom the file is shared, so nobody may read it. Make Roost's account an editor of it."
    ),
    "still-changing": Reason("The file is still being written. The next run reads it.", "pending"),
    "vanished": Reason("The file went away while it was about to be read. The next run sees to it.", "pending"),
    # Putting it in
    "embedding-refused": Reason("The embedding model refused the text of this file. Its message is beside this."),
    "store-refused": Reason("The database refused the text of this file. Its message is beside this."),
    "unforeseen": Reason(
        "Something went wrong that nobody foresaw. The pipeline's log has the details.", retries=_MANY
    ),
    # Not there, or not wanted
    "deleted": Reason("The file was deleted from its source.", "deleted"),
    "trashed": Reason("The file was moved to the trash of its source.", "deleted"),
    "moved-out": Reason("The file was moved out of the watched folder.", "deleted"),
    "access-lost": Reason("Roost can no longer see the file in its source.", "deleted"),
    "deleted-by-user": Reason("A person deleted the document in Roost.", "deleted"),
    "ignored-by-user": Reason("A person set the file aside. Choose retry to have it read again.", "ignored"),
    "ignored-by-rule": Reason("A rule in .roostignore leaves the file out.", "deleted"),
    "uploaded": Reason("The file was uploaded and waits for the next run.", "pending"),
    "retry-asked": Reason("The next run reads the file again, as a person asked.", "pending"),
}


def reason_text(code: str | None) -> str | None:
    """The sentence of a code; ``None`` for none. A code of a newer version says itself."""
    if not code:
        return None
    known = REASONS.get(code)
    return known.text if known else f"{code}."


def reason_of(code: str) -> Reason:
    """The row of a code; an unknown one counts as a failure that may pass."""
    return REASONS.get(code) or Reason(f"{code}.", retries=_MANY)
