"""Budgets hold however many runs ask at once: what is used and reserved never exceeds them."""

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import asyncpg
import pytest

from tests.support.stack import HttpError, Person, Stack

KEYS = {"Prefer": "return=representation"}


def service(stack: Stack, method: str, path: str, body: object = None) -> Any:
    return stack.request(method, f"/rest/v1/{path}", body, None, {"apikey": stack.service_key, **KEYS})


def budget(stack: Stack, **row: Any) -> str:
    return str(service(stack, "POST", "budgets", {"period": "month", **row})[0]["id"])


def begin(stack: Stack, person: Person, conversation: str | None = None) -> str:
    run_id = str(uuid.uuid4())
    message = {"id": f"q-{run_id}", "parts": [{"type": "text", "text": "hi"}]}
    request = {
        "conversation_id": conversation or uuid.uuid4().hex,
        "trigger": "submit",
        "message": message,
        "parent": "head",
        "run_id": run_id,
        "answer_id": f"a-{run_id}",
        "owner": "me",
        "lease_seconds": 60,
        "history_limit": 10,
    }
    stack.rpc_as_service("begin_turn", p_user=str(person.user_id), p_request=request)
    return run_id


def reserve(stack: Stack, run: str, tokens: int, cost: float = 0) -> str | None:
    """The reservation, None where a budget refused it."""
    try:
        return str(stack.rpc_as_service("reserve_spending", p_run=run, p_tokens=tokens, p_cost=cost))
    except HttpError as refused:
        if (refused.status, refused.json()["hint"]) != (402, "budget-exceeded"):
            raise
        return None


def spent(stack: Stack, budget_id: str) -> dict[str, Any]:
    rows = service(stack, "GET", f"spending?budget_id=eq.{budget_id}")
    assert len(rows) == 1
    return rows[0]


@pytest.fixture
def ada(stack: Stack) -> Person:
    return stack.sign_up("ada@example.com")


def test_fifty_at_once_against_a_budget_for_ten(stack: Stack, ada: Person) -> None:
    budget_id = budget(stack, scope="all", max_tokens=1000)
    runs = [begin(stack, ada) for _ in range(50)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(partial(reserve, stack, tokens=100), runs))

    held = [reservation for reservation in answers if reservation]
    assert len(held) == 10
    assert spent(stack, budget_id)["tokens_reserved"] == 1000

    def settle(reservation: str) -> None:
        stack.rpc_as_service("settle_spending", p_reservation=reservation, p_tokens=30, p_cost=0)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(settle, held))
    row = spent(stack, budget_id)
    assert (row["tokens_used"], row["tokens_reserved"]) == (300, 0)
    assert reserve(stack, runs[0], 700)
    assert reserve(stack, runs[1], 1) is None


def test_every_budget_that_applies_is_asked_and_a_refusal_reserves_nothing(stack: Stack, ada: Person) -> None:
    bob = stack.sign_up("bob@example.com")
    whole = budget(stack, scope="all", max_tokens=1000)
    each = budget(stack, scope="each_person", max_tokens=400)
    budget(stack, scope="person", scope_id=str(bob.user_id), max_cost=0.5)
    adas, bobs = begin(stack, ada), begin(stack, bob)

    assert reserve(stack, adas, 400)
    assert reserve(stack, adas, 1) is None  # each person
    assert reserve(stack, bobs, 100, cost=0.6) is None  # bob's own, in money
    assert reserve(stack, bobs, 300, cost=0.4)
    assert spent(stack, whole)["tokens_reserved"] == 700
    assert {row["tokens_reserved"] for row in service(stack, "GET", f"spending?budget_id=eq.{each}")} == {400, 300}


def test_a_run_that_nobody_settled_counts_what_it_had_reserved(stack: Stack, ada: Person) -> None:
    budget_id = budget(stack, scope="all", max_tokens=1000)
    run = begin(stack, ada)
    assert reserve(stack, run, 600)
    service(stack, "PATCH", f"runs?id=eq.{run}", {"lease_until": "2020-01-01T00:00:00Z"})
    assert stack.rpc_as_service("interrupt_expired_runs") == 1

    row = spent(stack, budget_id)
    assert (row["tokens_used"], row["tokens_reserved"]) == (600, 0)


async def test_two_that_settle_one_reservation_at_once_count_it_once(stack: Stack, ada: Person) -> None:
    budget_id = budget(stack, scope="all", max_tokens=10_000)
    run = begin(stack, ada)
    settled, other = reserve(stack, run, 500), reserve(stack, run, 1000)
    first, second = await asyncpg.connect(stack.database_url), await asyncpg.connect(stack.database_url)
    try:
        transaction = first.transaction()
        await transaction.start()
        await first.execute("select settle_spending($1, 20, 0)", settled)
        late = asyncio.create_task(second.execute("select settle_spending($1, null, null)", settled))
        await asyncio.sleep(0.3)
        assert not late.done()
        await transaction.commit()
        await late
    finally:
        await first.close()
        await second.close()

    row = spent(stack, budget_id)
    assert other is not None
    assert (row["tokens_used"], row["tokens_reserved"]) == (20, 1000)


def test_what_a_process_held_that_died_after_its_run_is_counted(stack: Stack, ada: Person) -> None:
    budget_id = budget(stack, scope="all", max_tokens=1000)
    run = begin(stack, ada)
    stack.rpc_as_service("finish_run", p_run=run, p_owner="me", p_result={"state": "finished", "parts": []})
    assert reserve(stack, run, 600)  # as the naming of a conversation does
    stack.rpc_as_service("forget_answers")
    assert spent(stack, budget_id)["tokens_reserved"] == 600

    service(stack, "PATCH", f"reservations?run_id=eq.{run}", {"created_at": "2020-01-01T00:00:00Z"})
    stack.rpc_as_service("forget_answers")
    row = spent(stack, budget_id)
    assert (row["tokens_used"], row["tokens_reserved"]) == (600, 0)


def test_the_refusal_says_which_budget_and_when_it_begins_anew(stack: Stack, ada: Person) -> None:
    budget(stack, scope="all", max_tokens=10, max_cost=2.5)
    with pytest.raises(HttpError) as refused:
        stack.rpc_as_service("reserve_spending", p_run=begin(stack, ada), p_tokens=11, p_cost=0)
    message = refused.value.json()["message"]
    assert message.startswith("The monthly budget of this Roost (10 tokens, $2.50) is used up. It begins anew on ")


def test_a_turn_that_is_refused_is_taken_back(stack: Stack, ada: Person) -> None:
    first = begin(stack, ada, "talk")
    result = {"state": "finished", "parts": [{"type": "text", "text": "hello"}], "steps": []}
    stack.rpc_as_service("finish_turn", p_run=first, p_owner="me", p_result=result)
    before = stack.post("/rest/v1/rpc/get_conversation", {"p_id": "talk"}, ada)
    second = begin(stack, ada, "talk")
    stack.rpc_as_service("undo_turn", p_run=second, p_owner="me")

    after = stack.post("/rest/v1/rpc/get_conversation", {"p_id": "talk"}, ada)
    assert (after["messages"], after["head_id"]) == (before["messages"], before["head_id"])
    only = begin(stack, ada, "new")
    stack.rpc_as_service("undo_turn", p_run=only, p_owner="me")
    assert stack.post("/rest/v1/rpc/get_conversation", {"p_id": "new"}, ada) is None


def test_people_see_the_budgets_that_bind_them_and_change_none(stack: Stack, ada: Person) -> None:
    bob, eve = stack.sign_up("bob@example.com"), stack.sign_up("eve@example.com")
    budget(stack, scope="each_person", max_tokens=400)
    budget(stack, scope="person", scope_id=str(bob.user_id), max_tokens=100)

    assert len(stack.get("/rest/v1/budgets?select=scope", bob)) == 2
    assert stack.get("/rest/v1/budgets?select=scope", eve) == [{"scope": "each_person"}]
    for method, body in (("POST", {"scope": "all", "max_tokens": 1}), ("PATCH", {"max_tokens": 1}), ("DELETE", None)):
        with pytest.raises(HttpError):
            stack.request(method, "/rest/v1/budgets?max_tokens=gt.0", body, bob, KEYS)
