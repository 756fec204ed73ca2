"""What happens in a run: let the model or the agent answer, tell every event, say how it ended."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterable, Sequence
from typing import Any

import structlog
from pydantic_ai import DeferredToolRequests, RunContext
from pydantic_ai.exceptions import RunCancelled, RunTimedOut
from pydantic_ai.messages import (
    AgentStreamEvent,
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ToolReturnPart,
)
from pydantic_ai.run import AgentRunResult, AgentRunResultEvent
from pydantic_ai.usage import RunUsage

from agent_api.assistant.assistant import Assistant
from agent_api.assistant.attachments import without_content
from agent_api.assistant.build import Output
from agent_api.assistant.limits import usage_limits
from agent_api.assistant.models_in_use import fallback_capabilities
from agent_api.assistant.text_reader import TextReader, text_reader
from agent_api.assistant.turn import Turn
from agent_api.runs.failures import as_problem, explain
from agent_api.runs.one_request import MoreNeeded, OneRequest
from agent_api.runs.preparation import Prepared, prepare
from agent_api.runs.run import Run
from agent_api.runs.spending import SpendingRepository
from core.errors import BudgetExceeded, Conflict, RoostError, Unavailable

_log = structlog.get_logger(__name__)


@dataclasses.dataclass(frozen=True)
class Execution:
    """Executes runs.

    Args:
        assistant: Agents, models and search.
        spending: The reservations of runs that come under a budget.
        time_limit: The longest time in seconds that an answer may take.
    """

    assistant: Assistant
    spending: SpendingRepository
    time_limit: float

    async def execute(self, run: Run) -> tuple[dict[str, Any], Exception | None]:
        """Answer the run's question, telling each event to its log.

        Returns:
            What is stored of the run (see ``finish_turn``), and the error that its readers are to end by, if any. A
            failure of the model is such an error: it is not raised.
        """
        try:
            result = await self._answer(run)
        except RunCancelled as cancelled:
            return self._cancelled(run, cancelled)
        except BudgetExceeded as refused:
            return _outcome(run, "failed", error=refused), refused
        except Exception as error:  # whatever ends a run is told to its readers and kept with it
            problem = explain(error)
            _log.warning(
                "run failed", run_id=str(run.id), problem=problem.type, exc_info=problem.status == RoostError.status
            )
            return _outcome(run, "failed", error=problem), problem
        if isinstance(result.output, DeferredToolRequests):
            return self._waiting(run, result)
        run.tell(AgentRunResultEvent(result))
        outcome = _outcome(run, "finished", messages=result.new_messages(), usage=result.usage)
        if run.repeatable:
            outcome["answer"] = {"parts": outcome["parts"], "finish_reason": result.response.finish_reason}
        return outcome, None

    async def _answer(self, run: Run) -> AgentRunResult[Output]:
        prepared = await prepare(run, self.assistant, self.spending)
        reader = TextReader(run.tell)
        text_reader.set(reader)
        ends = asyncio.get_running_loop().time() + self.time_limit
        if prepared.may_be_one_request:
            try:
                return await self._ask_once(run, prepared, reader)
            except MoreNeeded as more:
                prepared.go_on_from(more, run)
        return await self._ask_agent(run, prepared, reader, max(0.001, ends - asyncio.get_running_loop().time()))

    async def _ask_once(self, run: Run, prepared: Prepared, reader: TextReader) -> AgentRunResult[Output]:
        limits = usage_limits(run.specification.limits, self.assistant.bounds)
        request = OneRequest(run, prepared.turn, prepared.turn.chain[0], prepared.turn.watchers, limits, reader)
        return await request.answer(prepared.prompt, prepared.history, time_limit=self.time_limit)

    async def _ask_agent(
        self, run: Run, prepared: Prepared, reader: TextReader, time_limit: float
    ) -> AgentRunResult[Output]:
        async def tell(_: RunContext[Turn], events: AsyncIterable[AgentStreamEvent]) -> None:
            async for event in events:
                run.tell(event)
                reader.follow(event)

        specification = run.specification
        # After passages that change with each question nothing is read again, unless by the next step of this run.
        read_again = prepared.passages is None or bool(specification.tools)
        return await self.assistant.agents.build(specification).run(
            None if prepared.goes_on else prepared.prompt,
            deps=prepared.turn,
            model=prepared.turn.chain[0],
            message_history=prepared.history,
            deferred_tool_results=run.decisions,
            model_settings=run.model_settings,
            instructions=prepared.instructions,
            event_stream_handler=tell,
            cancellation_token=run.token,
            timeout=time_limit,
            usage=prepared.used,
            usage_limits=usage_limits(specification.limits, self.assistant.bounds),
            capabilities=[*prepared.turn.watchers, *fallback_capabilities(prepared.turn.chain, read_again=read_again)],
            conversation_id=run.conversation_id,
        )

    def _waiting(self, run: Run, result: AgentRunResult[Output]) -> tuple[dict[str, Any], Exception | None]:
        """The run has come to a tool that a person is asked about first."""
        if run.conversation_id is None:
            problem = Conflict(
                "This agent asks a person before it uses some of its tools, which a program cannot answer. Ask it in "
                "the web app, or choose another agent.",
                slug="approval-needed",
            )
            return _outcome(run, "failed", messages=result.new_messages(), usage=result.usage, error=problem), problem
        run.tell(AgentRunResultEvent(result))
        return _outcome(run, "waiting", messages=result.new_messages(), usage=result.usage), None

    def _cancelled(self, run: Run, cancelled: RunCancelled) -> tuple[dict[str, Any], Exception]:
        messages = cancelled.new_messages()
        if isinstance(cancelled, RunTimedOut):
            problem = explain(cancelled)
            return _outcome(run, "failed", messages=messages, usage=cancelled.usage, error=problem), problem
        if run.shutting_down:
            problem = Unavailable(
                "The server is being restarted. What was written so far is kept; ask again to go on.",
                slug="run-interrupted",
            )
            return _outcome(run, "interrupted", messages=messages, usage=cancelled.usage, error=problem), problem
        return _outcome(run, "cancelled", messages=messages, usage=cancelled.usage), cancelled


def _outcome(
    run: Run,
    state: str,
    *,
    messages: Sequence[ModelMessage] = (),
    usage: RunUsage | None = None,
    error: RoostError | None = None,
) -> dict[str, Any]:
    steps = run.recorder.steps
    models = [step.name for step in steps if step.kind == "model"]
    return {
        "state": state,
        "parts": run.answer.parts(),
        "model_messages": _storable([*run.exchange, *messages]) if messages else None,
        "model": models[-1] if models else None,
        "input_tokens": usage.input_tokens if usage else sum(step.input_tokens for step in steps),
        "output_tokens": usage.output_tokens if usage else sum(step.output_tokens for step in steps),
        "cost": float(usage.cost) if usage and usage.cost is not None else sum(step.cost or 0 for step in steps),
        "error": as_problem(error) if error else None,
        "steps": [dataclasses.asdict(step) for step in steps],
    }


def _storable(messages: Sequence[ModelMessage]) -> list[dict[str, Any]]:
    """The messages as JSON, without what the agent was told and what tools said to us alone."""
    for message in messages:
        if isinstance(message, ModelRequest):
            message.instructions = None  # the agent's: not for whoever may read the answer
            for part in message.parts:
                if isinstance(part, ToolReturnPart):
                    part.metadata = None
    dumped: list[dict[str, Any]] = ModelMessagesTypeAdapter.dump_python(without_content(messages), mode="json")
    return dumped
