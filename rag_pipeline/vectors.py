"""Passages into vectors, by a model that is loaded only when there is a passage.

A run that finds nothing changed never pays for the model, nor for the libraries that speak to one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from core.errors import ConfigurationError

if TYPE_CHECKING:
    from pydantic_ai.embeddings import Embedder

    from rag_pipeline.state import IndexModel

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
        self._embedder: Embedder | None = None
        self._lock = asyncio.Lock()
        self._calls = asyncio.Semaphore(_CALLS_AT_ONCE)

    async def of(self, texts: Sequence[str]) -> list[str]:
        """The vectors of ``texts``, each as pgvector reads it.

        Raises:
            RoostError: The model failed. ``Unprocessable`` is about these texts alone.
            ConfigurationError: Its vectors have another dimension than the index.
        """
        from core.knowledge.embedding import embed_passages, vector_text

        embedder = await self._open()
        async with self._calls:
            vectors = await embed_passages(embedder, texts)
        await self._agree(len(vectors[0]))
        return [vector_text(vector) for vector in vectors]

    async def _open(self) -> Embedder:
        async with self._lock:
            if self._embedder is None:
                self._embedder = await asyncio.to_thread(_build, self.model)
            return self._embedder

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


def _build(model: str) -> Embedder:
    from core.knowledge.embedding import build_embedder

    return build_embedder(model)
