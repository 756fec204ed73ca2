"""What a person says of a file holds, whatever a run reads or writes before, during and after it."""

import threading

import pytest

from tests.integration.knowledge.conftest import Connect, found
from tests.support.embedding_server import embedding_server
from tests.support.pipeline import Pipeline
from tests.support.stack import Person


def _upload(connect: Connect, person: Person, name: str, text: str, **data: str) -> dict[str, str]:
    answer = connect(person).post("/api/documents", files={"file": (name, text.encode())}, data=data)
    assert answer.status_code == 202, answer.text
    item = answer.json()["items"][0]
    return {"source_id": item["source_id"], "external_id": item["external_id"]}


def _named(connect: Connect, person: Person, path: str) -> dict[str, str]:
    item = next(
        item
        for item in connect(person).get("/api/documents", params={"q": path}).json()["items"]
        if item["path"] == path
    )
    return {"source_id": item["source_id"], "external_id": item["external_id"]}


def test_a_watched_file_that_was_restricted_stays_so_when_it_changes(
    connect: Connect, ada: Person, bob: Person, carol: Person, pipeline: Pipeline
) -> None:
    pipeline.write("salaries.md", "# Salaries\n\nThe echidna earns most.")
    pipeline.run()
    name = _named(connect, ada, "salaries.md")
    sharing = {**name, "visibility": "restricted", "grants": [{"kind": "user", "name": "bob@example.com"}]}
    assert connect(ada).post("/api/documents/share", json=sharing).status_code == 204
    pipeline.write("salaries.md", "# Salaries\n\nThe echidna earns more.")
    assert pipeline.run()["files_processed"] == 1
    assert (found(connect(bob), "echidna"), found(connect(carol), "echidna")) == (["salaries.md"], [])
    connect(ada).post("/api/documents/share", json={**name, "visibility": "source"})
    pipeline.write("salaries.md", "# Salaries\n\nThe echidna earns most of all.")
    pipeline.run()
    assert found(connect(carol), "echidna") == ["salaries.md"]


def test_an_upload_keeps_the_sharing_it_was_given_when_it_is_read_again(
    connect: Connect, ada: Person, bob: Person, pipeline: Pipeline
) -> None:
    name = _upload(connect, ada, "plan.md", "# Plan\n\nThe numbat plan.", visibility="everyone")
    # Before it was ever read, and again afterwards.
    assert connect(ada).post("/api/documents/share", json={**name, "visibility": "restricted"}).status_code == 204
    pipeline.run()
    assert (found(connect(ada), "numbat"), found(connect(bob), "numbat")) == (["plan.md"], [])
    assert connect(ada).post("/api/documents/retry", json=name).status_code == 202
    assert pipeline.run()["files_processed"] == 1
    assert found(connect(bob), "numbat") == []


@pytest.mark.parametrize("visibility", ["everyone", "source"])
def test_a_member_cannot_show_an_upload_to_everyone_by_any_way(
    connect: Connect, ada: Person, bob: Person, carol: Person, pipeline: Pipeline, visibility: str
) -> None:
    name = _upload(connect, bob, f"bob-{visibility}.md", f"# Bob\n\nThe dugong of {visibility}.")
    pipeline.run()
    refused = connect(bob).post("/api/documents/share", json={**name, "visibility": visibility})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    assert found(connect(carol), "dugong") == []


def test_an_upload_that_is_refused_leaves_nothing_to_be_read(
    connect: Connect, ada: Person, bob: Person, pipeline: Pipeline
) -> None:
    before = set(pipeline.stack.uploads_folder.glob("*"))
    pipeline.execute("update user_profiles set status = 'suspended' where user_id = $1", bob.user_id)
    try:
        refused = connect(bob).post("/api/documents", files={"file": ("a.md", b"# A\n\nThe okapi hides.")})
    finally:
        pipeline.execute("update user_profiles set status = 'active' where user_id = $1", bob.user_id)
    assert refused.status_code == 403, refused.text
    assert set(pipeline.stack.uploads_folder.glob("*")) == before
    pipeline.run()
    assert found(connect(ada), "okapi") == []


def test_a_document_that_is_deleted_while_it_is_read_does_not_come_back(
    connect: Connect, ada: Person, pipeline: Pipeline
) -> None:
    name = _upload(connect, ada, "gone.md", "# Gone\n\nThe tapir text.")
    pipeline.write("aside.md", "# Aside\n\nThe tapir aside.")
    pipeline.execute("update embedding_index set model = 'openai:slow'")
    with embedding_server(dimension=384) as server:
        server.gate = threading.Event()
        process = pipeline.start(EMBEDDING_MODEL="openai:slow", OPENAI_BASE_URL=server.url, OPENAI_API_KEY="-")
        assert server.asked.wait(60)
        assert connect(ada).delete(f"/api/uploads/{name['external_id']}").status_code == 204
        server.gate.set()
        process.communicate(timeout=60)
    pipeline.execute("update embedding_index set model = 'local:minilm'")
    assert found(connect(ada), "tapir") == ["aside.md"]
    assert pipeline.command("check")["orphans"] == 0


def test_the_source_of_uploads_stays(connect: Connect, ada: Person, pipeline: Pipeline) -> None:
    name = _upload(connect, ada, "kept.md", "# Kept\n\nThe kakapo stays.")
    pipeline.run()
    refused = connect(ada).delete(f"/api/sources/{name['source_id']}")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/uploads-stay")
    assert found(connect(ada), "kakapo") == ["kept.md"]


def test_a_file_that_one_may_not_see_is_not_there(
    connect: Connect, ada: Person, bob: Person, pipeline: Pipeline
) -> None:
    pipeline.write("hidden.md", "# Hidden\n\nThe aye-aye.")
    pipeline.run()
    name = _named(connect, ada, "hidden.md")
    connect(ada).post("/api/documents/share", json={**name, "visibility": "restricted"})
    refused = connect(bob).post("/api/documents/retry", json=name)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/document-not-found")


def test_a_run_asked_for_during_a_run_is_not_forgotten_and_an_end_said_twice_is_one_end(
    ada: Person, pipeline: Pipeline
) -> None:
    pipeline.run()
    call = pipeline.stack.rpc_as_service
    owner = "00000000-0000-4000-8000-000000000001"
    source: dict[str, object] = {"kind": "local", "name": "x", "settings": {}, "visibility": "everyone"}
    begun = call("begin_pipeline_run", p_pipeline_id="other", p_pipeline_type="local", p_owner=owner, p_source=source)
    call("request_sync", p_user=str(ada.user_id), p_source=begun["source_id"])
    end: dict[str, object] = {
        "p_pipeline_id": "other", "p_owner": owner, "p_checkpoint": {}, "p_report": {}, "p_changed": True,
    }  # fmt: skip
    assert call("finish_pipeline_run", **end) == call("finish_pipeline_run", **end) == {}
    assert call("sync_requested", p_pipeline_ids=["other"]) is True
