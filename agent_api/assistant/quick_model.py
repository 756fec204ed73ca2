"""Models of OpenAI's chat protocol, whose requests and streams take less than half of what they usually do."""

from __future__ import annotations

from typing import Any, cast

from openai import AsyncOpenAI, AsyncStream, NotGiven, Omit
from openai._base_client import make_request_options
from openai.resources.chat.completions import AsyncCompletions
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings, OpenAIStreamedResponse
from pydantic_ai.providers import Provider

from agent_api.assistant.quick_stream import QuickStreamedResponse, Wire

_OPTIONS = frozenset({"extra_headers", "extra_query", "extra_body", "timeout"})


class _QuickCompletions(AsyncCompletions):
    """Requests for streams, without the walk through the types of their parameters: pydantic-ai gives plain JSON."""

    async def create(self, **given: Any) -> Any:  # noqa: ANN401 # pyright: ignore[reportIncompatibleMethodOverride]
        if not given.get("stream"):
            usual: Any = super().create
            return await usual(**given)
        options = make_request_options(
            **{name: given.pop(name) for name in _OPTIONS & given.keys()}, security={"bearer_auth": True}
        )
        stream: AsyncStream[ChatCompletionChunk] = await self._client.post(
            "/chat/completions",
            body={name: value for name, value in given.items() if not isinstance(value, Omit | NotGiven)},
            options=options,
            cast_to=ChatCompletion,
            stream=True,
            stream_cls=AsyncStream[ChatCompletionChunk],
        )
        return stream


class QuickChatModel(OpenAIChatModel):
    """OpenAI's chat protocol, with :class:`QuickStreamedResponse`."""

    def __init__(self, name: str, *, provider: Provider[AsyncOpenAI]) -> None:
        super().__init__(name, provider=provider)
        if type(provider.client) is AsyncOpenAI:  # a subclass has an address of its own for each model
            chat: Any = provider.client.chat
            chat.completions = _QuickCompletions(provider.client)

    async def _process_streamed_response(
        self,
        response: AsyncStream[ChatCompletionChunk],
        model_request_parameters: ModelRequestParameters,
        model_settings: OpenAIChatModelSettings | None = None,
    ) -> OpenAIStreamedResponse:
        wire = cast("AsyncStream[ChatCompletionChunk]", Wire(response))
        return await super()._process_streamed_response(wire, model_request_parameters, model_settings)

    @property
    def _streamed_response_cls(self) -> type[OpenAIStreamedResponse]:
        return QuickStreamedResponse


def quick(model: Model) -> Model:
    """The same model with :class:`QuickStreamedResponse`, where it is one of OpenAI's chat protocol itself."""
    if type(model) is not OpenAIChatModel:
        return model  # a subclass has a stream of its own
    return QuickChatModel(model.model_name, provider=model._provider)  # pyright: ignore[reportPrivateUsage]
