"""What administrators read of the parts that are at work."""

from pathlib import Path

from tests.support.chat import ChatClient

MIGRATIONS = Path(__file__).parents[3] / "supabase" / "migrations"


def test_versions_are_told_to_administrators_alone(adas: ChatClient, bobs: ChatClient) -> None:
    told = adas.http.get("/api/system")
    assert told.status_code == 200, told.text
    details = told.json()
    assert details["model"] == "openai-chat:scripted"
    assert details["database"]["migration"] == max(path.name for path in MIGRATIONS.glob("*.sql")).partition("_")[0]
    assert int(details["database"]["postgres"].partition(".")[0]) >= 15
    assert details["database"]["pgvector"]
    assert details["database"]["bytes"] > 1_000_000
    assert bobs.http.get("/api/system").json()["type"] == "/problems/admins-only"
