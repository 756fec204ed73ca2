"""The runs of this process: started, found again by later readers, kept alive, stopped."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import stamina
import structlog
from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_core import to_jsonable_python

from agent_api.assistant.history import to_model_messages
from agent_api.assistant.passages_model import passages_model
from agent_api.auth.callers import Caller
from agent_api.runs.answer import Answer
from agent_api.runs.approvals import as_results
from agent_api.runs.exchange import RunExchange
from agent_api.runs.execution import Execution
from agent_api.runs.failures import as_problem, explain
from agent_api.runs.jobs import JobWorker
from agent_api.runs.keeper import RunKeeper
from agent_api.runs.records import BegunRun, BegunTurn, ResumedTurn, RunRecord
from agent_api.runs.repository import RunRepository
from agent_api.runs.requests import Decision, ProgramRequest, Question
from agent_api.runs.run import Run
from agent_api.runs.spending import SpendingGuard, SpendingRepository
from agent_api.runs.streams import RunStreams
from core.errors import RoostError, Unavailable

_log = structlog.get_logger(__name__)

#: Seconds that a finished run can still be read from memory: readers that come a moment too late lose nothing.
_KEEP_FINISHED = 30.0
#: Seconds that whoever stops a run waits for its end at most.
_STOPPING = 5.0


class RunSupervisor:
    """Owns the tasks that execute runs. A reader's coming and going has no bearing on them.

    Args:
        repository: The runs in the database.
        execution: What happens in a run.
        spending: The reservations of runs that come under a budget.
        jobs: Work that nobody waits for.
        titles: Whether conversations are named by a model.
        streams: The Valkey by which several processes read each other's runs; None for one process.
        history_limit: Most messages of a conversation that a run is given.
    """

    def __init__(
        self,
        repository: RunRepository,
        execution: Execution,
        spending: SpendingRepository,
        *,
        jobs: JobWorker,
        titles: bool = False,
        streams: RunStreams | None = None,
        history_limit: int,
    ) -> None:
        self._repository = repository
        self._spending = spending
        self._execution = execution
        self._history_limit = history_limit
        self._jobs = jobs
        self._titles = titles
        self._runs: dict[UUID, Run] = {}
        self._active: dict[UUID, Run] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._keeper = RunKeeper(repository, self._active)
        self._exchange = RunExchange(streams, self._stop) if streams is not None else None

    async def start(self, caller: Caller, question: Question) -> tuple[BegunTurn, Run | None]:
        """Begin a turn and set its run going.

        Returns:
            What was begun, and the run where it can be read: for a question that was asked before, the run that answers
            it may have ended, or be out of reach in another process.

        Raises:
            RoostError: As :meth:`RunRepository.begin` says; then nothing has begun.
            BudgetExceeded: A budget has too little left for the first request; then nothing has begun either.
        """
        run_id = uuid.uuid4()
        begun = await self._repository.begin(
            caller, question, run_id=run_id, answer_id=f"msg_{run_id.hex}", history_limit=self._history_limit
        )
        if begun.resumed or begun.agent is None:
            return begun, await self._known(begun.run_id) if begun.run_id else None
        run = Run(
            id=run_id,
            user_id=begun.user_id,
            conversation_id=begun.conversation_id,
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
            return begun, await self._known(begun.run_id)
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
            known = self._runs.get(run_id) or await self._elsewhere(run_id)
            # As it was before it waited, it has nothing to tell to one who decides.
            return turn, known if known is not None and known.goes_on else None
        run = Run(
            id=run_id,
            user_id=user_id,
            conversation_id=turn.conversation_id,
            answer_id=turn.answer_id,
            specification=turn.agent,
            question=turn.history[-1].text,
            history=to_model_messages(turn.history[:-1]),
            exchange=ModelMessagesTypeAdapter.validate_python(turn.exchange),
            decisions=as_results(turn.parts),
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
        self._runs[run.id] = self._active[run.id] = run
        self._tasks[run.id] = asyncio.create_task(self._execute(run), name=f"run {run.id}")
        if self._exchange is not None:
            self._exchange.tell(run)
        if run.guard is not None:
            await asyncio.shield(run.guard.admission)

    async def find(self, user_id: UUID, conversation_id: str) -> Run | None:
        """The run that is answering in a person's conversation, wherever it can be read.

        Raises:
            Unavailable: It may be in another process, which cannot be asked now.
        """
        for run in self._active.values():
            if run.conversation_id == conversation_id and run.user_id == user_id:
                return run
        return None if self._exchange is None else await self._exchange.find(user_id, conversation_id)

    async def get(self, user_id: UUID, run_id: UUID) -> Run | None:
        """A person's run, where it can be read: it is on, or has just ended."""
        run = await self._known(run_id)
        return run if run is not None and run.user_id == user_id else None

    async def _known(self, run_id: UUID) -> Run | None:
        return self._runs.get(run_id) or await self._elsewhere(run_id)

    async def _elsewhere(self, run_id: UUID) -> Run | None:
        if self._exchange is None:
            return None
        try:
            return await self._exchange.follow(run_id)
        except Unavailable as error:
            _log.warning("runs of other processes cannot be read", detail=error.detail)
            return None

    async def record(self, user_id: UUID, run_id: UUID) -> RunRecord | None:
        """What has become of a person's run, in whichever process it is or was; None where there is no such run."""
        return await self._repository.get(user_id, run_id)

    def leave(self, run: Run) -> None:
        """The one reader of a run is gone: stop it, if nobody could ever read on.

        A run in a conversation can be picked up there, and a repeatable one by the same request.
        """
        if run.id in self._active and run.conversation_id is None and not run.repeatable:
            run.stop()

    async def cancel(self, user_id: UUID, run_id: UUID) -> str | None:
        """Stop a run, in whichever process it is; returns its state, None where the person has no such run.

        Its end is waited for where it can be read, so that whoever looks next finds what was written stored.
        """
        state = await self._repository.request_cancel(user_id, run_id)
        if state not in ("queued", "running"):
            return state
        run = self._active.get(run_id)
        if run is not None:
            run.stop()
        elif self._exchange is not None:
            run = await self._elsewhere(run_id)
            await self._exchange.ask_to_stop(run_id)
        if run is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_STOPPING):
                    await run.log.wait_closed()
        return state

    def _stop(self, run_id: UUID) -> None:
        if run_id in self._active:
            self._active[run_id].stop()

    async def open(self) -> None:
        """Begin to give signs of life, to look for runs left behind, and to hear of other processes'."""
        self._keeper.open()
        self._jobs.open()
        if self._exchange is not None:
            self._exchange.open()

    async def aclose(self) -> None:
        """Stop: every run ends as interrupted with what it has written, and is stored before this returns."""
        await self._keeper.aclose()
        await self._jobs.aclose()
        for run in list(self._active.values()):
            run.shutting_down = True
            run.stop()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._exchange is not None:
            await self._exchange.aclose()

    async def _execute(self, run: Run) -> None:
        error: Exception | None = None
        # Stored before the readers hear the end: whoever asks again at once finds the answer.
        try:
            result, error = await self._execution.execute(run)
            await self._store(run, result)
        except Exception as failure:
            _log.exception("run could not be stored", run_id=str(run.id))
            error = error or explain(failure)
            if not isinstance(failure, Unavailable):
                await self._store_failure(run, explain(failure))
        finally:
            del self._active[run.id], self._tasks[run.id]
            run.log.close(error)
            if run.guard is not None:
                run.guard.admit(error)
            asyncio.get_running_loop().call_later(_KEEP_FINISHED, self._forget, run)

    async def _store(self, run: Run, result: dict[str, Any]) -> None:
        if run.guard is not None and run.guard.refused and run.decisions is None:
            await self._repository.undo(run.id)
        else:
            named = result["model"] not in (None, passages_model.model_name)
            wants_title = self._titles and named and run.conversation_id is not None
            await self._finish(run, result | {"wants_title": wants_title})
            if wants_title:
                self._jobs.call()

    async def _store_failure(self, run: Run, problem: RoostError) -> None:
        """What was written, where all that there is of a run cannot be stored."""
        result = {"state": "failed", "parts": run.answer.parts(), "error": as_problem(problem)}
        try:
            await self._finish(run, to_jsonable_python(result, fallback=str))
        except RoostError:
            _log.exception("run could not be stored at all", run_id=str(run.id))

    def _forget(self, run: Run) -> None:
        if self._runs.get(run.id) is run:  # and not the same run, let go on by a person meanwhile
            del self._runs[run.id]

    @stamina.retry(on=Unavailable, attempts=8, timeout=60)
    async def _finish(self, run: Run, result: dict[str, Any]) -> None:
        state = await self._repository.finish(run.id, result)
        if state != result["state"]:
            _log.warning("run had ended elsewhere", run_id=str(run.id), state=state, ours=result["state"])
