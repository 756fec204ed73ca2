"""What a run did, step by step, with timing and tokens: for the person who wonders, and for the accounts."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic_ai import RunContext
from pydantic_ai.capabilities import (
    AbstractCapability,
    ValidatedToolArgs,
    WrapModelRequestHandler,
    WrapToolExecuteHandler,
)
from pydantic_ai.exceptions import ApprovalRequired, CallDeferred, FallbackExceptionGroup
from pydantic_ai.messages import ModelResponse, ToolCallPart
from pydantic_ai.models import ModelRequestContext
from pydantic_ai.tools import ToolDefinition
from pydantic_core import to_jsonable_python

from agent_api.assistant.models_in_use import as_reasons
from agent_api.assistant.prices import costs_nothing
from agent_api.assistant.turn import Turn


@dataclass
class Step:
    """One step: a look-up in the documents, a request to a model, or a tool's work."""

    kind: Literal["knowledge", "model", "tool"]
    name: str
    started_at: str
    duration_ms: float = 0
    input_tokens: int = 0
    output_tokens: int = 0
    #: US dollars; None where the price is not known.
    cost: float | None = None
    detail: dict[str, Any] = field(default_factory=dict[str, Any])
    error: str | None = None


@dataclass
class StepRecorder(AbstractCapability[Turn]):
    """Records each model request and each tool call of a run. One recorder serves one run."""

    steps: list[Step] = field(default_factory=list[Step])

    @asynccontextmanager
    async def record(self, kind: Literal["knowledge", "model", "tool"], name: str) -> AsyncGenerator[Step]:
        """Time what happens inside; an error that passes through is noted by its class."""
        step = Step(kind=kind, name=name, started_at=datetime.now(UTC).isoformat())
        self.steps.append(step)
        start = time.perf_counter()
        try:
            yield step
        except (ApprovalRequired, CallDeferred):
            self.steps.remove(step)  # not done yet: a person is asked first
            raise
        except BaseException as error:
            step.error = type(error).__name__
            raise
        finally:
            step.duration_ms = round((time.perf_counter() - start) * 1000, 3)

    async def wrap_model_request(
        self,
        ctx: RunContext[Turn],
        *,
        request_context: ModelRequestContext,
        handler: WrapModelRequestHandler,
    ) -> ModelResponse:
        """Record a request to the model with its tokens."""
        async with self.record("model", ctx.model.model_name) as step:
            try:
                response = await handler(request_context)
            except FallbackExceptionGroup as error:
                step.detail["failed_attempts"] = as_reasons(error.attempts)
                raise
            usage = response.usage
            step.name = response.model_name or step.name
            step.input_tokens, step.output_tokens = usage.input_tokens, usage.output_tokens
            if usage.cost is not None:
                step.cost = float(usage.cost)
            elif costs_nothing(ctx.model, response.provider_name):
                step.cost = 0
            if response.failed_attempts:
                step.detail["failed_attempts"] = as_reasons(response.failed_attempts)
            if usage.cache_read_tokens or usage.cache_write_tokens:
                step.detail["cached_tokens"] = {"read": usage.cache_read_tokens, "written": usage.cache_write_tokens}
            return response

    async def wrap_tool_execute(
        self,
        ctx: RunContext[Turn],
        *,
        call: ToolCallPart,
        tool_def: ToolDefinition,
        args: ValidatedToolArgs,
        handler: WrapToolExecuteHandler,
    ) -> Any:  # noqa: ANN401
        """Record a tool's work with what it was called with."""
        async with self.record("tool", call.tool_name) as step:
            step.detail = {"arguments": to_jsonable_python(args, fallback=str)}
            return await handler(args)
