"""A database that is away for a while ends no answer that is being written: who lives is not taken for dead."""

import time

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient, new_id
from tests.support.relay import relay
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Stack

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
