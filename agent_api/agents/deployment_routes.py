"""Deployments: made, listed, rolled back; pausing and resuming; agents as files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query, Response

from agent_api.agents.routes import Agents, AgentServiceDep, SlugPath
from agent_api.agents.schemas import (
    Agent,
    AgentStatistics,
    Deployment,
    DeploymentList,
    DeploymentRequest,
    Draft,
    Rollback,
    SeenDraft,
)
from agent_api.agents.text import MEDIA_TYPE, export_agent, read_agent
from agent_api.problems import documented

router = APIRouter(prefix="/api/agents", tags=["agents"])

_FILE = {200: {"description": "The agent as YAML.", "content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}}
BasedOn = Annotated[
    SeenDraft,
    Query(
        description="The `saved_at` of the draft that you have seen, or `none`; refused where there is another one. "
        "Unset: whatever is there goes."
    ),
]
_WRITES = documented(400, 401, 403, 404, 409, 422, 503)


@router.post("/import", status_code=201, responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def import_agent(
    text: Annotated[
        str,
        Body(
            media_type=MEDIA_TYPE, examples=["roost_agent: 1\nslug: handbook\nname: Handbook\n"], max_length=2_000_000
        ),
    ],
    agents: Agents,
    service: AgentServiceDep,
    replace: Annotated[bool, Query(description="Deploy to the agent of that slug, where there is one.")] = False,
) -> Agent:
    """Make an agent from a file, or with `replace` deploy the file's deployment to the agent that is there."""
    request = read_agent(text)
    if replace and request.deployment is not None:
        await service.deploy(request.slug, request.deployment)
        return await agents.change(request.slug, {"name": request.name, "description": request.description})
    return await service.create(request)


@router.get("/{slug}/export", response_class=Response, responses=_FILE | documented(401, 404, 422, 503))
async def export(
    slug: SlugPath,
    agents: Agents,
    number: Annotated[int | None, Query(ge=1, le=2_147_483_647, description="Unset: the live deployment.")] = None,
) -> Response:
    """An agent with one of its deployments as a YAML file, for whoever may manage it."""
    agent = await agents.get(slug)
    wanted = number or agent.live_number
    deployment = await agents.deployment(slug, wanted) if wanted else None
    headers = {"Content-Disposition": f'attachment; filename="{slug}.yaml"'}
    return Response(export_agent(agent, deployment), media_type=MEDIA_TYPE, headers=headers)


@router.post("/{slug}/deploy", status_code=201, responses=_WRITES)
async def deploy(slug: SlugPath, deployment: DeploymentRequest, service: AgentServiceDep) -> Deployment:
    """Deploy: a new numbered deployment, live at once. A model or tool that cannot be used is refused."""
    return await service.deploy(slug, deployment)


@router.get("/{slug}/draft", responses=documented(401, 404, 422, 503))
async def get_draft(slug: SlugPath, agents: Agents) -> Draft:
    """What the agent's editor holds and has not deployed, for whoever may manage it."""
    return await agents.draft(slug)


@router.put("/{slug}/draft", responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def save_draft(
    slug: SlugPath,
    deployment: DeploymentRequest,
    service: AgentServiceDep,
    based_on: BasedOn = None,
) -> Draft:
    """Keep a draft. Whoever may manage the agent talks to it as to the agent `{slug}@draft`; nobody else does."""
    return await service.save_draft(slug, deployment, based_on)


@router.delete("/{slug}/draft", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
async def discard_draft(slug: SlugPath, agents: Agents, based_on: BasedOn = None) -> None:
    """Forget the draft, and one's own conversations with it."""
    await agents.discard_draft(slug, based_on)


@router.get("/{slug}/statistics", responses=documented(401, 404, 422, 503))
async def get_statistics(
    slug: SlugPath, agents: Agents, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> AgentStatistics:
    """Runs, failures, time, tokens and cost by day, for whoever may manage the agent."""
    return await agents.statistics(slug, days)


@router.get("/{slug}/deployments", responses=documented(401, 404, 422, 503))
async def list_deployments(
    slug: SlugPath,
    agents: Agents,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None,
) -> DeploymentList:
    """An agent's deployments, newest first, for whoever may manage it."""
    return await agents.deployments(slug, limit=limit, before=cursor)


@router.get("/{slug}/deployments/{number}", responses=documented(401, 404, 422, 503))
async def get_deployment(
    slug: SlugPath, number: Annotated[int, Path(ge=1, le=2_147_483_646)], agents: Agents
) -> Deployment:
    """One deployment."""
    return await agents.deployment(slug, number)


@router.post("/{slug}/rollback", responses=_WRITES)
async def roll_back(slug: SlugPath, rollback: Rollback, agents: Agents) -> Agent:
    """Make an earlier deployment (or a later one again) the live one, at once."""
    return await agents.roll_back(slug, rollback.number)


@router.post("/{slug}/pause", responses=_WRITES)
async def pause(slug: SlugPath, agents: Agents) -> Agent:
    """Let an agent answer nobody until it is resumed. Answers that are being written go on."""
    return await agents.pause(slug, paused=True)


@router.post("/{slug}/resume", responses=_WRITES)
async def resume(slug: SlugPath, agents: Agents) -> Agent:
    """Let an agent that was paused answer again."""
    return await agents.pause(slug, paused=False)
