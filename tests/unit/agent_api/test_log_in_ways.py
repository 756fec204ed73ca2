"""What the auth API says of its ways of logging in, and what holds while it says nothing."""

import httpx
import pytest

from agent_api.auth import log_in_ways
from agent_api.auth.log_in_ways import LogInDesk, LogInWays

#: As GoTrue answers, shortened.
SETTINGS = {
    "external": {
        "anonymous_users": False,
        "email": True,
        "phone": True,
        "github": True,
        "google": True,
        "apple": False,
    },
    "disable_signup": True,
    "mailer_autoconfirm": True,
}


class Auth(httpx.AsyncBaseTransport):
    """An auth API that can be away."""

    def __init__(self) -> None:
        self.away = False
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.away:
            raise httpx.ConnectError("away")
        return httpx.Response(200, json=SETTINGS)


@pytest.fixture
def auth() -> Auth:
    return Auth()


@pytest.fixture
def desk(auth: Auth) -> LogInDesk:
    return LogInDesk("http://auth/auth/v1", "a key", httpx.AsyncClient(transport=auth))


async def test_providers_are_named_and_it_is_asked_once(desk: LogInDesk, auth: Auth) -> None:
    ways = [await desk.ways() for _ in range(3)]
    assert ways == [LogInWays(sign_up=False, providers=("github", "google"))] * 3
    assert [(str(one.url), one.headers["apikey"]) for one in auth.asked] == [("http://auth/auth/v1/settings", "a key")]


async def test_what_was_known_last_holds(desk: LogInDesk, auth: Auth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_in_ways, "_GOOD_FOR", -1.0)
    known = await desk.ways()
    auth.away = True
    assert await desk.ways() == known
    assert len(auth.asked) == 2


async def test_before_anything_is_known_signing_up_is_offered(desk: LogInDesk, auth: Auth) -> None:
    auth.away = True
    assert await desk.ways() == LogInWays(sign_up=True, providers=())
