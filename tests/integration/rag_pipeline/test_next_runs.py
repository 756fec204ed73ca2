"""When a source is looked at next, as the sources page says it: told by a pipeline that runs all the time."""

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.pipeline import Pipeline
from tests.support.stack import Person


def _source(pipeline: Pipeline, person: Person) -> dict[str, Any]:
    return pipeline.stack.get("/rest/v1/knowledge_sources?kind=eq.local&select=*", person)[0]


def _planned(pipeline: Pipeline, person: Person) -> datetime | None:
    at = _source(pipeline, person)["next_run_at"]
    return datetime.fromisoformat(at) if at else None


def _until(true: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert process.poll() is None, "the pipeline ended"
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


def test_a_single_run_leaves_the_next_one_to_whatever_starts_it(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    assert pipeline.run().exit_code == 0
    source = _source(pipeline, ada)
    assert (source["next_run_at"], source["check_interval"]) == (None, None)


def test_a_loop_says_when_it_runs_next_and_at_its_end_that_it_does_not(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    process = pipeline.start(RUN_MODE="continuous", CHECK_INTERVAL="300")
    try:
        _until(lambda: _planned(pipeline, ada), process)
        planned = _planned(pipeline, ada)
        assert planned is not None
        assert timedelta(seconds=240) < planned - datetime.now(UTC) <= timedelta(seconds=301)
        assert _source(pipeline, ada)["check_interval"] == 300
        # A run by hand beside the loop changes nothing of its plan.
        assert pipeline.run().exit_code == 0
        assert _planned(pipeline, ada) == planned
        # One that somebody asks for comes at once, and moves the next one on.
        pipeline.execute("update sources set sync_requested_at = now()")
        _until(lambda: (_planned(pipeline, ada) or planned) > planned, process)
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors.decode()
    assert _planned(pipeline, ada) is None


def test_the_plan_of_a_loop_that_was_killed_ends_with_the_next_run_of_another(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    due = "update rag_pipeline_state set check_interval = 5, next_run_at = now() - make_interval(secs => $1)"
    pipeline.execute(due, 20.0)
    pipeline.run()
    assert _planned(pipeline, ada) is not None, "a little late is not gone"
    pipeline.execute(due, 80.0)
    pipeline.run()
    assert _planned(pipeline, ada) is None


def test_after_runs_that_failed_the_next_one_is_further_away(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    pipeline.folder.rename(pipeline.folder.with_name("elsewhere"))
    process = pipeline.start(RUN_MODE="continuous", CHECK_INTERVAL="100")
    try:
        _until(lambda: _planned(pipeline, ada), process)
        planned = _planned(pipeline, ada)
        assert planned is not None
        assert planned - datetime.now(UTC) > timedelta(seconds=150)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
