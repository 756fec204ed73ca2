"""People, groups, invitations, sessions, and what becomes of an account."""

import uuid
from typing import Any

import httpx
import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import new_id
from tests.support.stack import PASSWORD, HttpError, Person, Service, Stack


@pytest.fixture
def admin(connect: Connect, ada: Person) -> httpx.Client:
    return connect(ada).http


@pytest.fixture
def newcomer(module_stack: Stack, ada: Person) -> Person:
    """Somebody of one's own for each test."""
    return module_stack.sign_up(f"{new_id()}@example.com")


def _people(client: httpx.Client, query: str = "", **more: Any) -> list[dict[str, Any]]:
    response = client.get("/api/people", params={"q": query, **more})
    assert response.status_code == 200, response.text
    return response.json()["items"]


def _actions(client: httpx.Client, subject_id: str) -> list[str]:
    return [line["action"] for line in client.get("/api/audit", params={"subject_id": subject_id}).json()["items"]]


def test_one_calls_oneself_otherwise_and_nothing_else(connect: Connect, newcomer: Person) -> None:
    client = connect(newcomer).http
    assert client.patch("/api/me", json={"display_name": " Grace "}).json()["display_name"] == "Grace"
    assert client.get("/api/me").json()["display_name"] == "Grace"
    assert client.patch("/api/me", json={"role": "admin"}).status_code == 422


def test_people_are_listed_in_pages_for_admins_alone(connect: Connect, admin: httpx.Client, bob: Person) -> None:
    assert connect(bob).http.get("/api/people").status_code == 403
    everybody = [person["email"] for person in _people(admin, limit=200)]
    seen: list[str] = []
    cursor = None
    while True:
        page = admin.get("/api/people", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        seen += [person["email"] for person in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == everybody == sorted(everybody)
    assert [person["email"] for person in _people(admin, "BOB@")] == [bob.email]


def test_the_last_admin_stays_one(admin: httpx.Client, ada: Person, newcomer: Person) -> None:
    mine = f"/api/people/{ada.user_id}"
    for change in ({"role": "member"}, {"status": "suspended"}):
        refused = admin.patch(mine, json=change)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/last-admin")
    assert admin.post("/api/me/delete", json={"email": ada.email}).json()["type"] == "/problems/last-admin"

    theirs = f"/api/people/{newcomer.user_id}"
    assert admin.patch(theirs, json={"role": "admin"}).json()["role"] == "admin"
    assert admin.patch(theirs, json={"role": "member"}).json()["role"] == "member"
    assert _actions(admin, str(newcomer.user_id)) == ["person.change", "person.change"]


def test_who_is_deactivated_can_do_nothing_until_they_are_let_in_again(
    connect: Connect, admin: httpx.Client, newcomer: Person, module_stack: Stack
) -> None:
    client, conversation = connect(newcomer), new_id()
    client.ask("Remember this.", conversation)

    changed = admin.patch(f"/api/people/{newcomer.user_id}", json={"status": "suspended"})

    assert changed.json()["status"] == "suspended"
    assert client.http.get("/api/conversations").json()["items"] == []
    assert client.http.get(f"/api/conversations/{conversation}").status_code == 404
    assert client.ask("More?").status == 403
    with pytest.raises(HttpError, match="banned"):
        module_stack.sign_in(newcomer.email)

    admin.patch(f"/api/people/{newcomer.user_id}", json={"status": "active"})
    assert client.conversation(conversation)["title"] == "Remember this."
    assert module_stack.sign_in(newcomer.email).user_id == newcomer.user_id


def test_a_group_opens_what_it_may_read_to_its_members(
    connect: Connect, admin: httpx.Client, newcomer: Person, bob: Person
) -> None:
    name = f"Keepers {new_id()}"
    group = admin.post("/api/groups", json={"name": name}).json()
    assert admin.post("/api/groups", json={"name": name.upper()}).json()["type"] == "/problems/group-exists"
    slug = f"keepers-{new_id()}"
    wanted = {"slug": slug, "name": "Keepers", "readers": [group["id"]], "deployment": {"instructions": "Keep."}}
    assert admin.post("/api/agents", json=wanted).status_code == 201
    client = connect(newcomer).http
    assert client.get(f"/api/agents/{slug}").status_code == 404

    members = f"/api/groups/{group['id']}/members"
    assert admin.post(members, json={"add": [str(newcomer.user_id)]}).status_code == 204

    assert client.get(f"/api/agents/{slug}").status_code == 200
    assert [each["name"] for each in client.get("/api/groups").json()["items"]] == [name]
    assert connect(bob).http.get("/api/groups").json()["items"] == []
    assert [each["email"] for each in admin.get(members).json()["items"]] == [newcomer.email]
    assert _people(admin, newcomer.email)[0]["groups"] == [{"id": group["id"], "name": name}]

    assert admin.patch(f"/api/groups/{group['id']}", json={"name": f"{name}!"}).json()["members"] == 1
    admin.post(members, json={"remove": [str(newcomer.user_id)]})
    assert client.get(f"/api/agents/{slug}").status_code == 404
    assert admin.delete(f"/api/groups/{group['id']}").status_code == 204
    assert admin.delete(f"/api/groups/{group['id']}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/groups"), ("DELETE", "/api/groups/{id}"), ("POST", "/api/groups/{id}/members"),
     ("PATCH", "/api/people/{id}"), ("POST", "/api/people/{id}/delete"), ("POST", "/api/invitations"),
     ("GET", "/api/invitations"), ("GET", "/api/feedback")],
)  # fmt: skip
def test_members_keep_nobody(connect: Connect, bob: Person, method: str, path: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "/api/groups": {"name": "Us"}, "/api/people/{id}": {"role": "admin"}, "/api/groups/{id}/members": {},
        "/api/people/{id}/delete": {"email": bob.email}, "/api/invitations": {"email": "x@example.com"},
    }  # fmt: skip
    response = connect(bob).http.request(method, path.format(id=uuid.uuid4()), json=bodies.get(path))
    assert response.status_code == 403


def test_an_invitation_lets_one_person_in_once(admin: httpx.Client, api: Service, module_stack: Stack) -> None:
    group = admin.post("/api/groups", json={"name": f"Invited {new_id()}"}).json()
    email = f"{new_id()}@example.com"
    made = admin.post("/api/invitations", json={"email": email.upper(), "role": "admin", "group_ids": [group["id"]]})
    assert made.status_code == 201, made.text
    link = f"{api.url}/api/invitations/open/{made.json()['token']}"
    assert httpx.get(link).json()["email"] == email
    assert made.json()["token"] not in admin.get("/api/invitations").text

    accepted = httpx.post(f"{link}/accept", json={"password": PASSWORD, "display_name": "Grace"}, timeout=30)

    assert (accepted.status_code, accepted.json()) == (201, {"email": email})
    person = module_stack.sign_in(email)
    found = _people(admin, email)[0]
    assert (found["role"], found["display_name"], [each["id"] for each in found["groups"]]) == (
        "admin", "Grace", [group["id"]],
    )  # fmt: skip
    assert httpx.post(f"{link}/accept", json={"password": PASSWORD}, timeout=30).status_code == 404
    assert admin.post("/api/invitations", json={"email": email}).json()["type"] == "/problems/person-exists"
    admin.patch(f"/api/people/{person.user_id}", json={"role": "member"})


def test_an_invitation_names_groups_that_are_there(admin: httpx.Client) -> None:
    there = admin.post("/api/groups", json={"name": f"Invited {new_id()}"}).json()["id"]
    wanted = {"email": f"{new_id()}@example.com", "group_ids": [there, str(uuid.uuid4())]}
    refused = admin.post("/api/invitations", json=wanted)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/group-not-found")


def test_an_invitation_that_is_taken_back_lets_nobody_in(admin: httpx.Client, api: Service) -> None:
    made = admin.post("/api/invitations", json={"email": f"{new_id()}@example.com"}).json()
    assert admin.delete(f"/api/invitations/{made['id']}").status_code == 204
    link = f"{api.url}/api/invitations/open/{made['token']}"
    assert httpx.get(link).status_code == 404
    assert httpx.post(f"{link}/accept", json={"password": PASSWORD}).status_code == 404


def test_sessions_are_listed_and_ended(connect: Connect, newcomer: Person, module_stack: Stack) -> None:
    other = module_stack.sign_in(newcomer.email)
    client = connect(newcomer).http
    sessions = client.get("/api/sessions").json()["items"]
    assert [session["current"] for session in sessions] == [False, True]
    assert client.delete(f"/api/sessions/{uuid.uuid4()}").status_code == 404

    assert client.delete("/api/sessions").json() == {"ended": 1}

    assert [session["current"] for session in client.get("/api/sessions").json()["items"]] == [True]
    with pytest.raises(HttpError):
        module_stack.post("/auth/v1/token?grant_type=refresh_token", {"refresh_token": other.refresh_token})
    assert module_stack.post("/auth/v1/token?grant_type=refresh_token", {"refresh_token": newcomer.refresh_token})


def test_one_takes_everything_along(connect: Connect, newcomer: Person, bob: Person) -> None:
    client = connect(newcomer)
    client.ask("What of mine is here?")
    connect(bob).ask("This is Bob's.")
    export = client.http.get("/api/me/export")
    assert "attachment" in export.headers["content-disposition"]
    content = export.json()
    assert content["profile"][0]["email"] == newcomer.email
    assert [each["title"] for each in content["conversations"]] == ["What of mine is here?"]
    assert len(content["conversations"][0]["messages"]) == 2
    assert len(content["runs"]) == 1
    assert "Bob" not in export.text


def test_an_account_goes_with_all_that_is_the_persons(
    connect: Connect, admin: httpx.Client, newcomer: Person, module_stack: Stack
) -> None:
    client, conversation = connect(newcomer), new_id()
    client.ask("Soon gone.", conversation)
    client.http.post("/api/agents", json={"slug": f"mine-{new_id()}", "name": "Mine"})
    uploaded = client.http.post("/api/documents", files={"file": ("diary.txt", b"Dear diary", "text/plain")})
    folder = module_stack.uploads_folder / uploaded.json()["items"][0]["external_id"]
    assert folder.exists()

    assert client.http.post("/api/me/delete", json={"email": "wrong@example.com"}).status_code == 422
    receipt = client.http.post("/api/me/delete", json={"email": newcomer.email.upper()})

    assert receipt.status_code == 200, receipt.text
    counts = {name: receipt.json()[name] for name in ("conversations", "messages", "agents", "documents")}
    assert counts == {"conversations": 1, "messages": 2, "agents": 1, "documents": 1}
    assert not folder.exists()
    assert client.http.get("/api/me").status_code == 401
    assert _people(admin, newcomer.email) == []
    assert _actions(admin, str(newcomer.user_id)) == ["person.delete"]
    with pytest.raises(HttpError):
        module_stack.sign_in(newcomer.email)
    # The address is free again.
    assert module_stack.sign_up(newcomer.email).user_id != newcomer.user_id


def test_of_two_admins_who_leave_one_stays(
    connect: Connect, admin: httpx.Client, ada: Person, newcomer: Person, module_stack: Stack
) -> None:
    admin.patch(f"/api/people/{newcomer.user_id}", json={"role": "admin"})
    # An account is deleted in two steps; what the other admin asks for comes between them.
    theirs = str(newcomer.user_id)
    module_stack.rpc_as_service("ask_for_deletion", p_user=theirs, p_person=theirs)

    refused = admin.post("/api/me/delete", json={"email": ada.email})

    assert refused.json()["type"] == "/problems/last-admin"
    connect(newcomer).http.post("/api/me/delete", json={"email": newcomer.email})


def test_documents_of_somebody_deactivated_go_with_their_account(
    connect: Connect, admin: httpx.Client, newcomer: Person, module_stack: Stack
) -> None:
    files = {"file": ("diary.txt", b"Dear diary", "text/plain")}
    uploaded = connect(newcomer).http.post("/api/documents", files=files).json()["items"][0]
    admin.patch(f"/api/people/{newcomer.user_id}", json={"status": "suspended"})

    assert admin.post(f"/api/people/{newcomer.user_id}/delete", json={"email": newcomer.email}).status_code == 200

    listed = admin.get("/api/documents", params={"limit": 200}).json()["items"]
    assert [each["state"] for each in listed if each["external_id"] == uploaded["external_id"]] in ([], ["deleted"])


def test_an_admin_deletes_somebody(admin: httpx.Client, ada: Person, newcomer: Person) -> None:
    path = f"/api/people/{newcomer.user_id}/delete"
    assert admin.post(path, json={"email": newcomer.email}).json()["email"] == newcomer.email
    assert admin.post(path, json={"email": newcomer.email}).status_code == 404
    line = admin.get("/api/audit", params={"subject_id": str(newcomer.user_id)}).json()["items"][0]
    assert (line["action"], line["actor_email"]) == ("person.delete", ada.email)


def test_nobody_reads_the_hash_of_a_link(connect: Connect, ada: Person, module_stack: Stack) -> None:
    for table in ("shared_conversations", "invitations"):
        with pytest.raises(HttpError):
            module_stack.get(f"/rest/v1/{table}?select=token_hash", ada)
