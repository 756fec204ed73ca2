"""The API killed at random instants under load: what was acknowledged is there, once, and every run comes to an end.

``ROOST_TEST_KILLS`` says how many times (3, unless it is set).
"""

import itertools
import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Stack

KILLS = int(os.environ.get("ROOST_TEST_KILLS", "3"))
READERS = 6
WORDS = 12
FINAL = {"finished", "failed", "cancelled", "interrupted"}


@dataclass
class Load:
    """Readers that ask one question after another, and ask again where the connection breaks before an answer."""

    person: Person
    url: str
    acknowledged: dict[str, str] = field(default_factory=dict[str, str])
    stopped: threading.Event = field(default_factory=threading.Event)
    up: threading.Event = field(default_factory=threading.Event)
    #: Asked in turn: one that looks into documents, and one that is asked by a shorter way since it does not.
    agents: Iterator[str] = field(default_factory=lambda: itertools.cycle(("guide", "plain")))

    def run(self) -> None:
        while not self.stopped.is_set():
            conversation, message, agent = new_id(), new_id(), next(self.agents)
            while not self.stopped.is_set() and not self._ask(conversation, message, agent):
                time.sleep(0.05)
                self.up.wait(60)

    def _ask(self, conversation: str, message: str, agent: str) -> bool:
        """Ask; whether the question needs no more asking."""
        try:
            with ChatClient(self.url, self.person) as client:
                text = f"{{{{words {WORDS}}}}}{{{{every 25}}}} {message}"
                with client.asking(client.body(text, conversation, message_id=message, agent=agent)) as (
                    answer,
                    events,
                ):
                    if answer.status == 200:
                        self.acknowledged[message] = conversation
                    for _ in events:
                        pass
        except httpx.HTTPError:
            return message in self.acknowledged
        # Asked before: it was there although the connection broke before the answer had begun.
        return answer.status in (200, 409)


def _all(stack: Stack, table: str, columns: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        page = f"/rest/v1/{table}?select={columns}&order=created_at,id&offset={len(rows)}&limit=1000"
        found = stack.get(page, apikey=stack.service_key)
        rows += found
        if len(found) < 1000:
            return rows


def test_killed_at_random_instants(stack: Stack, model: ScriptedModel) -> None:
    ada = stack.sign_up("ada@example.com")
    stack.rpc_as_service("create_agent", p_user=str(ada.user_id), p_agent={"slug": "plain", "name": "Plain"})
    deployment = {"knowledge": {"mode": "off"}}
    stack.rpc_as_service("deploy_agent", p_user=str(ada.user_id), p_slug="plain", p_deployment=deployment)
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    print("seed", seed)
    limits = {f"RATE_LIMIT_{kind}": "off" for kind in ("PERSON", "KEY", "ADDRESS")}
    configuration = {**limits, "RUN_LEASE_SECONDS": "4", "LOG_LEVEL": "WARNING"}
    api = start_api(stack, model, **configuration)
    load = Load(ada, api.url)
    load.up.set()
    threads = [threading.Thread(target=load.run, daemon=True) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        before = len(load.acknowledged)
        while len(load.acknowledged) == before:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 1.5))
        load.up.clear()  # the readers are not to knock at a closed door all the time: the start needs the processor
        api.process.kill()
        api = start_api(stack, model, **configuration)
        load.url = api.url
        load.up.set()
    time.sleep(1)
    load.stopped.set()
    for thread in threads:
        thread.join(30)

    deadline = time.monotonic() + 40
    while unended := [run for run in _all(stack, "runs", "id,state,created_at") if run["state"] not in FINAL]:
        assert time.monotonic() < deadline, f"{len(unended)} runs have no end"
        time.sleep(0.5)
    runs = _all(stack, "runs", "id,state,question_id,answer_id,conversation_id,created_at")
    messages = _all(stack, "messages", "id,conversation_id,role,parts,run_id,created_at")
    questions = [message for message in messages if message["role"] == "user"]
    answers = [message for message in messages if message["role"] == "assistant"]
    text = " ".join(f"word{n}" for n in range(WORDS))

    there = {message["id"]: message["conversation_id"] for message in questions}
    assert len(questions) == len(there)
    assert {message: there.get(message) for message in load.acknowledged} == load.acknowledged
    assert len(runs) == len({run["question_id"] for run in runs}) == len(questions), "a question was begun twice"
    assert len(answers) == len({answer["run_id"] for answer in answers}) == len(runs)
    states = {run["id"]: run["state"] for run in runs}
    for answer in answers:
        said = "".join(part["text"] for part in answer["parts"] if part["type"] == "text")
        assert text.startswith(said)
        if states[answer["run_id"]] == "finished":
            assert said == text
    interrupted = sum(state == "interrupted" for state in states.values())
    print(f"{KILLS} kills, {len(load.acknowledged)} acknowledged, {len(runs)} runs, {interrupted} interrupted")
