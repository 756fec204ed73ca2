"""Runs told to Langfuse, where its keys are set: each with its steps, prompts, answers and tokens.

One trace a run, by OpenTelemetry. They are sent by a thread of Langfuse's own, in batches: a Langfuse that is slow or
away costs no run anything but what it would have seen of it.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from pydantic_ai.capabilities import Instrumentation, WrapRunHandler
from pydantic_ai.models.instrumented import InstrumentationSettings
from pydantic_ai.run import AgentRunResult
from pydantic_ai.tools import RunContext

from agent_api.assistant.settings import AssistantSettings


class RunTrace(Instrumentation):
    """Spans of a run, its requests to models and its tools, under the person's and the conversation's ids."""

    async def wrap_run(self, ctx: RunContext[Any], *, handler: WrapRunHandler) -> AgentRunResult[Any]:
        """A span for the whole run; see the base class."""
        from langfuse import propagate_attributes

        # No name and no address of the person: who looks at traces need not know who it was.
        with propagate_attributes(user_id=str(ctx.deps.user_id), session_id=ctx.conversation_id):
            return await super().wrap_run(ctx, handler=handler)


@contextmanager
def open_tracing(settings: AssistantSettings) -> Generator[tuple[RunTrace, ...]]:
    """What watches each run; nothing without Langfuse's keys. At the end what is left is sent."""
    if settings.langfuse_public_key is None or settings.langfuse_secret_key is None:
        yield ()
        return
    # Half a second of imports, for those who use it.
    from langfuse import Langfuse
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    # One of our own: whatever else a library traces is not for Langfuse.
    provider = TracerProvider(resource=Resource.create({"service.name": "roost"}))
    langfuse = Langfuse(
        public_key=settings.langfuse_public_key,
        secret_key=settings.langfuse_secret_key.get_secret_value(),
        base_url=str(settings.langfuse_base_url).rstrip("/"),
        tracer_provider=provider,
    )
    try:
        yield (RunTrace(InstrumentationSettings(tracer_provider=provider, include_binary_content=False)),)
    finally:
        langfuse.shutdown()
