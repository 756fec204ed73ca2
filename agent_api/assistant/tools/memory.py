"""The tools by which a model remembers things about the person it talks with."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field
from pydantic_ai import FunctionToolset, ModelRetry, RunContext

from agent_api.assistant.memory import MemoryStore
from agent_api.assistant.turn import Turn

_INSTRUCTIONS = (
    "You can remember things about this person from one conversation to the next. Recall before you answer where what "
    "you know of them may matter. Remember what will be of use later, in one sentence each, and never passwords, keys "
    "or what they ask you not to keep. They can see and delete everything that you remember."
)


def memory_toolset(store: MemoryStore) -> FunctionToolset[Turn]:
    """The tools, over the store."""

    async def remember(
        ctx: RunContext[Turn],
        text: Annotated[str, Field(description="One sentence that stands by itself.", min_length=3, max_length=2000)],
    ) -> str:
        """Remember something about the person for later conversations."""
        await store.remember(ctx.deps.user_id, ctx.deps.specification.id, text.replace("\x00", "").strip())
        return "Remembered."

    async def recall(
        ctx: RunContext[Turn],
        query: Annotated[str, Field(description="What to look for.", min_length=1, max_length=1000)],
    ) -> str:
        """Recall what is remembered about the person."""
        memories = await store.recall(ctx.deps.user_id, query.replace("\x00", ""))
        if not memories:
            return "Nothing is remembered about this."
        return "\n".join(f"- {memory.text} (id {memory.id}, since {memory.since})" for memory in memories)

    async def forget(
        ctx: RunContext[Turn],
        memory_id: Annotated[UUID, Field(description="The id that recall has given.")],
    ) -> str:
        """Forget something that is remembered, when the person asks for it or it is no longer true."""
        if not await store.forget(ctx.deps.user_id, memory_id):
            raise ModelRetry("Nothing is remembered under this id. Recall first.")
        return "Forgotten."

    return FunctionToolset[Turn]([remember, recall, forget], id="memory", instructions=_INSTRUCTIONS)
