"""Questions over tables are bounded: in time, in memory, and in how many run at once."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.integration.knowledge.conftest import Connect
from tests.support.pipeline import Pipeline
from tests.support.relay import Relay, relay
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def database(module_stack: Stack) -> Iterator[Relay]:
    with relay(module_stack.supabase_url) as database:
        yield database


@pytest.fixture(scope="module")
def api(module_stack: Stack, database: Relay) -> Service:
    return module_stack.start_agent_api(SUPABASE_URL=database.url)


@pytest.fixture
def client(connect: Connect, ada: Person) -> httpx.Client:
    client = connect(ada)
    client.timeout = httpx.Timeout(60)
    return client


@pytest.fixture
def document(client: httpx.Client, pipeline: Pipeline) -> str:
    pipeline.write("parts.csv", "part,price\nscrew,1\nbolt,2\n")
    assert pipeline.run().exit_code == 0
    return client.get("/api/documents", params={"q": "parts.csv"}).json()["items"][0]["id"]


def _ask(client: httpx.Client, document: str, sql: str) -> httpx.Response:
    return client.post(f"/api/documents/{document}/tables/query", json={"sql": sql})


def test_a_statement_that_takes_too_long_or_too_much_is_ended_with_a_word_on_it(
    client: httpx.Client, document: str
) -> None:
    endless = "select count(*) from range(100_000_000_000_000) where range % 7 = 3"
    vast = "select length(string_agg(repeat('x', 1000), '')) from range(2_000_000)"
    began = time.monotonic()
    with ThreadPoolExecutor() as threads:
        slow, large = [
            work.result() for work in [threads.submit(_ask, client, document, sql) for sql in (endless, vast)]
        ]
    assert time.monotonic() - began < 40
    for refused in (slow, large):
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/table-question"), refused.text
    assert "longer than 15 seconds" in slow.json()["detail"]
    assert "more memory than it may take" in large.json()["detail"]
    assert _ask(client, document, "select sum(price) from data").json()["rows"] == [[3]]


def test_two_questions_run_at_once_and_others_wait_so_long_and_no_longer(
    client: httpx.Client, document: str, database: Relay
) -> None:
    database.released.clear()
    database.held = {"/rpc/table_rows_as"}
    count = "select count(*) from data"
    with ThreadPoolExecutor() as threads:
        first = [threads.submit(_ask, client, document, count) for _ in range(2)]
        deadline = time.monotonic() + 20
        while database.waited < 2:
            assert time.monotonic() < deadline, "both questions should be at work"
            time.sleep(0.05)
        refused = _ask(client, document, count)
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable"), refused.text
        assert "Too many questions" in refused.json()["detail"]
        assert database.waited == 2, "what waits for its turn takes nothing from the database"
        patient = threads.submit(_ask, client, document, count)
        time.sleep(0.5)
        database.held = set()
        database.released.set()
        for answer in [*first, patient]:
            assert answer.result().json()["rows"] == [[2]]
