"""One run in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from pydantic_ai import CancellationToken

from agent_api.assistant.history import StoredMessage
from agent_api.assistant.specification import AgentSpecification
from agent_api.runs.answer import Answer
from agent_api.runs.log import EventLog
from agent_api.runs.steps import StepRecorder


@dataclass(eq=False)
class Run:
    """A run that this process works on, or has just finished.

    Args:
        id: Its id in the database.
        user_id: Who asked.
        conversation_id: Where the answer goes.
        answer_id: The id of the message that the answer becomes.
        specification: The deployment that answers.
        branch: The messages of the branch, eldest first; the last one is the question.
    """

    id: UUID
    user_id: UUID
    conversation_id: str
    answer_id: str
    specification: AgentSpecification
    branch: list[StoredMessage]
    log: EventLog = field(default_factory=EventLog)
    answer: Answer = field(default_factory=Answer)
    recorder: StepRecorder = field(default_factory=StepRecorder)
    token: CancellationToken = field(default_factory=CancellationToken)
    #: Set when the server stops while the run is on: then it ends as interrupted, not as cancelled by a person.
    shutting_down: bool = False

    @property
    def question(self) -> str:
        """The text of the question."""
        return self.branch[-1].text
