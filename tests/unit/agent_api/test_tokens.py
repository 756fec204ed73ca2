"""Access tokens signed with published keys (JWKS), as hosted Supabase signs them."""

import json
import time
import uuid
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.utils import base64url_encode

from agent_api.auth.tokens import TokenVerifier
from core.errors import NotAuthenticated, Unavailable

SECRET = "a-shared-secret-that-is-long-enough-for-hs256"
USER = uuid.uuid4()


def claims(**changes: Any) -> dict[str, Any]:
    return {"sub": str(USER), "email": "ada@example.com", "aud": "authenticated", "exp": time.time() + 60} | changes


class PublishedKeys:
    """A set of keys behind an address, and how often it was asked for."""

    def __init__(self) -> None:
        self.private: dict[str, Any] = {}
        self.fetched = 0
        self.broken = False

    def add(self, key_id: str) -> None:
        self.private[key_id] = ec.generate_private_key(ec.SECP256R1())

    def sign(self, key_id: str, **changes: Any) -> str:
        return jwt.encode(claims(**changes), self.private[key_id], algorithm="ES256", headers={"kid": key_id})

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/auth/v1/.well-known/jwks.json"
        self.fetched += 1
        if self.broken:
            return httpx.Response(500)
        algorithm = jwt.get_algorithm_by_name("ES256")
        keys = [
            json.loads(algorithm.to_jwk(key.public_key())) | {"kid": key_id, "alg": "ES256", "use": "sig"}
            for key_id, key in self.private.items()
        ]
        return httpx.Response(200, json={"keys": keys})


@pytest.fixture
def keys() -> PublishedKeys:
    published = PublishedKeys()
    published.add("one")
    return published


def verifier(keys: PublishedKeys, secret: str | None = None) -> TokenVerifier:
    http = httpx.AsyncClient(transport=httpx.MockTransport(keys.answer))
    return TokenVerifier("http://supabase/auth/v1", secret, http)


async def test_a_published_key_is_fetched_once_and_kept(keys: PublishedKeys) -> None:
    tokens = verifier(keys)
    users = [await tokens.verify(keys.sign("one")) for _ in range(3)]
    assert {(user.id, user.email) for user in users} == {(USER, "ada@example.com")}
    assert keys.fetched == 1


async def test_a_shared_secret_and_published_keys_are_both_taken(keys: PublishedKeys) -> None:
    tokens = verifier(keys, SECRET)
    assert (await tokens.verify(jwt.encode(claims(), SECRET, algorithm="HS256"))).id == USER
    assert (await tokens.verify(keys.sign("one"))).id == USER


async def test_without_a_shared_secret_none_is_taken(keys: PublishedKeys) -> None:
    with pytest.raises(NotAuthenticated):
        await verifier(keys).verify(jwt.encode(claims(), SECRET, algorithm="HS256"))


async def test_a_public_key_never_serves_as_a_shared_secret(keys: PublishedKeys) -> None:
    pem = (
        keys.private["one"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    header = base64url_encode(json.dumps({"alg": "HS256", "kid": "one"}).encode())
    body = base64url_encode(json.dumps(claims()).encode())
    signature = jwt.get_algorithm_by_name("HS256").sign(header + b"." + body, pem)
    forged = b".".join([header, body, base64url_encode(signature)]).decode()
    with pytest.raises(NotAuthenticated):
        await verifier(keys, SECRET).verify(forged)


async def test_a_key_of_another_kind_than_the_token_says(keys: PublishedKeys) -> None:
    other = rsa.generate_private_key(65537, 2048)
    forged = jwt.encode(claims(), other, algorithm="RS256", headers={"kid": "one"})
    with pytest.raises(NotAuthenticated):
        await verifier(keys).verify(forged)


async def test_an_unknown_key_is_looked_for_but_not_on_every_request(keys: PublishedKeys) -> None:
    tokens = verifier(keys)
    await tokens.verify(keys.sign("one"))
    keys.add("two")
    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await tokens.verify(keys.sign("two"))
    assert keys.fetched == 1


async def test_while_keys_cannot_be_fetched_again_those_known_hold_and_few_requests_look(
    keys: PublishedKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, began, later = verifier(keys), time.monotonic(), 0.0
    monkeypatch.setattr("agent_api.auth.tokens.time.monotonic", lambda: began + later)
    await tokens.verify(keys.sign("one"))
    keys.broken, later = True, 3600.0

    for _ in range(5):
        assert (await tokens.verify(keys.sign("one"))).id == USER
    assert keys.fetched == 2
    later += 60
    await tokens.verify(keys.sign("one"))
    assert keys.fetched == 3


async def test_keys_that_cannot_be_fetched_are_unavailable_not_wrong(keys: PublishedKeys) -> None:
    keys.broken = True
    with pytest.raises(Unavailable):
        await verifier(keys).verify(keys.sign("one"))


@pytest.mark.parametrize("changes", [{"exp": 1}, {"aud": "other"}, {"sub": "nobody"}, {"sub": None}])
async def test_claims_that_do_not_hold(keys: PublishedKeys, changes: dict[str, Any]) -> None:
    with pytest.raises(NotAuthenticated):
        await verifier(keys).verify(keys.sign("one", **changes))


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é.é.é", "." * 50, "ey" * 2000])
async def test_what_is_no_token(keys: PublishedKeys, token: str) -> None:
    with pytest.raises(NotAuthenticated):
        await verifier(keys, SECRET).verify(token)
