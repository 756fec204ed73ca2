"""A person's decisions about tools, as the agent is told them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic_ai import DeferredToolResults, ToolApproved, ToolDenied

#: What a model is told of a call that a person did not allow, where they gave no reason.
_DENIED = "The person did not allow this. Go on without it."


def as_results(parts: Sequence[dict[str, Any]]) -> DeferredToolResults:
    """What a person has decided, by the parts of the answer that waited for it."""
    results = DeferredToolResults()
    for part in parts:
        if part.get("state") == "approval-responded":
            approval = part["approval"]
            results.approvals[part["toolCallId"]] = (
                ToolApproved() if approval["approved"] else ToolDenied(approval.get("reason") or _DENIED)
            )
    return results
