"""What the API adds to a streamed answer, and what one costs, at several numbers of readers at once.

    python -m tests.bench.load [--door floor v1 chat] [--at-once 1,10,100,300] [--seconds 8] [--hold 1000]

Readers ask in a closed loop, each its next question when its answer is complete, the model itself and the API in turn.
A paced model gives the first of 60 tokens after 200 ms and 30 a second then; at saturation (``--saturate``) 64 tokens
at 200 a second after 20 ms. Retrieval is off; the API is one process, its limits of requests are too high to be met.
*Added* is the difference of the quantiles of both. Processor time is what /proc says of each process, divided by the
answers; ``machine_ms`` is that of a million additions in Python before each level, by which machines (and moments of a
machine that is shared) can be compared. ``--hold`` opens so many streams at once on top; all must end whole. The door
``floor`` is a bare FastAPI proxy before the same model (pass_through.py): nothing that is built so costs less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvloop

from scripts.stack.ports import free_port
from tests.bench.processes import cpu_ms, cpu_of, machine_ms, memory_mib
from tests.bench.streams import Read, Reader, Request
from tests.support.chat import ChatClient, new_id
from tests.support.keys import bearer, make_key
from tests.support.stack import Person, Service, Stack
from tests.support.stack_server import running_stack_server

#: Milliseconds to the first token, tokens a second, tokens.
PACED, FAST, HELD = "paced-200-30-60", "paced-20-200-64", "paced-500-5-60"
_NO_LIMIT = {f"RATE_LIMIT_{kind}": "10000000/minute" for kind in ("PERSON", "KEY", "ADDRESS")}
Ask = Callable[[str], Request]


@contextmanager
def _server(module: str, *arguments: str) -> Generator[Service]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", module, str(port), *arguments])
    try:
        yield Service(f"http://127.0.0.1:{port}", process, Path(os.devnull))
    finally:
        process.terminate()
        process.wait()


@contextmanager
def paced_model() -> Generator[str]:
    """The model in a process of its own; gives its address."""
    with _server("tests.bench.paced_model") as model:
        yield model.url


def make_agents(stack: Stack, admin: Person) -> None:
    """An agent for each schedule; none looks into documents."""
    for schedule in (PACED, FAST, HELD):
        user = str(admin.user_id)
        stack.rpc_as_service("create_agent", p_user=user, p_agent={"slug": schedule, "name": schedule})
        deployment = {"model": f"openai-chat:{schedule}", "knowledge": {"mode": "off"}}
        stack.rpc_as_service("deploy_agent", p_user=user, p_slug=schedule, p_deployment=deployment)


@dataclass
class Doors:
    """The ways to ask: the model itself, and the doors of the API."""

    model: str
    api: Service
    proxy: Service
    person: Person
    key: str

    def bare(self, schedule: str) -> Request:
        body = {"model": schedule, "stream": True, "messages": [{"role": "user", "content": "Go on."}]}
        return Request.post(f"{self.model}/v1/chat/completions", body, self._tokens(schedule))

    def v1(self, schedule: str) -> Request:
        body = {"model": schedule, "stream": True, "messages": [{"role": "user", "content": "Go on."}]}
        url = f"{self.api.url}/v1/chat/completions"
        return Request.post(url, body, self._tokens(schedule), bearer(self.key))

    def floor(self, schedule: str) -> Request:
        body = {"model": schedule, "stream": True, "messages": [{"role": "user", "content": "Go on."}]}
        return Request.post(f"{self.proxy.url}/v1/chat/completions", body, self._tokens(schedule))

    def chat(self, schedule: str) -> Request:
        message = {"id": new_id(), "role": "user", "parts": [{"type": "text", "text": "Go on."}]}
        body = {"id": new_id(), "trigger": "submit-message", "messages": [message], "agent": schedule}
        return Request.post(f"{self.api.url}/api/chat", body, self._tokens(schedule), self.person.authorization)

    @staticmethod
    def _tokens(schedule: str) -> int:
        return int(schedule.split("-")[3])


@dataclass
class Level:
    """The answers of one closed loop, and what the processes used meanwhile."""

    answers: list[Read] = field(default_factory=list[Read])
    machine_ms: float = 0
    seconds: float = 0
    api_ms: float = 0
    rest_ms: float = 0
    postgres_ms: float = 0

    def first(self, share: float) -> float:
        ordered = sorted(answer.first for answer in self.answers)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    def problems(self) -> list[str]:
        return [answer.problem for answer in self.answers if answer.problem is not None]


async def closed_loop(url: str, ask: Ask, schedule: str, at_once: int, seconds: float, pid: int) -> Level:
    """Let so many readers ask one question after another for so many seconds, after one each that does not count."""
    readers = [await Reader.connect(url) for _ in range(at_once)]
    level = Level(machine_ms=machine_ms())
    # Spread over one answer's length, as people are: not all in the same millisecond.
    length = 0.2 + 2 if schedule == PACED else 0.35
    counting = asyncio.Event()

    async def one(place: int, reader: Reader) -> None:
        await asyncio.sleep(length * place / at_once)
        await reader.read(ask(schedule))
        while not counting.is_set() or time.perf_counter() < ends:
            read = await reader.read(ask(schedule))
            if counting.is_set():
                level.answers.append(read)

    ends = float("inf")
    tasks = [asyncio.create_task(one(place, reader)) for place, reader in enumerate(readers)]
    await asyncio.sleep(2 * length + 0.5)
    before = cpu_ms(pid), cpu_of(os.getpid(), "server.mjs"), cpu_of(os.getpid(), "postgres")
    began = time.perf_counter()
    ends = began + seconds
    counting.set()
    await asyncio.gather(*tasks)
    level.seconds = time.perf_counter() - began
    after = cpu_ms(pid), cpu_of(os.getpid(), "server.mjs"), cpu_of(os.getpid(), "postgres")
    level.api_ms, level.rest_ms, level.postgres_ms = (b - a for a, b in zip(before, after, strict=True))
    for reader in readers:
        reader.close()
    return level


def _described(level: Level, bare: Level | None) -> dict[str, Any]:
    count = len(level.answers)
    figures: dict[str, Any] = {
        "answers": count,
        "failed": len(level.problems()),
        "per_second": round(count / level.seconds, 1),
        "machine_ms": level.machine_ms,
        "first_token_ms": {"p50": round(level.first(0.5), 1), "p99": round(level.first(0.99), 1)},
        "cpu_ms_per_answer": {
            "api": round(level.api_ms / count, 2),
            "rest": round(level.rest_ms / count, 2),
            "postgres": round(level.postgres_ms / count, 2),
        },
    }
    if bare is not None:
        figures["added_ms"] = {
            "p50": round(level.first(0.5) - bare.first(0.5), 1),
            "p99": round(level.first(0.99) - bare.first(0.99), 1),
        }
    if level.problems():
        figures["problem"] = level.problems()[0]
    return figures


async def hold(url: str, ask: Ask, count: int, pid: int) -> dict[str, Any]:
    """Open so many streams within two seconds, each of twelve seconds, and read all of them to their ends."""
    before = memory_mib(pid)

    async def one(place: int) -> Read:
        await asyncio.sleep(2 * place / count)
        reader = await Reader.connect(url)
        try:
            return await reader.read(ask(HELD))
        finally:
            reader.close()

    machine = machine_ms()
    used = cpu_ms(pid)
    reading = asyncio.gather(*(one(place) for place in range(count)))
    await asyncio.sleep(8)
    during = memory_mib(pid)
    reads = await reading
    problems = [read.problem for read in reads if read.problem is not None]
    level = Level(list(reads))
    return {
        "streams_at_once": count,
        "machine_ms": machine,
        "dropped_or_out_of_order": len(problems),
        "first_token_ms": {"p50": round(level.first(0.5), 1), "p99": round(level.first(0.99), 1)},
        "memory_mib": {"before": before, "during": during, "peak": memory_mib(pid, peak=True)},
        "cpu_ms_per_answer": round((cpu_ms(pid) - used) / count, 2),
        **({"problem": problems[0]} if problems else {}),
    }


async def measure(doors: Doors, arguments: argparse.Namespace) -> None:
    for door in arguments.door:
        server = doors.proxy if door == "floor" else doors.api
        pid, url = server.process.pid, server.url
        ask: Ask = getattr(doors, door)
        for at_once in arguments.at_once:
            bare = await closed_loop(doors.model, doors.bare, PACED, at_once, arguments.seconds, pid)
            level = await closed_loop(url, ask, PACED, at_once, arguments.seconds, pid)
            _print(door, f"{at_once} at once", _described(level, bare))
        if arguments.saturate:
            level = await closed_loop(url, ask, FAST, arguments.saturate, arguments.seconds, pid)
            _print(door, f"saturated by {arguments.saturate}", _described(level, None))
        if arguments.hold:
            _print(door, "held", await hold(url, ask, arguments.hold, pid))


def _print(door: str, what: str, figures: dict[str, Any]) -> None:
    print(json.dumps({"door": door, "what": what, **figures}), flush=True)


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


def main() -> None:
    """Measure and print, one JSON object a line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--door", nargs="+", choices=["v1", "chat", "floor"], default=["v1", "chat"])
    parser.add_argument("--at-once", type=_numbers, default=[1, 10, 100, 300])
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--saturate", type=int, default=64)
    parser.add_argument("--hold", type=int, default=1000)
    parser.add_argument("--profile", help="record the API by py-spy into this file")
    arguments = parser.parse_args()
    with (
        running_stack_server() as server,
        paced_model() as model,
        _server("tests.bench.pass_through", model) as proxy,
    ):
        stack = server.reset()
        ada = stack.sign_up("ada@example.com")
        make_agents(stack, ada)
        environment = {"MODEL": f"openai-chat:{PACED}", "OPENAI_BASE_URL": f"{model}/v1", "OPENAI_API_KEY": "-"}
        api = stack.start_agent_api(**environment, **_NO_LIMIT, LOG_LEVEL="WARNING")
        try:
            with ChatClient(api.url, ada) as client:
                key = make_key(client)["key"]
            doors = Doors(model, api, proxy, ada, key)
            httpx.get(f"{api.url}/api/ready", timeout=60).raise_for_status()
            recorder = None
            if arguments.profile:
                command = ["py-spy", "record", "--pid", str(api.process.pid), "-f", "raw", "-r", "100", "--nonblocking"]
                recorder = subprocess.Popen([*command, "-d", "3600", "-o", arguments.profile])
            uvloop.run(measure(doors, arguments))
            if recorder is not None:
                recorder.send_signal(2)
                recorder.wait()
        finally:
            stack.stop_services()


if __name__ == "__main__":
    main()
