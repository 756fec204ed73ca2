"""What one turn costs over the bare model: times to the first token and to the end, one reader at a time.

    python -m tests.bench.turn [--turns 40]

The model is scripted (no thinking time, 20 words), asked directly and through the agent API in turn, so that whatever
else the machine does falls on both alike. Retrieval is measured apart: once with an agent that looks passages up before
it answers, and once with the same questions to an agent that does not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable

import httpx

from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel, scripted_model
from tests.support.stack import Stack
from tests.support.stack_server import running_stack_server

QUESTION = "{{words 20}} How long is the warranty?"
Times = tuple[float, float]


def bare(http: httpx.Client, model: ScriptedModel) -> Times:
    """Milliseconds to the first token and to the end, asking the model itself."""
    body = {"model": "scripted", "stream": True, "messages": [{"role": "user", "content": QUESTION}]}
    start = time.perf_counter()
    first = 0.0
    with http.stream("POST", f"{model.url}/chat/completions", json=body) as response:
        for line in response.iter_lines():
            if not first and '"content"' in line:
                first = time.perf_counter()
    return (first - start) * 1000, (time.perf_counter() - start) * 1000


def through(client: ChatClient, agent: str) -> Times:
    """Milliseconds to the first token and to the end, through the agent API."""
    start = time.perf_counter()
    first = 0.0
    with client.http.stream("POST", "/api/chat", json=client.body(QUESTION, new_id(), agent=agent)) as response:
        for line in response.iter_lines():
            if not first and '"text-delta"' in line:
                first = time.perf_counter()
    return (first - start) * 1000, (time.perf_counter() - start) * 1000


def without_retrieval(stack: Stack) -> None:
    """Give the stack an agent that leaves the documents alone."""
    headers = {"Prefer": "return=representation", "apikey": stack.service_key}
    row = {"slug": "plain", "name": "Plain"}
    agent = stack.request("POST", "/rest/v1/agents", row, None, headers)[0]["id"]
    deployment = {"agent_id": agent, "number": 1, "knowledge": {"mode": "off"}}
    stack.request("POST", "/rest/v1/deployments", deployment, None, headers)
    live = {"status": "deployed", "live_number": 1}
    stack.request("PATCH", f"/rest/v1/agents?id=eq.{agent}", live, None, headers)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=40)
    turns: int = parser.parse_args().turns
    with running_stack_server() as server, scripted_model() as model, httpx.Client(timeout=60) as http:
        stack = server.reset()
        without_retrieval(stack)
        api = stack.start_agent_api(
            MODEL="openai-chat:scripted", OPENAI_BASE_URL=model.url, OPENAI_API_KEY="-", RATE_LIMIT_PERSON="off"
        )
        with ChatClient(api.url, stack.sign_up("ada@example.com")) as client:
            ways: dict[str, Callable[[], Times]] = {
                "bare model": lambda: bare(http, model),
                "agent, no retrieval": lambda: through(client, "plain"),
                "agent, passages first": lambda: through(client, "guide"),
            }
            for way in ways.values():  # imports and connections
                way()
            taken: dict[str, list[Times]] = {name: [] for name in ways}
            for _ in range(turns):
                for name, way in ways.items():
                    taken[name].append(way())
        stack.stop_services()
    print(f"{'':24}{'first token p50':>16}{'p90':>8}{'whole turn p50':>16}   ms, {turns} turns each")
    for name, times in taken.items():
        firsts = sorted(first for first, _ in times)
        whole = statistics.median(end for _, end in times)
        print(f"{name:24}{statistics.median(firsts):16.1f}{firsts[int(len(firsts) * 0.9)]:8.1f}{whole:16.1f}")
    added = statistics.median(taken["agent, no retrieval"][i][0] - taken["bare model"][i][0] for i in range(turns))
    print(json.dumps({"added_to_first_token_ms_p50": round(added, 1), "turns": turns}))


if __name__ == "__main__":
    main()
