"""A Roost that nobody has an account on says so, until the first person has signed up."""

import httpx

from tests.support.stack import Service, Stack


def test_the_first_account_is_awaited_until_it_is_made(module_stack: Stack, api: Service) -> None:
    def is_awaited() -> bool:
        return httpx.get(f"{api.url}/config.json").json()["features"]["firstAccount"]

    assert is_awaited() is True
    module_stack.sign_up("first@example.com")
    assert is_awaited() is False
    module_stack.sign_up("second@example.com")
    assert is_awaited() is False
