"""Two runs of one pipeline at the same time: the second leaves the work to the first, or waits for its turn."""

import json
import subprocess

from rag_pipeline.state import this_process
from tests.support.pipeline import Pipeline
from tests.support.stack import Person

HOLD = (
    "update rag_pipeline_state set lock_owner = gen_random_uuid(), lock_until = now() + interval '1 minute',"
    " lock_holder = $1::jsonb where pipeline_id = 'default'"
)
RELEASE = "update rag_pipeline_state set lock_owner = null, lock_until = null where pipeline_id = 'default'"


def _report(process: subprocess.Popen[bytes]) -> tuple[int, dict[str, object], str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, json.loads(out.decode().strip().splitlines()[-1]), err.decode()


def test_who_asks_for_a_run_waits_for_the_one_at_work_and_then_has_its_own(pipeline: Pipeline, ada: Person) -> None:
    pipeline.run()
    pipeline.write("new.md", "# New\n\nThe bittern booms.")
    pipeline.execute(HOLD, json.dumps(this_process()))
    process = pipeline.start("run", "--wait", "60")
    assert process.stderr is not None
    assert "Waiting for it to end, 60 seconds at most." in process.stderr.readline().decode()
    assert process.poll() is None, "it waits"
    assert pipeline.titles(ada, "bittern") == []
    pipeline.execute(RELEASE)
    code, report, said = _report(process)
    assert (code, report["locked"], report["files_processed"]) == (0, False, 1), said
    assert "Waiting" not in said, "once is enough"
    assert pipeline.titles(ada, "bittern") == ["new.md"]


def test_patience_has_an_end_and_says_so(pipeline: Pipeline, ada: Person) -> None:
    pipeline.run()
    pipeline.execute(HOLD, json.dumps(this_process()))
    code, report, _ = _report(pipeline.start("run", "--wait", "1"))
    assert (code, report["locked"]) == (1, True)
    assert "waited for in vain" in str(report["messages"])


def test_without_patience_the_work_is_left_to_the_other_run(pipeline: Pipeline, ada: Person) -> None:
    pipeline.run()
    pipeline.execute(HOLD, json.dumps(this_process()))
    code, report, _ = _report(pipeline.start())
    assert (code, report["locked"]) == (0, True)
