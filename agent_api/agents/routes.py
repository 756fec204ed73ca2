"""Agents: those one may talk to, made, changed, deleted."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query

from agent_api.agents.repository import AgentRepository
from agent_api.agents.schemas import Agent, AgentChange, AgentList, AgentRequest, ToolOffers
from agent_api.agents.service import AgentService
from agent_api.dependencies import CurrentUser, ResourcesDep, ServiceDatabase, UserDatabase
from agent_api.problems import documented
from core.errors import Unprocessable

router = APIRouter(prefix="/api", tags=["agents"])

SlugPath = Annotated[str, Path(alias="slug", pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The agent's slug.")]


async def get_repository(database: UserDatabase, service: ServiceDatabase, user: CurrentUser) -> AgentRepository:
    """The agents, as the person who asks may see and change them."""
    return AgentRepository(database, service, user.id)


Agents = Annotated[AgentRepository, Depends(get_repository)]


async def get_service(repository: Agents, resources: ResourcesDep) -> AgentService:
    """Making and deploying, as the person who asks."""
    return AgentService(repository, resources.assistant.models, resources.assistant.toolbox)


AgentServiceDep = Annotated[AgentService, Depends(get_service)]


@router.get("/agents", responses=documented(400, 401, 422, 503))
async def list_agents(
    agents: Agents,
    limit: Annotated[int, Query(ge=1, le=999)] = 200,
    cursor: Annotated[str | None, Query(max_length=600)] = None,
    q: Annotated[str | None, Query(max_length=120, description="Part of the name.")] = None,
    status: Literal["draft", "deployed", "paused"] | None = None,
) -> AgentList:
    """The agents that one may use or manage, by name."""
    return await agents.page(limit=limit, cursor=cursor, query=q, status=status)


@router.post("/agents", status_code=201, responses=documented(400, 401, 403, 409, 422, 503))
async def create_agent(request: AgentRequest, service: AgentServiceDep) -> Agent:
    """Make an agent. An admin's is for everyone unless it says otherwise; a member's is for themselves alone."""
    return await service.create(request)


@router.get("/agents/{slug}", responses=documented(401, 404, 422, 503))
async def get_agent(slug: SlugPath, agents: Agents) -> Agent:
    """One agent, with how it has fared for those who may manage it."""
    return await agents.get(slug)


@router.patch("/agents/{slug}", responses=documented(400, 401, 403, 404, 422, 503))
async def change_agent(slug: SlugPath, change: AgentChange, agents: Agents) -> Agent:
    """Rename or describe an agent, or choose who may use it. What it does is changed by a deployment."""
    changes = change.model_dump(mode="json", exclude_none=True)
    if not changes:
        raise Unprocessable("There is nothing to change in this request.")
    return await agents.change(slug, changes)


@router.delete("/agents/{slug}", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def delete_agent(slug: SlugPath, agents: Agents) -> None:
    """Delete an agent with its deployments. Conversations with it stay. It cannot be undone."""
    await agents.delete(slug)


@router.get("/tools", responses=documented(401, 503))
async def list_tools(service: AgentServiceDep) -> ToolOffers:
    """The kinds of tools that a deployment may choose here."""
    return service.offers()
