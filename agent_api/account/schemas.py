"""What goes with an account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class DeletionRequest(BaseModel):
    """The account to be deleted, said once more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"email": "bob@example.com"}]})

    email: str = Field(min_length=1, max_length=320, description="The account's address, so that none goes by mistake.")


class AccountReceipt(BaseModel):
    """The proof that an account is gone, and what went with it."""

    user_id: UUID
    email: str
    conversations: int
    messages: int
    attachments: int
    memories: int
    api_keys: int
    links: int
    agents: int = Field(description="Agents that were for this person alone.")
    documents: int = Field(description="Uploads that were not for everyone.")
    deleted_at: datetime
