"""How many agents one machine holds, and how soon a deployment answers.

    python -m tests.bench.agents [--agents 1000] [--at-once 8]

Makes and deploys that many agents, lets each answer once against the scripted model, then changes the instructions of
some and measures from the call until an answer that was given by them. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from tests.support.chat import new_id
from tests.support.scripted_model import ScriptedModel, scripted_model
from tests.support.stack import Service
from tests.support.stack_server import running_stack_server

_TUNED = {"RATE_LIMIT_PERSON": "off", "RATE_LIMIT_ADDRESS": "off", "LOG_LEVEL": "WARNING"}


def _summary(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    at = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    figures = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in at.items()}
    return {name: round(value * 1000, 1) for name, value in (figures | {"max": ordered[-1]}).items()}


async def _timed(work: Callable[[int], Awaitable[None]], count: int, at_once: int) -> tuple[list[float], float]:
    """The time of each of ``count`` pieces of work, and of all of them, in seconds."""
    gate = asyncio.Semaphore(at_once)
    times: list[float] = []

    async def one(n: int) -> None:
        async with gate:
            start = time.perf_counter()
            await work(n)
            times.append(time.perf_counter() - start)

    start = time.perf_counter()
    await asyncio.gather(*(one(n) for n in range(count)))
    return times, time.perf_counter() - start


def _memory(service: Service) -> float:
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


async def _measure(
    api: Service, model: ScriptedModel, headers: dict[str, str], count: int, at_once: int
) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=api.url, headers=headers, timeout=60) as http:
        before = _memory(api)

        async def make(n: int) -> None:
            deployment = {"instructions": f"You are number {n}.", "knowledge": {"mode": "off"}}
            body = {"slug": f"bench-{n}", "name": f"Bench {n:04}", "deployment": deployment}
            (await http.post("/api/agents", json=body)).raise_for_status()

        async def ask(n: int, says: str = "ok") -> None:
            message = {"id": new_id(), "role": "user", "parts": [{"type": "text", "text": f"{{{{say {says}}}}} {n}"}]}
            body = {"id": new_id(), "messages": [message], "agent": f"bench-{n}"}
            response = await http.post("/api/chat", json=body)
            response.raise_for_status()
            assert '"finishReason":"stop"' in response.text, response.text[-500:]

        async def change(n: int) -> None:
            mark = f"changed {new_id()}"
            deployment = {"instructions": mark, "knowledge": {"mode": "off"}}
            (await http.post(f"/api/agents/bench-{n}/deploy", json=deployment)).raise_for_status()
            await ask(n)
            assert mark in json.dumps(model.requests[-1]["messages"]), "answered by the deployment before"

        made, making = await _timed(make, count, at_once)
        answered, answering = await _timed(ask, count, at_once)
        again, _ = await _timed(ask, count, at_once)
        # One after another, so that the last request to the model is this one's.
        changed, _ = await _timed(change, min(count, 50), 1)
        return {
            "agents": count,
            "made_and_deployed_ms": _summary(made),
            "made_per_second": round(count / making, 1),
            "first_answer_ms": _summary(answered),
            "answers_per_second": round(count / answering, 1),
            "second_answer_ms": _summary(again),
            "from_deploying_to_an_answer_by_it_ms": _summary(changed),
            "memory_mib": {"before": before, "after": _memory(api)},
        }


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=8)
    arguments = parser.parse_args()
    with running_stack_server() as server, scripted_model() as model:
        stack = server.reset()
        try:
            ada = stack.sign_up("ada@example.com")
            api = stack.start_agent_api(
                MODEL="openai-chat:scripted", OPENAI_BASE_URL=model.url, OPENAI_API_KEY="-", **_TUNED
            )
            figures = asyncio.run(_measure(api, model, ada.authorization, arguments.agents, arguments.at_once))
        finally:
            stack.stop_services()
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
