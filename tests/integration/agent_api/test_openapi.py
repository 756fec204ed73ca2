"""What the OpenAPI document says is what happens: no 5xx and no status that is not documented, whoever asks.

Schemathesis makes requests from the document, right ones and wrong ones, for some seconds as each kind of caller.
``ROOST_FUZZ_SECONDS`` makes it longer.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient
from tests.support.keys import make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack

SECONDS = int(os.environ.get("ROOST_FUZZ_SECONDS", "14"))
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"


@pytest.fixture(scope="module")
def unlimited(module_stack: Stack, model: ScriptedModel) -> Service:
    """An API that counts no requests: as many as can be are made here."""
    return start_api(module_stack, model, RATE_LIMIT_PERSON="off", RATE_LIMIT_KEY="off", RATE_LIMIT_ADDRESS="off")


@pytest.fixture(scope="module")
def credentials(unlimited: Service, ada: Person, bob: Person) -> dict[str, str | None]:
    with ChatClient(unlimited.url, bob) as client:
        key = make_key(client)["key"]
    return {"nobody": None, "a program": key, "a member": bob.access_token, "an admin": ada.access_token}


@pytest.mark.parametrize("who", ["nobody", "a program", "a member", "an admin"])
def test_the_document_holds(unlimited: Service, credentials: dict[str, str | None], who: str, tmp_path: Path) -> None:
    # One worker: two threads that parse at once trip over a counter they share in Python 3.11 ("recursion depth").
    command = [
        str(SCHEMATHESIS), "--no-color", "run", f"{unlimited.url}/api/openapi.json",
        "--checks", "not_a_server_error,status_code_conformance",
        "--phases", "examples,coverage,fuzzing", "--max-examples", "3", "--max-time", str(SECONDS),
        "--workers", "1", "--request-timeout", "20", "--seed", "20261122", "--no-shrink", "--continue-on-failure",
        "--generation-database", "none", "--suppress-health-check", "all", "--warnings", "off",
    ]  # fmt: skip
    token = credentials[who]
    if token is not None:
        command += ["--header", f"Authorization: Bearer {token}"]

    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + 60, check=False)

    assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]


def _operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def test_every_operation_is_described(unlimited: Service) -> None:
    document = httpx.get(f"{unlimited.url}/api/openapi.json").json()
    for name, operation in _operations(document):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert operation.get("tags"), name
        assert {"429", "503"} <= operation["responses"].keys(), name


def test_errors_are_described_in_the_form_that_they_have(unlimited: Service) -> None:
    document = httpx.get(f"{unlimited.url}/api/openapi.json").json()
    for name, operation in _operations(document):
        own_form = " /v1/" in name or name == "POST /a2a/{agent}"
        expected = "application/json" if own_form else "application/problem+json"
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")) and not (name == "GET /api/ready" and status == "503"):
                assert expected in response["content"], (name, status)


def test_every_request_and_every_answer_has_an_example_that_is_right(unlimited: Service) -> None:
    document = httpx.get(f"{unlimited.url}/api/openapi.json").json()
    checked = 0
    for name, operation in _operations(document):
        bodies = {"request": operation["requestBody"]} if "requestBody" in operation else {}
        for what, body in {**bodies, **operation["responses"]}.items():
            media = body.get("content", {}).get("application/json")
            if media is None:
                continue
            schema = {**media.get("schema", {}), "components": document["components"]}
            shown = [media["example"]] if "example" in media else [one["value"] for one in media["examples"].values()]
            for example in shown:
                validator: Any = jsonschema.Draft202012Validator(schema)
                problems = list(validator.iter_errors(example))
                assert not problems, (name, what, problems[0].message)
                checked += 1
    assert checked > 100
