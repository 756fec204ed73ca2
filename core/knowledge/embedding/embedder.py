"""One way to every embedding model, with the errors of Roost's own tree.

A vector is passed on as the text that pgvector reads, ``[512,…]``: the REST API has no other form of it. What comes
back from a provider is looked at before it is believed: as many vectors as texts, all of one dimension, finite, not
zero.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic_ai.embeddings import Embedder, EmbeddingModel, EmbeddingResult, infer_embedding_model
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError, UnexpectedModelBehavior, UserError
from pydantic_ai.providers import Provider, infer_provider

from core.errors import (
    ConfigurationError,
    NotAuthenticated,
    RateLimited,
    RoostError,
    Unprocessable,
    UpstreamFailed,
)
from core.knowledge.model_names import LOCAL_MODEL

#: The largest value of a vector as text.
_LARGEST = 9999


def build_embedder(model: str | None = None) -> NamedEmbedder:
    """The embedder of a model's name, as ``EMBEDDING_MODEL`` gives it. May import a provider's library: seconds.

    Raises:
        ConfigurationError: No such provider, or its key is missing.
    """
    return NamedEmbedder(model or LOCAL_MODEL)


class NamedEmbedder(Embedder):
    """An embedder that remembers the name it was built by, as ``embedding_index.model`` keeps it."""

    def __init__(self, name: str) -> None:
        self._providers: list[Provider[Any]] = []
        super().__init__(_build_model(name, self._providers))
        self.name = name

    async def aclose(self) -> None:
        """Close the connections to the provider. It is not to be asked again."""
        for provider in self._providers:
            async with provider:
                pass  # whoever is the last to leave closes them


@lru_cache(maxsize=1)
def _local_model() -> EmbeddingModel:
    """One a process, whoever asks: it holds its weights."""
    from core.knowledge.embedding.minilm import MiniLMEmbeddingModel

    return MiniLMEmbeddingModel()


def _build_model(name: str, providers: list[Provider[Any]]) -> EmbeddingModel:
    """The model of that name; its provider, where it has one, is put into ``providers``."""

    def build_provider(provider: str) -> Provider[Any]:
        providers.append(infer_provider(provider))
        return providers[-1]

    if name == LOCAL_MODEL:
        return _local_model()
    # `openai-chat` and `openai-responses` name ways to chat; embeddings have only the one.
    provider, _, rest = name.partition(":")
    if provider in {"openai-chat", "openai-responses"}:
        name = f"openai:{rest}"
    try:
        return infer_embedding_model(name, provider_factory=build_provider)
    except (UserError, ValueError, ImportError) as error:
        raise ConfigurationError(
            f"EMBEDDING_MODEL {name!r} cannot be used: {error} Name it as provider:model, set the provider's key, "
            f"or leave it unset for the model that runs on this machine ({LOCAL_MODEL})."
        ) from error


async def embed_passages(embedder: Embedder, texts: Sequence[str]) -> list[list[float]]:
    """Vectors of passages, in order.

    Raises:
        RoostError: As :func:`embedding_error` says. ``Unprocessable`` is about these texts, all else about the model.
    """
    return await _embed(embedder, texts, for_question=False)


async def embed_question(embedder: Embedder, question: str) -> list[float]:
    """The vector of a question. Raises as :func:`embed_passages` does."""
    return (await _embed(embedder, [question], for_question=True))[0]


def vector_text(vector: Sequence[float]) -> str:
    """A vector as pgvector reads it.

    Only directions are compared, so it is written in whole numbers, the largest of four digits: half as many characters
    as with decimals, on every hop into the database, and no coarser than the halfvec that becomes of it.
    """
    return vector_texts([vector])[0]


def vector_texts(vectors: Sequence[Sequence[float]]) -> list[str]:
    """Vectors of one length as pgvector reads them; see :func:`vector_text`."""
    values = np.asarray(vectors, dtype=np.float32)
    values *= _LARGEST / np.abs(values).max(axis=1, keepdims=True)
    return [json.dumps(row, separators=(",", ":")) for row in np.rint(values).astype(np.int16).tolist()]


async def _embed(embedder: Embedder, texts: Sequence[str], *, for_question: bool) -> list[list[float]]:
    try:
        result = await (embedder.embed_query(texts) if for_question else embedder.embed_documents(texts))
    except (ModelAPIError, UnexpectedModelBehavior, UserError) as error:
        raise embedding_error(error) from error
    return _believed(result, len(texts))


def _believed(result: EmbeddingResult, expected: int) -> list[list[float]]:
    vectors = [list(vector) for vector in result.embeddings]
    if len(vectors) != expected:
        raise UpstreamFailed(f"The embedding model answered {expected} texts with {len(vectors)} vectors.")
    if len({len(vector) for vector in vectors}) > 1:
        raise UpstreamFailed("The embedding model answered with vectors of different lengths.")
    lengths = np.linalg.norm(np.asarray(vectors, dtype=np.float64), axis=1)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise UpstreamFailed("The embedding model answered with a vector that is zero or not a number.")
    return vectors


def embedding_error(error: Exception) -> RoostError:
    """The error of Roost's tree that says the same as one of pydantic-ai."""
    if isinstance(error, ModelHTTPError):
        return _http_error(error)
    if isinstance(error, ModelAPIError):
        return UpstreamFailed("The embedding model cannot be reached. Check its address, then try again.")
    if isinstance(error, UserError):
        return ConfigurationError(f"The embedding model cannot be used: {error}")
    return UpstreamFailed("The embedding model answered with something that is not understood.")


def _http_error(error: ModelHTTPError) -> RoostError:
    status = error.status_code
    if status in {401, 403}:
        return NotAuthenticated(
            f"The embedding model {error.model_name} did not accept the key. Check the provider's key and try again."
        )
    if status == 404:
        return ConfigurationError(f"The provider has no embedding model {error.model_name}. Check EMBEDDING_MODEL.")
    if status == 429:
        return RateLimited("The embedding model's provider allows no more requests now. Try again later.")
    if status in {400, 413, 422}:
        return Unprocessable(f"The embedding model refused the text (status {status}).")
    return UpstreamFailed(f"The embedding model answered with an error (status {status}). Try again later.")
