"""Deploying an agent: what it names is looked at first, so that a deployment that is live can answer."""

from __future__ import annotations

import asyncio

from agent_api.agents.repository import AgentRepository
from agent_api.agents.schemas import (
    Agent,
    AgentRequest,
    Deployment,
    DeploymentRequest,
    Draft,
    SeenDraft,
    ToolOffer,
    ToolOffers,
)
from agent_api.assistant.models import Models
from agent_api.assistant.tool_choices import KINDS
from agent_api.assistant.toolbox import Toolbox
from core.errors import Conflict, Unprocessable


class AgentService:
    """Makes and deploys agents.

    Args:
        repository: As one person.
        models: The language models that there are.
        toolbox: The tools that there are.
    """

    def __init__(self, repository: AgentRepository, models: Models, toolbox: Toolbox) -> None:
        self._repository = repository
        self._models = models
        self._toolbox = toolbox

    async def create(self, request: AgentRequest) -> Agent:
        """Make an agent, and deploy it where the request says what it is to do.

        Raises:
            Conflict: There is one of that name already.
            Unprocessable: The deployment names a model or a tool that cannot be used; then nothing is made.
        """
        if request.deployment is not None:
            await self.check(request.deployment)
        return await self._repository.create(request)

    async def deploy(self, slug: str, deployment: DeploymentRequest) -> Deployment:
        """Deploy anew; live at once on all processes.

        Raises:
            Unprocessable: It names a model or a tool that cannot be used; what was live stays so.
            RoostError: As :meth:`AgentRepository.deploy`.
        """
        await self.check(deployment)
        return await self._repository.deploy(slug, deployment)

    async def save_draft(self, slug: str, deployment: DeploymentRequest, based_on: SeenDraft) -> Draft:
        """Keep what the editor holds, to be tried as the agent ``slug@draft``.

        Raises:
            Unprocessable: It names a model or a tool that cannot be used.
            RoostError: As :meth:`AgentRepository.save_draft`.
        """
        await self.check(deployment)
        return await self._repository.save_draft(slug, deployment, based_on)

    async def check(self, deployment: DeploymentRequest) -> None:
        """Refuse what could not answer.

        Raises:
            Unprocessable: A model's name is unknown, or its provider's key is missing; or a tool is not available.
        """
        for name in dict.fromkeys([deployment.model, *deployment.fallback_models]):
            if name is None:
                continue
            try:
                await asyncio.to_thread(self._models.resolve, name)
            except Conflict as error:
                raise Unprocessable(
                    f"The model {name} cannot be used here. Name a known provider:model whose key is set, or one of an "
                    "endpoint that an admin has set up (MODEL_ENDPOINTS).",
                    slug="model-not-usable",
                ) from error
        await self._toolbox.check(deployment.tools)

    def offers(self) -> ToolOffers:
        """The kinds of tools that a deployment may choose, and why some cannot be chosen now."""
        offers: list[ToolOffer] = []
        for kind, choice in KINDS.items():
            reason = self._toolbox.reason_against(kind)
            offers.append(
                ToolOffer(
                    kind=kind,
                    description=(choice.__doc__ or "").strip(),
                    available=reason is None,
                    reason=reason,
                    servers=sorted(self._toolbox.mcp_servers) if kind == "mcp" else [],
                )
            )
        return ToolOffers(items=offers)
