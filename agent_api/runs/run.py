"""One run in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from pydantic_ai import CancellationToken, DeferredToolResults
from pydantic_ai.messages import ModelMessage, UserContent
from pydantic_ai.settings import ModelSettings

from agent_api.assistant.specification import AgentSpecification
from agent_api.runs.answer import Answer
from agent_api.runs.log import EventLog, RunEvent
from agent_api.runs.spending import SpendingGuard
from agent_api.runs.steps import StepRecorder


@dataclass(eq=False)
class Run:
    """A run that this process works on, or has just finished.

    Args:
        id: Its id in the database.
        user_id: Who asked.
        conversation_id: Where the answer goes; None for a run of a program that keeps its own history.
        answer_id: The id of the message that the answer becomes.
        specification: The deployment that answers.
        question: The text of the question.
        history: What was said before it, eldest first.
        files: What stands for the images and documents that are part of the question.
        exchange: What this run has already said and been told, for one that a person has let go on.
        decisions: What the person has decided about the tools that it waited for.
        model_settings: What the request itself sets (temperature, …), over the deployment's settings.
        repeatable: Whether the same request may come again for the answer: then it is kept, and the run does not stop
            when its reader leaves.
    """

    id: UUID
    user_id: UUID
    conversation_id: str | None
    answer_id: str
    specification: AgentSpecification
    question: str
    history: list[ModelMessage]
    files: list[UserContent] = field(default_factory=list[UserContent])
    exchange: list[ModelMessage] = field(default_factory=list[ModelMessage])
    decisions: DeferredToolResults | None = None
    model_settings: ModelSettings | None = None
    repeatable: bool = False
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    log: EventLog = field(default_factory=EventLog)
    answer: Answer = field(default_factory=Answer)
    recorder: StepRecorder = field(default_factory=StepRecorder)
    token: CancellationToken = field(default_factory=CancellationToken)
    #: Reserves what the run's requests may cost, where a budget applies.
    guard: SpendingGuard | None = None
    #: Set when the server stops while the run is on: then it ends as interrupted, not as cancelled by a person.
    shutting_down: bool = False
    _interrupted_by_stop: asyncio.Task[object] | None = field(default=None, init=False)

    @property
    def goes_on(self) -> bool:
        """Whether it had waited for a person, who has let it go on."""
        decided = any(part.get("state") == "approval-responded" for part in self.answer.parts())
        return decided or self.decisions is not None

    def stop(self) -> None:
        """Have the run end as soon as can be, once."""
        if self.token.cancelled:
            return
        self.token.cancel()
        if self._interrupted_by_stop is not None:
            self._interrupted_by_stop.cancel()

    @contextmanager
    def interruptible(self) -> Generator[None]:
        """Let :meth:`stop` interrupt what is awaited inside, as it does an agent's own work by ``token``.

        Raises:
            CancelledError: The run was stopped.
        """
        task = asyncio.current_task()
        if self.token.cancelled:
            raise asyncio.CancelledError
        self._interrupted_by_stop = task
        try:
            yield
        except asyncio.CancelledError:
            if self.token.cancelled and task is not None:
                task.uncancel()
            raise
        finally:
            self._interrupted_by_stop = None

    def tell(self, event: RunEvent) -> None:
        """Tell an event to whoever reads, and let the answer grow by it."""
        self.answer.add(event)
        self.log.append(event)
