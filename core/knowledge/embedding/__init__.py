"""Texts into vectors, by the local model or by any provider that pydantic-ai's `Embedder` knows."""

from core.knowledge.embedding.embedder import (
    NamedEmbedder,
    build_embedder,
    embed_passages,
    embed_question,
    vector_text,
    vector_texts,
)
from core.knowledge.model_names import LOCAL_MODEL

__all__ = [
    "LOCAL_MODEL", "NamedEmbedder", "build_embedder", "embed_passages", "embed_question", "vector_text", "vector_texts",
]  # fmt: skip
