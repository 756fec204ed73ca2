"""The methods of A2A, as JSON-RPC calls them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

from fasta2a.schema import (  # pyright: ignore[reportMissingTypeStubs]
    A2ARequest,
    Message,
    MessageSendConfiguration,
    SendMessageResult,
    StreamResponse,
    Task,
)

from agent_api.a2a.tasks import task_of_record, to_question, updates
from agent_api.auth.callers import Caller, KnownCaller
from agent_api.resources import Resources
from agent_api.runs.records import RunRecord
from agent_api.runs.run import Run


class MethodError(Exception):
    """An error of JSON-RPC.

    Args:
        code: The protocol's number for it.
        message: What happened.
        data: The problem document, where there is one.
    """

    def __init__(self, code: int, message: str, data: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = data


_NO_TASK = MethodError(-32001, "Task not found")
Stream = AsyncGenerator[StreamResponse]


class Methods:
    """What one caller may ask of one agent.

    Args:
        resources: The process's own things.
        caller: Whoever asks.
        agent: The agent's slug.
    """

    def __init__(self, resources: Resources, caller: Caller, agent: str) -> None:
        self._resources = resources
        self._caller = caller
        self._agent = agent

    async def call(self, request: A2ARequest, *, at_once: bool) -> SendMessageResult | Task | Stream:
        """Do what is asked; a stream where the method is one.

        Args:
            request: The request, read.
            at_once: Whether ``message/send`` is to answer without waiting for the end.

        Raises:
            MethodError: It cannot be done.
            RoostError: A run could not be begun.
        """
        match request["method"]:
            case "message/send":
                params = request["params"]
                return await self._send(params["message"], params.get("configuration"), at_once=at_once)
            case "message/stream":
                return await self._stream(request["params"]["message"])
            case "tasks/get":
                _, record = await self._task(request["params"]["id"])
                return task_of_record(record, history_length=request["params"].get("history_length"))
            case "tasks/cancel":
                return await self._cancel(request["params"]["id"])
            case "tasks/resubscribe":
                return await self._resubscribe(request["params"]["id"])
            case "tasks/list":
                raise MethodError(-32004, "This operation is not supported")
            case _:
                raise MethodError(-32003, "Push notification not supported")

    async def _begin(self, message: Message) -> tuple[UUID, UUID, Run | None, str]:
        if message.get("task_id"):
            await self._task(str(message.get("task_id")))
            raise MethodError(-32004, "A task takes one message. Send the next in the same context, without a task.")
        limit = self._resources.settings.max_message_characters
        question = to_question(message, self._agent, max_characters=limit)
        begun, run = await self._resources.runs.start(self._caller, question)
        if begun.run_id is None:
            raise _NO_TASK
        return begun.user_id, begun.run_id, run, question.conversation_id

    async def _send(
        self, message: Message, configuration: MessageSendConfiguration | None, *, at_once: bool
    ) -> SendMessageResult:
        user_id, run_id, run, _ = await self._begin(message)
        if run is not None and not at_once:
            await run.log.wait_closed()
        record = await self._resources.runs.record(user_id, run_id)
        if record is None:
            raise _NO_TASK
        length = configuration.get("history_length") if configuration else None
        return SendMessageResult(task=task_of_record(record, history_length=length))

    async def _stream(self, message: Message) -> Stream:
        user_id, run_id, run, context = await self._begin(message)
        return updates(run, context) if run is not None else self._what_is_kept(user_id, run_id)

    async def _resubscribe(self, task_id: str) -> Stream:
        known, record = await self._task(task_id)
        run = await self._resources.runs.get(known.user_id, record.id)
        context = record.conversation_name or ""
        return updates(run, context) if run is not None else self._what_is_kept(known.user_id, record.id)

    async def _cancel(self, task_id: str) -> Task:
        known, record = await self._task(task_id)
        if record.state not in ("queued", "running", "waiting"):
            raise MethodError(-32002, "Task not cancelable")
        await self._resources.runs.cancel(known.user_id, record.id)
        run = await self._resources.runs.get(known.user_id, record.id)
        if run is not None:
            await run.log.wait_closed()
        _, record = await self._task(task_id)
        return task_of_record(record)

    async def _what_is_kept(self, user_id: UUID, run_id: UUID) -> Stream:
        record = await self._resources.runs.record(user_id, run_id)
        if record is not None:
            yield StreamResponse(task=task_of_record(record))

    async def _task(self, task_id: str) -> tuple[KnownCaller, RunRecord]:
        known = await self._resources.callers.identify(self._caller)
        try:
            record = await self._resources.runs.record(known.user_id, UUID(task_id))
        except ValueError as error:
            raise _NO_TASK from error
        if record is None or record.agent != self._agent or not known.may_use(self._agent):
            raise _NO_TASK
        return known, record


def as_error(error: MethodError) -> dict[str, Any]:
    """The error member of a JSON-RPC answer."""
    body: dict[str, Any] = {"code": error.code, "message": str(error)}
    return body if error.data is None else body | {"data": error.data}
