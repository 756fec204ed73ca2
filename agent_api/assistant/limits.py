"""The bounds of one run: a deployment's own, within the server's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pydantic_ai.usage import UsageLimits

from agent_api.assistant.settings import AssistantSettings
from agent_api.assistant.specification import RunLimits


@dataclass(frozen=True)
class RunBounds:
    """The server's bounds: requests to models, and calls of tools."""

    requests: int = 30
    tool_calls: int = 60

    @classmethod
    def of(cls, settings: AssistantSettings) -> RunBounds:
        """As the settings say."""
        return cls(settings.run_requests, settings.run_tool_calls)


def usage_limits(limits: RunLimits, bounds: RunBounds) -> UsageLimits:
    """The narrower of both, as pydantic-ai takes it."""
    return UsageLimits(
        request_limit=min(limits.requests or bounds.requests, bounds.requests),
        tool_calls_limit=bounds.tool_calls if limits.tool_calls is None else min(limits.tool_calls, bounds.tool_calls),
        total_tokens_limit=limits.total_tokens,
        cost_limit=None if limits.cost is None else Decimal(str(limits.cost)),
    )
