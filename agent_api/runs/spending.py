"""What a run may spend: each request to a model is reserved by its upper bound before, and settled after.

The bound is honest rather than close: a token is at least one byte of text, so a request has at most as many tokens as
bytes, and its answer at most ``max_tokens``, which is set where it is not. What is too much is free again as soon as
the answer is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast
from uuid import UUID

from genai_prices import Usage
from pydantic_ai import BinaryContent, RunContext
from pydantic_ai.capabilities import AbstractCapability, WrapModelRequestHandler
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ModelResponse
from pydantic_ai.models import Model, ModelRequestContext
from pydantic_ai.settings import ModelSettings

from agent_api.assistant.passages_model import passages_model
from agent_api.assistant.prices import price_of
from agent_api.assistant.turn import Turn
from core.errors import BudgetExceeded
from core.supabase import Database

#: Tokens of an answer where neither the agent nor the request limits them.
_ANSWER_TOKENS = 8192
#: Tokens that a picture or another file may take at most, whatever its bytes.
_FILE_TOKENS = 50_000


@dataclass(frozen=True)
class Amount:
    """Tokens, and what they cost in US dollars; None where the model's price is not known."""

    tokens: int
    cost: Decimal | None

    @property
    def dearness(self) -> tuple[bool, Decimal]:
        """By which amounts are compared: one that is not known may be more than any other."""
        return self.cost is None, self.cost or Decimal(0)

    def arguments(self) -> dict[str, object]:
        """The amount as functions of the database take it."""
        return {"p_tokens": self.tokens, "p_cost": None if self.cost is None else str(self.cost)}


class SpendingRepository:
    """Reservations in the database; they hold over all processes.

    Args:
        database: Acting as the service.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(self, run_id: UUID, amount: Amount, *, agent_id: UUID | None = None) -> str:
        """Reserve an amount against every budget that applies to a run, or nothing; returns the reservation's id.

        With ``agent_id``, for a request of an agent that another one has asked, against those of that agent too.

        Raises:
            BudgetExceeded: One of them has not as much left; it says which, and when it begins anew. Or one is in
                money, and the cost of the amount is not known.
        """
        arguments = {"p_run": str(run_id), **amount.arguments()}
        if agent_id is not None:
            arguments["p_agent"] = str(agent_id)
        return str(await self._database.call("reserve_spending", arguments))

    async def settle(self, reservation: str, amount: Amount) -> None:
        """Give back what was reserved, and count ``amount`` instead."""
        await self._database.call("settle_spending", {"p_reservation": reservation, **amount.arguments()})


@dataclass
class SpendingGuard(AbstractCapability[Turn]):
    """Reserves and settles each request to a model of one run.

    Args:
        repository: Where reservations are kept.
        run_id: The run.
        always: Whether the run's own agent comes under a budget; else only requests of agents that do are reserved.
        models: The models that may answer, where there is no turn that says it: the dearest of them counts.
        admission: Done once the first request is reserved, or refused: then with the refusal.
        refused: Whether the first request was refused, so that nothing was ever sent.
    """

    repository: SpendingRepository
    run_id: UUID
    always: bool = True
    models: Sequence[Model] = ()
    admission: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    refused: bool = False

    def admit(self, error: Exception | None = None) -> None:
        """Let whoever waits for admission go on, or tell them the refusal. Only the first call counts."""
        if self.admission.done():
            return
        if isinstance(error, BudgetExceeded):
            self.refused = True
            self.admission.set_exception(error)
            self.admission.exception()  # looked at: nobody need wait for it
        else:
            self.admission.set_result(None)

    async def wrap_model_request(
        self, ctx: RunContext[Turn], *, request_context: ModelRequestContext, handler: WrapModelRequestHandler
    ) -> ModelResponse:
        """Reserve, request, settle."""
        # Asked by another one, an agent comes under its own budgets too.
        # What names a conversation has no turn.
        turn = cast("Turn | None", ctx.deps)
        asking = None if turn is None else turn.specification
        model = request_context.model
        if model is passages_model or not (self.always or (asking is not None and asking.budgeted)):
            return await handler(request_context)
        settings: ModelSettings = {"max_tokens": _ANSWER_TOKENS, **(request_context.model_settings or {})}
        request_context.model_settings = settings
        sent = _bytes_of(request_context)
        most = settings.get("max_tokens") or _ANSWER_TOKENS
        chain = self.models if turn is None else turn.chain
        bound = max((_most(each, sent, most) for each in (model, *chain)), key=lambda amount: amount.dearness)
        try:
            reservation = await self.repository.reserve(
                self.run_id, bound, agent_id=None if asking is None else asking.id
            )
        except BudgetExceeded as refused:
            self.admit(refused)
            raise
        self.admit()
        used = bound  # what a request took that was broken off, nobody tells: the bound stands
        try:
            response = await handler(request_context)
            used = _used(response, model, bound)
            return response
        except ModelHTTPError:
            used = Amount(0, Decimal(0))  # refused by the provider, which takes nothing for that
            raise
        finally:
            await asyncio.shield(self.repository.settle(reservation, used))


def _used(response: ModelResponse, model: Model, bound: Amount) -> Amount:
    usage = response.usage
    if usage.unmeasured_requests or not usage.total_tokens:
        return bound
    cost = usage.cost if usage.cost is not None else _amount(model, usage.input_tokens, usage.output_tokens).cost
    return Amount(usage.total_tokens, cost)


def _most(model: Model, input_tokens: int, output_tokens: int) -> Amount:
    # Some providers take more for what they write into their cache, and tell it with the answer.
    return max(
        (_amount(model, input_tokens, output_tokens, written) for written in (0, input_tokens)),
        key=lambda amount: amount.dearness,
    )


def _amount(model: Model, input_tokens: int, output_tokens: int, cache_write_tokens: int = 0) -> Amount:
    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, cache_write_tokens=cache_write_tokens)
    return Amount(input_tokens + output_tokens, price_of(model, usage))


def _bytes_of(request: ModelRequestContext) -> int:
    parameters = request.model_request_parameters
    tools = sum(
        len(tool.name) + len(tool.description or "") + len(str(tool.parameters_json_schema))
        for tool in (*parameters.function_tools, *parameters.output_tools)
    )
    instructions = sum(len(part.content.encode()) for part in parameters.instruction_parts or ())
    return tools + instructions + _message_bytes(request.messages)


def _message_bytes(messages: Sequence[ModelMessage]) -> int:
    files = 0
    total = 0
    for message in messages:
        for part in message.parts:
            content: object = getattr(part, "content", None)
            items = cast("list[object]", content) if isinstance(content, list) else []
            for item in items:
                if isinstance(item, BinaryContent):
                    files += min(len(item.data), _FILE_TOKENS)
                    total -= len(item.data) * 4 // 3  # as base64, which is how the messages are counted below
    return max(0, total + len(ModelMessagesTypeAdapter.dump_json(list(messages)))) + files
