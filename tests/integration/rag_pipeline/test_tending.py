"""The index is put in order by a call of its own, which takes minutes where there are very many passages."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from tests.support.pipeline import Pipeline
from tests.support.relay import Relay, relay
from tests.support.stack import Person, Stack

_MANY = "# Page {0}\n\n" + "The heron number {0} stands in the reeds.\n\n" * 40


@pytest.fixture
def database(stack: Stack) -> Iterator[Relay]:
    with relay(stack.supabase_url) as database:
        yield database


def _tended(pipeline: Pipeline) -> int:
    """With how many passages the words were counted last."""
    return pipeline.execute("select chunks from roost.word_statistics")[0]["chunks"]


def _write_many(pipeline: Pipeline, first: int) -> None:
    for number in range(first, first + 25):
        pipeline.write(f"{number}.md", _MANY.format(number))


def test_a_run_whose_call_gets_no_answer_ends_well_and_the_next_one_sees_to_it(
    pipeline: Pipeline, ada: Person, database: Relay
) -> None:
    _write_many(pipeline, 0)
    database.lost = {"/rpc/tend_knowledge"}
    run = pipeline.run(SUPABASE_URL=database.url)
    assert (run.exit_code, run["files_processed"], run["messages"]) == (0, 25, [])
    assert (database.refused, _tended(pipeline)) == (1, 0)
    pipeline.write("more.md", "# More\n\nalbatross")
    assert pipeline.run().exit_code == 0
    assert _tended(pipeline) == run["chunks_written"] + 1


_LARGE = """
begin_pipeline_run renew_pipeline_run stage_chunks replace_documents record_files move_document delete_documents
tend_knowledge finish_pipeline_run store_reindexed prepare_reindex finish_reindex remove_source share_source
""".split()  # noqa: SIM905 - a list of words is read best as one


def test_whatever_may_be_large_may_take_longer_than_the_role_that_asks(pipeline: Pipeline, ada: Person) -> None:
    # The REST server takes over what a function says here; the role's own limit is seconds.
    rows = pipeline.execute(
        "select proname as name, array_to_string(proconfig, ' ') as settings from pg_proc"
        " where pronamespace = 'public'::regnamespace and proname = any ($1)",
        _LARGE,
    )
    assert sorted(row["name"] for row in rows if "statement_timeout" in row["settings"]) == sorted(_LARGE)


def test_two_do_not_tend_it_at_once(pipeline: Pipeline, ada: Person, stack: Stack) -> None:
    _write_many(pipeline, 0)

    async def run_beside_another() -> None:
        connection = await asyncpg.connect(stack.database_url)
        try:
            async with connection.transaction():
                await connection.execute("select pg_advisory_xact_lock(hashtext('roost.tend_knowledge'))")
                run = await asyncio.to_thread(pipeline.run)
                assert run.exit_code == 0
        finally:
            await connection.close()

    asyncio.run(run_beside_another())
    assert _tended(pipeline) == 0
    assert stack.rpc_as_service("tend_knowledge") is True
    assert _tended(pipeline) > 50
