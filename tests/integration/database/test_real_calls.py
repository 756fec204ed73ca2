"""What the repositories really send, both ways; and a turn of the API with one way only."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest

from agent_api.auth.callers import Caller
from agent_api.runs.repository import RunRepository
from agent_api.runs.requests import ProgramRequest
from core.errors import RoostError
from core.supabase import Database
from tests.integration.agent_api.conftest import start_api
from tests.integration.database.conftest import Ways
from tests.integration.database.test_failures import KILL, fetch
from tests.support.chat import ChatClient, new_id
from tests.support.pipeline import Pipeline
from tests.support.relay import relay
from tests.support.scripted_model import ScriptedModel, scripted_model
from tests.support.stack import Person, Stack

TEXT = "Zürich 🐦 \u2028 \\ \" ' ${x} \ud83d\ude00 NUL \0 lone \ud800 end "
#: Each call names these anew.
NEW = ("run_id", "id", "at", "conversation_id", "lease")


_LEDGER = """
select f.external_id, f.path, f.title, f.mime_type, f.size_bytes, f.state, f.content_hash, f.reason
from public.file_ledger as f join public.sources as s on s.id = f.source_id where s.pipeline_id = $1 order by f.path
"""
_PASSAGES = """
select d.path, d.title, d.version, c.ordinal, c.text, c.above, c.heading, c.place::text, e.embedding::text
from public.chunks as c join public.chunk_embeddings as e on e.chunk_id = c.id
join public.documents as d on d.id = c.document_id join public.sources as s on s.id = d.source_id
where s.pipeline_id = $1 order by d.path, c.ordinal
"""


@pytest.fixture(scope="module")
def ada(module_stack: Stack) -> Person:
    return module_stack.sign_up("ada@example.com")


@pytest.fixture(scope="module")
def model() -> Any:
    with scripted_model() as model:
        yield model


async def life_of_a_run(database: Database, user: uuid.UUID) -> list[Any]:
    """All that is asked of the database about a run; what came of each."""
    runs = RunRepository(database, owner=f"owner-{uuid.uuid4()}", lease_seconds=30)
    caller, run_id = Caller(user_id=user), uuid.uuid4()
    told: list[Any] = []

    async def tell(work: Any) -> Any:
        try:
            value = await work
        except RoostError as error:
            value = (type(error).__name__, error.detail, error.slug)
        told.append(value)
        return value

    request = ProgramRequest(agent="guide", door="v1", question=TEXT)
    await tell(runs.begin_run(caller, request, run_id=run_id))
    await tell(runs.begin_run(caller, request, run_id=run_id))
    await tell(
        runs.begin_run(caller, ProgramRequest(agent="no-such-agent", door="v1", question="?"), run_id=uuid.uuid4())
    )
    await tell(runs.begin_run(Caller(user_id=uuid.UUID(int=7)), request, run_id=uuid.uuid4()))
    await tell(runs.begin_run(Caller(key_hash="00"), request, run_id=uuid.uuid4()))
    await tell(runs.keep([(run_id, [{"type": "text", "text": TEXT * 2000}]), (uuid.UUID(int=9), None)]))
    await tell(runs.request_cancel(user, run_id))
    await tell(runs.request_cancel(user, uuid.uuid4()))
    step = {"kind": "tool", "name": "search", "content": {"query": TEXT}, "input_tokens": 5, "cost": "0.000123"}
    result: dict[str, Any] = {
        "state": "finished", "parts": [{"type": "text", "text": TEXT}], "model_messages": [{"deep": [[{}]]}],
        "model": "m", "input_tokens": 10**9, "output_tokens": 0, "cost": 0.1 + 0.2, "error": None, "steps": [step],
        "answer": {"parts": [], "finish_reason": None},
    }  # fmt: skip
    await tell(runs.finish(run_id, result))
    await tell(runs.finish(run_id, result))
    await tell(runs.finish(uuid.uuid4(), result))
    await tell(runs.get(user, run_id))
    await tell(runs.undo(run_id))
    await tell(runs.interrupt_expired())
    return [_without_names(value, run_id) for value in told]


def _without_names(value: Any, run_id: uuid.UUID) -> Any:
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return {name: _without_names(item, run_id) for name, item in value.items() if not name.endswith(NEW)}  # pyright: ignore
    if isinstance(value, (list, tuple)):
        return [_without_names(item, run_id) for item in value]  # pyright: ignore
    return str(value).replace(str(run_id), "RUN")


async def test_a_run_lives_alike(ways: Ways, ada: Person) -> None:
    direct = await life_of_a_run(ways.direct, ada.user_id)
    assert direct == await life_of_a_run(ways.rest, ada.user_id)
    assert "NotFound" in str(direct[2])


def test_documents_are_written_alike(module_stack: Stack, ada: Person, tmp_path: Path) -> None:
    """Vectors, long texts, names and tables, as the pipeline sends them."""
    ledgers: list[Any] = []
    found: list[Any] = []
    for way, url in (("direct", module_stack.service_database_url), ("rest", "")):
        folder = tmp_path / way
        folder.mkdir()
        pipeline = Pipeline(module_stack, folder, {"RAG_PIPELINE_ID": way, "SERVICE_DATABASE_URL": url})
        pipeline.write(
            "Grüße 🐦 100% 'quoted'.md", "# Überschrift\n\n" + "Ein „Satz“ \\ with %s $1 :x signs.\n\n" * 400
        )
        pipeline.write("prices.csv", 'city;price\nZürich;1.50\n"a;b";{"x": 1}\n')
        pipeline.write("empty.txt", "")
        assert pipeline.run()["files_processed"] >= 2
        pipeline.write("prices.csv", "city;price\nBern;2\n")
        (folder / "empty.txt").unlink()
        pipeline.run()
        ledgers.append(pipeline.execute(_LEDGER, way))
        found.append(pipeline.execute(_PASSAGES, way))
    assert ledgers[0] == ledgers[1] != []
    assert found[0] == found[1] != []


def test_a_turn_goes_past_the_rest_api(module_stack: Stack, model: ScriptedModel, ada: Person) -> None:
    with relay(module_stack.supabase_url) as rest:
        api = start_api(
            module_stack, model, SUPABASE_URL=rest.url, SERVICE_DATABASE_URL=module_stack.service_database_url
        )
        rest.lost = {"/rpc/"}
        with ChatClient(api.url, ada) as client:
            assert client.ask("{{say Straight to it}}", new_id()).text == "Straight to it"
        assert rest.refused == 0


def test_an_answer_outlasts_lost_connections(module_stack: Stack, model: ScriptedModel, ada: Person) -> None:
    """All of the service's, again and again while it is written: it is read to its end, and stored."""
    api = start_api(module_stack, model, SERVICE_DATABASE_URL=module_stack.service_database_url)
    model.released.clear()
    conversation = new_id()
    with ChatClient(api.url, ada) as client:
        with client.asking(client.body("{{hold}}{{say Written all the same}}", conversation)) as (answer, events):
            next(event for event in events if event["type"] == "text-delta")
            for _ in range(5):
                assert isinstance(asyncio.run(fetch(module_stack, KILL)), list)
            model.release()
            for _ in events:
                pass
        assert answer.text == "Written all the same"
        _, reply = client.conversation(conversation)["messages"]
        assert (reply["run"]["state"], reply["parts"][-1]["text"]) == ("finished", "Written all the same")


def test_a_turn_goes_over_rest_where_no_other_way_is_given(
    module_stack: Stack, model: ScriptedModel, ada: Person
) -> None:
    with relay(module_stack.supabase_url) as rest:
        api = start_api(module_stack, model, SUPABASE_URL=rest.url, SERVICE_DATABASE_URL="")
        with ChatClient(api.url, ada) as client:
            assert client.ask("{{say The long way}}", new_id()).text == "The long way"
            rest.lost = {"/rpc/begin_turn"}
            response = client.http.post("/api/chat", json=client.body("{{say Lost}}", new_id()))
        assert (response.status_code, rest.refused > 0) == (503, True)
