"""The one error of extraction."""

from __future__ import annotations


class ExtractionFailed(Exception):
    """A file gives no text.

    Args:
        reason: A code of `core.knowledge.reasons`.
        detail: What went wrong, for the ledger.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
