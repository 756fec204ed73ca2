"""The short way of text: from a model's stream straight to whoever reads the run (see ``quick_stream``)."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from pydantic_ai.messages import PartDeltaEvent, PartEndEvent, PartStartEvent, TextPart


@dataclass
class TextReader:
    """Whoever reads a run's text by the short way.

    Args:
        tell: Takes the next piece.
        open_index: The part that is being written, once its beginning was told; None between parts.
    """

    tell: Callable[[PartDeltaEvent], None]
    open_index: int | None = None

    def follow(self, event: object) -> None:
        """Notice where texts begin and end, among the events that come the usual way."""
        if isinstance(event, PartStartEvent):
            self.open_index = event.index if isinstance(event.part, TextPart) else None
        elif isinstance(event, PartEndEvent):
            self.open_index = None


#: Set for the time of a run.
text_reader: ContextVar[TextReader | None] = ContextVar("text_reader", default=None)
