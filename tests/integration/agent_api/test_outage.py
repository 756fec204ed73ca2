"""A database that is away for a while, or whose answer is lost, takes nothing away from those who asked."""

import time

import httpx

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient, new_id
from tests.support.relay import relay
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import PASSWORD, Stack

_LEASE = 4
#: Seconds between two looks for runs that dead processes have left (agent_api/runs/keeper.py).
_SWEEP = 10


def test_a_process_does_not_give_up_its_own_runs_after_an_outage(stack: Stack, model: ScriptedModel) -> None:
    ada = stack.sign_up("ada@example.com")
    model.released.clear()
    conversation = new_id()
    with relay(stack.supabase_url) as database:
        api = start_api(stack, model, SUPABASE_URL=database.url, RUN_LEASE_SECONDS=str(_LEASE))
        with ChatClient(api.url, ada) as client:
            body = client.body("{{hold}}{{say Written through the outage}}", conversation)
            with client.asking(body) as (answer, events):
                next(event for event in events if event["type"] == "text-delta")
                # First nothing comes through; then all does but the signs of life: the look for dead runs comes first.
                database.lost = {""}
                time.sleep(_LEASE + 2)
                database.lost = {"/rpc/keep_runs"}
                refused = database.refused
                time.sleep(_SWEEP + 2)
                assert database.refused > refused
                database.lost = set()
                model.release()
                for _ in events:
                    pass
            assert answer.text == "Written through the outage"
            question, reply = client.conversation(conversation)["messages"]
            assert (question["role"], reply["run"]["state"], reply["run"]["error"]) == ("user", "finished", None)
            assert reply["parts"][-1]["text"] == "Written through the outage"
        assert "runs of a process that died" not in api.output()


def test_an_invitation_lets_its_person_in_though_the_answer_is_lost(stack: Stack, model: ScriptedModel) -> None:
    ada = stack.sign_up("ada@example.com")
    with relay(stack.supabase_url) as database:
        api = start_api(stack, model, SUPABASE_URL=database.url)
        with ChatClient(api.url, ada) as client:
            token = client.http.post("/api/invitations", json={"email": "grace@example.com"}).json()["token"]
        database.unanswered = {"/rpc/accept_invitation"}

        link = f"{api.url}/api/invitations/open/{token}/accept"
        accepted = httpx.post(link, json={"password": PASSWORD, "display_name": "Grace"}, timeout=30)

        assert (accepted.status_code, database.unanswered) == (201, set())
        stack.sign_in("grace@example.com", PASSWORD)
