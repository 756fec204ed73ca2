"""Lists of 10,000 rows open and come page by page. Run with `-s` to see the figures."""

import time
import uuid
from typing import Any

from playwright.sync_api import expect

from tests.e2e.pages.app import App
from tests.e2e.test_long_conversation import write
from tests.support.running_roost import RunningRoost

ROWS = 10_000
BATCH = 2_500


def _write_all(served: RunningRoost, path: str, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        write(served, "POST", path, rows[start : start + BATCH])


def _opens(app: App, path: str, text: str) -> float:
    began = time.monotonic()
    app.page.goto(path)
    expect(app.page.get_by_text(text, exact=True).first).to_be_visible()
    return time.monotonic() - began


def test_ten_thousand_conversations_and_documents(ada: App, served: RunningRoost) -> None:
    user_id = ada.page.evaluate("JSON.parse(localStorage.getItem('roost-session')).user.id")
    _write_all(
        served,
        "/rest/v1/conversations",
        [{"id": f"many-{i}-{uuid.uuid4().hex[:8]}", "user_id": user_id, "title": f"Chat {i}"} for i in range(ROWS)],
    )
    source = str(uuid.uuid4())
    named = {"id": source, "pipeline_id": f"many-{source}", "kind": "local", "name": "Many"}
    write(served, "POST", "/rest/v1/sources", {**named, "visibility": "restricted"})
    try:
        write(served, "POST", "/rest/v1/source_grants", {"source_id": source, "principal_id": user_id})
        files = [
            {"source_id": source, "external_id": f"f{i}.md", "path": f"f{i}.md", "title": f"File {i}", "state": "ready"}
            for i in range(ROWS)
        ]
        _write_all(served, "/rest/v1/file_ledger", files)
        listed = _opens(ada, "/", "Chat 9999")
        ada.page.get_by_label("Search conversations").fill("Chat 4321")
        expect(ada.conversations).to_have_count(1)
        shown = _opens(ada, "/documents", "f9999.md")
        rows = ada.documents.rows
        at_first = rows.count()
        ada.page.get_by_role("searchbox", name="Search by name").fill("File 4321")
        expect(rows).to_have_count(1)
        print({"conversations_s": round(listed, 2), "documents_s": round(shown, 2), "rows_at_first": at_first})
        assert at_first < 300
    finally:
        write(served, "DELETE", f"/rest/v1/sources?id=eq.{source}", {})
