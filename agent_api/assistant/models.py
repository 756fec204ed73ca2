"""Which language model answers: a deployment's own, else the server's, else the *passages* model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.providers import Provider, infer_provider, infer_provider_class

from agent_api.assistant.model_http import model_client
from agent_api.assistant.passages_model import passages_model
from agent_api.assistant.prices import use_prices
from agent_api.assistant.settings import AssistantSettings, ModelEndpoint
from core.errors import Conflict

#: pydantic-ai's own doubles for tests are no models for people.
_NOT_FOR_PEOPLE = frozenset({"test", "function"})

_Provider = TypeVar("_Provider", bound=Provider[Any])


def _once(provider: _Provider) -> _Provider:
    """A provider whose own client tries once: the connection beneath it tries again, and both would multiply."""
    if hasattr(provider.client, "max_retries"):
        provider.client.max_retries = 0
    return provider


class Models:
    """The models in use, each made once: their HTTP connections are kept with them.

    Args:
        settings: The server's model, named endpoints, prices, patience.
    """

    def __init__(self, settings: AssistantSettings) -> None:
        self._default = settings.model
        self._endpoints = settings.model_endpoints
        self._http = model_client(timeout=settings.model_timeout, retries=settings.model_retries)
        self._kept: dict[str, Model] = {}
        use_prices(settings.model_prices)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    @property
    def has_language_model(self) -> bool:
        """Whether the server is set to a language model."""
        return self._default is not None

    def resolve(self, name: str | None) -> Model:
        """The model called ``name``, or the server's where that is None.

        Raises:
            Conflict: No such model is known, or its key is not set.
        """
        wanted = name or self._default
        if wanted is None:
            return passages_model
        if wanted not in self._kept:
            try:
                # Imports the provider's package, and no other: together they would take seconds and 80 MB.
                self._kept[wanted] = self._make(wanted)
            except (UserError, ImportError, ValueError, TypeError) as error:
                raise Conflict(
                    f"The model {wanted} cannot be used. An admin can set MODEL (or the agent's own model) to a known "
                    "provider:name and give that provider's key.",
                    slug="model-not-usable",
                ) from error
        return self._kept[wanted]

    async def chain(self, name: str | None, fallbacks: Sequence[str]) -> list[Model]:
        """The model to ask first and those to ask where the one before it fails; never empty.

        A fallback that cannot be used is left out: the others can still answer.

        Raises:
            Conflict: None of them can be used.
        """
        if all((wanted or self._default or "") in self._kept for wanted in (name, *fallbacks)):
            return self._chain(name, fallbacks)
        # The first use of a provider reads its package from disk, for up to some seconds: not on the event loop.
        return await asyncio.to_thread(self._chain, name, fallbacks)

    def _chain(self, name: str | None, fallbacks: Sequence[str]) -> list[Model]:
        models: list[Model] = []
        problem: Conflict | None = None
        for wanted in (name, *fallbacks):
            try:
                models.append(self.resolve(wanted))
            except Conflict as error:
                problem = problem or error
        if not models and problem is not None:
            raise problem
        return models

    def _make(self, name: str) -> Model:
        provider, _, model = name.partition(":")
        if name in _NOT_FOR_PEOPLE or not model:
            raise UserError(f"{name} is not provider:name")
        endpoint = self._endpoints.get(provider)
        if endpoint is not None:
            return self._at_endpoint(provider, endpoint, model)
        made = infer_model(name, self._provider)
        if type(made).__name__ == "OpenAIChatModel":
            from agent_api.assistant.quick_model import quick

            return quick(made)
        return made

    def _provider(self, name: str) -> Provider[Any]:
        if name.startswith("gateway/"):
            return infer_provider(name)
        kind: Any = infer_provider_class(name)
        return _once(kind(http_client=self._http))

    def _at_endpoint(self, name: str, endpoint: ModelEndpoint, model: str) -> Model:
        from pydantic_ai.models.openai import OpenAIResponsesModel
        from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

        provider = _once(
            OpenAICompatibleProvider(
                name,
                base_url=str(endpoint.base_url).rstrip("/"),
                api_key=endpoint.api_key.get_secret_value() if endpoint.api_key else None,
                http_client=self._http,
            )
        )
        from agent_api.assistant.quick_model import QuickChatModel

        kind = OpenAIResponsesModel if endpoint.api == "responses" else QuickChatModel
        return kind(model, provider=provider)
