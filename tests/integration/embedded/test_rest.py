"""The embedded Supabase server's /rest/v1: the same answers as PostgREST's, over real HTTP."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.support.stack import HttpError, Stack

SCHEMA = """
create table public.things (
  id bigint generated always as identity primary key,
  name text not null unique check (name <> 'forbidden'),
  price numeric(10, 2),
  at timestamptz not null default '2026-01-02 03:04:05.6+00',
  day date not null default '2026-01-02',
  details jsonb not null default '{}',
  embedding extensions.vector(3),
  half extensions.halfvec(3)
);
alter table public.things enable row level security;
create policy things_are_for_all on public.things for select using (true);
create table public.parts (id int primary key, thing_id bigint references public.things);
grant all on public.parts to service_role;

create table public.secrets (id int primary key);
alter table public.secrets enable row level security;
revoke all on public.secrets from anon, authenticated;

create function public.fail(p_code text, p_message text, p_detail text, p_hint text) returns void
language plpgsql as $$
begin
  raise exception using errcode = p_code, message = p_message, detail = p_detail, hint = p_hint;
end $$;
create function public.fail_plainly() returns void language plpgsql as $$ begin raise exception 'plainly'; end $$;
create function public.who() returns jsonb language sql stable as $$
  select jsonb_build_object('uid', auth.uid(), 'role', auth.role(), 'email', auth.email(), 'user', current_user)
$$;
"""


@pytest.fixture(scope="module")
def stack(module_stack: Stack) -> Stack:
    """The module's stack with the tables of these tests."""
    asyncio.run(execute(module_stack, SCHEMA))
    module_stack.wait_for_table("things")
    return module_stack


async def execute(stack: Stack, statements: str) -> None:
    """Run statements as the role of migrations."""
    connection = await asyncpg.connect(stack.database_url)
    await connection.execute(statements)
    await connection.close()


def as_service(stack: Stack, method: str, path: str, body: object = None, **headers: str) -> Any:
    return stack.request(method, path, body, None, {"apikey": stack.service_key, **headers})


def refusal(stack: Stack, path: str, body: object) -> HttpError:
    with pytest.raises(HttpError) as refused:
        as_service(stack, "POST", path, body)
    return refused.value


def test_values_are_written_as_postgrest_writes_them(stack: Stack) -> None:
    rows = as_service(
        stack,
        "POST",
        "/rest/v1/things",
        {"name": "a", "price": 1.5, "embedding": [1, 2, 3], "half": [0.5, 0, 1], "details": {"x": [1]}},
        Prefer="return=representation",
    )

    assert rows == [
        {
            "id": 1,
            "name": "a",
            "price": 1.5,
            "at": "2026-01-02T03:04:05.6+00:00",
            "day": "2026-01-02",
            "details": {"x": [1]},
            "embedding": "[1,2,3]",
            "half": "[0.5,0,1]",
        }
    ]


@pytest.mark.parametrize(
    ("code", "status"),
    [("PT404", 404), ("PT409", 409), ("P0001", 400), ("23514", 400), ("57014", 500), ("40001", 500), ("28000", 403)],
)
def test_a_raised_sqlstate_becomes_a_status_and_keeps_its_fields(stack: Stack, code: str, status: int) -> None:
    error = refusal(
        stack, "/rest/v1/rpc/fail", {"p_code": code, "p_message": "m", "p_detail": "d", "p_hint": "conversation-gone"}
    )

    assert error.status == status
    assert error.json() == {"code": code, "message": "m", "details": "d", "hint": "conversation-gone"}


def test_constraint_violations_are_the_callers_errors(stack: Stack) -> None:
    as_service(stack, "POST", "/rest/v1/things", {"name": "twice"})

    assert refusal(stack, "/rest/v1/things", {"name": "twice"}).status == 409
    assert refusal(stack, "/rest/v1/things", {"name": "forbidden"}).status == 400
    assert refusal(stack, "/rest/v1/things", {"name": None}).status == 400
    assert refusal(stack, "/rest/v1/parts", {"id": 1, "thing_id": 77}).status == 409
    assert refusal(stack, "/rest/v1/rpc/fail_plainly", {}).json()["message"] == "plainly"


def test_row_level_security_decides_what_a_person_may_write(stack: Stack) -> None:
    ada = stack.sign_up("ada@example.com")

    with pytest.raises(HttpError) as refused:
        stack.post("/rest/v1/things", {"name": "a"}, ada)

    assert refused.value.status == 403
    assert refused.value.json()["code"] == "42501"


def test_revoked_tables_stay_revoked(stack: Stack) -> None:
    ada = stack.sign_up("bea@example.com")
    stack.get("/rest/v1/things", ada)

    with pytest.raises(HttpError) as refused:
        stack.get("/rest/v1/secrets", ada)

    assert refused.value.status == 403


def test_functions_know_who_calls(stack: Stack) -> None:
    ada = stack.sign_up("ada.who@example.com")

    assert stack.post("/rest/v1/rpc/who", {}, ada) == {
        "uid": str(ada.user_id),
        "role": "authenticated",
        "email": "ada.who@example.com",
        "user": "authenticated",
    }
    assert stack.post("/rest/v1/rpc/who", {})["user"] == "anon"
    assert stack.rpc_as_service("who")["user"] == "service_role"


async def test_new_tables_are_seen_at_once(stack: Stack) -> None:
    assert as_service(stack, "GET", "/rest/v1/parts") == []

    await execute(stack, "create table public.later (id int primary key); grant all on public.later to service_role")

    assert as_service(stack, "POST", "/rest/v1/later", {"id": 1}) is None
    assert as_service(stack, "GET", "/rest/v1/later") == [{"id": 1}]


def test_a_request_without_a_key_is_refused(stack: Stack) -> None:
    with pytest.raises(HttpError) as refused:
        stack.get("/rest/v1/things", apikey="sb_publishable_wrong")

    assert refused.value.status == 401
