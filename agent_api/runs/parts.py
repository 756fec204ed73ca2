"""The parts of an answer (see :mod:`agent_api.runs.answer`) as doors need them that have no parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent_api.runs.answer import UIPart


def text_of(parts: Sequence[UIPart]) -> str:
    """The text of an answer, without reasoning, tool steps and the like."""
    return "\n\n".join(part["text"] for part in parts if part["type"] == "text" and part["text"])


def citations_of(parts: Sequence[UIPart]) -> list[dict[str, Any]]:
    """The passages that an answer may point at as ``[n]``."""
    return [part["data"] for part in parts if part["type"] == "data-citation"]
