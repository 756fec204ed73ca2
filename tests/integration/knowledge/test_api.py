"""Documents by the agent API: upload, look at, search, delete, share; as two people."""

import json

import httpx
import pytest

from tests.integration.knowledge.conftest import Connect, found
from tests.support.pipeline import Pipeline
from tests.support.stack import Person, Service


def test_an_upload_is_pending_then_found_by_its_owner_alone_then_gone(
    connect: Connect, ada: Person, bob: Person, carol: Person, pipeline: Pipeline
) -> None:
    bobs, carols, adas = connect(bob), connect(carol), connect(ada)
    files = [
        ("file", ("../Diary of Bob.md", b"# Diary\n\nThe axolotl bit me.", "text/markdown")),
        ("file", ("bad.pdf", b"%PDF-1.4 no", "application/pdf")),
    ]
    taken = bobs.post("/api/documents", files=files)
    assert taken.status_code == 202, taken.text
    first, second = taken.json()["items"]
    assert (first["path"], first["state"], first["reason"], first["id"]) == (
        "Diary of Bob.md",
        "pending",
        "uploaded",
        None,
    )
    assert first["reason_text"].startswith("The file was uploaded")
    assert bobs.get("/api/sources").json()["items"][0]["kind"] == "upload"

    pipeline.write("watched.md", "# Watched\n\nThe newt.")
    run = pipeline.run()
    assert (run["files_processed"], run["files_failed"], run.exit_code) == (2, 1, 1)
    runs = {item["kind"]: item["last_run"] for item in adas.get("/api/sources").json()["items"]}
    assert {kind: (last["files_processed"], last["files_failed"]) for kind, last in runs.items()} == {
        "upload": (1, 1),
        "local": (1, 0),
    }
    assert found(bobs, "axolotl") == ["Diary of Bob.md"]
    assert found(carols, "axolotl") == []
    assert found(adas, "axolotl") == [], "an admin sees that a private file is there, never what stands in it"
    assert [item["path"] for item in carols.get("/api/documents").json()["items"]] == ["watched.md"]
    listed = {item["path"]: item for item in adas.get("/api/documents").json()["items"]}
    assert listed["bad.pdf"]["state"] == "failed"
    assert listed["bad.pdf"]["reason_text"].startswith("The file is damaged")
    document = listed["Diary of Bob.md"]["id"]
    assert carols.get(f"/api/documents/{document}").status_code == 404
    assert carols.get(f"/api/documents/{document}/passages").status_code == 404
    passages = bobs.get(f"/api/documents/{document}/passages", params={"around": 0}).json()["items"]
    assert [item["place_label"] for item in passages] == ["Diary"]

    refused = carols.delete(f"/api/documents/{document}")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/document-not-found")
    assert found(bobs, "axolotl") == ["Diary of Bob.md"]
    receipt = bobs.delete(f"/api/documents/{document}").json()
    assert (receipt["title"], receipt["chunks_deleted"], receipt["versions_deleted"]) == ("Diary", 1, 1)
    assert bobs.delete(f"/api/uploads/{second['external_id']}").status_code == 204
    assert bobs.delete(f"/api/documents/{document}").status_code == 404
    assert pipeline.run()["files_processed"] == 0
    assert found(bobs, "axolotl") == []
    assert list(pipeline.stack.uploads_folder.iterdir()) == []


def test_only_an_admin_adds_for_everyone(connect: Connect, ada: Person, bob: Person, pipeline: Pipeline) -> None:
    refused = connect(bob).post(
        "/api/documents", files={"file": ("a.md", b"# A\n\nquagga")}, data={"visibility": "everyone"}
    )
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    assert connect(ada).post("/api/documents", files={"file": ("a.md", b"# A\n\nquagga")}).status_code == 202
    private = connect(ada).post(
        "/api/documents", files={"file": ("b.md", b"# B\n\nquagga")}, data={"visibility": "private"}
    )
    assert private.status_code == 202
    pipeline.run()
    assert found(connect(bob), "quagga") == ["a.md"]
    assert sorted(found(connect(ada), "quagga")) == ["a.md", "b.md"]


def test_a_watched_file_can_be_deleted_set_aside_shared_and_brought_back(
    connect: Connect, ada: Person, bob: Person, carol: Person, pipeline: Pipeline
) -> None:
    pipeline.write("rules.md", "# Rules\n\nThe pangolin rule.")
    pipeline.run()
    adas, bobs = connect(ada), connect(bob)
    assert found(bobs, "pangolin") == ["rules.md"]
    item = adas.get("/api/documents", params={"q": "rules"}).json()["items"][0]
    name = {"source_id": item["source_id"], "external_id": item["external_id"]}
    assert bobs.delete(f"/api/documents/{item['id']}").status_code == 403
    assert bobs.post("/api/documents/ignore", json=name).status_code == 403

    sharing = {**name, "visibility": "restricted", "grants": [{"kind": "user", "name": "BOB@example.com"}]}
    assert adas.post("/api/documents/share", json=sharing).status_code == 204
    assert (found(bobs, "pangolin"), found(connect(carol), "pangolin")) == (["rules.md"], [])
    assert adas.post("/api/documents/share", json={**name, "visibility": "source"}).status_code == 204
    assert found(connect(carol), "pangolin") == ["rules.md"]

    assert adas.delete(f"/api/documents/{item['id']}").json()["chunks_deleted"] == 1
    assert pipeline.run()["files_processed"] == 0
    assert found(bobs, "pangolin") == []
    assert adas.get("/api/documents", params={"state": "ignored"}).json()["items"][0]["reason"] == "deleted-by-user"
    assert adas.post("/api/documents/retry", json=name).status_code == 202
    assert pipeline.run()["files_processed"] == 1
    assert found(bobs, "pangolin") == ["rules.md"]


def test_a_source_can_be_shared_with_a_group_asked_to_sync_and_deleted(
    connect: Connect, ada: Person, bob: Person, pipeline: Pipeline
) -> None:
    pipeline.write("rules.md", "# Rules\n\nThe pangolin rule.")
    pipeline.run()
    adas, bobs = connect(ada), connect(bob)
    source = next(item for item in adas.get("/api/sources").json()["items"] if item["kind"] == "local")
    assert source["files"]["ready"] >= 1
    assert source["last_run"]["running"] is False
    assert (source["next_run_at"], source["check_interval"]) == (None, None), "single runs are their schedule's"
    pipeline.stack.rpc_as_service("plan_next_run", p_pipeline_ids=["default"], p_interval=60, p_seconds=30)
    planned = next(item for item in adas.get("/api/sources").json()["items"] if item["kind"] == "local")
    assert (planned["next_run_at"] > source["last_run"]["finished_at"], planned["check_interval"]) == (True, 60)
    assert bobs.post(f"/api/sources/{source['id']}/sync").status_code == 403
    assert adas.post(f"/api/sources/{source['id']}/sync").status_code == 202
    group = pipeline.execute("insert into groups (name) values ('staff') returning id")[0]["id"]
    sharing = {"visibility": "restricted", "principal_ids": [str(group)]}
    assert adas.put(f"/api/sources/{source['id']}/sharing", json=sharing).status_code == 204
    assert found(bobs, "pangolin") == []
    pipeline.execute("insert into group_members (group_id, user_id) values ($1, $2)", group, bob.user_id)
    assert found(bobs, "pangolin") == ["rules.md"]
    assert found(bobs, "pangolin", source_id=source["id"]) == ["rules.md"]
    assert bobs.delete(f"/api/sources/{source['id']}").status_code == 403
    receipt = adas.delete(f"/api/sources/{source['id']}").json()
    assert receipt["documents_deleted"] >= 1
    assert found(bobs, "pangolin") == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/search", 422),
        ("GET", "/api/search?q=a&limit=0", 422),
        ("GET", "/api/documents?cursor=nonsense", 400),
        ("GET", "/api/documents?state=strange", 422),
        ("GET", "/api/documents/not-an-id", 422),
        ("GET", "/api/documents/00000000-0000-0000-0000-000000000009", 404),
        ("DELETE", "/api/documents/00000000-0000-0000-0000-000000000009", 404),
        ("DELETE", "/api/sources/00000000-0000-0000-0000-000000000009", 404),
        ("POST", "/api/sources/00000000-0000-0000-0000-000000000009/sync", 404),
        ("POST", "/api/documents", 422),
    ],
)
def test_what_cannot_be_done_is_a_problem_with_its_status(
    connect: Connect, ada: Person, method: str, path: str, status: int
) -> None:
    answer = connect(ada).request(method, path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_files_come_page_by_page(connect: Connect, ada: Person, pipeline: Pipeline) -> None:
    for number in range(7):
        pipeline.write(f'page ("{number}") 100%_.md', f"# Page {number}\n\nptarmigan {number}")
    pipeline.run()
    client = connect(ada)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "3", "q": "100%_"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/documents", params=query).json()
        seen += [item["path"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_tables_are_asked_in_sql_by_whoever_may_read_them(
    connect: Connect, ada: Person, bob: Person, pipeline: Pipeline
) -> None:
    rows = "part;price;since\n" + "".join(
        f"part {number};{number}.5;2026-01-{1 + number % 28:02}\n" for number in range(900)
    )
    connect(ada).post("/api/documents", files={"file": ("parts.csv", rows.encode())}, data={"visibility": "private"})
    pipeline.run()
    client = connect(ada)
    document = client.get("/api/documents", params={"q": "parts.csv"}).json()["items"][0]["id"]
    tables = client.get("/api/tables", params={"q": "price of a part"}).json()["items"]
    assert [(item["name"], item["row_count"], item["columns"]) for item in tables] == [
        ("data", 900, ["part", "price", "since"])
    ]

    def ask(sql: str, person: Person = ada) -> httpx.Response:
        return connect(person).post(f"/api/documents/{document}/tables/query", json={"sql": sql})

    answer = ask("select count(*), max(price), max(since) from data").json()
    assert answer["rows"] == [[900, 899.5, "2026-01-28"]]
    assert ask("select * from data").json()["truncated"] is True
    for bad in (
        "drop table data",
        "select nothing from data",
        "select * from read_csv('/etc/passwd')",
        "select 1; select 2",
    ):
        refused = ask(bad)
        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/table-question"), refused.text
    assert ask("select 1", bob).status_code == 404
    assert connect(bob).get("/api/tables").json()["items"] == []


def test_a_folder_of_uploads_that_went_away_deletes_nothing(connect: Connect, ada: Person, pipeline: Pipeline) -> None:
    connect(ada).post("/api/documents", files={"file": ("kept.md", b"# Kept\n\nthe thylacine")})
    pipeline.run()
    uploads = pipeline.stack.uploads_folder
    uploads.rename(uploads.with_name("elsewhere"))
    run = pipeline.run()
    assert run.exit_code == 2
    assert "UPLOADS_DIRECTORY" in run["messages"][0]
    assert found(connect(ada), "thylacine") == ["kept.md"]
    # A volume that was made anew is there, and holds but what was uploaded since.
    uploads.mkdir()
    connect(ada).post("/api/documents", files={"file": ("since.md", b"# Since\n\nthe quoll")})
    run = pipeline.run()
    assert (run.exit_code, run["files_deleted"]) == (2, 0)
    assert found(connect(ada), "thylacine") == ["kept.md"]
    uploads.rename(uploads.with_name("anew"))
    uploads.with_name("elsewhere").rename(uploads)


def test_the_description_of_the_api_names_every_route(api: Service) -> None:
    paths = json.loads(httpx.get(f"{api.url}/api/openapi.json").text)["paths"]
    assert {"/api/search", "/api/documents", "/api/sources", "/api/documents/{id}/passages"} <= set(paths)
