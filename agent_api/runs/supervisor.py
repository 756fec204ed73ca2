"""The runs of this process: started, found again by later readers, kept alive, stopped."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import stamina
import structlog
from pydantic_ai import DeferredToolResults, ToolApproved, ToolDenied
from pydantic_ai.messages import ModelMessagesTypeAdapter

from agent_api.assistant.history import to_model_messages
from agent_api.auth.callers import Caller
from agent_api.runs.answer import Answer
from agent_api.runs.execution import Execution
from agent_api.runs.repository import (
    BegunRun,
    BegunTurn,
    Decision,
    ProgramRequest,
    Question,
    ResumedTurn,
    RunRecord,
    RunRepository,
)
from agent_api.runs.run import Run
from agent_api.runs.spending import SpendingGuard, SpendingRepository
from core.errors import RoostError, Unavailable

_log = structlog.get_logger(__name__)

#: Seconds between signs of life, and between looks for runs that other processes have left behind.
_KEEP_EVERY = 2.0
_SWEEP_EVERY = 10.0
_FORGET_EVERY = 600.0
#: Seconds that a finished run can still be read from memory: readers that come a moment too late lose nothing.
_KEEP_FINISHED = 30.0
#: Seconds that whoever stops a run waits for its end at most.
_STOPPING = 5.0

#: What a model is told of a call that a person did not allow, where they gave no reason.
_DENIED = "The person did not allow this. Go on without it."


class RunSupervisor:
    """Owns the tasks that execute runs. A reader's coming and going has no bearing on them.

    Args:
        repository: The runs in the database.
        execution: What happens in a run.
        spending: The reservations of runs that come under a budget.
        history_limit: Most messages of a conversation that a run is given.
    """

    def __init__(
        self, repository: RunRepository, execution: Execution, spending: SpendingRepository, *, history_limit: int
    ) -> None:
        self._repository = repository
        self._spending = spending
        self._execution = execution
        self._history_limit = history_limit
        self._runs: dict[UUID, Run] = {}
        self._active: dict[UUID, asyncio.Task[None]] = {}
        self._kept_versions: dict[UUID, int] = {}
        self._background: list[asyncio.Task[None]] = []

    async def start(self, caller: Caller, question: Question) -> tuple[BegunTurn, Run | None]:
        """Begin a turn and set its run going.

        Returns:
            What was begun, and the run where it is in this process: for a question that was asked before, the run that
            answers it may have ended or be another process's.

        Raises:
            RoostError: As :meth:`RunRepository.begin` says; then nothing has begun.
            BudgetExceeded: A budget has too little left for the first request; then nothing has begun either.
        """
        run_id = uuid.uuid4()
        begun = await self._repository.begin(
            caller, question, run_id=run_id, answer_id=f"msg_{run_id.hex}", history_limit=self._history_limit
        )
        if begun.resumed or begun.agent is None:
            return begun, self._runs.get(begun.run_id) if begun.run_id else None
        run = Run(
            id=run_id,
            user_id=begun.user_id,
            conversation_id=question.conversation_id,
            answer_id=f"msg_{run_id.hex}",
            specification=begun.agent,
            question=begun.history[-1].text,
            files=begun.history[-1].files,
            history=to_model_messages(begun.history[:-1]),
        )
        await self._set_going(run)
        return begun, run

    async def start_program(self, caller: Caller, request: ProgramRequest) -> tuple[BegunRun, Run | None]:
        """Begin a run without a conversation and set it going.

        Returns:
            As :meth:`start`.

        Raises:
            RoostError: As :meth:`RunRepository.begin_run` says; then nothing has begun.
        """
        run_id = uuid.uuid4()
        begun = await self._repository.begin_run(caller, request, run_id=run_id)
        if begun.resumed:
            return begun, self._runs.get(begun.run_id)
        run = Run(
            id=run_id,
            user_id=begun.user_id,
            conversation_id=None,
            answer_id=f"msg_{run_id.hex}",
            specification=begun.agent,
            question=request.question,
            history=request.history,
            model_settings=request.model_settings,
            repeatable=request.idempotency_key is not None,
        )
        await self._set_going(run)
        return begun, run

    async def resume(
        self, user_id: UUID, run_id: UUID, decisions: Sequence[Decision]
    ) -> tuple[ResumedTurn, Run | None]:
        """Let a run go on that waits for a person, whichever process it waited in before.

        Returns:
            As :meth:`start`.

        Raises:
            RoostError: As :meth:`RunRepository.resume` says; then it goes on waiting.
        """
        turn = await self._repository.resume(user_id, run_id, decisions, history_limit=self._history_limit)
        if turn.resumed or turn.agent is None:
            known = self._runs.get(run_id)
            # As it was before it waited, it has nothing to tell to one who decides.
            return turn, known if known is not None and known.decisions is not None else None
        run = Run(
            id=run_id,
            user_id=user_id,
            conversation_id=turn.conversation_id,
            answer_id=turn.answer_id,
            specification=turn.agent,
            question=turn.history[-1].text,
            history=to_model_messages(turn.history[:-1]),
            exchange=ModelMessagesTypeAdapter.validate_python(turn.exchange),
            decisions=_as_results(turn.parts),
            answer=Answer(turn.parts),
        )
        await self._set_going(run)
        return turn, run

    async def run_of_message(self, user_id: UUID, conversation_id: str, message_id: str) -> UUID | None:
        """The run that made a message of a person's conversation; None where there is none."""
        return await self._repository.run_of_message(user_id, conversation_id, message_id)

    async def _set_going(self, run: Run) -> None:
        if run.specification.budgeted:
            run.guard = SpendingGuard(self._spending, run.id)
        self._runs[run.id] = run
        self._active[run.id] = asyncio.create_task(self._execute(run), name=f"run {run.id}")
        if run.guard is not None:
            await asyncio.shield(run.guard.admission)

    def find(self, user_id: UUID, conversation_id: str) -> Run | None:
        """The run that is answering in a person's conversation, where it is in this process."""
        for run_id in self._active:
            run = self._runs[run_id]
            if run.conversation_id == conversation_id and run.user_id == user_id:
                return run
        return None

    def get(self, user_id: UUID, run_id: UUID) -> Run | None:
        """A person's run, where it is in this process."""
        run = self._runs.get(run_id)
        return run if run is not None and run.user_id == user_id else None

    async def record(self, user_id: UUID, run_id: UUID) -> RunRecord | None:
        """What has become of a person's run, in whichever process it is or was; None where there is no such run."""
        return await self._repository.get(user_id, run_id)

    def leave(self, run: Run) -> None:
        """The one reader of a run is gone: stop it, if nobody could ever read on.

        A run in a conversation can be picked up there, and a repeatable one by the same request.
        """
        if run.id in self._active and run.conversation_id is None and not run.repeatable:
            run.token.cancel()

    async def cancel(self, user_id: UUID, run_id: UUID) -> str | None:
        """Stop a run, in whichever process it is; returns its state, None where the person has no such run.

        A run of this process is waited for, so that whoever looks next finds what was written stored.
        """
        state = await self._repository.request_cancel(user_id, run_id)
        if state is not None and run_id in self._active:
            run = self._runs[run_id]
            run.token.cancel()
            with suppress(TimeoutError):
                async with asyncio.timeout(_STOPPING):
                    await run.log.wait_closed()
        return state

    async def open(self) -> None:
        """Begin to give signs of life and to look for runs left behind."""
        self._background = [
            asyncio.create_task(self._every(_KEEP_EVERY, self._keep), name="keep runs"),
            asyncio.create_task(self._every(_SWEEP_EVERY, self._sweep), name="sweep runs"),
            asyncio.create_task(self._every(_FORGET_EVERY, self._repository.forget_answers), name="forget answers"),
        ]

    async def aclose(self) -> None:
        """Stop: every run ends as interrupted with what it has written, and is stored before this returns."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        for run_id in list(self._active):
            self._runs[run_id].shutting_down = True
            self._runs[run_id].token.cancel()
        await asyncio.gather(*self._active.values(), return_exceptions=True)

    async def _execute(self, run: Run) -> None:
        result, error = await self._execution.execute(run)
        # Stored before the readers hear the end: whoever asks again at once finds the answer.
        try:
            if run.guard is not None and run.guard.refused and run.decisions is None:
                await self._repository.undo(run.id)
            else:
                await self._finish(run, result)
        except RoostError as failure:
            _log.error("run could not be stored", run_id=str(run.id), exc_info=True)
            error = error or failure
        finally:
            del self._active[run.id]
            self._kept_versions.pop(run.id, None)
            run.log.close(error)
            if run.guard is not None:
                run.guard.admit(error)
            asyncio.get_running_loop().call_later(_KEEP_FINISHED, self._forget, run)

    def _forget(self, run: Run) -> None:
        if self._runs.get(run.id) is run:  # and not the same run, let go on by a person meanwhile
            del self._runs[run.id]

    @stamina.retry(on=Unavailable, attempts=8, timeout=60)
    async def _finish(self, run: Run, result: dict[str, Any]) -> None:
        state = await self._repository.finish(run.id, result)
        if state != result["state"]:
            _log.warning("run had ended elsewhere", run_id=str(run.id), state=state, ours=result["state"])

    async def _keep(self) -> None:
        runs = [self._runs[run_id] for run_id in self._active]
        if not runs:
            return
        versions = {run.id: run.answer.version for run in runs}
        signs = [
            (run.id, run.answer.parts() if self._kept_versions.get(run.id) != versions[run.id] else None)
            for run in runs
        ]
        kept = await self._repository.keep(signs)
        self._kept_versions.update((run_id, v) for run_id, v in versions.items() if run_id in self._active)
        for run_id in {*kept.cancel, *kept.lost} & self._active.keys():
            self._runs[run_id].token.cancel()

    async def _sweep(self) -> None:
        count = await self._repository.interrupt_expired()
        if count:
            _log.warning("runs of a process that died were marked as interrupted", count=count)

    @staticmethod
    async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except RoostError as error:
                # The next round tries again; until then the leases go on running.
                _log.warning("background work failed", work=work.__name__, detail=error.detail)
            except Exception:
                # A fault of ours in one round must not end the rounds: without them every run would count as dead.
                _log.exception("background work failed", work=work.__name__)
            await asyncio.sleep(seconds)


def _as_results(parts: Sequence[dict[str, Any]]) -> DeferredToolResults:
    """What a person has decided, by the parts of the answer that waited for it."""
    results = DeferredToolResults()
    for part in parts:
        if part.get("state") == "approval-responded":
            approval = part["approval"]
            results.approvals[part["toolCallId"]] = (
                ToolApproved() if approval["approved"] else ToolDenied(approval.get("reason") or _DENIED)
            )
    return results
