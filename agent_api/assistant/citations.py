"""Citations: each passage that an answer may rest on gets a number, once, and is announced to whoever reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_ai import CustomEvent

from core.knowledge.search import Passage


@dataclass(kw_only=True)
class CitationEvent(CustomEvent, name="citation"):
    """A passage that the answer may point at as ``[n]``. Its fields are the data of a ``data-citation`` part."""

    n: int
    document_id: str
    title: str
    place: str
    passage: str
    score: float
    ordinal: int
    path: str
    uri: str | None


class CitationBook:
    """The numbers given out in one run. The same passage keeps its number however often it is found."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}

    @classmethod
    def of_parts(cls, parts: Sequence[Mapping[str, Any]]) -> CitationBook:
        """The numbers that an answer has given out so far, by its parts."""
        book = cls()
        for part in parts:
            if part["type"] == "data-citation":
                data = part["data"]
                book._numbers[data["document_id"], data["ordinal"]] = data["n"]
        return book

    def enter(self, passages: Sequence[Passage]) -> tuple[list[tuple[int, Passage]], list[CitationEvent]]:
        """Number ``passages``.

        Returns:
            Each passage with its number, in the order given; and events that announce those seen for the first time.
        """
        numbered: list[tuple[int, Passage]] = []
        events: list[CitationEvent] = []
        for passage in passages:
            place = str(passage.document_id), passage.ordinal
            known = self._numbers.get(place)
            n = known or len(self._numbers) + 1
            numbered.append((n, passage))
            if known is None:
                self._numbers[place] = n
                events.append(_announce(n, passage))
        return numbered, events


def _announce(n: int, passage: Passage) -> CitationEvent:
    return CitationEvent(
        n=n,
        document_id=str(passage.document_id),
        title=passage.title,
        # A text without pages and headings still has an order.
        place=passage.place_label or f"passage {passage.ordinal + 1}",
        passage=passage.text,
        score=round(passage.score, 6),
        ordinal=passage.ordinal,
        path=passage.path,
        uri=passage.uri,
    )


def as_prompt(numbered: Sequence[tuple[int, Passage]]) -> str:
    """Numbered passages as a model reads them.

    They are set apart and called quotations, since a document may hold sentences that look like orders to the model.
    """
    if not numbered:
        return "No passage of the documents matches."
    blocks = [
        f'<passage n="{n}" document="{_attribute(passage.title)}" place="{_attribute(passage.place_label)}">\n'
        f"{passage.text}\n</passage>"
        for n, passage in numbered
    ]
    return "\n".join(blocks)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace("\n", " ")
