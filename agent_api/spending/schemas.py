"""Budgets and usage as they are told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

Scope = Literal["all", "each_person", "person", "group", "agent", "key"]
Period = Literal["day", "month", "total"]


class NewBudget(BaseModel):
    """A budget: at least one of tokens and money."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"scope": "each_person", "period": "month", "max_tokens": 2_000_000}]}
    )

    scope: Scope = Field(description="Whose spending it bounds; `each_person`: every person by themselves.")
    scope_id: UUID | None = Field(default=None, description="Which person, group, agent or key; else unset.")
    period: Period = "month"
    max_tokens: Annotated[int | None, Field(ge=0, le=10**15)] = None
    max_cost: Annotated[float | None, Field(ge=0, le=10**7, description="US dollars.")] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.scope in ("all", "each_person")) != (self.scope_id is None):
            raise ValueError("scope_id goes with person, group, agent and key, and with nothing else")
        if self.max_tokens is None and self.max_cost is None:
            raise ValueError("set max_tokens, max_cost or both")
        return self


class Budget(BaseModel):
    """A budget with what is used of it in its present period."""

    id: UUID
    scope: Scope
    scope_id: UUID | None
    label: str = Field(description="The person's address, or the group's, agent's or key's name.")
    period: Period
    period_start: datetime
    max_tokens: int | None
    max_cost: float | None
    tokens_used: int
    tokens_reserved: int = Field(description="Held for requests that are under way.")
    cost_used: float
    cost_reserved: float


class BudgetList(BaseModel):
    """The budgets that one may see: an admin all, others those that bind them."""

    items: list[Budget]
    next_cursor: str | None = None


class UsageRow(BaseModel):
    """What was used of one day, person, agent, model or door."""

    key: str | None
    label: str
    runs: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost: float = Field(description="US dollars, without those tokens whose price is not known.")
    unpriced_tokens: int = Field(description="Tokens whose price is not known.")


class Usage(BaseModel):
    """What was used in a time."""

    items: list[UsageRow]
    next_cursor: str | None = None
