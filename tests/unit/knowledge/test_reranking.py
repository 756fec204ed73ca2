"""A reranker's answer is taken where it is whole and in time, in any of the usual forms; else the order stays."""

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest

from core.knowledge.reranking import Reranker

TEXTS = ["about cats", "about the weather", "about dogs and cats"]
BEST_LAST = {0: 0.3, 1: 0.1, 2: 0.9}


def _reranker(answer: Callable[[httpx.Request], httpx.Response]) -> Reranker:
    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Reranker(http, "http://reranker.test/rerank", "model-x", "key-x", seconds=0.2)


async def test_the_form_of_cohere_jina_and_vllm() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        assert (body["query"], body["documents"], body["model"]) == ("dogs?", TEXTS, "model-x")
        assert request.headers["authorization"] == "Bearer key-x"
        rows = [{"index": index, "relevance_score": score} for index, score in BEST_LAST.items()]
        return httpx.Response(200, json={"results": rows})

    assert await _reranker(answer).order("dogs?", TEXTS) == [(2, 0.9), (0, 0.3), (1, 0.1)]


async def test_the_form_of_tei_is_found_out_once() -> None:
    bodies: list[set[str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        bodies.append(set(body))
        if "texts" not in body:
            return httpx.Response(422, text="missing field `texts`")
        return httpx.Response(200, json=[{"index": index, "score": score} for index, score in BEST_LAST.items()])

    reranker = _reranker(answer)
    for _ in range(2):
        assert await reranker.order("dogs?", TEXTS) == [(2, 0.9), (0, 0.3), (1, 0.1)]
    assert [("texts" in body) for body in bodies] == [False, True, True]


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(500),
        httpx.Response(401),
        httpx.Response(200, text="no JSON"),
        httpx.Response(200, json={"results": [{"index": 0, "relevance_score": 1}]}),
        httpx.Response(200, json={"results": [{"index": 7, "relevance_score": 1}] * 3}),
        httpx.Response(200, json={"error": "busy"}),
        httpx.Response(200, json=["a", "b", "c"]),
        httpx.Response(200, json=7),
    ],
)
async def test_what_is_no_answer_leaves_the_order(response: httpx.Response) -> None:
    assert await _reranker(lambda _: response).order("dogs?", TEXTS) is None


async def test_it_is_not_waited_for_longer_than_it_may_take() -> None:
    gone = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client has gone
        writer.close()
        await writer.wait_closed()
        gone.set()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient() as http:
        began = asyncio.get_running_loop().time()
        assert await Reranker(http, f"http://127.0.0.1:{port}/rerank", seconds=0.2).order("dogs?", TEXTS) is None
        assert asyncio.get_running_loop().time() - began < 3
    await asyncio.wait_for(gone.wait(), 5)
    server.close()
    await server.wait_closed()
