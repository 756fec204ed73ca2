"""Texts into vectors, by the local model or by any provider that pydantic-ai's `Embedder` knows."""

from core.knowledge.embedding.embedder import (
    LOCAL_MODEL,
    NamedEmbedder,
    build_embedder,
    embed_passages,
    embed_question,
    vector_text,
)

__all__ = ["LOCAL_MODEL", "NamedEmbedder", "build_embedder", "embed_passages", "embed_question", "vector_text"]
