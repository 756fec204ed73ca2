"""Feedback as it is given and told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent_api.text import storable

Rating = Literal["up", "down"]


class FeedbackRequest(BaseModel):
    """What one thinks of an answer; it takes the place of what one thought before."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"rating": "down", "comment": "Outdated."}]}
    )

    rating: Rating
    comment: Annotated[str, Field(max_length=4000), AfterValidator(storable)] = ""
    include_text: bool = Field(
        default=False, description="Let the admins read the question and the answer; else they see the comment alone."
    )


class GivenFeedback(BaseModel):
    """What was kept."""

    rating: Rating
    comment: str
    include_text: bool


class FeedbackLine(BaseModel):
    """Somebody's feedback, as admins read it."""

    message_id: str
    email: str | None = Field(description="Who gave it.")
    rating: Rating
    comment: str
    question: str | None = Field(description="Where the person lets the admins read it.")
    answer: str | None = Field(description="Likewise.")
    agent_slug: str | None
    agent_name: str | None
    deployment_number: int | None
    model: str | None
    updated_at: datetime


class FeedbackPage(BaseModel):
    """Feedback, newest first."""

    items: list[FeedbackLine]
    next_cursor: str | None = None


class FeedbackFilters(BaseModel):
    """What the list is narrowed to; None: not narrowed."""

    rating: Rating | None = None
    agent_id: UUID | None = None
