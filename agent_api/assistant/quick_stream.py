"""Streams of OpenAI's chat protocol at less than half of their usual cost.

Of an answer nearly everything that comes over the wire is the next piece of a text. By default each piece is made into
the provider's own typed objects and then handed up through a dozen layers of the agent, none of which does anything
with it. Here such a piece goes from the wire into the part that is being written and straight to whoever reads the run.
All else (the beginnings and ends of parts, tools, reasoning, usage) takes the usual way, and so does text wherever
nobody has asked for the short one.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from openai import APIError, AsyncStream
from openai._streaming_cleanup import drain_response_async
from openai.types.chat import ChatCompletionChunk
from openai.types.chat.chat_completion_chunk import Choice
from pydantic import ValidationError
from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.messages import ModelResponse, PartDeltaEvent, TextPart, TextPartDelta
from pydantic_ai.models.openai import OpenAIStreamedResponse
from pydantic_ai.profiles import DEFAULT_THINKING_TAGS
from pydantic_core import from_json

from agent_api.assistant.event_data import EventData
from agent_api.assistant.model_transport import PIECES
from agent_api.assistant.text_reader import TextReader, text_reader

#: pydantic-ai takes signs of no width out of what the model writes, by rules of its own: such text goes the usual way.
_NO_WIDTH = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff]")
_PLAIN = frozenset(
    {"id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "obfuscation"}
)
_TEXT_FIELDS = frozenset({"content", "role"})
_Json = dict[str, Any]


class _Delta:
    __slots__ = ("annotations", "content")

    def __init__(self, content: str) -> None:
        self.content = content
        self.annotations = None


class _TextChoice:
    """As much of a choice as the mapping of text looks at."""

    __slots__ = ("delta",)

    def __init__(self, content: str) -> None:
        self.delta = _Delta(content)


@dataclass(slots=True)
class _Text:
    """Chunks that are nothing but the next pieces of text and have come together, not yet the provider's objects."""

    pieces: list[str] = field(default_factory=list[str])
    chunks: list[_Json] = field(default_factory=list[_Json])


class Wire(AsyncIterable[Any]):
    """The chunks of a stream, read from its bytes by a task of its own.

    Whoever iterates sits at the end of a long chain of generators, and to wake it costs more than a piece of text is
    worth. So text is offered to ``tell`` first, while whoever iterates has taken all that came before and waits.
    The first chunk is always whole: it tells which model answers.
    """

    def __init__(self, stream: AsyncStream[ChatCompletionChunk]) -> None:
        self._stream = stream
        #: Takes pieces of text, or says that they are to go the usual way.
        self.tell: Callable[[Sequence[str]], bool] | None = None
        self._items: deque[ChatCompletionChunk | _Text] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._iterator = self._iterate()

    async def close(self) -> None:
        """Stop reading; the model is to stop too."""
        if self._reading is not None:
            self._reading.cancel()
        await self._stream.close()

    def whole(self, data: _Json) -> ChatCompletionChunk:
        """A chunk as the provider's own object."""
        with suppress(ValidationError):
            return ChatCompletionChunk.model_validate(data)
        # Not quite of the form: the client takes it all the same, by a walk through all of its types.
        return self._stream._client._process_response_data(  # pyright: ignore[reportPrivateUsage]
            data=data, cast_to=ChatCompletionChunk, response=self._stream.response
        )

    def __aiter__(self) -> AsyncIterator[ChatCompletionChunk | _Text]:
        """What is not yet taken: whoever iterates again goes on where the one before was."""
        return self._iterator

    async def _iterate(self) -> AsyncGenerator[ChatCompletionChunk | _Text]:
        reading = self._reading = asyncio.create_task(self._read(), name="read a model's stream")
        reading.add_done_callback(lambda _: self._wake())
        try:
            while True:
                while self._items:
                    yield self._items.popleft()
                if reading.done():
                    break
                self._waiting = asyncio.get_running_loop().create_future()
                await self._waiting
            if not reading.cancelled():
                reading.result()
        finally:
            self._waiting = None
            if not reading.done():
                reading.cancel()
                await asyncio.wait([reading])
            await self._stream.response.aclose()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
        self._waiting = None

    async def _read(self) -> None:
        response = self._stream.response
        events = EventData()
        first = True
        # Past the client's own layers, which would each wake for each piece.
        wire: AsyncIterable[bytes] = response.extensions.get(PIECES) or response.aiter_raw()
        async for received in response.aiter_bytes() if "content-encoding" in response.headers else wire:
            text = _Text()
            try:
                for event in events.feed(received):
                    if event.startswith(b"[DONE]"):
                        self._give(text)
                        text = _Text()
                        await drain_response_async(response)  # so that the connection serves the next request
                        return
                    data = _parsed(event)
                    piece = None if first else _plain_text(data)
                    first = False
                    if piece is not None:
                        text.pieces.append(piece)
                        text.chunks.append(data)
                        continue
                    self._give(text)
                    text = _Text()
                    self._refuse(data)
                    self._items.append(self.whole(data))
                    self._wake()
            finally:
                self._give(text)

    def _give(self, text: _Text) -> None:
        """Give what has come together as one: where more comes than can be told, it is told in larger pieces."""
        if not text.pieces or (self._waiting is not None and self.tell is not None and self.tell(text.pieces)):
            return
        last = self._items[-1] if self._items else None
        if isinstance(last, _Text):
            last.pieces += text.pieces
            last.chunks += text.chunks
        else:
            self._items.append(text)
        self._wake()

    def _refuse(self, data: object) -> None:
        error = cast("_Json", data).get("error") if isinstance(data, dict) else None
        if not error:
            return
        message = cast("_Json", error).get("message") if isinstance(error, dict) else None
        said = message if isinstance(message, str) and message else "An error occurred during streaming"
        raise APIError(message=said, request=self._stream.response.request, body=cast("object", error))


def _parsed(event: bytes) -> Any:  # noqa: ANN401 - whatever a server may send
    try:
        return from_json(event)
    except ValueError as error:
        raise UnexpectedModelBehavior("A chunk of the stream is no JSON.") from error


def _plain_text(data: Any) -> str | None:  # noqa: ANN401 - whatever a server may send
    """The text of a chunk that holds nothing else; None for every other one."""
    try:
        (choice,) = data["choices"]
        delta = choice["delta"]
        text = delta["content"]
        if data.get("usage") or choice.get("finish_reason") or choice.get("logprobs") or not data.keys() <= _PLAIN:
            return None
        if not isinstance(text, str) or not text:
            return None
        if len(delta) > 1:
            for name, value in delta.items():
                if value and name not in _TEXT_FIELDS:
                    return None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return text


@dataclass
class QuickStreamedResponse(OpenAIStreamedResponse):
    """A streamed response that tells plain text by the short way where somebody reads it there."""

    _usual_way: bool = field(default=False, init=False)
    #: What was told by the short way and is not yet in the part that is being written.
    _pieces: list[str] = field(default_factory=list[str], init=False)
    _reader: TextReader | None = field(default_factory=text_reader.get, init=False)

    def get(self) -> ModelResponse:
        """The response so far."""
        self._enter()
        return super().get()

    def _validate_response(self) -> AsyncIterable[ChatCompletionChunk]:
        return self._chunks()

    async def _chunks(self) -> AsyncIterator[ChatCompletionChunk]:
        wire = cast("Wire", self._response.source)
        wire.tell = self._told
        # The first was looked at already. For each of the others pydantic-ai would take a lock.
        yield await anext(self._response)
        async for item in wire:
            if not isinstance(item, _Text):
                self._enter()
                yield item
            elif not self._told(item.pieces):
                self._enter()
                for chunk in item.chunks:
                    yield wire.whole(chunk)
        self._enter()

    def _told(self, pieces: Sequence[str]) -> bool:
        reader = self._reader
        if self._usual_way or reader is None or reader.open_index is None:
            return False
        text = pieces[0] if len(pieces) == 1 else "".join(pieces)
        if not text.isascii() and _NO_WIDTH.search(text):
            self._usual_way = True
            return False
        if any(piece in self._tags for piece in pieces):
            return False
        if not self._pieces and not isinstance(self._part(), TextPart):
            return False
        self._pieces += pieces
        reader.tell(PartDeltaEvent(index=reader.open_index, delta=TextPartDelta(text)))
        return True

    def _part(self) -> object:
        return self._parts_manager.get_part_by_vendor_id(("content", self._content_generation))

    def _enter(self) -> None:
        """Put what was told by the short way into the part, at once: with each piece that would cost the most."""
        pieces, self._pieces = self._pieces, []
        if not pieces:
            return
        text = "".join(pieces)
        # Pieces that only together look like a tag are no tag.
        for each in pieces if text in self._tags else (text,):
            for _ in self._map_text_delta(cast("Choice", _TextChoice(each))):
                pass  # told already

    @cached_property
    def _tags(self) -> tuple[str, str]:
        return self._model_profile.get("thinking_tags", DEFAULT_THINKING_TAGS)
