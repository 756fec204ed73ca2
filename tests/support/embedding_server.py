"""An OpenAI-compatible embeddings endpoint that answers at once: hashed words, so that like texts have like vectors."""

from __future__ import annotations

import base64
import json
import threading
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import numpy as np


class EmbeddingServer(ThreadingHTTPServer):
    """Where it listens, what it was asked, and whether it is to fail."""

    daemon_threads = True

    def __init__(self, dimension: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.dimension = dimension
        self.inputs = 0
        self.status: int | None = None
        #: More texts in one request than this, and a text with this word in it, are refused.
        self.most_inputs: int | None = None
        self.refused_word: str | None = None
        #: It answers nothing until this is set, and says when it was asked.
        self.gate: threading.Event | None = None
        self.asked = threading.Event()
        #: Vectors of which every value counts, as those of real models, and not mostly zeros.
        self.dense = False

    @property
    def url(self) -> str:
        """The base address, as OPENAI_BASE_URL takes it."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def fail_with(self, status: int | None) -> None:
        """Answer everything with this status; ``None``: be well again."""
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server = cast("EmbeddingServer", self.server)
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if server.status:
            self._answer(server.status, {"error": {"message": "as you wish", "type": "test", "code": None}})
            return
        server.asked.set()
        if server.gate is not None:
            server.gate.wait(60)
        texts = [request["input"]] if isinstance(request["input"], str) else request["input"]
        too_many = server.most_inputs is not None and len(texts) > server.most_inputs
        if too_many or (server.refused_word and any(server.refused_word in text for text in texts)):
            self._answer(422, {"error": {"message": "not this", "type": "test", "code": None}})
            return
        server.inputs += len(texts)
        make = _dense_vector if server.dense else _vector
        vectors = [make(text, server.dimension) for text in texts]
        encoded = request.get("encoding_format") == "base64"
        data = [
            {
                "object": "embedding",
                "index": index,
                "embedding": base64.b64encode(vector.tobytes()).decode() if encoded else vector.tolist(),
            }
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        self._answer(200, {"object": "list", "data": data, "model": request["model"], "usage": usage})

    def _answer(self, status: int, body: object) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.send_header("x-should-retry", "false")
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _vector(text: str, dimension: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.full(dimension, 1e-3, dtype=np.float32)
    for word in text.lower().split():
        vector[zlib.crc32(word.encode()) % dimension] += 1
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@lru_cache(maxsize=1)
def _directions(dimension: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng(1).standard_normal((4096, dimension), dtype=np.float32)


def _dense_vector(text: str, dimension: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    places = [zlib.crc32(word.encode()) % 4096 for word in text.lower().split()] or [0]
    vector = _directions(dimension)[places].sum(axis=0)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


@contextmanager
def embedding_server(dimension: int) -> Generator[EmbeddingServer]:
    """Run one for as long as the context lasts."""
    server = EmbeddingServer(dimension)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
