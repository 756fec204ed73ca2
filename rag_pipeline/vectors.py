"""Passages into vectors, by a model that is loaded only when there is a passage.

A run that finds nothing changed never pays for the model, nor for the libraries that speak to one.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from core.errors import ConfigurationError, Unprocessable
from core.knowledge.gathering import Gathering

if TYPE_CHECKING:
    from core.knowledge.embedding import NamedEmbedder
    from rag_pipeline.state import IndexModel

#: Passages that are embedded in one call: what every provider takes.
TEXTS_AT_ONCE = 96
#: Calls to a model that run at the same time. The local model takes one after another anyway.
_CALLS_AT_ONCE = 4


class PassageVectors:
    """Vectors of passages, for one run.

    Args:
        model: The model's name.
        index: What the index was built with.
        adopt: Called with model and dimension before the first vector goes into an index that holds nothing yet.

    Raises:
        ConfigurationError: The index was built with another model.
    """

    def __init__(self, model: str, index: IndexModel, adopt: Callable[[str, int], Awaitable[None]]) -> None:
        if not index.empty and index.name != model:
            raise ConfigurationError(
                f"The index was built with the embedding model {index.name}, and EMBEDDING_MODEL is {model}. Set it "
                f"back, or build the new index beside the old one: "
                f"python -m rag_pipeline reindex --embedding-model {model}"
            )
        self.model = model
        self._adopt = adopt
        self._dimension = None if index.empty or index.name != model else index.dimension
        self._opening: asyncio.Future[NamedEmbedder] | None = None
        self._lock = asyncio.Lock()
        self._most = TEXTS_AT_ONCE
        self._calls = Gathering(self._embed_together, most=TEXTS_AT_ONCE, at_once=_CALLS_AT_ONCE)

    def prepare(self) -> None:
        """Begin to open the model, which takes seconds, while the first files are still being read."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(asyncio.to_thread(_build, self.model))
            # Whoever asks for vectors hears of an error; if nobody does, it matters to nobody.
            self._opening.add_done_callback(lambda opening: opening.cancelled() or opening.exception())

    async def aclose(self) -> None:
        """Close the connections to the model's provider."""
        opening = self._opening
        if opening is not None and opening.done() and not opening.cancelled() and not opening.exception():
            await opening.result().aclose()

    async def of(self, texts: Sequence[str]) -> list[str]:
        """The vectors of ``texts``, each as pgvector reads it.

        Raises:
            RoostError: The model failed. ``Unprocessable`` is about these texts alone.
            ConfigurationError: Its vectors have another dimension than the index.
        """
        return await self._calls.ask(texts, len(texts))

    async def _embed_together(self, asked: Sequence[Sequence[str]]) -> list[list[str] | Exception]:
        """Vectors for several documents in one call; each by itself, where what they have together is refused."""
        try:
            vectors = await self._embed([text for texts in asked for text in texts])
        except Unprocessable as error:
            return [error] if len(asked) == 1 else [await self._alone(texts) for texts in asked]
        answers: list[list[str] | Exception] = []
        for texts in asked:
            answers.append(vectors[: len(texts)])
            vectors = vectors[len(texts) :]
        return answers

    async def _alone(self, texts: Sequence[str]) -> list[str] | Exception:
        try:
            return await self._embed(texts)
        except Unprocessable as error:
            return error

    async def _embed(self, texts: Sequence[str]) -> list[str]:
        """Vectors of any number of texts. What a provider refuses together it is asked for in ever smaller parts.

        Raises:
            Unprocessable: It refuses one text by itself.
        """
        from core.knowledge.embedding import embed_passages, vector_texts

        self.prepare()
        assert self._opening is not None  # noqa: S101 - it was just prepared
        embedder = await asyncio.shield(self._opening)
        written: list[str] = []
        most = self._most
        while len(written) < len(texts):
            some = texts[len(written) : len(written) + most]
            try:
                vectors = await embed_passages(embedder, some)
            except Unprocessable:
                if len(some) == 1:
                    raise
                most = len(some) // 2
                continue
            await self._agree(len(vectors[0]))
            written += vector_texts(vectors)
        # All were taken in the end: it was their number that was too large, and so it would be the next time.
        self._most = min(self._most, most)
        return written

    async def _agree(self, dimension: int) -> None:
        if dimension == self._dimension:
            return
        async with self._lock:
            if self._dimension is None:
                await self._adopt(self.model, dimension)
                self._dimension = dimension
        if dimension != self._dimension:
            raise ConfigurationError(
                f"The embedding model {self.model} now gives {dimension} dimensions, and the index has "
                f"{self._dimension}. Build a new index beside it: "
                f"python -m rag_pipeline reindex --embedding-model {self.model}"
            )


def _build(model: str) -> NamedEmbedder:
    # Imports make only what stays; looking for garbage among it is a fifth of their time.
    gc.disable()
    try:
        from core.knowledge.embedding import build_embedder

        return build_embedder(model)
    finally:
        gc.enable()
