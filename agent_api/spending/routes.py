"""Budgets, for admins to set and for everybody to see; usage, of all for admins and of oneself for everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from agent_api.dependencies import AdminUser, CurrentUser, ServiceDatabase, UserDatabase, require_admin
from agent_api.problems import documented
from agent_api.spending.schemas import Budget, BudgetList, NewBudget, Usage, UsageRow
from core.errors import Unprocessable
from core.times import UtcTime

router = APIRouter(prefix="/api", tags=["spending"])


@router.get("/budgets", responses=documented(401, 503))
async def list_budgets(database: UserDatabase) -> BudgetList:
    """The budgets that one may see, with what is used of them."""
    rows: list[dict[str, Any]] = await database.call("list_budgets")
    return BudgetList(items=[Budget.model_validate(row) for row in rows])


@router.post("/budgets", status_code=201, responses=documented(401, 403, 422, 503))
async def set_budget(budget: NewBudget, admin: AdminUser, service: ServiceDatabase, database: UserDatabase) -> Budget:
    """Set a budget; one of the same scope and period is changed. It holds from the next request to a model on."""
    # Past row-level security: nobody writes budgets but this path, which asks for an admin and tells the audit log.
    arguments = {"p_user": str(admin.id), "p_budget": budget.model_dump(mode="json")}
    row: dict[str, Any] = await service.call("set_budget", arguments)
    rows: list[dict[str, Any]] = await database.call("list_budgets")
    return next(Budget.model_validate(item) for item in rows if item["id"] == row["id"])


@router.delete("/budgets/{id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def delete_budget(id: UUID, admin: AdminUser, service: ServiceDatabase) -> None:  # noqa: A002 - the path's name
    """Take a budget away; from then on it bounds nothing."""
    await service.call("delete_budget", {"p_user": str(admin.id), "p_budget": str(id)})


@router.get("/usage", responses=documented(401, 403, 422, 503))
async def usage(
    user: CurrentUser,
    database: UserDatabase,
    service: ServiceDatabase,
    by: Literal["day", "person", "agent", "model", "door"] = "day",
    since: Annotated[UtcTime | None, Query(description="From then on; unset: 30 days ago.")] = None,
    until: Annotated[UtcTime | None, Query(description="Before then; unset: now.")] = None,
    everybody: Annotated[bool, Query(description="Of all people, for admins; else one's own.")] = False,
) -> Usage:
    """Runs, tokens and cost by day, person, agent, model or door."""
    if everybody:
        await require_admin(user, database)
    until = until or datetime.now(UTC)
    since = since or until - timedelta(days=30)
    if since >= until:
        raise Unprocessable("`since` must be before `until`.")
    rows: list[dict[str, Any]] = await service.call(
        "usage_report",
        {
            "p_user": None if everybody else str(user.id),
            "p_by": by,
            "p_from": since.isoformat(),
            "p_to": until.isoformat(),
        },
    )
    return Usage(items=[UsageRow.model_validate(row) for row in rows])
