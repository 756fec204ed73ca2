"""Clients of others talk to Roost as their makers publish them: the Vercel AI SDK's, and AG-UI's."""

import asyncio
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts.stack.installation import install_packages
from scripts.stack.node import node, node_environment
from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import ROOT, Person, Service

CLIENTS = ROOT / "tests" / "clients"


@pytest.fixture(scope="module", autouse=True)
def packages(tmp_path_factory: pytest.TempPathFactory) -> None:
    asyncio.run(install_packages(CLIENTS, tmp_path_factory.mktemp("npm") / "npm.log"))


def start(script: str, **wanted: Any) -> "subprocess.Popen[str]":
    command: list[str | Path] = [node(), CLIENTS / script, json.dumps(wanted)]
    environment = {**os.environ, **node_environment()}
    return subprocess.Popen(
        command, cwd=CLIENTS, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def end(process: "subprocess.Popen[str]") -> Any:
    with process:
        try:
            out, err = process.communicate(timeout=180)
        finally:
            process.kill()
    assert process.returncode == 0, err
    return json.loads(out)


def test_the_ai_sdk_asks(api: Service, ada: Person, connect: Connect) -> None:
    conversation = new_id()
    told = end(
        start("ai_sdk.mjs", url=api.url, token=ada.access_token, id=conversation, text="{{words 8}}{{every 20}}")
    )

    message = told["message"]
    stored = connect(ada).conversation(conversation)["messages"][-1]
    assert message["role"] == "assistant"
    assert message["id"] == stored["id"]
    assert message["metadata"]["conversation_id"] == conversation
    texts = [part["text"] for part in message["parts"] if part["type"] == "text"]
    assert texts == [" ".join(f"word{n}" for n in range(8))]
    assert all(part["state"] == "done" for part in message["parts"] if part["type"] == "text")
    assert told["versions"] > 3, "it came in one piece"


def test_the_ai_sdk_picks_an_answer_up(api: Service, ada: Person, connect: Connect, model: ScriptedModel) -> None:
    conversation = new_id()
    client: ChatClient = connect(ada)
    model.released.clear()
    with client.asking(client.body("{{hold}}{{say picked up later}}", conversation)) as (_, events):
        next(event for event in events if event["type"] == "text-delta")
        process = start("ai_sdk.mjs", url=api.url, token=ada.access_token, id=conversation)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        model.release()
        told = end(process)
    assert [part["text"] for part in told["message"]["parts"] if part["type"] == "text"] == ["picked up later"]
    assert end(start("ai_sdk.mjs", url=api.url, token=ada.access_token, id=conversation))["message"] is None


def test_the_ag_ui_client_asks_twice_in_a_thread(api: Service, ada: Person) -> None:
    thread = new_id()
    url = f"{api.url}/api/agui/guide"
    for words in ("first words", "second words"):
        told = end(start("ag_ui.mjs", url=url, token=ada.access_token, thread=thread, text=f"{{{{say {words}}}}} ?"))
        assert told["problems"] == []
        assert [message["content"] for message in told["newMessages"]] == [words]
        assert {"RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "RUN_FINISHED"} <= set(told["kinds"])


def test_the_ag_ui_client_hears_of_a_failure(api: Service, ada: Person) -> None:
    told = end(
        start(
            "ag_ui.mjs",
            url=f"{api.url}/api/agui/guide",
            token=ada.access_token,
            thread=new_id(),
            text="{{status 401}}",
        )
    )
    assert "refused the key" in " ".join(told["problems"])
