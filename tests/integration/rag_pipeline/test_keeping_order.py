"""Check and repair, another embedding model, evaluation, locks."""

import json
import signal
import time
from pathlib import Path

import pytest

from rag_pipeline.state import this_process
from tests.support.embedding_server import embedding_server
from tests.support.pipeline import Pipeline
from tests.support.stack import Person


def _check(pipeline: Pipeline, *arguments: str) -> tuple[int, dict[str, int]]:
    run = pipeline.command("check", *arguments)
    return run.exit_code, {item["kind"]: item["count"] for item in run["problems"]}


def test_check_finds_what_does_not_fit_and_repair_mends_it(pipeline: Pipeline, ada: Person) -> None:
    for name in ("one", "two", "three"):
        pipeline.write(f"{name}.md", f"# {name}\n\nabout the {name}fish")
    pipeline.run()
    assert _check(pipeline) == (0, {})
    execute = pipeline.execute
    execute("update file_ledger set state = 'deleted' where external_id = 'one.md'")
    execute(
        "delete from chunk_embeddings using documents"
        " where document_id = documents.id and documents.external_id = 'two.md'"
    )
    execute("delete from documents where external_id = 'three.md'")
    execute("update documents set readers = '{}' where external_id = 'two.md'")
    assert _check(pipeline) == (
        1,
        {"document-incomplete": 1, "document-left-behind": 1, "file-without-document": 1, "readers-wrong": 1},
    )
    assert _check(pipeline, "--repair") == (0, {})
    assert pipeline.titles(ada, "onefish") == ["one.md"]
    assert pipeline.titles(ada, "twofish") == ["two.md"]
    assert pipeline.titles(ada, "threefish") == ["three.md"]


def test_a_run_that_was_killed_is_taken_over_at_once_and_a_living_one_is_left_alone(
    pipeline: Pipeline, ada: Person
) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    holder = this_process()
    hold = (
        "update rag_pipeline_state set lock_owner = gen_random_uuid(), lock_until = now() + interval '1 minute',"
        " lock_holder = $1::jsonb where pipeline_id = 'default'"
    )
    pipeline.write("two.md", "# Two\n\npelican")
    pipeline.execute(hold, json.dumps(holder))
    locked = pipeline.run()
    assert (locked.exit_code, locked["locked"], locked["files_processed"]) == (0, True, 0)
    assert "at work" in locked["messages"][0]
    # The same process number, but another process: the one that held the lock is dead.
    pipeline.execute(hold, json.dumps({**holder, "started": "1"}))
    run = pipeline.run()
    assert (run.exit_code, run["locked"], run["files_processed"]) == (0, False, 1)


def test_another_model_is_refused_until_a_reindex_swaps_it_in(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nThe albatross glides.")
    pipeline.run()
    with embedding_server(dimension=64) as server:
        other = {"EMBEDDING_MODEL": "openai:small", "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "-"}
        refused = pipeline.run(**other)
        assert refused.exit_code == 2
        assert "python -m rag_pipeline reindex --embedding-model openai:small" in refused["messages"][0]
        assert pipeline.titles(ada, "albatross") == ["one.md"]

        done = pipeline.command("reindex", "--embedding-model", "openai:small", **other)
        assert (done.exit_code, done["swapped"], done["dimension"], done["embedded"]) == (0, True, 64, 1)
        again = pipeline.command("reindex", "--embedding-model", "openai:small", **other)
        assert (again.exit_code, again["swapped"]) == (0, False)
        assert pipeline.run(**other).exit_code == 0
        # Where no model is configured, a run goes by the index's own.
        pipeline.write("two.md", "# Two\n\nThe pelican dives.")
        followed = pipeline.run(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="-")
        assert (followed.exit_code, followed["files_processed"]) == (0, 1)
    assert _check(pipeline) == (0, {})


def test_an_empty_index_takes_the_configured_model(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nThe albatross glides.")
    with embedding_server(dimension=48) as server:
        run = pipeline.run(EMBEDDING_MODEL="openai:tiny", OPENAI_BASE_URL=server.url, OPENAI_API_KEY="-")
    assert (run.exit_code, run["files_processed"]) == (0, 1)
    assert pipeline.stack.get("/rest/v1/embedding_index?select=model,dimension", ada) == [
        {"model": "openai:tiny", "dimension": 48}
    ]


@pytest.mark.parametrize(
    ("status", "exit_code"), [(401, 3), (429, 1), (500, 1), (404, 2)], ids=["key", "quota", "broken", "no model"]
)
def test_trouble_with_the_model_ends_the_run_and_changes_nothing(
    pipeline: Pipeline, ada: Person, status: int, exit_code: int
) -> None:
    pipeline.write("one.md", "# One\n\nThe albatross glides.")
    with embedding_server(dimension=48) as server:
        other = {"EMBEDDING_MODEL": "openai:tiny", "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "-"}
        server.fail_with(status)
        failed = pipeline.run(**other)
        assert failed.exit_code == exit_code
        assert len(failed["messages"]) == 1
        assert pipeline.ledger(ada) == {}
        server.fail_with(None)
        assert pipeline.run(**other)["files_processed"] == 1


def test_evaluate_says_when_there_is_nothing_to_ask_about(pipeline: Pipeline, ada: Person, tmp_path: Path) -> None:
    pipeline.write("short.md", "# Short\n\nToo little to ask about.")
    pipeline.run()
    golden = tmp_path / "golden.json"
    refused = pipeline.command("evaluate", "--golden-set", str(golden))
    assert (refused.exit_code, len(refused["messages"])) == (2, 1)
    assert "200 characters" in refused["messages"][0]
    assert not golden.exists()


def test_evaluate_makes_a_golden_set_and_fails_when_the_search_gets_worse(
    pipeline: Pipeline, ada: Person, tmp_path: Path
) -> None:
    for word in ("albatross", "pelican", "cormorant"):
        pipeline.write(f"{word}.md", f"# {word.title()}\n\n" + f"The {word} has habits, and {word}s know. " * 8)
    pipeline.run()
    golden = tmp_path / "golden.json"
    first = pipeline.command("evaluate", "--golden-set", str(golden), "--size", "3")
    assert (first.exit_code, first["overall"]["questions"], first["overall"]["recall_at_5"]) == (0, 3, 1.0)
    assert first["before"] is None
    assert set(first["by_type"]) == {".md"}
    for path in list(pipeline.folder.iterdir())[1:]:
        path.unlink()
    pipeline.run()
    worse = pipeline.command("evaluate", "--golden-set", str(golden), "--threshold", "0")
    assert (worse.exit_code, worse["passed"], worse["before"]["recall_at_5"]) == (1, False, 1.0)


def test_continuous_mode_takes_changes_in_until_it_is_told_to_stop(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    process = pipeline.start(RUN_MODE="continuous", CHECK_INTERVAL="1")
    try:
        _until(lambda: pipeline.titles(ada, "albatross") == ["one.md"])
        pipeline.write("two.md", "# Two\n\npelican")
        _until(lambda: pipeline.titles(ada, "pelican") == ["two.md"])
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err.decode()
    assert json.loads(out.decode().strip().splitlines()[-1])["run_mode"] == "continuous"


def _until(true: object, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return
        time.sleep(0.2)
    raise AssertionError("it did not come about")


class TestWhatIsWrongWithTheSetting:
    """Each kind of trouble has its exit code and one line on what to do."""

    def test_no_folder(self, pipeline: Pipeline, ada: Person) -> None:
        run = pipeline.run(RAG_WATCH_DIRECTORY=str(pipeline.folder / "missing"))
        assert (run.exit_code, len(run["messages"])) == (2, 1)
        assert "RAG_WATCH_DIRECTORY" in run["messages"][0]

    def test_a_folder_that_went_away_deletes_nothing(self, pipeline: Pipeline, ada: Person) -> None:
        pipeline.write("one.md", "# One\n\nalbatross")
        pipeline.run()
        pipeline.folder.rename(pipeline.folder.with_name("elsewhere"))
        assert pipeline.run().exit_code == 2
        assert pipeline.titles(ada, "albatross") == ["one.md"]

    def test_wrong_key(self, pipeline: Pipeline) -> None:
        for wrong in ("sb_secret_wrong", "eyJhbGciOiJIUzI1NiJ9.e30.wrong"):
            run = pipeline.run(SUPABASE_SERVICE_KEY=wrong)
            assert (run.exit_code, len(run["messages"])) == (3, 1)
            assert "SUPABASE_SERVICE_KEY" in run["messages"][0]
            assert wrong not in str(run.report)

    def test_unreachable_database(self, pipeline: Pipeline) -> None:
        run = pipeline.run(SUPABASE_URL="http://127.0.0.1:9")
        assert (run.exit_code, len(run["messages"])) == (1, 1)
        assert "cannot be reached" in run["messages"][0]
        assert "SUPABASE_URL" in run["messages"][0]

    def test_missing_table(self, pipeline: Pipeline) -> None:
        pipeline.execute("alter table rag_pipeline_state rename to elsewhere")
        run = pipeline.run()
        assert run.exit_code == 2
        assert "migrations" in run["messages"][0]

    def test_a_wrong_variable_is_named(self, pipeline: Pipeline) -> None:
        run = pipeline.command(RUN_MODE="sometimes", CHECK_INTERVAL="0")
        assert run.exit_code == 2
        assert "RUN_MODE" in run["messages"][0]
        assert "CHECK_INTERVAL" in run["messages"][0]

    def test_a_file_of_settings_stands_between_environment_and_default(
        self, pipeline: Pipeline, ada: Person, tmp_path: Path
    ) -> None:
        config = tmp_path / "pipeline.toml"
        config.write_text('rag_pipeline_id = "from-file"\nrun_mode = "single"\n')
        pipeline.write("one.md", "# One\n\nalbatross")
        assert pipeline.run(RAG_CONFIG_FILE=str(config))["pipeline_id"] == "from-file"
        assert pipeline.run(RAG_CONFIG_FILE=str(config), RAG_PIPELINE_ID="from-here")["pipeline_id"] == "from-here"

    def test_a_file_of_settings_that_cannot_be_read_is_named(self, pipeline: Pipeline, tmp_path: Path) -> None:
        missing, broken = tmp_path / "missing.toml", tmp_path / "broken.toml"
        broken.write_text('rag_pipeline_id = "from')
        for path, word in ((missing, "not there"), (broken, "TOML")):
            run = pipeline.command(RAG_CONFIG_FILE=str(path))
            assert (run.exit_code, len(run["messages"])) == (2, 1)
            assert str(path) in run["messages"][0]
            assert word in run["messages"][0]


def test_no_process_is_left_after_a_kill(pipeline: Pipeline) -> None:
    for number in range(30):
        pipeline.write(f"{number}.md", f"# {number}\n\n" + f"Passage number {number}. " * 400)
    process = pipeline.start()
    _until(lambda: _children(process.pid))
    children = _children(process.pid)
    process.kill()
    process.communicate()
    _until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), 10)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found
