"""Agents in the database: read under the reader's own rights, written by functions that check the actor's."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from agent_api.agents.schemas import (
    Activity,
    Agent,
    AgentList,
    AgentRequest,
    AgentStatistics,
    AgentSummary,
    Deployment,
    DeploymentList,
    DeploymentRequest,
    Draft,
    SeenDraft,
)
from core.errors import InvalidRequest, NotFound
from core.supabase import Database

_SUMMARY = "id,slug,name,description,starters,status"
_AGENT = f"{_SUMMARY},live_number,readers,last_error,last_error_at,created_by,created_at,updated_at"
_SETTINGS = "instructions,model,fallback_models,model_settings,tools,knowledge,limits,starters"
_DEPLOYMENT = f"number,{_SETTINGS},note,created_by,created_at"


class AgentRepository:
    """Agents and deployments as one person may see and change them.

    Args:
        database: In the person's name, for reading: row-level security decides what is there.
        service: In the service's name, for the functions that write. Each is told who acts.
        user_id: The person.
    """

    def __init__(self, database: Database, service: Database, user_id: UUID) -> None:
        self._database = database
        self._service = service
        self._user_id = user_id

    async def page(self, *, limit: int, cursor: str | None, query: str | None, status: str | None) -> AgentList:
        """Agents by name.

        Raises:
            InvalidRequest: The cursor is not one that was given out.
        """
        select = self._database.table("agents").select(_SUMMARY)
        if status:
            select = select.eq("status", status)
        if query:
            select = select.ilike("name", f"%{query.translate(_LITERAL)}%")
        if cursor:
            name, slug = _read_cursor(cursor)
            quoted = json.dumps(name, ensure_ascii=False)
            select = select.or_(f"name.gt.{quoted},and(name.eq.{quoted},slug.gt.{slug})")
        select = select.order("name").order("slug").limit(limit + 1)
        rows: list[dict[str, Any]] = await self._database.run(select)
        items = [AgentSummary.model_validate(row) for row in rows[:limit]]
        more = len(rows) > limit and bool(items)
        return AgentList(items=items, next_cursor=_make_cursor(items[-1]) if more else None)

    async def get(self, slug: str) -> Agent:
        """One agent, with its activity where the person may manage it.

        Raises:
            NotFound: It is not there, or not for this person.
        """
        rows: list[dict[str, Any]] = await self._database.run(
            self._database.table("agents").select(_AGENT).eq("slug", slug)
        )
        if not rows:
            raise _no_agent()
        agent = Agent.model_validate(rows[0])
        activity = await self._call("agent_activity", p_slug=slug)
        return agent.model_copy(update={"activity": Activity.model_validate(activity) if activity else None})

    async def create(self, request: AgentRequest) -> Agent:
        """Make an agent, deployed where the request says as what. Raises as the SQL functions refuse."""
        agent = request.model_dump(mode="json", exclude={"deployment"})
        if request.deployment is None:
            return Agent.model_validate(await self._call("create_agent", p_agent=agent))
        deployment = request.deployment.to_row()
        await self._call("create_deployed_agent", p_agent=agent, p_deployment=deployment)
        return await self.get(request.slug)

    async def change(self, slug: str, changes: dict[str, Any]) -> Agent:
        """Change name, description or readers. Raises as ``change_agent`` refuses."""
        return Agent.model_validate(await self._call("change_agent", p_slug=slug, p_changes=changes))

    async def deploy(self, slug: str, deployment: DeploymentRequest) -> Deployment:
        """Deploy anew; live at once on all processes. Raises as ``deploy_agent`` refuses."""
        row = await self._call("deploy_agent", p_slug=slug, p_deployment=deployment.to_row())
        return Deployment.model_validate(row)

    async def statistics(self, slug: str, days: int) -> AgentStatistics:
        """How an agent has fared in the last ``days`` days.

        Raises:
            NotFound: It is not there, or not for this person to manage.
        """
        found = await self._call("agent_statistics", p_slug=slug, p_days=days)
        if found is None:
            raise _no_agent()
        return AgentStatistics.model_validate(found)

    async def draft(self, slug: str) -> Draft:
        """What the editor holds.

        Raises:
            NotFound: There is no such agent for this person to manage, or it has no draft.
        """
        select = self._database.table("agent_drafts").select("deployment,saved_by,saved_at,agents!inner(slug)")
        rows: list[dict[str, Any]] = await self._database.run(select.eq("agents.slug", slug))
        if not rows:
            raise NotFound("There is no draft of this agent.", slug="draft-not-found")
        return Draft.model_validate(rows[0])

    async def save_draft(self, slug: str, deployment: DeploymentRequest, based_on: SeenDraft) -> Draft:
        """Keep what the editor holds. Raises as ``save_agent_draft`` refuses."""
        row = await self._call("save_agent_draft", p_slug=slug, p_deployment=deployment.to_row(), **_seen(based_on))
        return Draft.model_validate(row)

    async def discard_draft(self, slug: str, based_on: SeenDraft) -> None:
        """Forget the draft, and one's trials of it. Raises as ``discard_agent_draft`` refuses."""
        await self._call("discard_agent_draft", p_slug=slug, **_seen(based_on))

    async def roll_back(self, slug: str, number: int) -> Agent:
        """Make an earlier deployment the live one. Raises as ``roll_back_agent`` refuses."""
        return Agent.model_validate(await self._call("roll_back_agent", p_slug=slug, p_number=number))

    async def pause(self, slug: str, *, paused: bool) -> Agent:
        """Pause or resume. Raises as ``pause_agent`` refuses."""
        return Agent.model_validate(await self._call("pause_agent", p_slug=slug, p_paused=paused))

    async def delete(self, slug: str) -> None:
        """Delete an agent with its deployments. Raises as ``delete_agent`` refuses."""
        await self._call("delete_agent", p_slug=slug)

    async def deployments(self, slug: str, *, limit: int, before: int | None) -> DeploymentList:
        """The deployments of an agent, newest first, those before number ``before``.

        Raises:
            NotFound: There is no such agent for this person. One that they may only use has no deployments to them.
        """
        agents: list[dict[str, Any]] = await self._database.run(
            self._database.table("agents").select("id").eq("slug", slug)
        )
        if not agents:
            raise _no_agent()
        select = self._database.table("deployments").select(_DEPLOYMENT).eq("agent_id", agents[0]["id"])
        if before is not None:
            select = select.lt("number", before)
        rows: list[dict[str, Any]] = await self._database.run(select.order("number", desc=True).limit(limit + 1))
        items = [Deployment.model_validate(row) for row in rows[:limit]]
        return DeploymentList(items=items, next_cursor=str(items[-1].number) if len(rows) > limit else None)

    async def deployment(self, slug: str, number: int) -> Deployment:
        """One deployment.

        Raises:
            NotFound: It is not there, or not for this person to see.
        """
        found = await self.deployments(slug, limit=1, before=number + 1)
        if not found.items or found.items[0].number != number:
            raise NotFound("There is no such deployment, or it is not yours to see.", slug="deployment-not-found")
        return found.items[0]

    async def _call(self, function: str, **arguments: object) -> Any:  # noqa: ANN401
        return await self._service.call(function, {"p_user": str(self._user_id), **arguments})


def _no_agent() -> NotFound:
    return NotFound("There is no such agent, or it is not open to you.", slug="agent-not-found")


_LITERAL = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


def _make_cursor(last: AgentSummary) -> str:
    return base64.urlsafe_b64encode(f"{last.slug} {last.name}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, str]:
    try:
        slug, name = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ", 1)
    except (ValueError, binascii.Error) as error:
        raise InvalidRequest("The cursor is not one that was given out. Begin with the first page.") from error
    if not slug.replace("-", "").isalnum():
        raise InvalidRequest("The cursor is not one that was given out. Begin with the first page.")
    return name, slug


def _seen(draft: SeenDraft) -> dict[str, Any]:
    """Which draft its changer has seen, as the SQL functions take it."""
    seen = draft.isoformat() if isinstance(draft, datetime) else None
    return {"p_seen": seen, "p_checked": draft is not None}
